//! Parameters that are those of other layers: whose, shows when all labels are known.

use std::collections::{HashMap, HashSet};

use proc_macro2::Ident;
use syn::ext::IdentExt as _;

use super::Node;
use super::labels::Labels;
use super::reference::Reference;
use crate::report::{Report, nearest};

/// A parameter of a layer that is that of another one.
pub(crate) struct Shared {
    /// Which one: its place among the parameters of the layer's kind.
    pub(crate) parameter: usize,
    /// As it was written.
    pub(crate) reference: Reference,
    /// The layer that is named: its place among the nodes. It may share the parameter itself.
    pub(crate) of: usize,
    /// Where the parameter lies.
    pub(crate) storage: Storage,
    /// Whether the layer sees the transpose of what lies there.
    pub(crate) transposed: bool,
}

/// A parameter of the layer in which it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Storage {
    /// The layer's place among the nodes.
    pub(crate) node: usize,
    /// The place among the parameters of the layer's kind.
    pub(crate) parameter: usize,
}

/// What layers are called, and which of them name others: who that is, shows when all labels are known.
#[derive(Default)]
pub(super) struct Sharing {
    /// The turns of repetitions that we are in, and how many there have been.
    turns: Vec<usize>,
    turn_count: usize,
    /// The places of layers by name, and by the label as it is written in a turn of a repetition.
    by_name: HashMap<String, usize>,
    in_turns: HashMap<(usize, String), usize>,
    /// Labels of what could not be read.
    unreadable: HashSet<String>,
    references: Vec<Pending>,
}

struct Pending {
    /// The place of the layer that names another one, and which of its parameters.
    node: usize,
    parameter: usize,
    reference: Reference,
    turns: Vec<usize>,
}

impl Sharing {
    pub(super) fn begin_turn(&mut self) {
        self.turns.push(self.turn_count);
        self.turn_count += 1;
    }

    pub(super) fn end_turn(&mut self) {
        self.turns.pop();
    }

    /// A layer that others may name: by its label as it is written, or by its name.
    pub(super) fn define(&mut self, label: &Ident, name: String, place: usize) {
        if let Some(&turn) = self.turns.last() {
            self.in_turns
                .insert((turn, label.unraw().to_string()), place);
        }
        self.by_name.insert(name, place);
    }

    pub(super) fn unreadable(&mut self, label: &Ident) {
        self.unreadable.insert(label.unraw().to_string());
    }

    /// The parameters that the layer at this place has of others.
    pub(super) fn refer(&mut self, node: usize, references: Vec<(usize, Reference)>) {
        let turns = &self.turns;
        let pending = references
            .into_iter()
            .map(|(parameter, reference)| Pending {
                node,
                parameter,
                reference,
                turns: turns.clone(),
            });
        self.references.extend(pending);
    }

    /// Says whose parameters are shared, or why that cannot be. Where layers could not be read, unknown ones may be among them.
    pub(super) fn settle(
        self,
        nodes: &mut [Node],
        labels: &Labels,
        complete: bool,
        report: &mut Report,
    ) {
        // The turns of a repetition say it once.
        let mut mistaken = HashSet::new();
        let mut named: HashMap<Storage, (usize, bool)> = HashMap::new();
        for pending in &self.references {
            let mut own = Report::default();
            match self.find(pending, nodes, labels, complete, &mut own) {
                Some(of) => {
                    let storage = Storage {
                        node: pending.node,
                        parameter: pending.parameter,
                    };
                    named.insert(storage, (of, pending.reference.transpose.is_some()));
                }
                None => {
                    if !own.is_empty()
                        && mistaken.insert((nodes[pending.node].source, pending.parameter))
                    {
                        report.append(own);
                    }
                }
            }
        }
        let mut in_circles = HashSet::new();
        for pending in self.references {
            let start = Storage {
                node: pending.node,
                parameter: pending.parameter,
            };
            let Some(&(of, _)) = named.get(&start) else {
                continue;
            };
            match follow(start, &named, nodes) {
                Ok((storage, transposed)) => nodes[pending.node].shared.push(Shared {
                    parameter: pending.parameter,
                    reference: pending.reference,
                    of,
                    storage,
                    transposed,
                }),
                // Said once for a circle, and not of those who only lead to it.
                Err(circle) if circle.contains(&start) && !in_circles.contains(&start) => {
                    if mistaken.insert((nodes[start.node].source, start.parameter)) {
                        report_circle(&pending.reference, start, &circle, nodes, report);
                    }
                    in_circles.extend(circle);
                }
                Err(_) => {}
            }
        }
    }

    /// The layer that is named.
    fn find(
        &self,
        pending: &Pending,
        nodes: &[Node],
        labels: &Labels,
        complete: bool,
        report: &mut Report,
    ) -> Option<usize> {
        let reference = &pending.reference;
        let (label, symbol) = (&reference.label, &reference.symbol);
        let name = label.unraw().to_string();
        let in_turn = |turn: &usize| self.in_turns.get(&(*turn, name.clone()));
        let of = pending.turns.iter().rev().find_map(in_turn);
        let of = of.or_else(|| self.by_name.get(&name)).copied();
        let is_there = |node: &Node| symbol_of(node, symbol).is_some();
        if of.is_some_and(|of| is_there(&nodes[of])) {
            return of;
        }
        let end = if reference.transpose.is_some() {
            ".T"
        } else {
            ""
        };
        let write = |label: &str| format!("write `{symbol} = {label}.{symbol}{end}`");
        let candidates = || {
            let others = nodes.iter().filter(|node| node.place != pending.node);
            others.filter(|node| is_there(node)).map(Node::name)
        };
        let list = || {
            let names: Vec<String> = candidates().collect();
            match names.as_slice() {
                [] => {
                    let text = reference.text();
                    format!("no other layer has a `{symbol}`: remove `{symbol} = {text}`")
                }
                [only] => write(only),
                names => format!(
                    "the other layers with a `{symbol}` are `{}`",
                    names.join("`, `")
                ),
            }
        };
        if let Some(of) = of {
            let kind = nodes[of].builtin.name;
            let message = if nodes[of].parameters().any(|(_, p)| symbol == p.symbol) {
                format!("`{label}` is a layer `{kind}`, which shares its `{symbol}` with nobody")
            } else {
                format!("`{label}` is a layer `{kind}`, which has no `{symbol}`")
            };
            report.error(label, &message, &list());
            return None;
        }
        let (message, help) = match labels.turns(&name) {
            Some([first, .., last]) => (
                format!("`{name}` is repeated: its turns are `{first}` to `{last}`"),
                write(first),
            ),
            Some([only]) => (
                format!("`{name}` is repeated: its only turn is `{only}`"),
                write(only),
            ),
            _ if labels.knows(&name) => (
                format!("`{name}` is no layer, so it has no `{symbol}`"),
                list(),
            ),
            _ if self.unreadable.contains(&name) => return None,
            _ => {
                let names: Vec<String> = candidates().collect();
                match nearest(&name, names.iter().map(String::as_str)) {
                    Some(near) => (
                        format!("no layer `{name}`; did you mean `{near}`?"),
                        write(near),
                    ),
                    None if !complete => return None,
                    None => (format!("no layer `{name}`"), list()),
                }
            }
        };
        report.error(label, &message, &help);
        None
    }
}

/// The place of a symbol among a layer's parameters.
fn symbol_of(node: &Node, symbol: &Ident) -> Option<usize> {
    // Those of convolutions are shared with nobody.
    let mut parameters = node.parameters().filter(|_| node.says_shapes());
    let found = parameters.find(|(_, parameter)| symbol == parameter.symbol);
    found.map(|(index, _)| index)
}

/// Where a parameter lies, and whether it is seen transposed; or those on the way round, last first, if it leads to none.
fn follow(
    start: Storage,
    named: &HashMap<Storage, (usize, bool)>,
    nodes: &[Node],
) -> Result<(Storage, bool), Vec<Storage>> {
    let symbol = nodes[start.node].builtin.parameters[start.parameter].symbol;
    let (mut at, mut transposed, mut way) = (start, false, Vec::new());
    while let Some(&(of, turned)) = named.get(&at) {
        way.push(at);
        if way.len() > named.len() {
            // Somewhere it has gone round.
            way.reverse();
            let again = way[1..].iter().position(|&before| before == at);
            way.truncate(again.unwrap_or_default() + 1);
            return Err(way);
        }
        let mut parameters = nodes[of].builtin.parameters.iter();
        let parameter = parameters.position(|parameter| parameter.symbol == symbol);
        at = Storage {
            node: of,
            parameter: parameter.unwrap_or_default(),
        };
        transposed ^= turned;
    }
    Ok((at, transposed))
}

fn report_circle(
    reference: &Reference,
    start: Storage,
    circle: &[Storage],
    nodes: &[Node],
    report: &mut Report,
) {
    let Reference { label, symbol, .. } = reference;
    let name = nodes[start.node].name();
    let others: Vec<String> = circle
        .iter()
        .filter(|&&storage| storage != start)
        .map(|storage| format!("`{}`", nodes[storage.node].name()))
        .collect();
    let remove = format!("remove `{symbol} = {}`", reference.text());
    let (message, help) = if !others.is_empty() {
        let message = format!(
            "the `{symbol}` of `{name}` is that of {}, which is that of `{name}`: nobody has it",
            others.join(", which is that of ")
        );
        (message, remove)
    } else if *label == name {
        (
            format!("the `{symbol}` of `{name}` cannot be its own"),
            remove,
        )
    } else {
        let message = format!("the `{symbol}` of `{label}` cannot be its own, in any turn");
        let help = format!(
            "for one `{symbol}` in all turns, label a layer before the parentheses, and write `{symbol} = first.{symbol}`"
        );
        (message, help)
    };
    report.error(label, &message, &help);
}
