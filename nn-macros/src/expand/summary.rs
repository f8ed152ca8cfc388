//! The table of layers: in the documentation with the words of the declaration, at run time with its numbers.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{layer_type, sizes};
use crate::builtin::Role;
use crate::graph::{Graph, Node, Port, Shape};
use crate::size::{Size, product, shape_text};

/// The table as Markdown.
pub(super) fn doc_table(graph: &Graph) -> String {
    let row = |node: &Node| {
        let (label, layer, (reads, gives)) = (&node.label.ident, node.text(), shapes(node));
        let (reads, gives) = (shape_text(&reads.sizes()), shape_text(&gives.sizes()));
        let (mut parameters, macs) = (parameters_text([node]), macs_text([node]));
        if node.is_frozen() {
            parameters.push_str(", frozen");
        }
        format!("| `{label}` | `{layer}` | {reads} | {gives} | {parameters} | {macs} |")
    };
    let head = "| label | layer | input | output | parameters | multiply-adds |\n|---|---|--:|--:|--:|--:|";
    let (input, output) = (ports_text(&graph.inputs), ports_text(&graph.outputs));
    let (parameters, macs) = (parameters_text(&graph.nodes), macs_text(&graph.nodes));
    let foot = format!("| total | | {input} | {output} | {parameters} | {macs} |");
    let rows = graph.nodes.iter().map(row);
    let lines: Vec<String> = std::iter::once(head.to_owned())
        .chain(rows)
        .chain([foot])
        .collect();
    lines.join("\n")
}

fn ports_text(ports: &[Port]) -> String {
    let shapes = ports.iter().map(|port| shape_text(&port.shape.sizes()));
    shapes.collect::<Vec<_>>().join(", ")
}

/// The sizes of what a layer reads and gives; a loss gives one number.
fn shapes(node: &Node) -> (Shape, Shape) {
    match node.builtin.role {
        Role::Input => (node.output(), node.output()),
        Role::Layer => (node.read_shape(), node.output()),
        Role::Loss => (node.read_shape(), Shape::Known(vec![Size::of(1)])),
    }
}

/// How many parameters these layers have: a number, or a formula if constants are in it.
pub(super) fn parameters_text<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> String {
    sum_text(nodes, |node| {
        let own = node.own_parameters();
        own.map(|(_, parameter)| node.parameter_sizes(parameter))
            .collect()
    })
}

/// How many multiply-adds these layers take for one sample.
fn macs_text<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> String {
    sum_text(nodes, |node| vec![node.factors()])
}

/// The sum of the products that each layer has: a number, or a formula if constants are in it.
fn sum_text<'a>(
    nodes: impl IntoIterator<Item = &'a Node>,
    products: impl Fn(&Node) -> Vec<Vec<Size>>,
) -> String {
    let (mut number, mut formulas) = (0_usize, Vec::new());
    for node in nodes {
        // Only the compiler knows what is in a type of the user's.
        if node.own.is_some() {
            formulas.push("…".to_owned());
            continue;
        }
        for sizes in products(node) {
            match product(&sizes) {
                Some(product) => number = number.saturating_add(product),
                None => formulas.push(
                    sizes
                        .iter()
                        .map(Size::operand_text)
                        .collect::<Vec<_>>()
                        .join("·"),
                ),
            }
        }
    }
    if number > 0 || formulas.is_empty() {
        formulas.push(number.to_string());
    }
    formulas.join(" + ")
}

/// The layers as constants of type `LayerSummary`.
pub(super) fn rows(graph: &Graph, givers: &[usize]) -> Vec<TokenStream> {
    graph
        .nodes
        .iter()
        .map(|node| row(graph, node, givers))
        .collect()
}

fn row(graph: &Graph, node: &Node, givers: &[usize]) -> TokenStream {
    let (label, kind, (reads, gives)) = (node.label.ident.to_string(), node.text(), shapes(node));
    let (reads, gives) = (sizes(&reads), sizes(&gives));
    // By way of the layer's type, so that a constant of the wrong type is the same complaint as everywhere.
    let of_type =
        (node.has_parameters() && node.shared.is_empty()).then(|| layer_type(node, &quote!(f32)));
    let layers = if node.own.is_some() {
        let layer = layer_type(node, &quote!(T));
        quote!(<#layer as ::nn_core::Initial<T>>::LAYERS)
    } else {
        quote!(&[])
    };
    let (parameters, macs) = if node.own.is_some() {
        let layer = layer_type(node, &quote!(T));
        let of_type = quote!(<#layer as ::nn_core::Initial<T>>);
        (quote!(#of_type::NUMBERS), quote!(#of_type::MACS))
    } else if let Some(layer) = of_type {
        let macs = if node.says_shapes() {
            quote!(<#layer>::MACS)
        } else {
            // It depends on how large images are.
            let macs = node.macs();
            quote!(#macs)
        };
        (quote!(<#layer>::PARAMETERS), macs)
    } else {
        let own = node.own_parameters();
        let sizes: Vec<Size> = own
            .map(|(_, parameter)| Size::product(&node.parameter_sizes(parameter)))
            .collect();
        let (sum, macs) = (Size::sum(&sizes), node.macs());
        (quote!(#sum), quote!(#macs))
    };
    let values = node
        .reads
        .iter()
        .map(|read| Literal::usize_unsuffixed(givers[read.value.id]));
    let shares = node.shared.iter().map(|shared| {
        let symbol = node.builtin.parameters[shared.parameter].symbol;
        let (layer, key) = (
            Literal::usize_unsuffixed(shared.storage.node + 1),
            graph.key(shared.storage),
        );
        let transposed = shared.transposed;
        quote! {
            ::nn_core::SharedParameter {
                parameter: #symbol,
                layer: #layer,
                key: #key,
                transposed: #transposed,
            }
        }
    });
    let place = Literal::usize_unsuffixed(node.source);
    let frozen = node.is_frozen();
    quote! {
        ::nn_core::LayerSummary {
            label: #label,
            kind: #kind,
            input: #reads,
            output: #gives,
            parameters: #parameters,
            macs: #macs,
            reads: &[#(#values),*],
            place: #place,
            shares: &[#(#shares),*],
            frozen: #frozen,
            layers: #layers,
        }
    }
}

/// Room for the table as text, whatever the constants are.
pub(super) fn capacity(graph: &Graph) -> usize {
    const NUMBER: usize = " × ".len() + usize::MAX.ilog10() as usize + 1;
    const HEADINGS: usize = 80;
    let longest = |length: fn(&Node) -> usize| graph.nodes.iter().map(length).max().unwrap_or(0);
    let label = longest(|node| node.label.ident.to_string().len());
    let kind = longest(|node| node.text().len());
    let axes = |shape: &Shape| shape.known().map_or(Shape::DEEPEST, <[Size]>::len);
    let reads = graph.nodes.iter().map(|node| axes(&shapes(node).0)).max();
    let gives = graph.nodes.iter().map(|node| axes(&shapes(node).1)).max();
    let sizes = reads.unwrap_or(0) + gives.unwrap_or(0);
    (graph.nodes.len() + 2) * (HEADINGS + label + kind + (sizes + 2) * NUMBER)
}
