//! What calls are made on and with: layers, and values as samples of the shapes that a method needs.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::steps::Writer;
use super::values::turbofish;
use super::{one_or_tuple, sharing, unit};
use crate::graph::{Node, Shape};
use crate::plan::{Content, Value};
use crate::size::Size;

impl<'a> Writer<'a> {
    /// What several values are as one: their samples, or a tuple of them.
    pub(super) fn columns(&self, values: &[Value]) -> TokenStream {
        let columns = values
            .iter()
            .map(|&value| self.samples(value, &Shape::Unknown));
        one_or_tuple(&columns.collect::<Vec<_>>())
    }

    pub(super) fn columns_mut(&self, values: &[Value]) -> TokenStream {
        let columns = values
            .iter()
            .map(|&value| self.samples_mut(value, &Shape::Unknown));
        one_or_tuple(&columns.collect::<Vec<_>>())
    }

    /// A layer, and the value that its methods are called on.
    pub(super) fn layer(&self, layer: usize) -> (&'a Node, TokenStream) {
        let node = self.layers[layer];
        let label = &node.label.ident;
        let object = if !node.shared.is_empty() {
            sharing::borrowed(self.graph, node)
        } else if node.has_parameters() {
            quote!(params.#label)
        } else {
            unit(node)
        };
        (node, object)
    }

    pub(super) fn input(&self, x: Option<Value>, node: &Node) -> TokenStream {
        let shape = if node.says_shapes() {
            Shape::Unknown
        } else {
            node.read_shape()
        };
        match x {
            Some(x) => self.samples(x, &shape),
            // The size may have another name where the weights lie.
            None if !node.shared.is_empty() || self.is_reshaped(node, 0) => batch_as(&shape),
            None => quote!(x),
        }
    }

    /// Whether a value that a layer reads comes to it in another shape than the batch has.
    fn is_reshaped(&self, node: &Node, place: usize) -> bool {
        let shape = node.reads[place].value.shape.known();
        let batch = self.graph.inputs.first();
        let batch = batch.and_then(|batch| batch.shape.known());
        let texts = |sizes: &[Size]| sizes.iter().map(Size::text).collect::<Vec<_>>();
        shape.is_some_and(|sizes| batch.is_none_or(|batch| texts(sizes) != texts(batch)))
    }

    /// One of the values that a layer reads, with its shape written out.
    pub(super) fn read(&self, node: &Node, place: usize, x: Option<Value>) -> TokenStream {
        let shape = &node.reads[place].value.shape;
        match x {
            Some(x) => self.samples(x, shape),
            None if self.is_reshaped(node, place) => batch_as(shape),
            None => quote!(x),
        }
    }

    /// One of the values that a layer reads, whose shape follows from that of another.
    pub(super) fn follows(&self, node: &Node, place: usize, x: Option<Value>) -> TokenStream {
        if x.is_none() && self.is_reshaped(node, place) {
            return self.read(node, place, x);
        }
        self.untyped(x)
    }

    /// A value whose shape follows from that of another.
    pub(super) fn untyped(&self, value: Option<Value>) -> TokenStream {
        value.map_or_else(|| quote!(x), |value| self.samples(value, &Shape::Unknown))
    }

    /// A value with its shape written out, unless the batch is among those that it follows from.
    pub(super) fn typed_unless(&self, others: &[Option<Value>], value: Value) -> TokenStream {
        if others.contains(&None) {
            self.samples_mut(value, &Shape::Unknown)
        } else {
            self.typed_mut(value)
        }
    }

    /// A value with its shape written out.
    pub(super) fn typed_mut(&self, value: Value) -> TokenStream {
        self.samples_mut(value, self.shape(value))
    }

    pub(super) fn shape(&self, value: Value) -> &Shape {
        match &self.program.values[value] {
            Content::Sample(shape) => shape,
            Content::Memory { .. } => &Shape::Unknown,
        }
    }

    pub(super) fn own_mut(&self, value: Value, node: &Node) -> TokenStream {
        self.samples_mut(value, &own_shape(node))
    }

    pub(super) fn samples(&self, value: Value, shape: &Shape) -> TokenStream {
        self.values.read(value, shape)
    }

    pub(super) fn samples_mut(&self, value: Value, shape: &Shape) -> TokenStream {
        self.values.write(value, shape)
    }

    /// A gradient that the caller may need.
    pub(super) fn optional(&self, dx: Option<Value>) -> TokenStream {
        match dx {
            Some(dx) if self.dx_is_optional && self.program.outside(dx).is_some() => quote!(dx),
            dx => option(dx.map(|dx| self.samples_mut(dx, &Shape::Unknown))),
        }
    }

    pub(super) fn slot(&self, value: Value) -> Ident {
        self.values.slot(value)
    }
}

/// The batch, as samples of another shape with as many numbers.
fn batch_as(shape: &Shape) -> TokenStream {
    let of = turbofish(shape);
    quote!(samples #of(::nn_core::Sample::flat(x), n))
}

/// The shape that a layer's methods do not say by themselves: most layers work on any.
pub(super) fn own_shape(node: &Node) -> Shape {
    if node.says_shapes() {
        Shape::Unknown
    } else {
        node.output()
    }
}

pub(super) fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}
