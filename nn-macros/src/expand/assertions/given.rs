//! What a layer of the user's gives is what the next one takes: only the compiler can tell.

use std::collections::HashSet;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use super::super::open_sizes::of_numbers;
use super::escaped;
use crate::builtin::{Merge, Reads};
use crate::graph::{Graph, Node, Shape};

/// What is still to be compared of a layer that reads what a layer of the user's gives.
pub(super) fn assertions(
    graph: &Graph,
    node: &Node,
    compared: &mut HashSet<(usize, String, String)>,
) -> TokenStream {
    let mut assertions = merged(graph, node, compared);
    let Some(value) = node.read() else {
        return assertions;
    };
    // Where a size is left open, the compiler compares types and not numbers.
    let is_open = node.builtin.reads == Reads::Vector && value.shape.is_given();
    let (from, name) = (value.from.as_str(), node.name());
    if let Some(size) = node.takes.as_ref().filter(|_| is_open) {
        let taken = Shape::Known(vec![size.clone()]);
        if is_new(node, &value.shape, &taken, compared) {
            let message =
                format!("shape mismatch: `{from}` gives `{{GIVEN}}`, `{name}` takes `{{TAKEN}}`");
            let help = format!("let `{name}` take what `{from}` gives");
            let words = (message.as_str(), help.as_str());
            let at = size.span();
            assertions.extend(same_shape(
                &graph.open_sizes,
                words,
                &value.shape,
                &taken,
                at,
            ));
        }
        return assertions;
    }
    let vector_of = node.vector_of.as_ref().or(is_open.then_some(&value.shape));
    if let Some(shape) = vector_of
        && is_new(node, shape, &Shape::Unknown, compared)
    {
        let message = format!("`{name}` takes a vector of features, `{from}` gives `{{Self}}`");
        let help = format!("let `{from}` give a vector, such as `[f32; 50]`");
        let words = (message.as_str(), help.as_str());
        assertions.extend(vector(&graph.open_sizes, words, shape, node.kind.span()));
    }
    assertions
}

/// Values that are added or multiplied have one shape.
fn merged(
    graph: &Graph,
    node: &Node,
    compared: &mut HashSet<(usize, String, String)>,
) -> TokenStream {
    let adds = matches!(node.merge(), Some(Merge::Add | Merge::Mul));
    let given = node.reads.iter().any(|read| read.value.shape.is_given());
    let known = node
        .reads
        .iter()
        .position(|read| read.value.shape.known().is_some());
    let measure = known.unwrap_or_default();
    if !adds || !given {
        return TokenStream::new();
    }
    let first = &node.reads[measure];
    let mut assertions = TokenStream::new();
    for (place, other) in node.reads.iter().enumerate() {
        let (one, two) = (&first.value.shape, &other.value.shape);
        let both_known = one.known().is_some() && two.known().is_some();
        if place == measure || both_known || !is_new(node, one, two, compared) {
            continue;
        }
        let message = format!(
            "shape mismatch: `{}` merges `{{GIVEN}}` of `{}` and `{{TAKEN}}` of `{}`",
            node.name(),
            first.name(),
            other.name()
        );
        let help = format!("let `{}` give what `{}` gives", other.name(), first.name());
        let at = other.way.tokens(node).into_iter().next();
        let span = at.map_or_else(Span::call_site, |token| token.span());
        assertions.extend(same_shape(
            &graph.open_sizes,
            (&message, &help),
            one,
            two,
            span,
        ));
    }
    assertions
}

/// Of a repeated layer it is said once.
fn is_new(
    node: &Node,
    given: &Shape,
    taken: &Shape,
    compared: &mut HashSet<(usize, String, String)>,
) -> bool {
    let text = |shape: &Shape| shape.sample(&quote!(f32)).to_string();
    compared.insert((node.source, text(given), text(taken)))
}

/// A comparison, generic over the sizes that the network leaves open.
pub(in crate::expand) fn for_all_sizes(
    open_sizes: &[Ident],
    comparison: &TokenStream,
) -> TokenStream {
    if open_sizes.is_empty() {
        return comparison.clone();
    }
    quote! {
        #[allow(dead_code)]
        const fn check<#(const #open_sizes: usize),*>() {
            #comparison
        }
    }
}

fn same_shape(
    open_sizes: &[Ident],
    (message, help): (&str, &str),
    given: &Shape,
    taken: &Shape,
    at: Span,
) -> TokenStream {
    let message = format!("{message}\nhelp: {}", escaped(help));
    let is_known = is_known([given, taken]);
    let (given, taken) = (given.sample(&quote!(f32)), taken.sample(&quote!(f32)));
    let given = quote!(::nn_core::__private::If<{ #is_known }, #given, #taken>);
    let comparison = for_all_sizes(
        open_sizes,
        &quote_spanned!(at=> <() as SameShape<#given, #taken>>::CHECKED),
    );
    quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = "`{TAKEN}` here, but `{GIVEN}` arrives")]
            trait SameShape<GIVEN, TAKEN> {
                const CHECKED: () = ();
            }
            #[diagnostic::do_not_recommend]
            impl<Any, GIVEN, TAKEN> SameShape<GIVEN, TAKEN> for Any where
                ::nn_core::__private::Shapes<GIVEN, TAKEN>: ::nn_core::__private::Alike
            {
            }
            #comparison
        };
    }
}

fn vector(
    open_sizes: &[Ident],
    (message, help): (&str, &str),
    given: &Shape,
    at: Span,
) -> TokenStream {
    let message = format!("{message}\nhelp: {}", escaped(help));
    let given = spanned(given.sample(&quote!(f32)), at);
    let comparison = for_all_sizes(
        open_sizes,
        &quote_spanned!(at=> <#given as Vector>::CHECKED),
    );
    quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = "takes a vector")]
            trait Vector {
                const CHECKED: () = ();
            }
            #[diagnostic::do_not_recommend]
            impl<X: ::nn_core::__private::Vector> Vector for X {}
            #comparison
        };
    }
}

/// Whether the layers of the user's that shapes follow from, and all before these, are layers: if one is not, that has been said.
pub(in crate::expand) fn is_known<'a>(shapes: impl IntoIterator<Item = &'a Shape>) -> TokenStream {
    let layers = shapes.into_iter().filter_map(Shape::layer);
    let mut layers: Vec<TokenStream> = layers
        .map(|(layer, open)| {
            let layer = of_numbers(&quote!(#layer<#(#open,)* f32>), open);
            quote!(<#layer as ::nn_core::Initial<f32>>::IS_LAYER)
        })
        .collect();
    if layers.is_empty() {
        layers.push(quote!(true));
    }
    quote!(#(#layers)&&*)
}

/// The same tokens, so that the compiler shows this place when it speaks of them.
pub(in crate::expand) fn spanned(tokens: TokenStream, at: Span) -> TokenStream {
    let spanned_token = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), spanned(group.stream(), at)).into();
        }
        token.set_span(at);
        token
    };
    tokens.into_iter().map(spanned_token).collect()
}
