//! The calls of the forward pass.

use std::collections::{HashMap, HashSet};

use super::{Call, Content, Program, Value};
use crate::builtin::{Buffers, Merge, Role};
use crate::graph::{BATCH, Graph, Node, Port, ValueId};

#[derive(Clone)]
/// Where the values of a graph lie: for each its value in the program, `None` for the batch.
pub(super) struct Places {
    values: Vec<Option<Value>>,
    /// What layers of the user's remember.
    memories: HashMap<usize, Value>,
}

impl Places {
    pub(super) fn of(&self, value: ValueId) -> Option<Value> {
        self.values[value]
    }

    pub(super) fn memory_of(&self, layer: usize) -> Option<Value> {
        self.memories.get(&layer).copied()
    }

    /// Those of all values that a layer reads.
    pub(super) fn read_by(&self, node: &Node) -> Vec<Option<Value>> {
        let reads = node.reads.iter();
        reads.map(|read| self.of(read.value.id)).collect()
    }
}

/// Adds the forward pass. What the backward pass looks at is not overwritten, wherever it needs a gradient.
pub(super) fn forward(
    program: &mut Program,
    graph: &Graph,
    learns: &[bool],
    trains: bool,
) -> Places {
    let mut pass = Forward {
        program,
        graph,
        reshaped: graph.reshaped(),
        places: vec![None; graph.values],
        learns,
        trains,
        memories: HashMap::new(),
    };
    let mut layer = 0;
    for node in &graph.nodes {
        match node.builtin.role {
            Role::Input => pass.input(node),
            Role::Layer => {
                pass.layer(layer, node);
                layer += 1;
            }
            Role::Loss => {}
        }
    }
    let ports = graph.outputs.iter();
    let scores = ports.filter_map(|port| pass.scores(port)).collect();
    let places = Places {
        values: pass.places,
        memories: pass.memories,
    };
    program.scores = scores;
    places
}

struct Forward<'a> {
    program: &'a mut Program,
    graph: &'a Graph,
    reshaped: HashSet<ValueId>,
    places: Vec<Option<Value>>,
    learns: &'a [bool],
    /// Whether it is followed by a backward pass.
    trains: bool,
    memories: HashMap<usize, Value>,
}

impl Forward<'_> {
    /// One of several inputs is copied, so that its samples lie side by side; a layer may overwrite the copy.
    fn input(&mut self, node: &Node) {
        let value = node.gives.id;
        let mut inputs = self.graph.inputs.iter();
        let part = inputs.position(|port| port.value == value && value != BATCH);
        if let Some(part) = part {
            let y = self.program.value(node.output());
            self.program.names[y] = node.name();
            self.program.calls.push(Call::Input { part, y });
            self.lay(value, y);
        }
    }

    /// Where an output lies.
    fn scores(&mut self, port: &Port) -> Option<Value> {
        if let Some(scores) = self.places[port.value] {
            return Some(scores);
        }
        // The samples themselves are the scores.
        let passes = |(_, node): &(usize, &Node)| node.gives.id == port.value;
        let (layer, node) = self.graph.layers().enumerate().find(passes)?;
        let (x, y, relu) = (None, self.program.value(port.shape.clone()), false);
        self.program.names[y] = node.name();
        self.program.calls.push(Call::Forward { layer, x, y, relu });
        self.note_shapes(port.value, y);
        Some(y)
    }

    fn lay(&mut self, value: ValueId, place: Value) {
        self.places[value] = Some(place);
        self.note_shapes(value, place);
    }

    fn note_shapes(&mut self, value: ValueId, place: Value) {
        if self.reshaped.contains(&value) {
            self.program.reshaped.insert(place);
        }
    }

    fn layer(&mut self, layer: usize, node: &Node) {
        let buffers = node.builtin.buffers;
        if buffers == Buffers::Passes {
            return;
        }
        let place = match buffers {
            Buffers::Merges(merge) => self.merge(layer, node, merge),
            Buffers::Own => self.own(layer, node),
            Buffers::Batch if self.trains && node.normalises_batch() => {
                self.batch_norm(layer, node)
            }
            _ => self.single(layer, node),
        };
        self.lay(node.gives.id, place);
        self.program.names[place] = node.name();
    }

    fn single(&mut self, layer: usize, node: &Node) -> Value {
        let read = node.reads[0].value.id;
        let x = self.places[read];
        let may = node.builtin.buffers.overwrites() && self.is_done_with(read, layer, node);
        if let Some(y) = x.filter(|_| may) {
            if !(node.is_relu() && self.cuts_below_zero(read)) {
                self.program.calls.push(Call::ForwardInPlace { layer, y });
            }
            return y;
        }
        let y = self.program.value(node.output());
        let relu = self.cuts_below_zero(node.gives.id);
        self.program.calls.push(Call::Forward { layer, x, y, relu });
        y
    }

    fn batch_norm(&mut self, layer: usize, node: &Node) -> Value {
        let x = self.places[node.reads[0].value.id];
        let y = self.program.value(node.output());
        let calls = [Call::Measure { layer, x }, Call::Normalise { layer, x, y }];
        self.program.calls.extend(calls);
        y
    }

    fn own(&mut self, layer: usize, node: &Node) -> Value {
        let x = self.places[node.reads[0].value.id];
        let y = self.program.value(node.output());
        let memory = self.program.room(Content::Memory { layer });
        self.program.calls.push(Call::Own {
            layer,
            x,
            y,
            memory,
        });
        self.memories.insert(layer, memory);
        y
    }

    /// A sum lies where one of the values lay, if nobody needs that any more.
    fn merge(&mut self, layer: usize, node: &Node, merge: Merge) -> Value {
        let mut x: Vec<Option<Value>> = Vec::new();
        let mut over = None;
        for (place, read) in node.reads.iter().enumerate() {
            let id = read.value.id;
            x.push(self.places[id]);
            let mut others = node.reads.iter().enumerate();
            let is_twice = others.any(|(other, read)| other != place && read.value.id == id);
            let is_free = over.is_none() && !is_twice && self.is_done_with(id, layer, node);
            if let Some(free) = self.places[id].filter(|_| merge == Merge::Add && is_free) {
                over = Some((place, free));
            }
        }
        let Some((place, sum)) = over else {
            let y = self.program.value(node.output());
            self.program.calls.push(Call::Merge { layer, x, y });
            return y;
        };
        x.remove(place);
        for part in x {
            let layer = Some(layer);
            self.program.calls.push(Call::Add { sum, part, layer });
        }
        sum
    }

    /// Whether nobody reads a value after this layer, which may overwrite it then.
    fn is_done_with(&self, value: ValueId, layer: usize, node: &Node) -> bool {
        let giver = self.graph.giver(value);
        // Where numbers are left out, the gradient is zero whatever a `Relu` gave; the others keep their signs.
        let drops = |giver: &Node| giver.is_relu() && node.builtin.buffers == Buffers::Drops;
        let keeps = |giver: &Node| giver.builtin.buffers.keeps_output() && !drops(giver);
        let kept_as_output = giver.is_some_and(keeps);
        let last = self.graph.last_reader(value);
        let read_later = last.is_some_and(|last| last > layer);
        let mut readers = self.graph.readers(value);
        let kept_as_input =
            readers.any(|node| self.keeps_input(node) && self.learns[node.gives.id]);
        let kept = read_later || kept_as_input || (kept_as_output && self.learns[value]);
        value != BATCH && !kept && !self.graph.is_output(value)
    }

    /// Whether the backward pass of a layer needs what it read: where that is for the parameters alone, not if they are frozen.
    fn keeps_input(&self, node: &Node) -> bool {
        let buffers = node.builtin.buffers;
        let looks = match buffers {
            Buffers::Own | Buffers::Normalises => true,
            // Statistics of the batch have a gradient, with parameters and without.
            Buffers::Batch => self.trains && node.normalises_batch(),
            _ => !node.has_parameters() || self.graph.trains_any(node),
        };
        buffers.keeps_input() && looks
    }

    /// Whether the layer that gives a value does so with the only layer behind it, a `Relu`.
    fn cuts_below_zero(&self, value: ValueId) -> bool {
        let giver = self.graph.giver(value);
        let can = giver.is_some_and(|node| node.builtin.buffers == Buffers::OutputIsFree);
        let mut readers = self.graph.readers(value);
        let is_relu = readers.next().is_some_and(Node::is_relu);
        can && is_relu && !self.graph.is_output(value) && readers.next().is_none()
    }
}
