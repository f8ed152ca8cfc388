//! The calls of a step of training: forward, loss, and backward in the opposite order.

use std::collections::HashSet;

use super::forward::{Places, forward};
use super::{AsLayer, Call, Gradient, Program, Value};
use crate::builtin::{Buffers, Merge};
use crate::graph::{BATCH, Graph, Node, Shape, Storage, ValueId};

pub(super) fn training(graph: &Graph) -> Program {
    let mut program = Program::default();
    let learns = graph.learns();
    let places = forward(&mut program, graph, &learns, true);
    let scores = program.scores.clone();
    let mut of_scores = || -> Vec<Value> {
        let ports = graph.outputs.iter();
        ports
            .map(|port| program.value(port.shape.clone()))
            .collect()
    };
    let (saved, d) = (of_scores(), of_scores());
    for (port, &saved) in graph.outputs.iter().zip(&saved) {
        program.names[saved] = match graph.outputs.as_slice() {
            [_] => "saved".to_owned(),
            _ => format!("saved_{}", port.name),
        };
    }
    program.calls.push(Call::Loss {
        scores,
        saved: saved.clone(),
    });
    program.calls.push(Call::LossGradient {
        saved,
        d: d.clone(),
    });
    let mut pass = Backward::new(program, graph, places, learns);
    for (port, d) in graph.outputs.iter().zip(d) {
        pass.give(port.value, d);
    }
    pass.layers();
    pass.program.share_memory(&[]);
    pass.program
}

/// Whether a network can be a layer of another one.
pub(super) fn is_layer(graph: &Graph) -> bool {
    let passes = !graph.learns_otherwise();
    passes && !graph.has_loss() && graph.inputs.len() == 1 && graph.outputs.len() == 1
}

/// A network as a layer of another one: forward; backward from dy to dx; and, unless it is the same calls, backward where nobody needs
/// dx.
pub(super) fn layer(graph: &Graph) -> AsLayer {
    let mut program = Program::default();
    let learns_all = graph.learns_with(true);
    let places = forward(&mut program, graph, &learns_all, true);
    let forward = program.calls.len();
    let output = &graph.outputs[0];
    let dy = program.value(output.shape.clone());
    program.outside = vec![(program.scores[0], "y"), (dy, "dy")];

    let backward = |program: Program, learns: Vec<bool>| {
        let mut pass = Backward::new(program, graph, places.clone(), learns);
        // It is the caller's, so it is never overwritten.
        pass.holders[dy] += 1;
        pass.give(output.value, dy);
        pass.layers();
        pass
    };
    let mut pass = backward(program, learns_all);
    pass.end_in_dx();
    let mut program = pass.program;
    let with_dx = program.calls.len();
    let dx_is_optional = ends_in_one_layer(graph);
    if !dx_is_optional {
        program = backward(program, graph.learns()).program;
    }
    program.share_memory(&[]);
    AsLayer {
        program,
        forward,
        with_dx,
        dx_is_optional,
    }
}

/// Whether dx is one more result of the last call, which has others; not where that reads the samples in another shape.
fn ends_in_one_layer(graph: &Graph) -> bool {
    let mut readers = graph.readers(BATCH);
    let has_others = |node: &Node| {
        matches!(
            node.builtin.buffers,
            Buffers::OutputIsFree | Buffers::Normalises | Buffers::Own
        ) && graph.trains_any(node)
    };
    let reads_samples = !graph.reshaped().contains(&BATCH);
    reads_samples && readers.next().is_some_and(has_others) && readers.next().is_none()
}

/// The gradient of a value is the sum of what its readers have for it. Where one of them has just passed on the gradient of what
/// it gave, several values share a buffer, and nobody may overwrite it.
struct Backward<'a> {
    graph: &'a Graph,
    places: Places,
    reshaped: HashSet<ValueId>,
    learns: Vec<bool>,
    /// For each value what has come for it so far: one buffer, or several that are shared.
    parts: Vec<Vec<Value>>,
    /// How many values and layers still need a buffer.
    holders: Vec<usize>,
    /// The values of `Relu`s that the layer behind them has computed the gradient of.
    relu_is_done: Vec<bool>,
    /// The parameters whose gradient is there, at least in part.
    written: HashSet<Storage>,
    program: Program,
}

impl<'a> Backward<'a> {
    fn new(program: Program, graph: &'a Graph, places: Places, learns: Vec<bool>) -> Self {
        Self {
            graph,
            places,
            reshaped: graph.reshaped(),
            learns,
            parts: vec![Vec::new(); graph.values],
            holders: vec![0; program.values.len()],
            relu_is_done: vec![false; graph.values],
            written: HashSet::new(),
            program,
        }
    }

    /// All layers, the last one first.
    fn layers(&mut self) {
        let layers: Vec<(usize, &Node)> = self.graph.layers().enumerate().collect();
        for (layer, node) in layers.into_iter().rev() {
            self.layer(layer, node);
        }
    }

    /// The gradient of the batch is the caller's: a buffer of its own, or the sum of what has come for it.
    fn end_in_dx(&mut self) {
        let parts = std::mem::take(&mut self.parts[BATCH]);
        let dx = match *parts.as_slice() {
            [own] if self.holders[own] == 1 => own,
            _ => {
                let sum = self.buffer(self.graph.inputs[0].shape.clone());
                "d".clone_into(&mut self.program.names[sum]);
                self.program.calls.push(Call::Sum { parts, sum });
                sum
            }
        };
        self.program.outside.push((dx, "dx"));
    }

    fn layer(&mut self, layer: usize, node: &Node) {
        let buffers = node.builtin.buffers;
        if buffers == Buffers::Passes || !self.learns[node.gives.id] {
            return;
        }
        let Some(dy) = self.gradient_of(node.gives.id, node) else {
            return;
        };
        match buffers {
            Buffers::OutputIsFree | Buffers::KeepsInput => self.product(layer, node, dy),
            Buffers::Normalises => self.norm(layer, node, dy),
            Buffers::Batch => self.batch_norm(layer, node, dy),
            Buffers::Own => self.own(layer, node, dy),
            Buffers::Merges(Merge::Add) | Buffers::Shifts => self.pass_on(node, dy),
            Buffers::Merges(merge) => self.unmerge(layer, node, merge, dy),
            _ if self.relu_is_done[node.gives.id] => self.pass_on(node, dy),
            _ => self.activation(layer, node, dy),
        }
    }

    /// A layer that needs what it read for the gradient of its parameters.
    fn product(&mut self, layer: usize, node: &Node, dy: Value) {
        let read = node.reads[0].value.id;
        let dx = self.learns[read].then(|| self.buffer(node.read_shape()));
        let relu = dx.is_some() && self.is_relu_for_one(read);
        let x = self.places.of(read);
        let gradients = self.gradients(node);
        let is = |gradient| gradients.iter().all(|other| *other == gradient);
        let frozen = node.has_parameters() && is(Gradient::Nowhere);
        self.program
            .calls
            .push(if let (true, Some(dx)) = (frozen, dx) {
                Call::BackwardInput {
                    layer,
                    relu: x.filter(|_| relu),
                    dy,
                    dx,
                }
            } else if node.shared.is_empty() && is(Gradient::Write) {
                Call::Backward {
                    layer,
                    x,
                    dy,
                    dx,
                    relu,
                }
            } else {
                Call::BackwardShared {
                    layer,
                    x,
                    dy,
                    dx,
                    relu,
                    gradients,
                }
            });
        self.release(dy);
        if let Some(dx) = dx {
            self.relu_is_done[read] = relu;
            self.give(read, dx);
        }
    }

    /// A layer that looks at what it read, whatever becomes of its parameters.
    fn norm(&mut self, layer: usize, node: &Node, dy: Value) {
        let read = node.reads[0].value.id;
        let x = self.places.of(read);
        let dx = self.learns[read].then(|| self.buffer(node.read_shape()));
        if self.graph.trains_any(node) {
            let relu = false;
            self.program.calls.push(Call::Backward {
                layer,
                x,
                dy,
                dx,
                relu,
            });
        } else if let Some(dx) = dx {
            let call = Call::BackwardInputOf { layer, x, dy, dx };
            self.program.calls.push(call);
        }
        self.release(dy);
        if let Some(dx) = dx {
            self.give(read, dx);
        }
    }

    /// A layer that normalises by the batch; or by constants, if it is frozen.
    fn batch_norm(&mut self, layer: usize, node: &Node, dy: Value) {
        let read = node.reads[0].value.id;
        let x = self.places.of(read);
        let by_batch = node.normalises_batch();
        if by_batch {
            let call = Call::SumGradients { layer, x, dy };
            self.program.calls.push(call);
        }
        let dx = self.learns[read].then(|| self.buffer(node.read_shape()));
        if let Some(dx) = dx {
            self.program.calls.push(if by_batch {
                Call::SpreadGradients { layer, x, dy, dx }
            } else {
                let relu = None;
                Call::BackwardInput {
                    layer,
                    relu,
                    dy,
                    dx,
                }
            });
        }
        self.release(dy);
        if let Some(dx) = dx {
            self.give(read, dx);
        }
    }

    /// What becomes of the gradient of each parameter: the first layer that has one writes it.
    fn gradients(&mut self, node: &Node) -> Vec<Gradient> {
        let gradient = |(parameter, _)| {
            if !self.graph.trains(node, parameter) {
                Gradient::Nowhere
            } else if self.written.insert(node.storage(parameter)) {
                Gradient::Write
            } else {
                Gradient::Add
            }
        };
        node.parameters().map(gradient).collect()
    }

    /// A layer of the user's, which may need everything.
    fn own(&mut self, layer: usize, node: &Node, dy: Value) {
        let read = node.reads[0].value.id;
        let (y, memory) = (self.places.of(node.gives.id), self.places.memory_of(layer));
        let dx = self.learns[read].then(|| self.buffer(node.read_shape()));
        self.program.calls.push(Call::OwnBackward {
            layer,
            x: self.places.of(read),
            y: y.unwrap_or_default(),
            dy,
            dx,
            memory: memory.unwrap_or_default(),
        });
        self.release(dy);
        if let Some(dx) = dx {
            self.give(read, dx);
        }
    }

    /// The gradient of what the layer read is that of what it gave.
    fn pass_on(&mut self, node: &Node, dy: Value) {
        let reads = node.reads.iter().map(|read| read.value.id);
        let reads: Vec<ValueId> = reads.filter(|&read| self.learns[read]).collect();
        // Until the last one has it, the buffer must not be overwritten.
        for (turn, &read) in reads.iter().enumerate() {
            if turn + 1 == reads.len() {
                self.release(dy);
            }
            self.give(read, dy);
        }
    }

    /// A layer that needs at most one of what it read and what it gave.
    fn activation(&mut self, layer: usize, node: &Node, dy: Value) {
        let (read, buffers) = (node.reads[0].value.id, node.builtin.buffers);
        let y = if buffers.keeps_input() {
            self.places.of(read)
        } else {
            let keeps = buffers.keeps_output();
            self.places.of(node.gives.id).filter(|_| keeps)
        };
        let overwrites = buffers.overwrites_gradient() && self.holders[dy] == 1;
        let dx = if overwrites {
            let d = dy;
            self.program
                .calls
                .push(Call::BackwardInPlace { layer, y, d });
            d
        } else {
            let dx = self.buffer(node.read_shape());
            self.program
                .calls
                .push(Call::BackwardAside { layer, y, dy, dx });
            dx
        };
        self.release(dy);
        self.give(read, dx);
    }

    fn unmerge(&mut self, layer: usize, node: &Node, merge: Merge, dy: Value) {
        let x = self.places.read_by(node);
        for (place, read) in node.reads.iter().enumerate() {
            let id = read.value.id;
            if !self.learns[id] {
                continue;
            }
            let dx = self.buffer(read.value.shape.clone());
            let mut x = x.clone();
            x.remove(place);
            if merge == Merge::Concat {
                x.clear();
            }
            self.program.calls.push(Call::Unmerge {
                layer,
                place,
                x,
                dy,
                dx,
            });
            self.give(id, dx);
        }
        self.release(dy);
    }

    /// Whether a value comes from a `Relu` and has one reader, which can then compute its gradient in one pass with its own.
    fn is_relu_for_one(&self, value: ValueId) -> bool {
        let is_relu = self.graph.giver(value).is_some_and(Node::is_relu);
        is_relu && self.graph.readers(value).count() == 1 && !self.graph.is_output(value)
    }

    fn buffer(&mut self, shape: Shape) -> Value {
        self.holders.push(0);
        self.program.value(shape)
    }

    fn release(&mut self, buffer: Value) {
        self.holders[buffer] -= 1;
    }

    fn add(&mut self, sum: Value, part: Value) {
        let (part, layer) = (Some(part), None);
        self.program.calls.push(Call::Add { sum, part, layer });
    }

    /// A reader of a value has this for its gradient. It is added to what is there, if nobody else needs one of the two.
    fn give(&mut self, value: ValueId, buffer: Value) {
        self.holders[buffer] += 1;
        if self.reshaped.contains(&value) {
            self.program.reshaped.insert(buffer);
        }
        let name = self.name_of_gradient(value);
        if self.program.names[buffer].is_empty() {
            self.program.names[buffer].clone_from(&name);
        }
        let mut parts = std::mem::take(&mut self.parts[value]);
        let is_free = |part: &&Value| self.holders[**part] == 1;
        let has_name = |part: &&Value| self.program.names[**part] == name;
        // Rather where the name says what it is: a part may have been passed on from further down.
        let named = parts.iter().filter(has_name).find(is_free);
        let into_new = named.is_none() && is_free(&&buffer);
        let sum = named.or_else(|| parts.iter().find(is_free)).copied();
        match sum {
            _ if into_new => {
                for part in parts.drain(..) {
                    self.add(buffer, part);
                    self.release(part);
                }
                parts.push(buffer);
            }
            Some(sum) => {
                self.add(sum, buffer);
                self.release(buffer);
            }
            None => parts.push(buffer),
        }
        self.parts[value] = parts;
    }

    fn name_of_gradient(&self, value: ValueId) -> String {
        let giver = self.graph.giver(value);
        giver.map_or_else(|| "d".to_owned(), |giver| format!("d_{}", giver.name()))
    }

    /// The whole gradient of what a layer gives, once all its readers have had their turn.
    fn gradient_of(&mut self, value: ValueId, node: &Node) -> Option<Value> {
        let parts = std::mem::take(&mut self.parts[value]);
        if parts.len() < 2 {
            return parts.first().copied();
        }
        if let Some(own) = parts.iter().position(|&part| self.holders[part] == 1) {
            for &part in parts.iter().filter(|&&part| part != parts[own]) {
                self.add(parts[own], part);
                self.release(part);
            }
            return Some(parts[own]);
        }
        let sum = self.buffer(node.output());
        self.program.names[sum] = self.name_of_gradient(value);
        for &part in &parts {
            self.release(part);
        }
        self.holders[sum] = 1;
        if self.reshaped.contains(&value) {
            self.program.reshaped.insert(sum);
        }
        self.program.calls.push(Call::Sum { parts, sum });
        Some(sum)
    }
}
