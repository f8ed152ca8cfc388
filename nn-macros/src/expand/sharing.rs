//! Layers that share parameters: what is their own, and how they borrow the rest.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::builtin::Parameter;
use crate::graph::{Graph, Node};
use crate::plan::Gradient;

/// The type of what a layer has of its own beside parameters of others.
pub(super) fn own_type(node: &Node, element: &TokenStream) -> TokenStream {
    let own = node.own_parameters().map(|(_, parameter)| {
        let (alone, sizes) = (
            format_ident!("{}", parameter.alone),
            node.parameter_sizes(parameter),
        );
        quote!(::nn_core::#alone<#(#sizes,)* #element>)
    });
    // A layer has two parameters at most, so one is left.
    own.take(1).collect()
}

/// A layer over parameters that lie in several.
pub(super) fn borrowed(graph: &Graph, node: &Node) -> TokenStream {
    let name = format_ident!("{}Ref", node.builtin.name);
    let fields = node
        .builtin
        .parameters
        .iter()
        .enumerate()
        .map(|(index, parameter)| {
            let symbol = format_ident!("{}", parameter.symbol);
            let place = place(graph, node, index, &quote!(&params));
            quote!(#symbol: #place)
        });
    quote!(::nn_core::#name { #(#fields),* })
}

/// What becomes of the gradients of a layer's parameters.
pub(super) fn gradients(graph: &Graph, node: &Node, gradients: &[Gradient]) -> Vec<TokenStream> {
    let gradient = |(index, gradient): (usize, &Gradient)| {
        let place = place(graph, node, index, &quote!(&mut gradient));
        match gradient {
            Gradient::Nowhere => quote!(::nn_core::Gradient::Nowhere),
            Gradient::Write => quote!(::nn_core::Gradient::Write(#place)),
            Gradient::Add => quote!(::nn_core::Gradient::Add(#place)),
        }
    };
    gradients.iter().enumerate().map(gradient).collect()
}

/// Where a parameter of a layer lies in parameters or gradients; a matrix also says which way round.
fn place(graph: &Graph, node: &Node, index: usize, of: &TokenStream) -> TokenStream {
    let storage = node.storage(index);
    let label = &graph.nodes[storage.node].label.ident;
    let parameter: &Parameter = &node.builtin.parameters[index];
    let symbol = format_ident!("{}", parameter.symbol);
    let place = quote!(#of.#label.#symbol);
    let transposed = node
        .shared_parameter(index)
        .is_some_and(|shared| shared.transposed);
    match (parameter.is_matrix(), transposed) {
        (false, _) => place,
        (true, false) => quote!(::nn_core::Stored::AsIs(#place)),
        (true, true) => quote!(::nn_core::Stored::Transposed(#place)),
    }
}
