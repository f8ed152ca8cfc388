//! Every rule of a declaration, one small function each. What only the compiler can tell is left in the plan for it.

mod merging;
mod sharing;

use std::collections::HashSet;

pub(crate) use merging::differences;
pub(crate) use sharing::{Comparison, comparisons};

use crate::builtin::{Reads, Role};
use crate::graph::{BATCH, Graph, Node};
use crate::report::Report;
use crate::size::{Size, product, shape_text};

pub(crate) fn check(graph: &Graph, report: &mut Report) {
    check_first(graph, report);
    check_input_position(graph, report);
    check_losses(graph, report);
    check_trainable(graph, report);
    // What is wrong with a repeated layer is said of one turn.
    let mut mistaken = HashSet::new();
    for node in &graph.nodes {
        let mut own = Report::default();
        check_node(graph, node, &mut own);
        if !own.is_empty() && mistaken.insert(node.source) {
            report.append(own);
        }
    }
}

fn check_node(graph: &Graph, node: &Node, report: &mut Report) {
    check_sizes_are_positive(node, report);
    check_axes(node, report);
    check_inputs(graph, node, report);
    check_classes(node, report);
    check_memory(node, report);
    merging::check(graph, node, report);
    sharing::check(graph, node, report);
}

/// A chain begins with a layer that says what it reads.
fn check_first(graph: &Graph, report: &mut Report) {
    let Some(first) = graph.nodes.iter().find(|node| node.headless) else {
        return;
    };
    if !graph.has_beginning {
        return;
    }
    let text = if first.in_branch {
        "[ … ]".to_owned()
    } else {
        first.text()
    };
    let help = format!("begin the chain with the sample's shape: `Input(784) -> {text}`");
    let name = first.name();
    if let Some(inferred) = &first.inferred {
        let message =
            format!("`{name}` is the first layer: there is none before it to take `_` from");
        report.error(inferred, &message, &help);
    } else {
        let message =
            format!("`{name}` is the first layer, and nothing says what a sample looks like");
        report.error(&first.kind, &message, &help);
    }
}

fn check_input_position(graph: &Graph, report: &mut Report) {
    let message = "`Input` says what a sample looks like, so it comes first";
    let is_input = |node: &&Node| node.builtin.role == Role::Input;
    let mut mistaken = HashSet::new();
    let inputs = graph.nodes.iter().skip(1).filter(is_input);
    for node in inputs.filter(|node| !node.in_branch) {
        if mistaken.insert(node.source) {
            let help = "move it to the beginning of the chain, or remove it";
            report.error(&node.kind, message, help);
        }
    }
    let mut in_branches = graph.nodes.iter().filter(is_input);
    if let Some(node) = in_branches.find(|node| node.in_branch) {
        report.error(&node.kind, message, "move it before the brackets");
    }
}

/// One loss at most, and at the end.
fn check_losses(graph: &Graph, report: &mut Report) {
    let mut losses = graph
        .nodes
        .iter()
        .filter(|node| node.builtin.role == Role::Loss);
    let Some(first) = losses.next() else { return };
    if let Some(second) = losses.next() {
        let message = format!(
            "a chain ends in one loss, and `{}` is one already",
            first.name()
        );
        report.error(
            &second.kind,
            &message,
            &format!("remove `{}` or `{}`", first.text(), second.text()),
        );
    } else if graph.loss().is_none() {
        let message = format!(
            "`{}` is a loss, so nothing comes after it",
            first.builtin.name
        );
        report.error(&first.kind, &message, "move it to the end of the chain");
    }
}

/// There is something to compute and, with a loss, something to train.
fn check_trainable(graph: &Graph, report: &mut Report) {
    let [first, rest @ ..] = graph.nodes.as_slice() else {
        return;
    };
    if first.builtin.role != Role::Input || !graph.complete {
        return;
    }
    if rest.is_empty() {
        let help = format!("go on with a layer: `{} -> Affine(_, 10)`", first.text());
        report.error(
            &first.kind,
            "a network needs a layer that computes something",
            &help,
        );
    }
    if let Some(loss) = graph.loss()
        && !graph.layers().any(Node::has_parameters)
    {
        let message = "no layer of this chain has parameters, so there is nothing to train";
        let help = "insert a layer such as `Affine(_, 10)`, or leave out the loss";
        report.error(&loss.kind, message, help);
    }
}

fn check_sizes_are_positive(node: &Node, report: &mut Report) {
    for size in node.takes.iter().chain(&node.sizes) {
        if size.value() == Some(0) {
            let message = format!("a size of `{}` is 0: a layer has at least 1", node.name());
            report.error(size.tokens(), &message, "write a number from 1 on");
        }
    }
}

/// Layers of features cannot read images, and nothing can be summed over the axis of one number.
fn check_axes(node: &Node, report: &mut Report) {
    let (Some(sizes), Some(value)) = (node.arriving(), node.read()) else {
        return;
    };
    let (name, from) = (node.name(), &value.from);
    if node.builtin.reads == Reads::Vector && sizes.len() > 1 {
        let message = format!(
            "`{name}` takes a vector of features, `{from}` gives {}",
            shape_text(sizes)
        );
        let help = match product(sizes) {
            Some(product) => format!("write `Input({product})`: a sample as one row of numbers"),
            None => "give `Input` one size: a sample as one row of numbers".to_owned(),
        };
        report.error(&node.kind, &message, &help);
    }
    if node.builtin.reads == Reads::Deep && sizes.len() < 2 {
        let features = shape_text(sizes);
        let message = format!(
            "`{name}` adds up several items, `{from}` gives one vector of {features} features"
        );
        let help = format!("write `Affine({features}, 1)` for one number, or `Repeat(4) -> Sum`");
        report.error(&node.kind, &message, &help);
    }
}

/// What a layer takes is what the layer before gives, as far as numbers tell.
fn check_inputs(graph: &Graph, node: &Node, report: &mut Report) {
    if let Some((given, taken)) = compared_sizes(node)
        && given.equals(taken) == Some(false)
    {
        let texts = (given.explained(), taken.explained());
        let (message, help) = mismatch(graph, node, (&texts.0, &texts.1), given, taken);
        report.error(taken.tokens(), &message, &help);
    }
}

/// The size that arrives at a layer and the size that it says it takes.
pub(crate) fn compared_sizes(node: &Node) -> Option<(&Size, &Size)> {
    match (node.arriving(), &node.takes) {
        (Some([given]), Some(taken)) => Some((given, taken)),
        _ => None,
    }
}

/// The two lines of a mismatch; the two sizes also as text, so that the compiler can fill in what only it knows.
pub(crate) fn mismatch(
    graph: &Graph,
    node: &Node,
    (given_text, taken_text): (&str, &str),
    given: &Size,
    taken: &Size,
) -> (String, String) {
    let name = node.name();
    let (from, source) = match node.read() {
        Some(value) => (value.from.as_str(), graph.origin(value)),
        None => ("", None),
    };
    let features = features(given);
    let is_sample = node.read().is_some_and(|value| value.id == BATCH);
    // Without an `Input` another layer has said what a sample looks like.
    let of_sample = source.filter(|source| is_sample && source.builtin.role != Role::Input);
    let write = format!("write `{}`", node.text_with(0, given.text()));
    if of_sample.is_some() {
        let message = format!(
            "shape mismatch: `{from}` takes samples of {given_text} {features}, `{name}` takes {taken_text}"
        );
        return (
            message,
            format!("{write}, or let `{from}` take {}", taken.text()),
        );
    }
    let message = format!(
        "shape mismatch: `{from}` gives {given_text} {features}, `{name}` takes {taken_text}"
    );
    // The end of a repetition that does not fit its beginning.
    let turns_do_not_fit = source.is_some_and(|source| source.source >= node.source);
    let other_way = match source {
        Some(source) if source.builtin.role == Role::Input => {
            format!("or begin with `Input({})`", taken.text())
        }
        _ => format!("or let `{from}` give {}", taken.text()),
    };
    if turns_do_not_fit {
        let help = format!(
            "let `{from}` give {}: a turn reads what the turn before gave",
            taken.text()
        );
        return (message, help);
    }
    (message, format!("{write}, {other_way}"))
}

/// What so many numbers of a vector are called.
fn features(size: &Size) -> &'static str {
    if size.value() == Some(1) {
        "feature"
    } else {
        "features"
    }
}

/// Softmax over one class is 1, whatever the score.
fn check_classes(node: &Node, report: &mut Report) {
    let Some(value) = node.read() else { return };
    if node.builtin.name == "SoftmaxWithLoss"
        && matches!(value.shape.known(), Some([size]) if size.value() == Some(1))
    {
        let message = format!(
            "`{}` gives one score, and softmax over one class is always 1",
            value.from
        );
        let help =
            "end in `SigmoidWithLoss` for a yes-or-no question, or give a score for each class";
        report.error(&node.kind, &message, help);
    }
}

/// A parameter fits into the address space.
fn check_memory(node: &Node, report: &mut Report) {
    const LARGEST_NUMBER: usize = size_of::<f64>();
    for parameter in node.builtin.parameters {
        let (symbol, sizes) = (parameter.symbol, node.parameter_sizes(parameter));
        let bytes = sizes
            .iter()
            .filter_map(Size::value)
            .try_fold(LARGEST_NUMBER, usize::checked_mul);
        if bytes.is_none_or(|bytes| isize::try_from(bytes).is_err()) {
            let message = format!(
                "the {symbol} of `{}` would hold {} numbers",
                node.name(),
                shape_text(&sizes)
            );
            report.error(&node.kind, &message, "choose sizes that fit into memory");
        }
    }
}
