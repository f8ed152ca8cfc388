//! The picture in the documentation of the struct, with the sizes as they are written.

use nn_picture::{Family, Picture, grouped};
use proc_macro2::TokenStream;
use quote::quote;

use super::summary::parameters_text;
use crate::builtin::{Buffers, Role};
use crate::graph::{BATCH, Graph, Node};
use crate::size::{Size, shape_text};

/// Networks of more boxes than this get no picture there: `graph()` draws them.
const MOST_BOXES: usize = 120;

const LONGEST_FORMULA: usize = 24;

/// For rustdoc alone: neither the compiler nor those who hover over the name need it.
pub(super) fn picture(graph: &Graph) -> TokenStream {
    let picture = drawn(graph);
    if picture.boxes() > MOST_BOXES {
        return TokenStream::new();
    }
    // Markdown leaves HTML alone that begins with a block and has no empty line.
    let svg = format!("\n<div>\n{}</div>", picture.to_svg());
    quote!(#[cfg_attr(doc, doc = #svg)])
}

fn drawn(graph: &Graph) -> Picture {
    let mut nodes = Vec::new();
    // The node of each value.
    let mut of_value = vec![None; graph.values];
    let has_input = graph
        .nodes
        .iter()
        .any(|node| node.builtin.role == Role::Input);
    if let ([only], false) = (graph.inputs.as_slice(), has_input) {
        of_value[BATCH] = Some(0);
        nodes.push(input(&only.shape.sizes()));
    }
    // The node of each layer.
    let mut of_node = Vec::new();
    for node in &graph.nodes {
        if node.builtin.buffers == Buffers::Passes {
            of_node.push(0);
            continue;
        }
        let reads = node.reads.iter();
        let reads = reads.filter_map(|read| of_value[read.value.id]).collect();
        if node.builtin.role != Role::Loss {
            of_value[node.gives.id] = Some(nodes.len());
        }
        of_node.push(nodes.len());
        nodes.push(layer(node, reads));
    }
    for (node, &drawn) in graph.nodes.iter().zip(&of_node) {
        let shares = node.shared.iter().map(|shared| {
            let end = if shared.transposed { ".T" } else { "" };
            let symbol = node.builtin.parameters[shared.parameter].symbol;
            let how = format!("{symbol} = {}{end}", graph.key(shared.storage));
            (of_node[shared.storage.node], how)
        });
        let shares: Vec<_> = shares.collect();
        if !shares.is_empty() {
            nodes[drawn].shares = shares;
        }
    }
    // Where there are losses, outputs end in them.
    if !graph.has_loss() {
        for port in &graph.outputs {
            let label = if graph.outputs.len() == 1 {
                "output"
            } else {
                &port.name
            };
            nodes.push(end(
                label,
                label.to_owned(),
                Family::Output,
                of_value[port.value],
            ));
        }
    }
    Picture {
        nodes,
        ..Picture::default()
    }
}

fn layer(node: &Node, reads: Vec<usize>) -> nn_picture::Node {
    let family = match node.builtin.role {
        Role::Input => Family::Input,
        Role::Loss => Family::Loss,
        Role::Layer if node.has_parameters() => Family::Weights,
        Role::Layer if node.merge().is_some() => Family::Merge,
        Role::Layer => Family::Plain,
    };
    let parameters = match parameters_text([node]) {
        _ if !node.has_parameters() => String::new(),
        text => match text.parse() {
            Ok(number) => grouped(number),
            // A long formula is in the table.
            Err(_) if text.chars().count() > LONGEST_FORMULA => String::new(),
            Err(_) => text,
        },
    };
    nn_picture::Node {
        label: node.label.ident.to_string(),
        text: node.text(),
        family,
        reads: if node.builtin.role == Role::Input {
            Vec::new()
        } else {
            reads
        },
        gives: match node.builtin.role {
            Role::Loss => String::new(),
            _ => shape_text(&node.output().sizes()),
        },
        parameters,
        notes: String::new(),
        frozen: node.is_frozen(),
        shares: Vec::new(),
        place: node.source,
    }
}

/// The sample, where no layer stands for it.
fn input(sizes: &[Size]) -> nn_picture::Node {
    let texts: Vec<String> = sizes.iter().map(Size::text).collect();
    let text = format!("Input({})", texts.join(", "));
    nn_picture::Node {
        gives: shape_text(sizes),
        ..end("input", text, Family::Input, None)
    }
}

/// An end of the network that is not in the declaration.
fn end(label: &str, text: String, family: Family, reads: Option<usize>) -> nn_picture::Node {
    nn_picture::Node {
        label: label.to_owned(),
        text,
        family,
        reads: reads.into_iter().collect(),
        gives: String::new(),
        parameters: String::new(),
        notes: String::new(),
        frozen: false,
        shares: Vec::new(),
        place: 0,
    }
}
