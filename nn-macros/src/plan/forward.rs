//! The calls of the forward pass.

use super::{Call, Program, Value};
use crate::builtin::{Buffers, Merge};
use crate::graph::{BATCH, Graph, Node, ValueId};

/// Where the values of a graph lie: for each its value in the program, `None` for the batch.
pub(super) struct Places(Vec<Option<Value>>);

impl Places {
    pub(super) fn of(&self, value: ValueId) -> Option<Value> {
        self.0[value]
    }

    /// Those of all values that a layer reads.
    pub(super) fn read_by(&self, node: &Node) -> Vec<Option<Value>> {
        let reads = node.reads.iter();
        reads.map(|read| self.of(read.value.id)).collect()
    }
}

/// For each value, whether a parameter lies before it: if not, nobody needs its gradient.
pub(super) fn learns(graph: &Graph) -> Vec<bool> {
    let mut learns = vec![false; graph.values];
    for node in graph.layers() {
        let reads = node.reads.iter();
        learns[node.gives.id] |=
            node.has_parameters() || reads.map(|read| read.value.id).any(|read| learns[read]);
    }
    learns
}

/// Adds the forward pass. If it is for training, what the backward pass looks at is not overwritten.
pub(super) fn forward(program: &mut Program, graph: &Graph, trains: bool) -> Places {
    let mut pass = Forward {
        program,
        graph,
        places: vec![None; graph.values],
        learns: if trains {
            learns(graph)
        } else {
            vec![false; graph.values]
        },
    };
    for (layer, node) in graph.layers().enumerate() {
        pass.layer(layer, node);
    }
    let places = Places(pass.places);
    let last = graph.layers().enumerate().last();
    program.scores = match last.map(|(layer, node)| (layer, node, places.of(node.gives.id))) {
        Some((_, _, Some(scores))) => scores,
        // The samples themselves are the scores.
        Some((layer, node, None)) => {
            let (x, y) = (None, program.value(node.output()));
            let relu = false;
            program.calls.push(Call::Forward { layer, x, y, relu });
            y
        }
        None => Value::default(),
    };
    places
}

struct Forward<'a> {
    program: &'a mut Program,
    graph: &'a Graph,
    places: Vec<Option<Value>>,
    learns: Vec<bool>,
}

impl Forward<'_> {
    fn layer(&mut self, layer: usize, node: &Node) {
        let buffers = node.builtin.buffers;
        if buffers == Buffers::Passes {
            return;
        }
        let place = match buffers {
            Buffers::Merges(merge) => self.merge(layer, node, merge),
            _ => self.single(layer, node),
        };
        self.places[node.gives.id] = Some(place);
    }

    fn single(&mut self, layer: usize, node: &Node) -> Value {
        let read = node.reads[0].value.id;
        let x = self.places[read];
        let may = node.builtin.buffers.overwrites() && self.is_done_with(read, layer);
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

    /// A sum lies where one of the values lay, if nobody needs that any more.
    fn merge(&mut self, layer: usize, node: &Node, merge: Merge) -> Value {
        let mut x: Vec<Option<Value>> = Vec::new();
        let mut over = None;
        for (place, read) in node.reads.iter().enumerate() {
            let id = read.value.id;
            x.push(self.places[id]);
            let mut others = node.reads.iter().enumerate();
            let is_twice = others.any(|(other, read)| other != place && read.value.id == id);
            let is_free = over.is_none() && !is_twice && self.is_done_with(id, layer);
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
            self.program.calls.push(Call::Add { sum, part });
        }
        sum
    }

    /// Whether nobody reads a value after this layer, which may overwrite it then.
    fn is_done_with(&self, value: ValueId, layer: usize) -> bool {
        let giver = self.graph.giver(value);
        let kept_as_output = giver.is_some_and(|node| node.builtin.buffers.keeps_output());
        let last = self.graph.last_reader(value);
        let read_later = last.is_some_and(|last| last > layer);
        let kept_as_input = self
            .graph
            .readers(value)
            .any(|node| node.builtin.buffers.keeps_input() && self.learns[node.gives.id]);
        let kept = read_later || kept_as_input || (kept_as_output && self.learns[value]);
        value != BATCH && !kept
    }

    /// Whether the layer that gives a value does so with the only layer behind it, a `Relu`.
    fn cuts_below_zero(&self, value: ValueId) -> bool {
        let giver = self.graph.giver(value);
        let can = giver.is_some_and(|node| node.builtin.buffers == Buffers::OutputIsFree);
        let mut readers = self.graph.readers(value);
        let is_relu = readers.next().is_some_and(Node::is_relu);
        can && is_relu && readers.next().is_none()
    }
}
