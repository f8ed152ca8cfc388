//! Sizes behind constants, which a macro cannot read: the compiler compares them, and says it in our words.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::check::{compared_sizes, mismatch};
use crate::graph::{Graph, Shape};
use crate::size::Size;

pub(super) fn assertions(graph: &Graph) -> TokenStream {
    let mut assertions = TokenStream::new();
    let mut constants: Vec<Size> = Vec::new();
    for node in &graph.nodes {
        if let Some((given, taken)) = compared_sizes(node)
            && given.equals(taken).is_none()
        {
            let (message, help) = mismatch(graph, node, ("{GIVEN}", "{TAKEN}"), given, taken);
            assertions.extend(same_size(&message, &help, given, taken));
        }
        let own = match &node.gives.shape {
            Shape::Known(sizes) => sizes.as_slice(),
            Shape::Unknown => &[],
        };
        for size in node
            .takes
            .iter()
            .chain(own)
            .filter(|size| size.value().is_none())
        {
            if constants.iter().all(|known| known.text() != size.text()) {
                assertions.extend(at_least_one(size));
                constants.push(size.clone());
            }
        }
    }
    assertions
}

fn same_size(message: &str, help: &str, given: &Size, taken: &Size) -> TokenStream {
    let message = format!("{message}\nhelp: {}", escaped(help));
    let label = "{TAKEN} here, but {GIVEN} arrive";
    let comparison = quote_spanned!(taken.span()=> <() as SameSize<#given, #taken>>::CHECKED);
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

fn at_least_one(size: &Size) -> TokenStream {
    let text = escaped(&size.text());
    let message =
        format!("`{text}` is 0: a layer has at least 1\nhelp: give the constant a value from 1 on");
    let comparison = quote_spanned!(size.span()=> <() as AtLeastOne<{ 0 < #size }>>::CHECKED);
    quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = "is 0")]
            trait AtLeastOne<const YES: bool> {
                const CHECKED: () = ();
            }
            #[diagnostic::do_not_recommend]
            impl<Any, const YES: bool> AtLeastOne<YES> for Any where
                ::nn_core::__private::Condition<YES>: ::nn_core::__private::True
            {
            }
            #comparison
        };
    }
}

/// Braces have a meaning in messages of the compiler.
fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
