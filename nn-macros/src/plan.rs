//! What a network computes, call by call, and where the results lie; what nobody needs is not computed.

mod memory;
#[cfg(test)]
mod tests;

use crate::builtin::Buffers;
use crate::graph::{Graph, Node};
use crate::size::{Size, product, shape_text};
use memory::{Access, Extent};

pub(crate) use memory::Value;

pub(crate) struct Plan {
    /// The scores of samples: a value is needed until the next layer has read it.
    pub(crate) prediction: Program,
    /// The loss and the gradient; `None` without a loss.
    pub(crate) training: Option<Program>,
}

/// Calls in their order, and the memory that they work in.
#[derive(Default)]
pub(crate) struct Program {
    pub(crate) calls: Vec<Call>,
    /// The sizes of each value.
    pub(crate) values: Vec<Vec<Size>>,
    /// The values that take turns in each slot.
    pub(crate) slots: Vec<Vec<Value>>,
    /// The value that holds the scores.
    pub(crate) scores: Value,
}

/// A call of a layer or of the loss. Layers are numbered as in [`Graph::layers`]. Where x is `None`, it is the batch itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// y from x, with the `Relu` behind the layer if so.
    Forward {
        layer: usize,
        x: Option<Value>,
        y: Value,
        relu: bool,
    },
    /// y over x.
    ForwardInPlace { layer: usize, y: Value },
    /// The loss, and what its gradient will need.
    Loss { scores: Value, saved: Value },
    /// The gradient of the scores.
    LossGradient { saved: Value, d: Value },
    /// The gradient of the layer's parameters, and dx if somebody needs it, with that of the `Relu` in front if so. y is `None`
    /// if the layer does not look at it.
    Backward {
        layer: usize,
        x: Option<Value>,
        y: Option<Value>,
        dy: Value,
        dx: Option<Value>,
        relu: bool,
    },
    /// dx over dy.
    BackwardInPlace { layer: usize, y: Value, d: Value },
}

pub(crate) fn plan(graph: &Graph) -> Plan {
    let layers: Vec<&Node> = graph.layers().collect();
    Plan {
        prediction: prediction(&layers),
        training: graph.loss().map(|loss| training(&layers, loss)),
    }
}

fn prediction(layers: &[&Node]) -> Program {
    let mut program = Program::default();
    program.forward(layers, |_| false);
    program.share_memory(&[program.scores]);
    program
}

fn training(layers: &[&Node], loss: &Node) -> Program {
    // Whether a parameter lies in this layer or before it: if not, nobody needs the gradient of what it gives.
    let learns: Vec<bool> = layers
        .iter()
        .scan(false, |learns, node| {
            *learns |= !node.builtin.parameters.is_empty();
            Some(*learns)
        })
        .collect();
    let mut program = Program::default();
    let outputs = program.forward(layers, |layer| {
        learns[layer] && layers[layer].builtin.buffers != Buffers::OutputIsFree
    });
    let saved = program.value(loss.read_sizes());
    let scores = program.scores;
    program.calls.push(Call::Loss { scores, saved });

    let mut d = program.value(loss.read_sizes());
    program.calls.push(Call::LossGradient { saved, d });
    let is_relu = |layer: usize| layers[layer].builtin.name == "Relu";
    let mut relu_is_done = false;
    for (layer, node) in layers.iter().enumerate().rev() {
        if !learns[layer] {
            break;
        }
        let buffers = node.builtin.buffers;
        if buffers == Buffers::InPlace {
            if !std::mem::take(&mut relu_is_done) {
                let y = outputs[layer];
                program.calls.push(Call::BackwardInPlace { layer, y, d });
            }
            continue;
        }
        let before = layer.checked_sub(1);
        let needs_dx = before.filter(|&before| learns[before]);
        let dx = needs_dx.map(|_| program.value(node.read_sizes()));
        let relu = buffers == Buffers::OutputIsFree && needs_dx.is_some_and(is_relu);
        program.calls.push(Call::Backward {
            layer,
            x: before.map(|before| outputs[before]),
            y: (buffers == Buffers::Plain).then_some(outputs[layer]),
            dy: d,
            dx,
            relu,
        });
        (d, relu_is_done) = (dx.unwrap_or(d), relu);
    }
    program.share_memory(&[]);
    program
}

impl Program {
    /// Adds the forward pass, and returns what each layer gives. `needed` says of which layers the output is needed again, so
    /// that the next layer must not overwrite it.
    fn forward(&mut self, layers: &[&Node], needed: impl Fn(usize) -> bool) -> Vec<Value> {
        let fuses = |layer: usize| {
            let relu = layers.get(layer + 1).map(|node| node.builtin.name) == Some("Relu");
            layers[layer].builtin.buffers == Buffers::OutputIsFree && relu
        };
        let mut outputs: Vec<Value> = Vec::new();
        for (layer, node) in layers.iter().enumerate() {
            let x = outputs.last().copied();
            let free = x.filter(|_| node.builtin.buffers == Buffers::InPlace && !needed(layer - 1));
            outputs.push(match free {
                Some(done) if fuses(layer - 1) => done,
                Some(y) => {
                    self.calls.push(Call::ForwardInPlace { layer, y });
                    y
                }
                None => {
                    let (y, relu) = (self.value(node.output()), fuses(layer));
                    self.calls.push(Call::Forward { layer, x, y, relu });
                    y
                }
            });
        }
        self.scores = outputs.last().copied().unwrap_or_default();
        outputs
    }

    fn value(&mut self, sizes: Vec<Size>) -> Value {
        self.values.push(sizes);
        self.values.len() - 1
    }

    /// Gives slots to all values; `results` are read when all is done.
    fn share_memory(&mut self, results: &[Value]) {
        let mut calls: Vec<Access> = self.calls.iter().map(Call::access).collect();
        calls.push(Access {
            reads: results.to_vec(),
            writes: Vec::new(),
        });
        let lives = memory::lives(self.values.len(), &calls);
        let extents: Vec<Extent> = self.values.iter().map(|sizes| extent(sizes)).collect();
        self.slots = memory::slots(&lives, &extents);
    }

    /// The slot that a value lies in.
    pub(crate) fn slot_of(&self, value: Value) -> usize {
        let slot = self.slots.iter().position(|values| values.contains(&value));
        slot.unwrap_or_default()
    }
}

impl Call {
    fn access(&self) -> Access {
        let of = |reads: &[Option<Value>], writes: &[Option<Value>]| Access {
            reads: reads.iter().copied().flatten().collect(),
            writes: writes.iter().copied().flatten().collect(),
        };
        match *self {
            Self::Forward { x, y, .. } => of(&[x], &[Some(y)]),
            Self::ForwardInPlace { y, .. } => of(&[Some(y)], &[Some(y)]),
            Self::Loss { scores, saved } => of(&[Some(scores)], &[Some(saved)]),
            Self::LossGradient { saved, d } => of(&[Some(saved)], &[Some(d)]),
            Self::Backward { x, y, dy, dx, .. } => of(&[x, y, Some(dy)], &[dx]),
            Self::BackwardInPlace { y, d, .. } => of(&[Some(y), Some(d)], &[Some(d)]),
        }
    }
}

fn extent(sizes: &[Size]) -> Extent {
    Extent {
        number: product(sizes),
        text: product(sizes).map_or_else(|| shape_text(sizes), |number| number.to_string()),
    }
}
