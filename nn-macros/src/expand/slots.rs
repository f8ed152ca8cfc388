//! The memory that a program works in.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Context, layer_type, sample};
use crate::graph::Node;
use crate::plan::{Content, Program};
use crate::size::Size;

/// The sizes of a program's slots.
pub(super) fn sizes(context: &Context<'_>, program: &Program, predicts: bool) -> TokenStream {
    let layers: Vec<&Node> = context.graph.layers().collect();
    let sizes = program.slots.iter().map(|values| {
        let (mut number, mut constants) = (0, Vec::<TokenStream>::new());
        for &value in values {
            let product = match &program.values[value] {
                Content::Sample(shape) => shape.known().map(Size::product),
                Content::Memory { .. } => None,
            };
            match (product, &program.values[value]) {
                (Some(product), _) => match product.value() {
                    Some(product) => number = product.max(number),
                    None => constants.push(quote!(#product)),
                },
                (None, Content::Sample(shape)) => {
                    let sample = sample(shape);
                    constants.push(quote!(<#sample as ::nn_core::Sample>::LEN));
                }
                (None, &Content::Memory { layer }) => {
                    constants.push(memory(layers[layer], predicts));
                }
            }
        }
        slot_size(number, constants)
    });
    quote!(&[#(#sizes),*])
}

/// How many numbers a layer of the user's remembers for each sample.
fn memory(node: &Node, predicts: bool) -> TokenStream {
    let (layer, reads) = (layer_type(node, &quote!(T)), sample(&node.read_shape()));
    let name = format_ident!("{}", if predicts { "SCRATCH" } else { "MEMORY" });
    quote!(<#layer as ::nn_core::Layer<#reads>>::#name)
}

/// The largest of a number and of products that only the compiler can work out.
fn slot_size(number: usize, constants: Vec<TokenStream>) -> TokenStream {
    let mut candidates: Vec<TokenStream> = Vec::new();
    if number > 0 {
        let number = Size::of(number);
        candidates.push(quote!(#number));
    }
    for constant in constants {
        if candidates
            .iter()
            .all(|other| other.to_string() != constant.to_string())
        {
            candidates.push(constant);
        }
    }
    match candidates.as_slice() {
        [one] => one.clone(),
        several => quote!(::nn_core::__private::largest(&[#(#several),*])),
    }
}
