//! What is frozen can be: it has parameters, and nobody trains them.

use std::collections::HashSet;

use crate::builtin::Role;
use crate::graph::{FrozenPart, Graph, Label, Node};
use crate::report::Report;

pub(super) fn check(graph: &Graph, report: &mut Report) {
    // What is wrong with a repeated part is said of one turn.
    let mut looked_at = HashSet::new();
    for part in &graph.frozen {
        if looked_at.insert(part.source) {
            check_parameters(graph, part, report);
        }
    }
    check_owners(graph, report);
}

/// There is something to freeze.
fn check_parameters(graph: &Graph, part: &FrozenPart, report: &mut Report) {
    let nodes = &graph.nodes[part.nodes.clone()];
    // A layer of the user's may have some.
    let has_own = |node: &Node| node.own.is_some() || node.own_parameters().next().is_some();
    // Of those that are trained elsewhere more is said.
    let has_trained = |node: &Node| graph.trains_any(node);
    if !part.complete || nodes.iter().any(|node| has_own(node) || has_trained(node)) {
        return;
    }
    let (message, help) = match nodes {
        [node] => {
            let name = node.name();
            match (node.shared.first(), node.builtin.role) {
                (Some(_), _) => (
                    format!(
                        "`{name}` has nothing of its own to freeze: its parameters are frozen where they lie"
                    ),
                    "remove `#[freeze]`".to_owned(),
                ),
                (None, Role::Loss) => (
                    format!(
                        "`{}` is a loss, which has no parameters to freeze",
                        node.builtin.name
                    ),
                    "remove `#[freeze]`".to_owned(),
                ),
                (None, _) => (
                    format!("`{name}` has no parameters, so there is nothing to freeze"),
                    "remove `#[freeze]`".to_owned(),
                ),
            }
        }
        _ => (
            "no layer of this part has parameters of its own, so there is nothing to freeze"
                .to_owned(),
            "remove `#[freeze]`".to_owned(),
        ),
    };
    report.error(&part.freeze, &message, &help);
}

/// A layer that is frozen has no parameter of a layer that is not.
fn check_owners(graph: &Graph, report: &mut Report) {
    let mut mistaken = HashSet::new();
    for node in graph.nodes.iter().filter(|node| node.frozen.is_some()) {
        let trained = |parameter: &usize| graph.trains(node, *parameter);
        for parameter in (0..node.builtin.parameters.len()).filter(trained) {
            let owner = &graph.nodes[node.storage(parameter).node];
            let (symbol, shared) = (
                node.builtin.parameters[parameter].symbol,
                node.shared_parameter(parameter),
            );
            if let Some(shared) = shared
                && mistaken.insert(node.source)
            {
                let message = format!(
                    "`{}` is frozen, and its `{symbol}` is that of `{}`, which is trained",
                    node.name(),
                    owner.name()
                );
                let label = match &owner.label {
                    Label {
                        ident,
                        written: true,
                    } => format!("{ident}: "),
                    _ => String::new(),
                };
                let help = format!(
                    "a parameter is frozen where it lies: `#[freeze] {label}{}`",
                    owner.text()
                );
                report.error(&shared.reference.label, &message, &help);
            }
        }
    }
}
