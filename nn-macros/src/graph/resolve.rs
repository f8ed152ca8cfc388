//! From syntax to nodes: one walk in the order of the source text, every turn of a repetition again.

use std::collections::HashSet;

use proc_macro2::{Ident, Span};
use quote::{ToTokens, format_ident};
use syn::Expr;

use super::arguments::{Options, options};
use super::flow::{Flow, reads_several_inputs};
use super::freezing::FrozenPart;
use super::labels::Labels;
use super::merging;
use super::own;
use super::points::Points;
use super::sharing::Sharing;
use super::unknown::{report_unknown, written};
use super::uses::Uses;
use super::{BATCH, Graph, Init, Node, Port, Read, Shape, Value, ValueId, Way};
use crate::builtin::{self, Arguments, Buffers, Builtin, MAT_MUL_OF_TWO, OWN, Role, Unknown};
use crate::report::Report;
use crate::syntax::{Declaration, Item, Layer, Repetition};

/// Resolves names, labels, arguments and shapes. After a mistake the shape is unknown, and the rest is still looked at.
pub(crate) fn resolve(declaration: &Declaration, report: &mut Report) -> Graph {
    let batch = Value {
        id: BATCH,
        shape: Shape::Unknown,
        from: String::new(),
    };
    let mut resolver = Resolver {
        report,
        network: declaration.name().to_string(),
        open_sizes: declaration
            .open_sizes
            .iter()
            .map(|size| size.name.clone())
            .collect(),
        labels: Labels::default(),
        points: Points::default(),
        sharing: Sharing::default(),
        frozen: Vec::new(),
        nodes: Vec::new(),
        values: BATCH + 1,
        batch,
        several_inputs: reads_several_inputs(&declaration.chain.items),
        has_beginning: true,
        complete: true,
        source: 0,
        mistaken: HashSet::new(),
        around: Around::default(),
    };
    let flow = resolver.chain(&declaration.chain.items, Flow::Start);
    let outputs = resolver.outputs(&declaration.chain.items, flow);
    let Resolver {
        open_sizes,
        labels,
        points,
        sharing,
        frozen,
        mut nodes,
        values,
        several_inputs,
        has_beginning,
        complete,
        report,
        ..
    } = resolver;
    points.report_missing(&labels, report);
    sharing.settle(&mut nodes, &labels, complete, report);
    Graph {
        has_beginning,
        complete,
        inputs: inputs(&nodes, several_inputs),
        outputs,
        uses: Uses::new(&nodes, values),
        nodes,
        values,
        frozen,
        open_sizes,
    }
}

/// What the network reads: what its `Input`s say, or else what the first layer takes.
fn inputs(nodes: &[Node], several: bool) -> Vec<Port> {
    let port = |node: &Node| Port {
        name: node.label.ident.to_string(),
        value: node.gives.id,
        shape: node.output(),
    };
    let is_input = |node: &&Node| node.builtin.role == Role::Input && node.begins;
    let found: Vec<Port> = nodes.iter().filter(is_input).map(port).collect();
    if several || !found.is_empty() {
        return found;
    }
    let shape = nodes.first().map(Node::read_shape);
    vec![Port {
        name: "input1".to_owned(),
        value: BATCH,
        shape: shape.unwrap_or(Shape::Unknown),
    }]
}

pub(super) struct Resolver<'r> {
    pub(super) report: &'r mut Report,
    /// Its name.
    pub(super) network: String,
    /// The sizes that it leaves open.
    pub(super) open_sizes: Vec<Ident>,
    pub(super) labels: Labels,
    pub(super) points: Points,
    sharing: Sharing,
    pub(super) frozen: Vec<FrozenPart>,
    pub(super) nodes: Vec<Node>,
    values: usize,
    /// The first layer that reads it may say what it looks like.
    pub(super) batch: Value,
    /// Whether the chain begins with brackets whose branches have inputs of their own.
    pub(super) several_inputs: bool,
    has_beginning: bool,
    pub(super) complete: bool,
    /// The place of the next item in the source text.
    source: usize,
    /// The items that something has been said of: the next turn of a repetition does not say it again.
    pub(super) mistaken: HashSet<usize>,
    pub(super) around: Around,
}

/// What surrounds an item.
#[derive(Clone, Copy, Default)]
pub(super) struct Around {
    pub(super) branches: bool,
    repetition: bool,
    pub(super) frozen: Option<Span>,
}

impl Resolver<'_> {
    pub(super) fn chain(&mut self, items: &[Item], flow: Flow) -> Flow {
        items.iter().fold(flow, |flow, item| {
            let flow = self.goes_on(flow, item);
            self.item(item, flow)
        })
    }

    pub(super) fn item(&mut self, item: &Item, flow: Flow) -> Flow {
        match item {
            Item::Layer(layer) => self.layer(layer, flow),
            Item::Branches(branches) => self.branches(branches, flow),
            Item::Repetition(part) => self.repetition(part, flow),
            Item::Frozen(part) => self.freeze(part, flow),
            Item::Unreadable(label) => Flow::One(self.unreadable(label.as_ref())),
        }
    }

    fn repetition(&mut self, part: &Repetition, flow: Flow) -> Flow {
        let start = self.source;
        let around = self.around;
        let mut flow = self.at_most_one(flow);
        self.around.repetition |= part.turns.is_some();
        for _ in 0..part.turns.unwrap_or(1) {
            self.source = start;
            if part.turns.is_some() {
                self.points.begin_turn();
                self.sharing.begin_turn();
            }
            flow = self.chain(&part.items, flow);
            flow = self.at_most_one(flow);
            if part.turns.is_some() {
                flow = self.turn_goes_on(flow);
                self.points.end_turn();
                self.sharing.end_turn();
            }
        }
        self.around = around;
        self.name(part.label.as_ref(), "( … )", flow)
    }

    /// A label before parentheses or brackets names what comes out of them, or the loss that they end in.
    pub(super) fn name(&mut self, label: Option<&Ident>, text: &str, flow: Flow) -> Flow {
        let Some(label) = label else { return flow };
        let source = self.next_source();
        let mut own = Report::default();
        let repeats = self.around.repetition;
        let name = self.labels.of_point(label, text, source, repeats, &mut own);
        self.say_once(source, own);
        match (&flow, self.nodes.last_mut()) {
            (Flow::One(value), _) => self.points.define(label, name, value),
            (Flow::Ended(ended), Some(loss)) if ended.is_one() && !loss.label.written => {
                loss.label = super::Label {
                    ident: format_ident!("{name}", span = label.span()),
                    written: true,
                };
            }
            _ => {}
        }
        flow
    }

    /// After what could not be read anything may come.
    fn unreadable(&mut self, label: Option<&Ident>) -> Value {
        self.has_beginning &= !self.nodes.is_empty();
        self.complete = false;
        let value = self.unknown();
        if let Some(label) = label {
            self.points.define(label, label.to_string(), &value);
            self.sharing.unreadable(label);
        }
        value
    }

    /// Whether what could not be read stands before a layer: it may have been branches.
    fn reads_unreadable(&self, node: &Node) -> bool {
        node.reads.iter().any(|read| {
            let id = read.value.id;
            id != BATCH && self.nodes.iter().all(|node| node.gives.id != id)
        })
    }

    fn layer(&mut self, layer: &Layer, flow: Flow) -> Flow {
        let source = self.next_source();
        let found = if layer.path.is_some() {
            Err(Unknown::Type)
        } else {
            builtin::find(&layer.kind.to_string())
        };
        let (builtin, guessed) = match found {
            Ok(builtin) => (builtin, layer.broken),
            Err(Unknown::Type) => (OWN, layer.broken),
            Err(unknown) => {
                let mut own = Report::default();
                report_unknown(layer, &unknown, &mut own);
                self.say_once(source, own);
                match unknown {
                    Unknown::Alias(builtin) | Unknown::Misspelt(builtin) => (builtin, true),
                    Unknown::Type | Unknown::Half(_) | Unknown::Nothing => {
                        return Flow::One(self.unreadable(layer.label.as_ref()));
                    }
                }
            }
        };
        // A guess at what was meant must not lead to a second complaint.
        let mut own = Report::default();
        let flow = self.node(builtin, layer, flow, source, &mut own);
        if !guessed {
            self.say_once(source, own);
        }
        flow
    }

    fn node(
        &mut self,
        builtin: &'static Builtin,
        layer: &Layer,
        flow: Flow,
        source: usize,
        report: &mut Report,
    ) -> Flow {
        let builtin = self.of_two(builtin, layer, &flow).unwrap_or(builtin);
        let merges = matches!(builtin.buffers, Buffers::Merges(_));
        let label = self.label(builtin, layer, &flow, source, report);
        let options = if builtin.arguments == Arguments::Own {
            Options::default()
        } else {
            options(builtin, &label.ident.to_string(), layer, report)
        };
        let written_label = layer.label.clone().or_else(|| flow.label().cloned());
        let begins = matches!(flow, Flow::Start);
        let mut node = Node {
            builtin,
            own: None,
            unread: None,
            label,
            kind: layer.kind.clone(),
            source,
            arguments: written(layer),
            takes: None,
            inferred: layer
                .sizes
                .first()
                .filter(|size| matches!(size, Expr::Infer(_)))
                .map(ToTokens::to_token_stream),
            sizes: Vec::new(),
            number: None,
            vector_of: None,
            broken: layer.broken,
            settings: Vec::new(),
            windows: None,
            reads: Vec::new(),
            gives: self.unknown(),
            headless: false,
            begins,
            in_branch: self.around.branches,
            init: options.init.unwrap_or(Init::Default),
            weight: options.weight,
            place: self.nodes.len(),
            shared: Vec::new(),
            frozen: self.around.frozen,
        };
        let broken = matches!(&flow, Flow::Branches(ends) if ends.broken);
        node.reads = self.reads(&node, merges, flow, report);
        if merges {
            let points = self.points.named(&node, layer, report);
            let all_read = points.len() == layer.sizes.len();
            node.reads.extend(points);
            if node.reads.len() < 2 && all_read && !broken && !self.reads_unreadable(&node) {
                merging::report_too_few(&node, self.points.last_name(), report);
            }
        }
        self.shapes(&mut node, layer, report);
        if !self.open_sizes.is_empty() {
            let names: Vec<String> = self.open_sizes.iter().map(ToString::to_string).collect();
            node.find_open(&names);
            self.batch.shape.find_open(&names);
        }
        let (label, value) = (&node.label.ident, node.gives.clone());
        let bare = written_label.as_ref().unwrap_or(label);
        self.points.define(bare, label.to_string(), &value);
        self.sharing.define(bare, label.to_string(), node.place);
        self.sharing.refer(node.place, options.references);
        let flow = Flow::behind(&node);
        self.nodes.push(node);
        flow
    }

    /// `MatMul` of two values, if that is what is meant: it has no sizes.
    fn of_two(&self, builtin: &Builtin, layer: &Layer, flow: &Flow) -> Option<&'static Builtin> {
        let branches = matches!(flow, Flow::Branches(_));
        let without_sizes = match layer.sizes.as_slice() {
            [] => branches,
            [Expr::Path(point)] => point.path.get_ident().is_some_and(|name| {
                let name = name.to_string();
                self.points.knows(&name) || !name.contains(char::is_uppercase)
            }),
            _ => false,
        };
        let is_product = builtin.name == MAT_MUL_OF_TWO.name && layer.options.is_empty();
        (is_product && without_sizes).then_some(MAT_MUL_OF_TWO)
    }

    /// A label before brackets is that of the layer that merges them.
    fn label(
        &mut self,
        builtin: &'static Builtin,
        layer: &Layer,
        flow: &Flow,
        source: usize,
        report: &mut Report,
    ) -> super::Label {
        let of_branches = flow.label();
        if let (Some(first), Some(second)) = (of_branches, &layer.label) {
            let message =
                format!("`{second}` is a second label for what the branches of `{first}` give");
            report.error(second, &message, "keep one of the two labels");
        }
        let label = layer.label.as_ref().or(of_branches);
        let repeats = self.around.repetition;
        let (stem, name) = (own::stem(&layer.kind), own::name(layer));
        let called = if builtin.arguments == Arguments::Own {
            (stem.as_str(), name.as_str())
        } else {
            (builtin.stem, builtin.name)
        };
        self.labels
            .of_layer(called, layer, label, source, repeats, report)
    }

    /// The values that arrive from the layer or the branches before.
    fn reads(&mut self, node: &Node, merges: bool, flow: Flow, report: &mut Report) -> Vec<Read> {
        let value = match flow {
            Flow::Branches(ends) if merges => return ends.reads,
            Flow::Branches(ends) => {
                if !ends.broken {
                    let message = format!(
                        "`{}` reads one value, and {} branches come before it",
                        node.name(),
                        ends.reads.len()
                    );
                    let help = format!("merge them first: `[ … | … ] -> Add -> {}`", node.text());
                    report.error(&node.kind, &message, &help);
                }
                self.unknown()
            }
            Flow::One(value) if value.id == BATCH && value.shape.known().is_none() => {
                self.batch.clone()
            }
            flow => self.one(flow),
        };
        let way = Way::Chain;
        vec![Read { value, way }]
    }

    pub(super) fn unknown(&mut self) -> Value {
        let id: ValueId = self.values;
        self.values += 1;
        Value {
            id,
            shape: Shape::Unknown,
            from: String::new(),
        }
    }

    pub(super) fn next_source(&mut self) -> usize {
        self.source += 1;
        self.source
    }

    pub(super) fn say_once(&mut self, source: usize, own: Report) {
        if !own.is_empty() && self.mistaken.insert(source) {
            self.report.append(own);
        }
    }
}
