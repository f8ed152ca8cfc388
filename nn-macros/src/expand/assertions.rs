//! Sizes behind constants, which a macro cannot read: the compiler compares them, and says it in our words.

pub(super) mod given;

use std::collections::HashSet;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::open_sizes::of_numbers;
use super::{Context, norms, with_settings};
use crate::builtin::Range;
use crate::check::{Comparison, Doubt, compared_sizes, comparisons, differences, doubts, mismatch};
use crate::graph::{Graph, Node, Shape};
use crate::size::{Size, source_text};

pub(super) fn assertions(context: &Context<'_>) -> TokenStream {
    let graph = context.graph;
    let mut assertions = TokenStream::new();
    let mut constants: Vec<Size> = Vec::new();
    // Of a repeated layer once: where it reads what comes before, and where it reads the turn before.
    let mut compared = HashSet::new();
    for node in &graph.nodes {
        if let Some((given, taken)) = compared_sizes(node)
            && given.equals(taken).is_none()
            && compared.insert((node.source, given.text(), taken.text()))
        {
            let (message, help) = mismatch(graph, node, ("{GIVEN}", "{TAKEN}"), given, taken);
            let arriving = (node.vector_of.as_ref())
                .map_or_else(|| quote!(#given), |shape| expected(shape, taken));
            assertions.extend(same_size(&message, &help, &arriving, (taken, taken.span())));
        }
        assertions.extend(given::assertions(graph, node, &mut compared));
        for pair in differences(graph, node) {
            let (given, other) = (pair.given, pair.other);
            if given.equals(other).is_none()
                && compared.insert((node.source, given.text(), other.text()))
            {
                let (message, help) = pair.words(graph, node, ("{GIVEN}", "{TAKEN}"));
                let at = pair.at(graph, node).into_iter().next();
                let span = at.map_or_else(Span::call_site, |token| token.span());
                assertions.extend(same_size(&message, &help, &quote!(#given), (other, span)));
            }
        }
        for comparison in comparisons(graph, node) {
            let text = |sizes: &[Size]| sizes.iter().map(Size::text).collect::<Vec<_>>().join(" ");
            let (wanted, found) = (&comparison.wanted, &comparison.found);
            if comparison.differ(None)
                && !comparison.differ(Some(false))
                && compared.insert((node.source, text(wanted), text(found)))
            {
                assertions.extend(of_numbers(&same_shape(&comparison), &graph.open_sizes));
            }
        }
        for doubt in doubts(node) {
            let text = doubt.condition.to_string();
            if compared.insert((node.source, text, doubt.message.clone())) {
                assertions.extend(settled(&doubt));
            }
        }
        for size in node
            .takes
            .iter()
            .chain(&node.sizes)
            .filter(|size| size.value().is_none() && size.is_written() && size.open().is_none())
        {
            if constants.iter().all(|known| known.text() != size.text()) {
                assertions.extend(at_least_one(size));
                constants.push(size.clone());
            }
        }
    }
    if context.valid {
        assertions.extend(weights(context));
        assertions.extend(settings(context));
    }
    assertions
}

/// Whether the compiler has to compare sizes.
pub(super) fn compares_sizes(graph: &Graph) -> bool {
    graph.nodes.iter().any(|node| {
        node.own.is_some()
            || compared_sizes(node).is_some_and(|(given, taken)| given.equals(taken).is_none())
            || differences(graph, node)
                .iter()
                .any(|pair| pair.given.equals(pair.other).is_none())
            || comparisons(graph, node)
                .iter()
                .any(|comparison| comparison.differ(None))
    })
}

/// How many features arrive in a vector that only the compiler knows.
fn expected(shape: &Shape, taken: &Size) -> TokenStream {
    let (sample, is_known) = (shape.sample(&quote!(f32)), given::is_known([shape]));
    quote!({ ::nn_core::__private::features_or::<#sample>(#is_known, #taken) })
}

fn same_size(
    message: &str,
    help: &str,
    given: &TokenStream,
    (taken, at): (&Size, Span),
) -> TokenStream {
    let message = format!("{message}\nhelp: {}", escaped(help));
    let label = "{TAKEN} here, but {GIVEN} arrive";
    let comparison = quote_spanned!(at=> <() as SameSize<#given, #taken>>::CHECKED);
    quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            trait SameSize<const GIVEN: usize, const TAKEN: usize> {
                const CHECKED: () = ();
            }
            #[diagnostic::do_not_recommend]
            impl<Any, const GIVEN: usize, const TAKEN: usize> SameSize<GIVEN, TAKEN> for Any where
                ::nn_core::__private::Sizes<GIVEN, TAKEN>: ::nn_core::__private::Equal
            {
            }
            #comparison
        };
    }
}

/// The two shapes of a parameter that layers share.
fn same_shape(comparison: &Comparison<'_>) -> TokenStream {
    let (wanted, found) = (&comparison.wanted, &comparison.found);
    let names = |stem: &str| -> Vec<Ident> {
        let numbers = 0..wanted.len();
        numbers.map(|axis| format_ident!("{stem}_{axis}")).collect()
    };
    let (wanted_names, found_names) = (names("WANTED"), names("FOUND"));
    let text = |sizes: &[Size], names: &[Ident]| {
        let texts = sizes
            .iter()
            .zip(names)
            .map(|(size, name)| match size.open() {
                Some(open) => open.to_owned(),
                None => format!("{{{name}}}"),
            });
        texts.collect::<Vec<_>>().join(" × ")
    };
    let (wanted_text, found_text) = (text(wanted, &wanted_names), text(found, &found_names));
    let (message, help) = comparison.words(&wanted_text, &found_text);
    let message = format!("{message}\nhelp: {}", escaped(&help));
    let label = format!("{wanted_text} here, {found_text} there");
    let at = comparison.at().into_iter().next();
    let span = at.map_or_else(Span::call_site, |token| token.span());
    let comparison = quote_spanned!(span=> <() as SameShape<#(#wanted,)* #(#found),*>>::CHECKED);
    quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            trait SameShape<#(const #wanted_names: usize,)* #(const #found_names: usize),*> {
                const CHECKED: () = ();
            }
            #[diagnostic::do_not_recommend]
            impl<Any, #(const #wanted_names: usize,)* #(const #found_names: usize),*>
                SameShape<#(#wanted_names,)* #(#found_names),*> for Any
            where
                #(::nn_core::__private::Sizes<#wanted_names, #found_names>: ::nn_core::__private::Equal,)*
            {
            }
            #comparison
        };
    }
}

/// A rule of one layer that only the compiler can tell whether it is kept.
fn settled(doubt: &Doubt) -> TokenStream {
    let message = format!("{}\nhelp: {}", doubt.message, doubt.help);
    let (names, values): (Vec<_>, Vec<_>) = doubt.values.iter().cloned().unzip();
    let at = doubt.at.clone().into_iter().next();
    let span = at.map_or_else(Span::call_site, |token| token.span());
    let condition = &doubt.condition;
    let comparison = quote_spanned!(span=> <() as Fits<#(#values,)* { #condition }>>::CHECKED);
    holds("Fits", &names, &message, "does not fit", &comparison)
}

fn at_least_one(size: &Size) -> TokenStream {
    let text = escaped(&size.text());
    let message =
        format!("`{text}` is 0: a layer has at least 1\nhelp: give the constant a value from 1 on");
    let comparison = quote_spanned!(size.span()=> <() as AtLeastOne<{ 0 < #size }>>::CHECKED);
    holds("AtLeastOne", &[], &message, "is 0", &comparison)
}

/// The weights of losses that are constants are finite numbers above 0.
fn weights(context: &Context<'_>) -> TokenStream {
    let (name, mut sources) = (&context.name, HashSet::new());
    let is_tuple = context.graph.outputs.len() > 1;
    let check = |(place, node): (usize, &Node)| {
        let weight = node.weight.as_ref().filter(|weight| weight.is_constant)?;
        let weight = sources.insert(node.source).then_some(&weight.tokens)?;
        let place = is_tuple.then(|| {
            let place = Literal::usize_unsuffixed(place);
            quote!(.#place)
        });
        let text = escaped(&source_text(weight));
        let message = format!(
            "`{text}` is no weight of a loss: it is a finite number above 0\nhelp: give the constant such a value"
        );
        let label = "not a finite number above 0";
        let span = weight.clone().into_iter().next();
        let span = span.map_or_else(Span::call_site, |token| token.span());
        // By way of the constant that the losses are in, so that a weight of another type is one complaint.
        let comparison = quote_spanned! {span=>
            <() as IsWeight<
                { ::nn_core::__private::is_weight(&<#name<f32> as ::nn_core::Trainable>::LOSS #place) },
            >>::CHECKED
        };
        Some(holds("IsWeight", &[], &message, label, &comparison))
    };
    context
        .graph
        .losses()
        .enumerate()
        .filter_map(check)
        .collect()
}

/// The settings that are constants are in their ranges.
fn settings(context: &Context<'_>) -> TokenStream {
    let mut sources = HashSet::new();
    let mut assertions = TokenStream::new();
    for node in &context.graph.nodes {
        if !sources.insert(node.source) {
            continue;
        }
        let constants = node.settings.iter().filter(|chosen| chosen.is_constant);
        for chosen in constants.filter(|chosen| chosen.setting.range != Range::Label) {
            let (text, what) = (source_text(&chosen.tokens), chosen.setting.what);
            let message = format!(
                "`{}` is out of range: {what} is {}\nhelp: give the constant such a value",
                escaped(&text),
                chosen.setting.range.text()
            );
            let span = chosen.tokens.clone().into_iter().next();
            let span = span.map_or_else(Span::call_site, |token| token.span());
            // By way of the layer, so that a constant of another type is one complaint.
            let layer = if node.norm().is_some() {
                norms::with_option(chosen)
            } else {
                with_settings(node, std::iter::once(chosen))
            };
            let comparison = quote_spanned!(span=> <() as InRange<{ #layer.is_valid() }>>::CHECKED);
            let label = "out of range";
            assertions.extend(holds("InRange", &[], &message, label, &comparison));
        }
    }
    assertions
}

/// A condition that the compiler works out, and the values that its message speaks of, in braces.
fn holds(
    name: &str,
    values: &[&str],
    message: &str,
    label: &str,
    comparison: &TokenStream,
) -> TokenStream {
    let name = format_ident!("{name}");
    let values: Vec<Ident> = values
        .iter()
        .map(|value| format_ident!("{value}"))
        .collect();
    quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            trait #name<#(const #values: usize,)* const YES: bool> {
                const CHECKED: () = ();
            }
            #[diagnostic::do_not_recommend]
            impl<Any, #(const #values: usize,)* const YES: bool> #name<#(#values,)* YES> for Any where
                ::nn_core::__private::Condition<YES>: ::nn_core::__private::True
            {
            }
            #comparison
        };
    }
}

/// Braces have a meaning in messages of the compiler.
pub(super) fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
