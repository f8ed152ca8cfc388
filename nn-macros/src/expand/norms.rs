//! The types of layers that normalise.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use crate::builtin::Norm;
use crate::graph::{Chosen, Graph, Node};
use crate::size::Size;

/// The numbers among the options: they stand in types, as the bits of an `f64`.
const NUMBERS: [&str; 2] = ["eps", "momentum"];

/// The numbers that a layer has chosen.
fn numbers(node: &Node) -> impl Iterator<Item = &Chosen> {
    NUMBERS.iter().filter_map(|name| node.setting(name))
}

/// A constant for each number that is one of the user's, so that one of another type is one complaint.
pub(super) fn constants(graph: &Graph) -> TokenStream {
    let constants = graph.layers().flat_map(|node| {
        let span = node.kind.span();
        numbers(node).filter_map(move |chosen| {
            let (name, bits) = (chosen.bits.as_ref()?, bits_of(&chosen.tokens, span));
            Some(quote_spanned!(span=> const #name: u64 = #bits;))
        })
    });
    constants.collect()
}

/// Where it stands alone, a number of another type is said to be one, due to the layer at `span`, and nothing else.
fn bits_of(number: &TokenStream, span: Span) -> TokenStream {
    let float = quote_spanned!(span=> ::core::primitive::f64);
    let hygienic = Span::mixed_site();
    quote_spanned!(hygienic=> { let number: #float = #number; number.to_bits() })
}

/// The bits of a number, as they stand in a type.
fn bits(chosen: &Chosen) -> TokenStream {
    let number = || bits_of(&chosen.tokens, Span::call_site());
    let name = chosen.bits.as_ref().map(|name| quote!(#name));
    name.unwrap_or_else(number)
}

/// The options with one of them alone, as a constant that says whether it is in its range.
pub(super) fn with_option(chosen: &Chosen) -> TokenStream {
    let (name, bits) = (format_ident!("{}", chosen.setting.name), bits(chosen));
    quote!(::nn_core::__private::Normalising::new().#name(::core::primitive::f64::from_bits(#bits)))
}

/// The type of such a layer: what is as the type has it by itself is left out at the end.
pub(super) fn layer_type(node: &Node, element: &TokenStream) -> TokenStream {
    let name = format_ident!("{}", node.builtin.name);
    let mut numbers: Vec<TokenStream> = numbers(node).map(bits).collect();
    if node.setting("eps").is_none() && !numbers.is_empty() {
        // It comes before the momentum.
        numbers.insert(0, quote!({ ::nn_core::__private::EPS }));
    }
    let affine = node.is_affine();
    let says_parameters = !affine || !numbers.is_empty();
    if node.norm() == Some(Norm::Rows) {
        let row = node.normalised().sample(element);
        let parameters = if affine {
            row.clone()
        } else {
            quote!([#element; 0])
        };
        let parameters = says_parameters.then_some(parameters).into_iter();
        return quote!(::nn_core::#name<#row #(, #parameters)* #(, #numbers)*>);
    }
    let channels = &node.normalised().sizes()[0];
    let groups = (node.norm() == Some(Norm::Groups)).then(|| {
        // It may not have been said.
        let groups = node.sizes.first().cloned();
        let groups = groups.unwrap_or_else(|| Size::of(1));
        quote!(, #groups)
    });
    let parameters = if affine { quote!(#channels) } else { quote!(0) };
    let parameters = says_parameters.then_some(parameters).into_iter();
    quote!(::nn_core::#name<#channels #groups, #element #(, #parameters)* #(, #numbers)*>)
}
