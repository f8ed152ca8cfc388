//! The layers of a chain with their names, arguments and shapes resolved: as good a guess as the source text allows.

mod arguments;
mod labels;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::Expr;

use crate::builtin::{self, Arguments, Axis, BUILTINS, Builtin, Role, Unknown};
use crate::report::Report;
use crate::size::{Size, source_text};
use crate::syntax::{Chain, Choice, Layer};
use arguments::{input_shape, inputs_outputs, options};
use labels::Labels;

/// A network: values flow from the batch through the nodes, in the order of the list.
pub(crate) struct Graph {
    /// Whether the first layer could be read at all.
    pub(crate) has_beginning: bool,
    /// Whether all layers could be read.
    pub(crate) complete: bool,
    /// The shape of a sample.
    pub(crate) input: Vec<Size>,
    /// Everything in the order of the source text, the input and losses too.
    pub(crate) nodes: Vec<Node>,
}

/// One layer.
pub(crate) struct Node {
    pub(crate) builtin: &'static Builtin,
    pub(crate) label: Label,
    /// The name of the layer as written, to point at.
    pub(crate) kind: Ident,
    /// The sizes and options as written.
    pub(crate) arguments: Vec<String>,
    /// How many features it says that it takes; `None` for `_`, and for layers that take what comes.
    pub(crate) takes: Option<Size>,
    /// The `_` that stands for its inputs, to point at.
    pub(crate) inferred: Option<TokenStream>,
    /// The value that it reads.
    pub(crate) reads: Value,
    /// The value that it gives.
    pub(crate) gives: Value,
    pub(crate) init: Init,
}

/// A layer's name everywhere: field, key, diagnostics.
pub(crate) struct Label {
    pub(crate) ident: Ident,
    /// Whether the user wrote it.
    pub(crate) written: bool,
}

/// What flows between two layers.
#[derive(Clone)]
pub(crate) struct Value {
    pub(crate) shape: Shape,
    /// The layer that set this shape, for messages.
    pub(crate) from: String,
}

#[derive(Clone)]
pub(crate) enum Shape {
    Known(Vec<Size>),
    /// A mistake that has been reported, or a first layer that does not say what it reads.
    Unknown,
}

/// How weights start.
#[derive(Clone)]
pub(crate) enum Init {
    He,
    Xavier,
    Zeros,
    Normal(TokenStream),
    /// He before `Relu`, Xavier elsewhere.
    Default,
}

impl Node {
    /// `Affine(784, 50, init = he)`
    pub(crate) fn text(&self) -> String {
        text(self.builtin, &self.arguments)
    }

    /// As it would be written with `inputs` for its first size.
    pub(crate) fn text_with_inputs(&self, inputs: String) -> String {
        let rest = self.arguments.iter().skip(1).cloned();
        text(
            self.builtin,
            &std::iter::once(inputs).chain(rest).collect::<Vec<_>>(),
        )
    }

    /// The name by which messages call it: an input without a label is just `Input`.
    pub(crate) fn name(&self) -> String {
        match (self.label.written, self.builtin.role) {
            (false, Role::Input) => self.builtin.name.to_owned(),
            _ => self.label.ident.to_string(),
        }
    }

    /// I, as it is in the layer's type.
    pub(crate) fn inputs(&self) -> Size {
        match &self.reads.shape {
            Shape::Known(sizes) if sizes.len() == 1 => sizes[0].clone(),
            _ => self.takes.clone().unwrap_or_else(|| Size::of(1)),
        }
    }

    /// The sizes of what it reads.
    pub(crate) fn read_sizes(&self) -> Vec<Size> {
        known_or_one(&self.reads.shape)
    }

    /// The sizes of what it gives.
    pub(crate) fn output(&self) -> Vec<Size> {
        known_or_one(&self.gives.shape)
    }

    /// The sizes of a parameter.
    pub(crate) fn sizes(&self, axes: &[Axis]) -> Vec<Size> {
        let size = |axis: &Axis| match axis {
            Axis::Inputs => self.inputs(),
            Axis::Outputs => self.output()[0].clone(),
        };
        axes.iter().map(size).collect()
    }
}

impl Graph {
    /// The layers that compute: all but the input and the loss.
    pub(crate) fn layers(&self) -> impl DoubleEndedIterator<Item = &Node> + Clone {
        self.nodes
            .iter()
            .filter(|node| node.builtin.role == Role::Layer)
    }

    /// The loss at the end.
    pub(crate) fn loss(&self) -> Option<&Node> {
        self.nodes
            .last()
            .filter(|node| node.builtin.role == Role::Loss)
    }

    /// The shape of the scores.
    pub(crate) fn output(&self) -> Vec<Size> {
        self.layers()
            .last()
            .map_or_else(|| self.input.clone(), Node::output)
    }
}

fn known_or_one(shape: &Shape) -> Vec<Size> {
    match shape {
        Shape::Known(sizes) => sizes.clone(),
        Shape::Unknown => vec![Size::of(1)],
    }
}

/// Resolves names, labels, arguments and shapes. After a mistake the shape is unknown, and the rest is still looked at.
pub(crate) fn resolve(chain: &Chain, report: &mut Report) -> Graph {
    let mut labels = Labels::default();
    let mut nodes: Vec<Node> = Vec::new();
    let mut value = Value {
        shape: Shape::Unknown,
        from: String::new(),
    };
    let (mut has_beginning, mut complete) = (true, true);
    for layer in &chain.layers {
        let Some(layer) = layer else {
            (has_beginning, complete) = (has_beginning && !nodes.is_empty(), false);
            value.shape = Shape::Unknown;
            continue;
        };
        let (builtin, guessed) = match builtin::find(&layer.kind.to_string()) {
            Ok(builtin) => (builtin, layer.broken),
            Err(unknown) => {
                report_unknown(layer, &unknown, report);
                match unknown {
                    Unknown::Alias(builtin) | Unknown::Misspelt(builtin) => (builtin, true),
                    Unknown::Nothing => {
                        (has_beginning, complete) = (has_beginning && !nodes.is_empty(), false);
                        value.shape = Shape::Unknown;
                        continue;
                    }
                }
            }
        };
        let label = labels.label(builtin, layer, report);
        // A guess at what was meant must not lead to a second complaint.
        let mut unheard = Report::default();
        let node = node(
            builtin,
            label,
            layer,
            value,
            if guessed { &mut unheard } else { report },
        );
        value = node.gives.clone();
        nodes.push(node);
    }
    Graph {
        has_beginning,
        complete,
        input: sample_shape(&nodes),
        nodes,
    }
}

/// What the first layer reads.
fn sample_shape(nodes: &[Node]) -> Vec<Size> {
    match nodes.first() {
        Some(node) if node.builtin.role == Role::Input => node.output(),
        Some(node) => vec![node.inputs()],
        None => vec![Size::of(1)],
    }
}

fn report_unknown(layer: &Layer, unknown: &Unknown, report: &mut Report) {
    let kind = &layer.kind;
    let meant = |builtin, hint: &str, report: &mut Report| {
        let message = format!("no layer `{kind}`; {hint}");
        report.error(
            kind,
            &message,
            &format!("write `{}`", text(builtin, &written(layer))),
        );
    };
    match unknown {
        Unknown::Alias(builtin) => {
            meant(
                builtin,
                &format!("it is called `{}` here", builtin.name),
                report,
            );
        }
        Unknown::Misspelt(builtin) => {
            meant(
                builtin,
                &format!("did you mean `{}`?", builtin.name),
                report,
            );
        }
        Unknown::Nothing => {
            let names = |role: Role| {
                let names = BUILTINS.iter().filter(|builtin| builtin.role == role);
                names
                    .map(|builtin| builtin.name)
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            let (layers, losses) = (names(Role::Layer), names(Role::Loss));
            let help = format!("the layers are {layers};\n      the losses {losses}");
            report.error(kind, &format!("no layer `{kind}`"), &help);
        }
    }
}

/// A layer's sizes and options as the user wrote them.
fn written(layer: &Layer) -> Vec<String> {
    let sizes = layer
        .sizes
        .iter()
        .map(|size| source_text(&size.to_token_stream()));
    let options = layer
        .options
        .iter()
        .map(|Choice { name, value }| source_text(&quote!(#name = #value)));
    sizes.chain(options).collect()
}

/// `Affine(784, 50, init = he)`
fn text(builtin: &Builtin, arguments: &[String]) -> String {
    if arguments.is_empty() {
        return builtin.name.to_owned();
    }
    format!("{}({})", builtin.name, arguments.join(", "))
}

fn node(
    builtin: &'static Builtin,
    label: Label,
    layer: &Layer,
    reads: Value,
    report: &mut Report,
) -> Node {
    let init = options(builtin, layer, report);
    let mut node = Node {
        builtin,
        label,
        kind: layer.kind.clone(),
        arguments: written(layer),
        takes: None,
        inferred: layer
            .sizes
            .first()
            .filter(|size| matches!(size, Expr::Infer(_)))
            .map(ToTokens::to_token_stream),
        gives: reads.clone(),
        reads,
        init,
    };
    let name = node.name();
    match builtin.arguments {
        Arguments::None => {
            if let Some(first) = layer.sizes.first() {
                let help = format!(
                    "write `{}`; its shape is that of the layer before",
                    builtin.name
                );
                report.error(first, &format!("`{}` takes no sizes", builtin.name), &help);
            }
        }
        Arguments::Shape => {
            node.gives = Value {
                shape: input_shape(layer, report),
                from: name,
            };
        }
        Arguments::InputsOutputs => {
            let (takes, outputs) = inputs_outputs(builtin, layer, &node.reads, report);
            node.takes = takes;
            let shape = outputs.map_or(Shape::Unknown, |outputs| Shape::Known(vec![outputs]));
            node.gives = Value { shape, from: name };
        }
    }
    if let (Shape::Unknown, Some(takes)) = (&node.reads.shape, &node.takes) {
        node.reads.shape = Shape::Known(vec![takes.clone()]);
    }
    node
}
