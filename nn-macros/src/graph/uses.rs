//! Who gives a value, who reads it, and who has a name: found once, since large networks ask for it for every layer.

use std::collections::HashMap;

use super::{Node, ValueId};
use crate::builtin::Role;

/// Nodes are numbered as in the graph.
pub(super) struct Uses {
    /// For each value the layer that computes it.
    givers: Vec<Option<usize>>,
    /// For each value the layers that read it, each once, in their order; those that just pass it on are left out.
    readers: Vec<Vec<usize>>,
    /// For each value the last of these, by its number among the layers.
    last: Vec<Option<usize>>,
    /// The first node of each name.
    named: HashMap<String, usize>,
}

impl Uses {
    pub(super) fn new(nodes: &[Node], values: usize) -> Self {
        let mut uses = Self {
            givers: vec![None; values],
            readers: vec![Vec::new(); values],
            last: vec![None; values],
            named: HashMap::new(),
        };
        let mut layer = 0;
        for (place, node) in nodes.iter().enumerate() {
            uses.named.entry(node.name()).or_insert(place);
            if node.computes() {
                uses.givers[node.gives.id] = Some(place);
                for read in &node.reads {
                    let readers = &mut uses.readers[read.value.id];
                    if readers.last() != Some(&place) {
                        readers.push(place);
                    }
                    uses.last[read.value.id] = Some(layer);
                }
            }
            layer += usize::from(node.builtin.role == Role::Layer);
        }
        uses
    }

    pub(super) fn giver(&self, value: ValueId) -> Option<usize> {
        self.givers[value]
    }

    pub(super) fn readers(&self, value: ValueId) -> impl Iterator<Item = usize> {
        self.readers[value].iter().copied()
    }

    pub(super) fn last_reader(&self, value: ValueId) -> Option<usize> {
        self.last[value]
    }

    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.named.get(name).copied()
    }
}
