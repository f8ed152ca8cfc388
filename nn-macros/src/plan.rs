//! What is done in place, and what nobody needs and is not computed.

use crate::builtin::Buffers;
use crate::graph::{Graph, Node};

/// One entry for each of [`Graph::layers`].
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
}

/// What happens to a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// The layer whose name the buffer of this layer's output has: a later one, if that works in place.
    pub(crate) buffer: usize,
    pub(crate) forward: Forward,
    pub(crate) backward: Backward,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forward {
    /// From the buffer before into its own.
    Apart,
    /// The same, with the `Relu` behind it.
    WithRelu,
    /// In the buffer of the layer before.
    InPlace,
    /// Done by the layer before, in whose buffer it is.
    Done,
}

/// The part that a layer takes in the backward pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backward {
    /// No parameter lies here or before.
    Nothing,
    /// Its own parameters are the first of the chain: nobody needs dx.
    Parameters,
    /// A parameter lies before it, so dx is needed.
    Input,
}

impl Step {
    pub(crate) fn in_place(self) -> bool {
        matches!(self.forward, Forward::InPlace | Forward::Done)
    }
}

pub(crate) fn plan(graph: &Graph) -> Plan {
    let layers: Vec<&Node> = graph.layers().collect();
    let mut parameter_before = false;
    let steps = layers.iter().enumerate().map(|(index, node)| {
        let overwrites = |index: usize| {
            let free = index
                .checked_sub(1)
                .map(|before| layers[before].builtin.buffers);
            free == Some(Buffers::OutputIsFree)
                && layers
                    .get(index)
                    .is_some_and(|node| node.builtin.buffers == Buffers::InPlace)
        };
        let is_relu = |index: usize| {
            layers
                .get(index)
                .is_some_and(|node| node.builtin.name == "Relu")
        };
        let forward = match (overwrites(index), overwrites(index + 1)) {
            (true, _) if is_relu(index) => Forward::Done,
            (true, _) => Forward::InPlace,
            (false, true) if is_relu(index + 1) => Forward::WithRelu,
            (false, _) => Forward::Apart,
        };
        let has_parameters = !node.builtin.parameters.is_empty();
        let backward = match (parameter_before, has_parameters) {
            (true, _) => Backward::Input,
            (false, true) => Backward::Parameters,
            (false, false) => Backward::Nothing,
        };
        parameter_before |= has_parameters;
        Step {
            buffer: if overwrites(index + 1) {
                index + 1
            } else {
                index
            },
            forward,
            backward,
        }
    });
    Plan {
        steps: steps.collect(),
    }
}
