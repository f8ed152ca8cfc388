//! The layers of a chain with their names, arguments and shapes resolved: as good a guess as the source text allows.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use std::collections::HashMap;
use syn::{Expr, Lit};

use crate::builtin::{self, Arguments, Axis, BUILTINS, Builtin, Role, Unknown};
use crate::report::{Report, nearest};
use crate::size::{Size, evaluate, source_text};
use crate::syntax::{Chain, Choice, Layer};

/// A network: values flow from the batch through the nodes, in the order of the list.
pub(crate) struct Graph {
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
    /// As the user wrote it, if so.
    pub(crate) written: Option<Ident>,
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
        match (&self.label.written, self.builtin.role) {
            (None, Role::Input) => self.builtin.name.to_owned(),
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
    for layer in &chain.layers {
        let (builtin, guessed) = match builtin::find(&layer.kind.to_string()) {
            Ok(builtin) => (builtin, layer.broken),
            Err(unknown) => {
                report_unknown(layer, &unknown, report);
                match unknown {
                    Unknown::Alias(builtin) | Unknown::Misspelt(builtin) => (builtin, true),
                    Unknown::Nothing => {
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
    match unknown {
        Unknown::Alias(builtin) => {
            let message = format!("no layer `{kind}`; it is called `{}` here", builtin.name);
            report.error(
                kind,
                &message,
                &format!("write `{}`", text(builtin, &written(layer))),
            );
        }
        Unknown::Misspelt(builtin) => {
            let message = format!("no layer `{kind}`; did you mean `{}`?", builtin.name);
            report.error(
                kind,
                &message,
                &format!("write `{}`", text(builtin, &written(layer))),
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

/// Hands out labels and complains about those that cannot be.
#[derive(Default)]
struct Labels {
    ordinals: HashMap<&'static str, usize>,
    taken: HashMap<String, Origin>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The user wrote it.
    Written,
    /// The kind and its ordinal.
    Ordinal,
}

impl Labels {
    fn label(&mut self, builtin: &'static Builtin, layer: &Layer, report: &mut Report) -> Label {
        let ordinal = self.ordinals.entry(builtin.stem).or_default();
        *ordinal += 1;
        let own = format!("{}{ordinal}", builtin.stem);
        let layer_text = text(builtin, &written(layer));
        let Some(written) = &layer.label else {
            let ident = format_ident!("{own}", span = layer.kind.span());
            let ident = self.unique(ident, Origin::Ordinal, &layer_text, report);
            return Label {
                ident,
                written: None,
            };
        };
        let name = written.to_string();
        let plain = name.trim_start_matches("r#");
        if syn::parse_str::<Ident>(plain).is_err() {
            let message = format!("a label becomes a field, so it cannot be `{plain}`");
            report.error(written, &message, &format!("write `{own}: {layer_text}`"));
            let ident = format_ident!("{own}", span = written.span());
            return Label {
                ident,
                written: None,
            };
        }
        let ident = self.unique(written.clone(), Origin::Written, &layer_text, report);
        Label {
            ident,
            written: Some(written.clone()),
        }
    }

    /// The label itself, or a free one in its place if another layer has it.
    fn unique(&mut self, label: Ident, origin: Origin, layer: &str, report: &mut Report) -> Ident {
        let name = label.to_string();
        let Some(other) = self.taken.insert(name.clone(), origin) else {
            return label;
        };
        let message = match (other, origin) {
            (Origin::Written, Origin::Written) => format!("two layers have the label `{name}`"),
            _ => format!("the label `{name}` is also the name that a layer without a label gets"),
        };
        report.error(
            &label,
            &message,
            &format!("give this one another label: `other: {layer}`"),
        );
        format_ident!("{name}_again", span = label.span())
    }
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

/// The sizes of a sample.
fn input_shape(layer: &Layer, report: &mut Report) -> Shape {
    const DEEPEST: usize = 7;
    if layer.sizes.is_empty() {
        let help = "write how many numbers a sample holds, for instance `Input(784)`";
        report.error(&layer.kind, "`Input` takes the sizes of a sample", help);
    }
    if let Some(beyond) = layer.sizes.get(DEEPEST) {
        let help = format!("write at most {DEEPEST}: no layer reads deeper samples");
        report.error(
            beyond,
            &format!("a sample has {} sizes", layer.sizes.len()),
            &help,
        );
        return Shape::Unknown;
    }
    let size = |size| {
        let why = "`Input` says what a sample looks like, so none of its sizes can be `_`";
        written_size(
            size,
            why,
            "write the size as a number or as a constant",
            report,
        )
    };
    let sizes: Vec<Option<Size>> = layer.sizes.iter().map(size).collect();
    match sizes.into_iter().collect::<Option<Vec<Size>>>() {
        Some(sizes) if !sizes.is_empty() => Shape::Known(sizes),
        _ => Shape::Unknown,
    }
}

/// What a layer of inputs and outputs takes and gives; `None` where it is not known.
fn inputs_outputs(
    builtin: &Builtin,
    layer: &Layer,
    reads: &Value,
    report: &mut Report,
) -> (Option<Size>, Option<Size>) {
    let name = builtin.name;
    let arriving = match &reads.shape {
        Shape::Known(sizes) if sizes.len() == 1 => Some(sizes[0].clone()),
        _ => None,
    };
    let inputs_text = arriving
        .as_ref()
        .map_or_else(|| "784".to_owned(), Size::text);
    match layer.sizes.as_slice() {
        [] => {
            let help = format!("write `{name}({inputs_text}, 10)` for 10 outputs");
            report.error(
                &layer.kind,
                &format!("`{name}` takes two sizes, inputs and outputs"),
                &help,
            );
            (None, None)
        }
        [only] => {
            let text = source_text(&only.to_token_stream());
            let help = match &arriving {
                Some(size) if size.text() != text => {
                    format!("write `{name}({}, {text})`", size.text())
                }
                _ => format!("write `{name}({text}, 10)` for 10 outputs"),
            };
            let message =
                format!("`{name}` takes two sizes, inputs and outputs; only one is given");
            report.error(only, &message, &help);
            (None, None)
        }
        [inputs, outputs, rest @ ..] => {
            if let Some(superfluous) = rest.first() {
                let (inputs, outputs) = (inputs.to_token_stream(), outputs.to_token_stream());
                let help = format!(
                    "write `{name}({}, {})`",
                    source_text(&inputs),
                    source_text(&outputs)
                );
                let message = format!(
                    "`{name}` takes two sizes, inputs and outputs; {} are given",
                    layer.sizes.len()
                );
                report.error(superfluous, &message, &help);
            }
            let takes = match inputs {
                Expr::Infer(_) => None,
                inputs => written_size(inputs, "", "", report),
            };
            let why = format!("the outputs of `{name}` are its own choice, so they cannot be `_`");
            let help = format!("write a number, for instance `{name}(_, 10)`");
            (takes, written_size(outputs, &why, &help, report))
        }
    }
}

/// A size that is a number or a constant; `why_not` and `help` say why it cannot be `_`.
fn written_size(size: &Expr, why_not: &str, help: &str, report: &mut Report) -> Option<Size> {
    if matches!(size, Expr::Infer(_)) {
        report.error(size, why_not, help);
        return None;
    }
    match evaluate(size) {
        Ok(value) => Some(Size::written(size.to_token_stream(), value)),
        Err(problem) => {
            let text = source_text(&size.to_token_stream());
            report.error(
                size,
                &format!("`{text}` {problem}"),
                "write a whole number from 1 on, or a constant",
            );
            None
        }
    }
}

/// `init = …` where the layer has weights.
fn options(builtin: &Builtin, layer: &Layer, report: &mut Report) -> Init {
    let mut init = None;
    for Choice { name, value } in &layer.options {
        let has_weights = builtin.arguments == Arguments::InputsOutputs;
        if !has_weights {
            let help = format!("write `{}`", builtin.name);
            report.error(
                name,
                &format!(
                    "`{}` has no option `{name}`: it has no weights",
                    builtin.name
                ),
                &help,
            );
        } else if name != "init" {
            let message = format!("`{}` has no option `{name}`", builtin.name);
            let help = match nearest(&name.to_string(), ["init"]) {
                Some(_) => format!("write `init = {}`", source_text(&value.to_token_stream())),
                None => "its only option is `init = he | xavier | normal(σ) | zeros`".to_owned(),
            };
            report.error(name, &message, &help);
        } else if init.is_some() {
            report.error(name, "`init` is given twice", "keep one of them");
        } else {
            init = Some(init_choice(value, report));
        }
    }
    init.unwrap_or(Init::Default)
}

fn init_choice(value: &Expr, report: &mut Report) -> Init {
    const CHOICES: [&str; 4] = ["he", "xavier", "normal", "zeros"];
    const HELP: &str = "write `init = he`, `xavier`, `normal(0.01)` or `zeros`";
    let (name, arguments) = match value {
        Expr::Call(call) => (call.func.to_token_stream(), Some(&call.args)),
        other => (other.to_token_stream(), None),
    };
    let argument = arguments.and_then(|arguments| arguments.first());
    let text = source_text(&name);
    match (text.as_str(), argument) {
        ("he", None) => Init::He,
        ("xavier", None) => Init::Xavier,
        ("zeros", None) => Init::Zeros,
        ("normal", Some(deviation)) if arguments.is_some_and(|arguments| arguments.len() == 1) => {
            normal(deviation, report)
        }
        ("normal", _) => {
            let message = "`normal` takes one number, the standard deviation";
            report.error(value, message, "write `init = normal(0.01)`");
            Init::Default
        }
        (name @ ("he" | "xavier" | "zeros"), Some(argument)) => {
            report.error(
                argument,
                &format!("`{name}` takes no number"),
                &format!("write `init = {name}`"),
            );
            Init::Default
        }
        (unknown, _) => {
            let message = match nearest(unknown, CHOICES) {
                Some(choice) => format!("no initialisation `{unknown}`; did you mean `{choice}`?"),
                None => format!("no initialisation `{unknown}`"),
            };
            report.error(name, &message, HELP);
            Init::Default
        }
    }
}

/// The standard deviation: a number from 0 on, or a constant of type `f64`.
fn normal(deviation: &Expr, report: &mut Report) -> Init {
    let number: Option<f64> = match deviation {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Float(number) => number.base10_parse().ok(),
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        Expr::Unary(_) => None,
        constant => return Init::Normal(constant.to_token_stream()),
    };
    match number {
        Some(number) if number.is_finite() => Init::Normal(quote!(#number)),
        _ => {
            let text = source_text(&deviation.to_token_stream());
            let message = format!("`{text}` is no standard deviation: it is a number from 0 on");
            report.error(deviation, &message, "write `init = normal(0.01)`");
            Init::Default
        }
    }
}
