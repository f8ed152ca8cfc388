//! The layers of a network with their names, arguments and shapes resolved: as good a guess as the source text allows.
//!
//! Values flow from layer to layer: each has a number, is given by one layer and read by any number of them.

mod arguments;
mod arithmetic;
mod flow;
mod freezing;
mod image_shapes;
mod images;
mod initial;
mod labels;
mod merging;
mod node;
mod norms;
mod own;
mod points;
mod reference;
mod resolve;
mod settings;
mod shape;
mod shapes;
mod sharing;
mod unknown;
mod uses;
mod weight;

use std::collections::HashSet;

use proc_macro2::Ident;

use crate::builtin::{Buffers, Role};
use crate::size::Size;

pub(crate) use arithmetic::{Axis as ImageAxis, Numbers};
pub(crate) use freezing::FrozenPart;
pub(crate) use images::{Padding, Windows};
pub(crate) use initial::{Init, SCHEMES, Scheme, Takes};
pub(crate) use node::{Label, Node, Read, Value, Way, Weight};
pub(crate) use own::{Own, report_computed};
pub(crate) use resolve::resolve;
pub(crate) use settings::Chosen;
pub(crate) use shape::{Given, Shape};
pub(crate) use sharing::{Shared, Storage};
use uses::Uses;

/// A network: values flow from the batch through the nodes, in the order of the list.
pub(crate) struct Graph {
    /// Whether the first layer could be read at all.
    pub(crate) has_beginning: bool,
    /// Whether all layers could be read.
    pub(crate) complete: bool,
    /// What it reads: one value, [`BATCH`], or several in the order of the tuple, each a part of the batch.
    pub(crate) inputs: Vec<Port>,
    /// What it gives, in the order of the tuple if there are several: with losses, one for each of them.
    pub(crate) outputs: Vec<Port>,
    /// Everything in the order of the source text, the input and losses too; repetitions are written out.
    pub(crate) nodes: Vec<Node>,
    /// How many values there are; [`BATCH`] is the first.
    pub(crate) values: usize,
    /// The sizes that the network leaves open.
    pub(crate) open_sizes: Vec<Ident>,
    uses: Uses,
    /// What is not trained, as it was written.
    pub(crate) frozen: Vec<FrozenPart>,
}

/// How many inputs, and how many outputs, a network has at most: tuples have an end.
pub(crate) const MOST_PORTS: usize = 6;

/// A value that comes from outside or goes there.
pub(crate) struct Port {
    pub(crate) name: String,
    pub(crate) value: ValueId,
    pub(crate) shape: Shape,
}

/// The number of a value.
pub(crate) type ValueId = usize;

/// The value that comes from outside, if there is only one input.
pub(crate) const BATCH: ValueId = 0;

impl Graph {
    /// The layers that compute: all but the input and the loss.
    pub(crate) fn layers(&self) -> impl DoubleEndedIterator<Item = &Node> + Clone {
        self.nodes
            .iter()
            .filter(|node| node.builtin.role == Role::Layer)
    }

    /// What a parameter is called where it lies: `affine1.W`.
    pub(crate) fn key(&self, storage: Storage) -> String {
        let node = &self.nodes[storage.node];
        let symbol = node.builtin.parameters[storage.parameter].symbol;
        format!("{}.{symbol}", node.label.ident)
    }

    /// Whether a parameter is trained: the layer in which it lies decides for all that share it.
    pub(crate) fn trains(&self, node: &Node, parameter: usize) -> bool {
        self.nodes[node.storage(parameter).node].frozen.is_none()
    }

    /// Whether one of the parameters that a layer has, its own or others', is trained.
    pub(crate) fn trains_any(&self, node: &Node) -> bool {
        let of_own = node.own.is_some() && node.frozen.is_none();
        let mut parameters = node.parameters();
        of_own || parameters.any(|(parameter, _)| self.trains(node, parameter))
    }

    /// The layers that normalise by the batch while the network is trained, by their numbers among [`Graph::layers`].
    pub(crate) fn batch_norms(&self) -> impl Iterator<Item = (usize, &Node)> {
        let layers = self.layers().enumerate();
        layers.filter(|(_, node)| node.normalises_batch())
    }

    /// Whether layers draw random numbers while the network is trained.
    pub(crate) fn draws(&self) -> bool {
        self.layers()
            .any(|node| node.builtin.buffers == Buffers::Drops)
    }

    /// Whether layers compute otherwise while the network is trained.
    pub(crate) fn learns_otherwise(&self) -> bool {
        self.draws() || self.batch_norms().next().is_some()
    }

    /// Whether parameters are not trained.
    pub(crate) fn freezes(&self) -> bool {
        self.nodes.iter().any(Node::is_frozen)
    }

    /// Whether layers share parameters.
    pub(crate) fn shares(&self) -> bool {
        self.nodes.iter().any(|node| !node.shared.is_empty())
    }

    /// The layers that read a value, other than those that just pass it on.
    pub(crate) fn readers(&self, value: ValueId) -> impl Iterator<Item = &Node> {
        self.uses.readers(value).map(|place| &self.nodes[place])
    }

    /// The last layer that reads a value, by its number among [`Graph::layers`].
    pub(crate) fn last_reader(&self, value: ValueId) -> Option<usize> {
        self.uses.last_reader(value)
    }

    /// The layer that computes a value; `None` if it comes from outside.
    pub(crate) fn giver(&self, value: ValueId) -> Option<&Node> {
        self.uses.giver(value).map(|place| &self.nodes[place])
    }

    /// Whether a step can move all parameters as it goes: a layer that has only a gradient cannot.
    pub(crate) fn descends(&self) -> bool {
        let only_gradient = |node: &Node| {
            matches!(
                node.builtin.buffers,
                Buffers::Own | Buffers::Normalises | Buffers::Batch | Buffers::Drops
            )
        };
        !self.shares() && !self.layers().any(only_gradient)
    }

    /// The layers that are types of the user's.
    pub(crate) fn own_layers(&self) -> impl Iterator<Item = (&Node, &Own)> {
        self.layers()
            .filter_map(|node| Some((node, node.own.as_ref()?)))
    }

    /// For each value the layer that gives it, counted from 1; 0 for the sample.
    pub(crate) fn givers(&self) -> Vec<usize> {
        let mut givers = vec![0; self.values];
        for (place, node) in self.nodes.iter().enumerate() {
            let passes = node.builtin.buffers == Buffers::Passes;
            if !passes && node.gives.id != BATCH {
                givers[node.gives.id] = place + 1;
            }
        }
        givers
    }

    /// The losses, in the order of the outputs.
    pub(crate) fn losses(&self) -> impl Iterator<Item = &Node> + Clone {
        self.nodes
            .iter()
            .filter(|node| node.builtin.role == Role::Loss)
    }

    /// Whether it is trained.
    pub(crate) fn has_loss(&self) -> bool {
        self.losses().next().is_some()
    }

    /// Whether a value is among those that the network gives, so that it is needed to the end.
    pub(crate) fn is_output(&self, value: ValueId) -> bool {
        self.outputs.iter().any(|port| port.value == value)
    }

    /// The values that are read in another shape than they are given in.
    pub(crate) fn reshaped(&self) -> HashSet<ValueId> {
        let texts = |sizes: Option<&[Size]>| -> Option<Vec<String>> {
            sizes.map(|sizes| sizes.iter().map(Size::text).collect())
        };
        let passes = |node: &&Node| node.builtin.buffers == Buffers::Passes;
        let changes = |node: &&Node| texts(node.arriving()) != texts(node.gives.shape.known());
        let nodes = self.nodes.iter().filter(passes).filter(changes);
        nodes.map(|node| node.gives.id).collect()
    }

    /// For each value, whether a parameter lies before it: if not, nobody needs its gradient.
    pub(crate) fn learns(&self) -> Vec<bool> {
        self.learns_with(false)
    }

    /// The same where somebody may need the gradient of the batch, as the network is a layer of another one.
    pub(crate) fn learns_with(&self, batch: bool) -> Vec<bool> {
        let mut learns = vec![false; self.values];
        learns[BATCH] = batch;
        for node in self.layers() {
            let mut reads = node.reads.iter().map(|read| read.value.id);
            learns[node.gives.id] |= self.trains_any(node) || reads.any(|read| learns[read]);
        }
        learns
    }

    /// The layer that set the shape of a value.
    pub(crate) fn origin(&self, value: &Value) -> Option<&Node> {
        self.uses.named(&value.from).map(|place| &self.nodes[place])
    }
}
