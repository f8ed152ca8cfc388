//! How values flow from item to item: through branches, and to the ends of the network.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;

use super::resolve::Resolver;
use super::{Node, Port, Read, Value, Way};
use crate::builtin::{Role, find};
use crate::report::Report;
use crate::syntax::{Branches, Item};

/// What arrives at an item.
pub(super) enum Flow {
    /// Nothing yet: the item begins the network.
    Start,
    One(Value),
    Branches(Ends),
    /// Losses have read it.
    Ended(Ended),
}

/// The ends of branches that wait for a layer that merges them.
pub(super) struct Ends {
    pub(super) reads: Vec<Read>,
    pub(super) label: Option<Ident>,
    pub(super) close: Span,
    source: usize,
    /// Whether something is wrong with them, which has been said.
    pub(super) broken: bool,
}

/// A loss, or brackets of which every branch ends in one.
pub(super) struct Ended {
    by: Loss,
    source: usize,
}

impl Ended {
    /// Whether it is one loss.
    pub(super) fn is_one(&self) -> bool {
        matches!(self.by, Loss::One { .. })
    }
}

enum Loss {
    One {
        kind: Ident,
        name: String,
        text: String,
        reads: Value,
    },
    Branches(Span),
}

impl Flow {
    /// What stands before the brackets.
    pub(super) fn label(&self) -> Option<&Ident> {
        match self {
            Self::Branches(ends) => ends.label.as_ref(),
            _ => None,
        }
    }

    /// What a layer leaves to the next one.
    pub(super) fn behind(node: &Node) -> Self {
        match (node.builtin.role, node.read()) {
            (Role::Loss, Some(reads)) => Self::Ended(Ended {
                by: Loss::One {
                    kind: node.kind.clone(),
                    name: node.name(),
                    text: node.text(),
                    reads: reads.clone(),
                },
                source: node.source,
            }),
            _ => Self::One(node.gives.clone()),
        }
    }
}

/// Whether the chain begins with brackets, and a branch of them with an `Input`.
pub(super) fn reads_several_inputs(items: &[Item]) -> bool {
    match items.first().map(Item::bare) {
        Some(Item::Branches(branches)) => branches.chains.iter().any(|items| begins(items)),
        Some(Item::Repetition(part)) => reads_several_inputs(&part.items),
        _ => false,
    }
}

/// Whether a chain begins with an `Input`.
fn begins(items: &[Item]) -> bool {
    match items.first().map(Item::bare) {
        Some(Item::Layer(layer)) => {
            find(&layer.kind.to_string()).is_ok_and(|builtin| builtin.role == Role::Input)
        }
        Some(Item::Branches(branches)) => branches.chains.iter().any(|items| begins(items)),
        Some(Item::Repetition(part)) => begins(&part.items),
        _ => false,
    }
}

/// The label that names what a chain gives.
fn label_of_end(items: &[Item]) -> Option<&Ident> {
    match items.last()?.bare() {
        Item::Layer(layer) => layer.label.as_ref(),
        Item::Repetition(part) if part.turns.is_none() => {
            let inner = || label_of_end(&part.items);
            part.label.as_ref().or_else(inner)
        }
        Item::Repetition(part) => part.label.as_ref(),
        Item::Branches(_) | Item::Frozen(_) | Item::Unreadable(_) => None,
    }
}

/// The token that an item begins with, and its text if it is a layer.
fn head(item: &Item) -> (Option<TokenStream>, Option<&Ident>) {
    match item.bare() {
        Item::Layer(layer) => (Some(layer.kind.to_token_stream()), Some(&layer.kind)),
        Item::Repetition(part) => part.items.first().map_or((None, None), head),
        Item::Branches(_) | Item::Frozen(_) | Item::Unreadable(_) => (None, None),
    }
}

impl Resolver<'_> {
    pub(super) fn branches(&mut self, branches: &Branches, flow: Flow) -> Flow {
        let source = self.next_source();
        let value = match flow {
            Flow::Start => None,
            flow => Some(self.one(flow)),
        };
        let around = self.around;
        self.around.branches = true;
        let complete = self.complete;
        let mut reads = Vec::new();
        for items in &branches.chains {
            let start = value.clone().map_or(Flow::Start, Flow::One);
            match self.chain(items, start) {
                Flow::Ended(_) => {}
                flow => {
                    let value = self.one(flow);
                    let last = self.nodes.last().map(|node| node.kind.to_token_stream());
                    let way = Way::Branch(last.unwrap_or_default());
                    reads.push(Read { value, way });
                }
            }
        }
        self.around = around;
        let broken = branches.broken || complete && !self.complete;
        let some_ended = reads.len() < branches.chains.len();
        match (reads.as_mut_slice(), some_ended && !broken) {
            ([], true) => {
                if let Some(label) = &branches.label
                    && self.mistaken.insert(source)
                {
                    let message =
                        format!("`{label}` names nothing: all of these branches end in losses");
                    let help = "remove it, or label each loss: `a: SoftmaxWithLoss`";
                    self.report.error(label, &message, help);
                }
                Flow::Ended(Ended {
                    by: Loss::Branches(branches.open),
                    source,
                })
            }
            // The losses read what they read, and the chain goes on with the other branch.
            ([only], true) => {
                let flow = Flow::One(only.value.clone());
                self.name(branches.label.as_ref(), "[ … ]", flow)
            }
            _ => Flow::Branches(Ends {
                reads,
                label: branches.label.clone(),
                close: branches.close,
                source,
                broken,
            }),
        }
    }

    /// The one value that arrives, where several cannot be read.
    pub(super) fn one(&mut self, flow: Flow) -> Value {
        match flow {
            Flow::One(value) => value,
            Flow::Start if self.several_inputs => self.unknown(),
            Flow::Start => self.batch.clone(),
            Flow::Ended(ended) => match ended.by {
                Loss::One { reads, .. } => reads,
                Loss::Branches(_) => self.unknown(),
            },
            Flow::Branches(ends) => {
                if !ends.broken && self.mistaken.insert(ends.source) {
                    let help =
                        "go on with a layer that makes one value of them: `[ … | … ] -> Add`";
                    self.report
                        .error_at(ends.close, "these branches are not merged", help);
                }
                self.unknown()
            }
        }
    }

    /// What parentheses read or give: branches are merged inside or outside of them.
    pub(super) fn at_most_one(&mut self, flow: Flow) -> Flow {
        match flow {
            Flow::Branches(_) => Flow::One(self.one(flow)),
            flow => flow,
        }
    }

    /// Nothing comes after a loss.
    pub(super) fn goes_on(&mut self, flow: Flow, item: &Item) -> Flow {
        let Flow::Ended(ended) = flow else {
            return flow;
        };
        if let Item::Unreadable(_) = item {
            return Flow::One(self.one(Flow::Ended(ended)));
        }
        let mut own = Report::default();
        let (at, kind) = head(item);
        let is_loss =
            |kind: &Ident| find(&kind.to_string()).is_ok_and(|builtin| builtin.role == Role::Loss);
        match (&ended.by, at, kind) {
            (Loss::One { name, text, .. }, Some(at), Some(second)) if is_loss(second) => {
                let message = format!("a chain ends in one loss, and `{name}` is one already");
                let help = format!(
                    "remove `{text}` or `{second}`, or let each end a branch: `[ {text} | {second} ]`"
                );
                own.error(at, &message, &help);
            }
            (Loss::One { kind, text, .. }, ..) => {
                let message = format!("`{kind}` is a loss, so nothing comes after it");
                let help = format!(
                    "move it to the end, or let it end a branch beside the others: `[ {text} | Identity ] -> …`"
                );
                own.error(kind, &message, &help);
            }
            (Loss::Branches(open), ..) => {
                let message = "all of these branches end in losses, so nothing comes after them";
                let help = "add a branch that goes on: `[ … | Identity ] -> …`";
                own.error_at(*open, message, help);
            }
        }
        self.complete = false;
        self.say_once(ended.source, own);
        Flow::One(self.one(Flow::Ended(ended)))
    }

    /// The next turn of a repetition reads what the last one gave, so none ends in a loss.
    pub(super) fn turn_goes_on(&mut self, flow: Flow) -> Flow {
        let Flow::Ended(ended) = flow else {
            return flow;
        };
        let mut own = Report::default();
        match &ended.by {
            Loss::One { kind, text, .. } => {
                let message =
                    format!("`{kind}` is a loss, so it cannot end a part that is repeated");
                let help = format!(
                    "move it behind the parentheses, or let it end a branch: `[ {text} | Identity ]`"
                );
                own.error(kind, &message, &help);
            }
            Loss::Branches(open) => {
                let message = "all of these branches end in losses, and they stand in a part that is repeated";
                let help = "add a branch that goes on: `[ … | Identity ]`";
                own.error_at(*open, message, help);
            }
        }
        self.complete = false;
        self.say_once(ended.source, own);
        Flow::One(self.unknown())
    }

    /// What the network gives: what its losses compare, or what comes out of its end.
    pub(super) fn outputs(&mut self, items: &[Item], flow: Flow) -> Vec<Port> {
        let losses = self
            .nodes
            .iter()
            .filter(|node| node.builtin.role == Role::Loss);
        let first_loss = losses.map(Node::name).next();
        match (flow, first_loss) {
            (Flow::Ended(_), _) => self.compared(),
            (Flow::Branches(ends), None) if !ends.broken => self.named_ends(items, &ends),
            (flow, first_loss) => {
                let guessed = matches!(&flow, Flow::Branches(_));
                let value = self.one(flow);
                if let Some(name) = first_loss.filter(|_| self.complete && !guessed) {
                    self.report_end_without_loss(&name, &value);
                }
                let written = self.name_of(&value).map(str::to_owned);
                let last = self.nodes.last().map(|node| node.label.ident.to_string());
                vec![Port::of(written.or(last).unwrap_or_default(), &value)]
            }
        }
    }

    /// A network that learns by losses learns by all that it gives.
    fn report_end_without_loss(&mut self, loss: &str, end: &Value) {
        let gives = |node: &&Node| node.gives.id == end.id;
        let Some(last) = self.nodes.iter().rfind(gives) else {
            return;
        };
        let (name, text) = (last.name(), last.text());
        let message =
            format!("`{loss}` is a loss on the way, and the chain ends in `{name}` without one");
        let help = format!("end it in a loss too: `{text} -> SoftmaxWithLoss`");
        self.report.error(&last.kind, &message, &help);
    }

    /// The scores that losses compare, by the names of the losses.
    fn compared(&self) -> Vec<Port> {
        let mut ports: Vec<Port> = Vec::new();
        for node in &self.nodes {
            let (Role::Loss, Some(value)) = (node.builtin.role, node.read()) else {
                continue;
            };
            let own = node.label.ident.to_string();
            let of_scores = self.name_of(value);
            let name = match of_scores {
                Some(name) if !node.label.written => name.to_owned(),
                _ => own.clone(),
            };
            let taken = ports.iter().any(|port| port.name == name);
            ports.push(Port::of(if taken { own } else { name }, value));
        }
        ports
    }

    /// The label that the user has given a value.
    fn name_of(&self, value: &Value) -> Option<&str> {
        let is_written = |name: &str| self.labels.is_written(name);
        self.points.name_of(value, is_written)
    }

    /// Branches at the end that are all labelled are the outputs.
    fn named_ends(&mut self, items: &[Item], ends: &Ends) -> Vec<Port> {
        let names: Option<Vec<&Ident>> = match items.last() {
            Some(Item::Branches(branches)) if branches.label.is_none() => branches
                .chains
                .iter()
                .map(|items| label_of_end(items))
                .collect(),
            _ => None,
        };
        if let Some(names) = names {
            let ports = names.iter().zip(&ends.reads);
            return ports
                .map(|(name, read)| Port::of(name.unraw().to_string(), &read.value))
                .collect();
        }
        if self.mistaken.insert(ends.source) {
            let help = "go on with a layer that makes one value of them: `[ … | … ] -> Add`;\n      \
                        or label the last layer of each for several outputs: `[ mean: Affine(50, 2) | variance: Affine(50, 2) ]`";
            self.report
                .error_at(ends.close, "these branches are not merged", help);
        }
        let reads = ends
            .reads
            .iter()
            .map(|read| Port::of(String::new(), &read.value));
        reads.collect()
    }
}

impl Port {
    fn of(name: String, value: &Value) -> Self {
        Self {
            name,
            value: value.id,
            shape: value.shape.clone(),
        }
    }
}
