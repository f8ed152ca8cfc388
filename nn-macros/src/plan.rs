//! What a network computes, call by call, and where the results lie; what nobody needs is not computed.

mod backward;
mod forward;
mod memory;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use quote::quote;

use crate::graph::{Graph, Shape};
use crate::size::product;
use memory::{Access, Extent};

pub(crate) use memory::Value;

#[derive(Default)]
pub(crate) struct Plan {
    /// The scores of samples: a value is needed until the next layer has read it.
    pub(crate) prediction: Program,
    /// The loss and the gradient; `None` without a loss.
    pub(crate) training: Option<Program>,
    /// What the network does as a layer of another one; `None` with a loss, or with several inputs or outputs.
    pub(crate) layer: Option<AsLayer>,
}

/// The passes of a network that is a layer of another one.
#[derive(Default)]
pub(crate) struct AsLayer {
    pub(crate) program: Program,
    /// How many of the calls are the forward pass.
    pub(crate) forward: usize,
    /// How many there are when dx has been computed; behind them are those of a backward pass without dx.
    pub(crate) with_dx: usize,
    /// Whether there is only one backward pass, which hands on whether dx is needed.
    pub(crate) dx_is_optional: bool,
}

/// Calls in their order, and the memory that they work in.
#[derive(Clone, Default)]
pub(crate) struct Program {
    pub(crate) calls: Vec<Call>,
    /// What lies in each value.
    pub(crate) values: Vec<Content>,
    /// The values that are written or read in several shapes, by way of `Flatten` or `Reshape`.
    pub(crate) reshaped: HashSet<Value>,
    /// What each value is called: after the last layer that wrote it, or after the value that it is the gradient of.
    pub(crate) names: Vec<String>,
    /// The values that take turns in each slot.
    pub(crate) slots: Vec<Vec<Value>>,
    /// The slot of each value.
    places: Vec<usize>,
    /// The values that hold the scores: one for each output.
    pub(crate) scores: Vec<Value>,
    /// The values that lie in the slices of a caller, by the names of these.
    pub(crate) outside: Vec<(Value, &'static str)>,
}

/// What lies in a value.
#[derive(Clone)]
pub(crate) enum Content {
    /// A sample of this shape for each sample of the batch.
    Sample(Shape),
    /// What a layer of the user's remembers from its forward pass to its backward pass.
    Memory { layer: usize },
}

/// A call of a layer or of the loss. Layers are numbered as in [`Graph::layers`]. Where x is `None`, it is the batch itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// One of several inputs: a part of each sample of the batch.
    Input { part: usize, y: Value },
    /// y from x, with the `Relu` behind the layer if so.
    Forward {
        layer: usize,
        x: Option<Value>,
        y: Value,
        relu: bool,
    },
    /// y from x, by a layer of the user's with memory of its own.
    Own {
        layer: usize,
        x: Option<Value>,
        y: Value,
        memory: Value,
    },
    /// What a chunk has in itself of the statistics of a batch. Then all chunks wait for each other.
    Measure { layer: usize, x: Option<Value> },
    /// y from x and the statistics of the batch.
    Normalise {
        layer: usize,
        x: Option<Value>,
        y: Value,
    },
    /// The gradient of the parameters of such a layer, and what a chunk has of the sums that dx needs. Then, if somebody needs it, all
    /// chunks wait for each other.
    SumGradients {
        layer: usize,
        x: Option<Value>,
        dy: Value,
    },
    /// dx from these sums.
    SpreadGradients {
        layer: usize,
        x: Option<Value>,
        dy: Value,
        dx: Value,
    },
    /// y over x.
    ForwardInPlace { layer: usize, y: Value },
    /// y from several values.
    Merge {
        layer: usize,
        x: Vec<Option<Value>>,
        y: Value,
    },
    /// `sum` and a value of the same shape, over `sum`.
    Add {
        sum: Value,
        part: Option<Value>,
        /// The layer that adds them; `None` where gradients are added.
        layer: Option<usize>,
    },
    /// The losses, and what their gradients will need.
    Loss {
        scores: Vec<Value>,
        saved: Vec<Value>,
    },
    /// The gradients of all scores.
    LossGradient { saved: Vec<Value>, d: Vec<Value> },
    /// The gradient of the layer's parameters, and dx if somebody needs it, with that of the `Relu` in front if so.
    Backward {
        layer: usize,
        x: Option<Value>,
        dy: Value,
        dx: Option<Value>,
        relu: bool,
    },
    /// The same where parameters are those of several layers: what becomes of the gradient of each.
    BackwardShared {
        layer: usize,
        x: Option<Value>,
        dy: Value,
        dx: Option<Value>,
        relu: bool,
        gradients: Vec<Gradient>,
    },
    /// dx of a layer whose parameters are frozen, with that of the `Relu` in front, given what that gave, if so.
    BackwardInput {
        layer: usize,
        relu: Option<Value>,
        dy: Value,
        dx: Value,
    },
    /// dx of a layer that looks at what it read, and whose parameters are frozen, or that has none.
    BackwardInputOf {
        layer: usize,
        x: Option<Value>,
        dy: Value,
        dx: Value,
    },
    /// The gradient of the parameters of a layer of the user's, and dx if somebody needs it.
    OwnBackward {
        layer: usize,
        x: Option<Value>,
        y: Value,
        dy: Value,
        dx: Option<Value>,
        memory: Value,
    },
    /// dx of a layer without parameters. y is what it looks at: what it gave, or what it read, or `None`.
    BackwardAside {
        layer: usize,
        y: Option<Value>,
        dy: Value,
        dx: Value,
    },
    /// dx over dy, from the same y.
    BackwardInPlace {
        layer: usize,
        y: Option<Value>,
        d: Value,
    },
    /// The gradient of one of the values that a layer merges.
    Unmerge {
        layer: usize,
        /// Which one: its place among those that the layer reads.
        place: usize,
        /// The other ones, where the layer looks at them.
        x: Vec<Option<Value>>,
        dy: Value,
        dx: Value,
    },
    /// The sum of the gradients that the readers of a value have for it.
    Sum { parts: Vec<Value>, sum: Value },
}

/// What becomes of a parameter's gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gradient {
    /// It is not computed: the parameter is frozen.
    Nowhere,
    /// It is written: no other layer has done so yet.
    Write,
    /// It is added to that of the layers that share the parameter.
    Add,
}

pub(crate) fn plan(graph: &Graph) -> Plan {
    Plan {
        prediction: prediction(graph),
        training: graph.has_loss().then(|| backward::training(graph)),
        layer: backward::is_layer(graph).then(|| backward::layer(graph)),
    }
}

fn prediction(graph: &Graph) -> Program {
    let mut program = Program::default();
    forward::forward(&mut program, graph, &vec![false; graph.values], false);
    let scores = program.scores.clone();
    program.share_memory(&scores);
    program
}

impl Program {
    fn value(&mut self, shape: Shape) -> Value {
        self.room(Content::Sample(shape))
    }

    fn room(&mut self, content: Content) -> Value {
        self.values.push(content);
        self.names.push(String::new());
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
        let extents: Vec<Extent> = self.values.iter().map(extent).collect();
        let inside: Vec<Value> = (0..self.values.len())
            .filter(|&value| self.outside(value).is_none())
            .collect();
        self.slots = memory::slots(&inside, &lives, &extents);
        self.places = vec![0; self.values.len()];
        for (slot, values) in self.slots.iter().enumerate() {
            for &value in values {
                self.places[value] = slot;
            }
        }
    }

    /// The slice of the caller that a value lies in, if it does.
    pub(crate) fn outside(&self, value: Value) -> Option<&'static str> {
        let mut outside = self.outside.iter();
        outside.find_map(|&(other, name)| (other == value).then_some(name))
    }

    /// How many numbers a value holds for each sample, if no constant is in it.
    #[cfg(test)]
    fn number(&self, value: Value) -> Option<usize> {
        extent(&self.values[value]).number
    }

    /// The slot that a value lies in.
    pub(crate) fn slot_of(&self, value: Value) -> usize {
        self.places[value]
    }
}

impl Call {
    /// The values that the call writes.
    pub(crate) fn writes(&self) -> Vec<Value> {
        self.access().writes
    }

    fn access(&self) -> Access {
        let of = |reads: &[Option<Value>], writes: &[Option<Value>]| Access {
            reads: reads.iter().copied().flatten().collect(),
            writes: writes.iter().copied().flatten().collect(),
        };
        match self {
            &Self::Input { y, .. } => of(&[], &[Some(y)]),
            &Self::Forward { x, y, .. } | &Self::Normalise { x, y, .. } => of(&[x], &[Some(y)]),
            &Self::Own { x, y, memory, .. } => of(&[x], &[Some(y), Some(memory)]),
            &Self::OwnBackward {
                x,
                y,
                dy,
                dx,
                memory,
                ..
            } => of(&[x, Some(y), Some(dy), Some(memory)], &[dx, Some(memory)]),
            &Self::Measure { x, .. } => of(&[x], &[]),
            &Self::SumGradients { x, dy, .. } => of(&[x, Some(dy)], &[]),
            &Self::ForwardInPlace { y, .. } => of(&[Some(y)], &[Some(y)]),
            Self::Merge { x, y, .. } => of(x, &[Some(*y)]),
            &Self::Add { sum, part, .. } => of(&[Some(sum), part], &[Some(sum)]),
            Self::Loss { scores, saved } => Access {
                reads: scores.clone(),
                writes: saved.clone(),
            },
            Self::LossGradient { saved, d } => Access {
                reads: saved.clone(),
                writes: d.clone(),
            },
            &Self::Backward { x, dy, dx, .. } | &Self::BackwardShared { x, dy, dx, .. } => {
                of(&[x, Some(dy)], &[dx])
            }
            &Self::BackwardInput { relu, dy, dx, .. } => of(&[relu, Some(dy)], &[Some(dx)]),
            &Self::BackwardInputOf { x, dy, dx, .. } | &Self::SpreadGradients { x, dy, dx, .. } => {
                of(&[x, Some(dy)], &[Some(dx)])
            }
            &Self::BackwardAside { y, dy, dx, .. } => of(&[y, Some(dy)], &[Some(dx)]),
            &Self::BackwardInPlace { y, d, .. } => of(&[y, Some(d)], &[Some(d)]),
            Self::Unmerge { x, dy, dx, .. } => {
                let reads: Vec<_> = x.iter().copied().chain([Some(*dy)]).collect();
                of(&reads, &[Some(*dx)])
            }
            Self::Sum { parts, sum } => {
                let reads: Vec<_> = parts.iter().copied().map(Some).collect();
                of(&reads, &[Some(*sum)])
            }
        }
    }
}

fn extent(content: &Content) -> Extent {
    let (number, text) = match content {
        Content::Sample(shape) => (
            shape.known().and_then(product),
            shape.sample(&quote!(f32)).to_string(),
        ),
        Content::Memory { layer } => (None, format!("memory of {layer}")),
    };
    Extent {
        number,
        text: number.map_or(text, |number| number.to_string()),
    }
}
