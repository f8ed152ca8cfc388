//! Every rule of a declaration, one small function each. What only the compiler can tell is left in the plan for it.

use crate::builtin::{Arguments, Reads, Role};
use crate::graph::{Graph, Node, Shape};
use crate::report::Report;
use crate::size::{Size, product, shape_text};

pub(crate) fn check(graph: &Graph, report: &mut Report) {
    check_first(graph, report);
    check_input_position(graph, report);
    check_losses(graph, report);
    check_trainable(graph, report);
    for node in &graph.nodes {
        check_sizes_are_positive(node, report);
        check_vector(node, report);
        check_inputs(graph, node, report);
        check_classes(node, report);
        check_memory(node, report);
    }
}

/// A chain begins with a layer that says what it reads.
fn check_first(graph: &Graph, report: &mut Report) {
    let Some(first) = graph.nodes.first() else {
        return;
    };
    let help = format!(
        "begin the chain with the sample's shape: `Input(784) -> {}`",
        first.text()
    );
    let name = first.name();
    if first.builtin.role == Role::Input || !graph.has_beginning {
        return;
    }
    if let Some(inferred) = &first.inferred {
        let message =
            format!("`{name}` is the first layer: there is none before it to take `_` from");
        report.error(inferred, &message, &help);
    } else if first.builtin.arguments == Arguments::None {
        let message =
            format!("`{name}` is the first layer, and nothing says what a sample looks like");
        report.error(&first.kind, &message, &help);
    }
}

fn check_input_position(graph: &Graph, report: &mut Report) {
    for node in graph
        .nodes
        .iter()
        .skip(1)
        .filter(|node| node.builtin.role == Role::Input)
    {
        let message = "`Input` says what a sample looks like, so it comes first";
        report.error(
            &node.kind,
            message,
            "move it to the beginning of the chain, or remove it",
        );
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
    let has_parameters = |node: &Node| !node.builtin.parameters.is_empty();
    if let Some(loss) = graph.loss()
        && !graph.layers().any(has_parameters)
    {
        let message = "no layer of this chain has parameters, so there is nothing to train";
        let help = "insert a layer such as `Affine(_, 10)`, or leave out the loss";
        report.error(&loss.kind, message, help);
    }
}

fn check_sizes_are_positive(node: &Node, report: &mut Report) {
    let own_sizes = match &node.gives.shape {
        Shape::Known(sizes) if node.gives.from == node.name() => sizes.as_slice(),
        _ => &[],
    };
    for size in node.takes.iter().chain(own_sizes) {
        if size.value() == Some(0) {
            let message = format!("a size of `{}` is 0: a layer has at least 1", node.name());
            report.error(size.tokens(), &message, "write a number from 1 on");
        }
    }
}

/// Layers of features cannot read images.
fn check_vector(node: &Node, report: &mut Report) {
    let Shape::Known(sizes) = &node.reads.shape else {
        return;
    };
    if node.builtin.reads == Reads::Vector && sizes.len() > 1 {
        let (name, from) = (node.name(), &node.reads.from);
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
    match (&node.reads.shape, &node.takes) {
        (Shape::Known(sizes), Some(taken)) if sizes.len() == 1 => Some((&sizes[0], taken)),
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
    let (name, from) = (node.name(), &node.reads.from);
    let features = if given.value() == Some(1) {
        "feature"
    } else {
        "features"
    };
    let message = format!(
        "shape mismatch: `{from}` gives {given_text} {features}, `{name}` takes {taken_text}"
    );
    let source = graph.nodes.iter().find(|node| node.name() == *from);
    let other_way = match source {
        Some(source) if source.builtin.role == Role::Input => {
            format!("or begin with `Input({})`", taken.text())
        }
        _ => format!("or let `{from}` give {}", taken.text()),
    };
    (
        message,
        format!(
            "write `{}`, {other_way}",
            node.text_with_inputs(given.text())
        ),
    )
}

/// Softmax over one class is 1, whatever the score.
fn check_classes(node: &Node, report: &mut Report) {
    let Shape::Known(sizes) = &node.reads.shape else {
        return;
    };
    if node.builtin.name == "SoftmaxWithLoss"
        && matches!(sizes.as_slice(), [size] if size.value() == Some(1))
    {
        let message = format!(
            "`{}` gives one score, and softmax over one class is always 1",
            node.reads.from
        );
        let help =
            "end in `SigmoidWithLoss` for a yes-or-no question, or give a score for each class";
        report.error(&node.kind, &message, help);
    }
}

/// A parameter fits into the address space.
fn check_memory(node: &Node, report: &mut Report) {
    const LARGEST_NUMBER: usize = size_of::<f64>();
    for (symbol, axes) in node.builtin.parameters {
        let sizes = node.sizes(axes);
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
