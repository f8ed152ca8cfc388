//! What nobody needs is not computed: the gradient of values that no parameter lies before.

use crate::graph::Graph;

/// One entry for each of [`Graph::layers`].
pub(crate) struct Plan {
    pub(crate) backward: Vec<Backward>,
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

pub(crate) fn plan(graph: &Graph) -> Plan {
    let mut parameter_before = false;
    let backward = graph.layers().map(|node| {
        let has_parameters = !node.builtin.parameters.is_empty();
        let backward = match (parameter_before, has_parameters) {
            (true, _) => Backward::Input,
            (false, true) => Backward::Parameters,
            (false, false) => Backward::Nothing,
        };
        parameter_before |= has_parameters;
        backward
    });
    Plan {
        backward: backward.collect(),
    }
}
