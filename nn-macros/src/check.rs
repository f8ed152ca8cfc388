//! Every rule of a declaration, one small function each. What only the compiler can tell is left in the plan for it.

mod budget;
mod freezing;
mod images;
mod merging;
mod norms;
mod sharing;

use std::collections::HashSet;

pub(crate) use images::{Doubt, doubts};
pub(crate) use merging::differences;
pub(crate) use sharing::{Comparison, comparisons};

use proc_macro2::TokenStream;
use quote::ToTokens as _;

use crate::builtin::{Merge, Reads, Role};
use crate::graph::{BATCH, Graph, MOST_PORTS, Node, report_computed};
use crate::report::Report;
use crate::size::{Size, open_size_in, shape_text};
use crate::syntax::Budget;

pub(crate) fn check(graph: &Graph, budgets: &[Budget], report: &mut Report) {
    // Where something could not be read, or was not as it should be, inputs may only seem to stand in the wrong place.
    let as_written = report.is_empty();
    check_first(graph, report);
    check_input_position(graph, as_written, report);
    if as_written {
        check_branches_begin(graph, report);
    }
    check_counts(graph, report);
    check_trainable(graph, report);
    if as_written {
        check_open_sizes_are_used(graph, report);
    }
    freezing::check(graph, report);
    // What is wrong with a repeated layer is said of one turn.
    let mut mistaken = HashSet::new();
    for node in &graph.nodes {
        let mut own = Report::default();
        check_node(graph, node, &mut own);
        if !own.is_empty() && mistaken.insert(node.source) {
            report.append(own);
        }
    }
    // What a network costs that has other mistakes, nobody knows.
    if report.is_empty() {
        budget::check(graph, budgets, report);
    }
}

fn check_node(graph: &Graph, node: &Node, report: &mut Report) {
    check_open_sizes(node, report);
    check_sizes_are_positive(node, report);
    check_axes(node, report);
    check_inputs(graph, node, report);
    check_classes(node, report);
    check_memory(node, report);
    merging::check(graph, node, report);
    images::check(node, report);
    norms::check(node, report);
    sharing::check(graph, node, report);
}

/// A chain begins with a layer that says what it reads.
fn check_first(graph: &Graph, report: &mut Report) {
    let Some(first) = graph.nodes.iter().find(|node| node.headless) else {
        return;
    };
    let mut before = graph.nodes[..first.place].iter();
    // An `Input` whose sizes are wrong has been complained of.
    if !graph.has_beginning || before.any(|node| node.builtin.role == Role::Input) {
        return;
    }
    let text = if first.in_branch {
        "[ … ]".to_owned()
    } else {
        first.text()
    };
    let shape = match first.builtin.reads {
        Reads::Image => "1, 28, 28",
        _ => "784",
    };
    let help = format!("begin the chain with the sample's shape: `Input({shape}) -> {text}`");
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

/// An `Input` is the first of the chain, or of a branch at its beginning.
fn check_input_position(graph: &Graph, as_written: bool, report: &mut Report) {
    let mut mistaken = HashSet::new();
    let others = graph.nodes.iter().skip(1).filter(|node| !node.begins);
    for node in others.filter(|node| node.builtin.role == Role::Input) {
        if !mistaken.insert(node.source) || node.in_branch && !as_written {
            continue;
        }
        if node.in_branch {
            let message = "`Input` reads from outside, so nothing comes before it";
            let help = format!(
                "begin the chain with brackets, and every branch of them with an `Input`: `[ Input(784) -> … | {} -> … ] -> Concat`",
                node.text()
            );
            report.error(&node.kind, message, &help);
        } else {
            let message = "`Input` says what a sample looks like, so it comes first";
            let help = "move it to the beginning of the chain, or remove it";
            report.error(&node.kind, message, help);
        }
    }
}

/// Where one branch has an `Input`, nothing else can say what the others read.
fn check_branches_begin(graph: &Graph, report: &mut Report) {
    let begin = || graph.nodes.iter().filter(|node| node.begins);
    let is_input = |node: &&Node| node.builtin.role == Role::Input;
    let Some(input) = begin()
        .find(is_input)
        .filter(|input| input.gives.id != BATCH)
    else {
        return;
    };
    for node in begin().filter(|node| !is_input(node)) {
        let name = node.name();
        let message =
            format!("`{name}` begins a branch without `Input`, and another branch has one");
        let features = node
            .takes
            .as_ref()
            .map_or_else(|| "784".to_owned(), Size::text);
        let text = node.text();
        let input = input.text();
        let help = format!(
            "give it one, `Input({features}) -> {text}`, or move `{input}` before the brackets for both to read"
        );
        report.error(&node.kind, &message, &help);
    }
}

/// Tuples have an end.
fn check_counts(graph: &Graph, report: &mut Report) {
    let mut inputs = graph.nodes.iter();
    let is_input = |node: &&Node| node.builtin.role == Role::Input && node.begins;
    if let Some(node) = inputs.by_ref().filter(is_input).nth(MOST_PORTS) {
        let message = format!("a network has at most {MOST_PORTS} inputs, and this is one more");
        report.error(
            &node.kind,
            &message,
            "join some of them in one: `Input(784 + 10)`",
        );
    }
    if let Some(loss) = graph.losses().nth(MOST_PORTS) {
        let message = format!("a network has at most {MOST_PORTS} losses, and this is one more");
        report.error(&loss.kind, &message, "remove some of them");
    } else if let Some(port) = graph.outputs.get(MOST_PORTS).filter(|_| !graph.has_loss())
        && let Some(node) = graph.nodes.iter().rfind(|node| node.gives.id == port.value)
    {
        let message = format!("a network has at most {MOST_PORTS} outputs, and this is one more");
        report.error(
            &node.kind,
            &message,
            "join some of them: `[ … | … ] -> Concat`",
        );
    }
}

/// There is something to compute and, with a loss, something to train.
fn check_trainable(graph: &Graph, report: &mut Report) {
    if !graph.complete || graph.nodes.iter().any(|node| node.headless) {
        return;
    }
    if let [first] = graph.nodes.as_slice()
        && first.builtin.role == Role::Input
        && first.gives.shape.known().is_some()
    {
        let help = format!("go on with a layer: `{} -> Affine(_, 10)`", first.text());
        report.error(
            &first.kind,
            "a network needs a layer that computes something",
            &help,
        );
    }
    let learns = graph.learns();
    let can_learn = |loss: &&Node| loss.read().is_some_and(|value| learns[value.id]);
    if let Some(loss) = graph.losses().find(|loss| !can_learn(loss)) {
        let has_some = |node: &Node| node.own.is_some() || node.parameters().next().is_some();
        let (has_any, name) = (graph.layers().any(has_some), loss.name());
        let message = if !has_any {
            "no layer of this chain has parameters, so there is nothing to train".to_owned()
        } else if !graph.layers().any(|node| graph.trains_any(node)) {
            "every layer with parameters is frozen, so there is nothing to train".to_owned()
        } else if graph.freezes() {
            format!("no layer before `{name}` is trained, so it trains nothing")
        } else {
            format!("no layer before `{name}` has parameters, so it trains nothing")
        };
        let help = if graph.freezes() {
            "remove a `#[freeze]`, or leave out the loss"
        } else {
            "insert a layer such as `Affine(_, 10)`, or leave out the loss"
        };
        report.error(&loss.kind, &message, help);
    }
}

/// A size that is left open is a size of something.
fn check_open_sizes_are_used(graph: &Graph, report: &mut Report) {
    let uses = |node: &Node, name: &str| {
        let is_in = |tokens: &TokenStream| open_size_in(tokens, &[name.to_owned()]).is_some();
        let mut sizes = node.takes.iter().chain(&node.sizes);
        let mut own = node.own.iter().flat_map(|own| &own.sizes);
        sizes.any(|size| is_in(size.tokens())) || own.any(|size| is_in(&size.to_token_stream()))
    };
    for size in &graph.open_sizes {
        let name = size.to_string();
        if !graph.nodes.iter().any(|node| uses(node, &name)) {
            let message = format!("no layer has the size `{name}`");
            let help =
                format!("write it where it belongs, as in `Affine(784, {name})`, or remove it");
            report.error(size, &message, &help);
        }
    }
}

/// Nothing is computed with sizes that are left open.
fn check_open_sizes(node: &Node, report: &mut Report) {
    for size in node.takes.iter().chain(&node.sizes) {
        if let Some(open) = size.open().filter(|_| size.computes_with_open()) {
            report_computed(size.tokens(), open, report);
        }
    }
    if node.merge() == Some(Merge::Concat)
        && let Some([joined, ..]) = node.gives.shape.known()
        && joined.computes_with_open()
    {
        let (name, text) = (node.name(), joined.text());
        let message = format!(
            "`{name}` gives {text} features, and Rust cannot add sizes that are left open yet"
        );
        let help = "let a layer read each part, and add what they give: `[ Affine(H, 10) | Affine(50, 10) ] -> Add`";
        report.error(&node.kind, &message, help);
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
        let features = Size::product(sizes);
        let layer = if node.says_shapes() {
            node.text_with(0, features.text())
        } else {
            node.text()
        };
        let help = format!(
            "insert `Flatten`, which gives {}: `Flatten -> {layer}`",
            features.text()
        );
        report.error(&node.kind, &message, &help);
    }
    if node.builtin.reads == Reads::Image && sizes.len() != 3 {
        let message = format!(
            "`{name}` takes images, channels × rows × columns; `{from}` gives {}",
            if let [features] = sizes {
                format!("{} {}", features.text(), self::features(features))
            } else {
                shape_text(sizes)
            }
        );
        let is_sample = value.id == BATCH;
        let help = match (is_sample, sizes) {
            (true, _) => format!(
                "begin with a sample's channels, rows and columns: `Input(1, 28, 28) -> {}`",
                node.text()
            ),
            (false, [rows, columns]) => format!(
                "write `Reshape(1, {}, {}) -> {}`",
                rows.text(),
                columns.text(),
                node.text()
            ),
            (false, _) => format!(
                "give its numbers this shape: `Reshape(1, 28, 28) -> {}`",
                node.text()
            ),
        };
        report.error(&node.kind, &message, &help);
    }
    if node.builtin.reads == Reads::Along && sizes.len() > 1 && node.arguments.is_empty() {
        let (builtin, last) = (node.builtin.name, sizes.len() - 1);
        let message = format!(
            "`{name}` takes a vector, or an axis to go along: `{from}` gives {}",
            shape_text(sizes)
        );
        let help = format!(
            "write `{builtin}(axis = 0)` for the outermost axis, `{builtin}(axis = {last})` for the innermost"
        );
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
    let open = match (given.open(), taken.open()) {
        (Some(open), _) => format!(", and `{open}` is not always {}", taken.text()),
        (None, Some(open)) => format!(", and `{open}` is not always {}", given.text()),
        (None, None) => String::new(),
    };
    let message = format!(
        "shape mismatch: `{from}` gives {given_text} {features}, `{name}` takes {taken_text}{open}"
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
    for (_, parameter) in node.parameters() {
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
