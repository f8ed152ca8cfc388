//! The backward passes of layers with parameters.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::operands::own_shape;
use super::sharing;
use super::steps::Writer;
use crate::graph::Shape;
use crate::plan::{Call, Gradient, Value};

impl Writer<'_> {
    pub(super) fn backward(&self, call: &Call) -> TokenStream {
        match *call {
            Call::Backward {
                layer,
                x,
                dy,
                dx,
                relu,
            } => self.backward_alone(layer, x, dy, dx, relu),
            Call::BackwardShared {
                layer,
                x,
                dy,
                dx,
                relu,
                ref gradients,
            } => self.backward_shared(layer, [x, Some(dy), dx], relu, gradients),
            Call::BackwardInput {
                layer,
                relu,
                dy,
                dx,
            } => self.backward_input(layer, relu, dy, dx),
            Call::BackwardInputOf { layer, x, dy, dx } => {
                let (node, object) = self.layer(layer);
                let (x, dy) = (self.input(x, node), self.samples(dy, &own_shape(node)));
                let dx = self.samples_mut(dx, &node.read_shape());
                quote!(#object.backward_input(#x, #dy, #dx);)
            }
            _ => TokenStream::new(),
        }
    }

    /// A layer whose parameters are its own: their gradient, or their descent.
    fn backward_alone(
        &self,
        layer: usize,
        x: Option<Value>,
        dy: Value,
        dx: Option<Value>,
        relu: bool,
    ) -> TokenStream {
        let (node, object) = self.layer(layer);
        let x = self.input(x, node);
        let dy = self.samples(dy, &own_shape(node));
        let label = &node.label.ident;
        if !node.has_parameters() {
            let backward = format_ident!("{}", if relu { "backward_relu" } else { "backward" });
            let dx = dx.map(|dx| self.samples_mut(dx, &Shape::Unknown));
            return quote!(#object.#backward(#x, #dy, #dx););
        }
        if let Some(dx) = dx.filter(|_| relu) {
            let dx = self.samples_mut(dx, &Shape::Unknown);
            return if self.descends() {
                quote!(#object.descend_relu(#x, #dy, #dx, lr);)
            } else {
                quote!(#object.backward_relu(#x, #dy, #dx, &mut gradient.#label);)
            };
        }
        let dx = self.optional(dx);
        if self.descends() {
            quote!(#object.descend(#x, #dy, #dx, lr);)
        } else {
            // A layer looks at what it gave only where its parameters do not say so.
            let y = (!node.has_own_methods()).then(|| quote!(&[],));
            quote!(#object.backward(#x, #y #dy, #dx, &mut gradient.#label);)
        }
    }

    /// A layer that shares parameters.
    fn backward_shared(
        &self,
        layer: usize,
        [x, dy, dx]: [Option<Value>; 3],
        relu: bool,
        gradients: &[Gradient],
    ) -> TokenStream {
        let node = self.layers[layer];
        let object = sharing::borrowed(self.graph, node);
        let gradients = sharing::gradients(self.graph, node, gradients);
        let (x, dy) = (self.input(x, node), self.untyped(dy));
        if let Some(dx) = dx.filter(|_| relu) {
            let dx = self.samples_mut(dx, &Shape::Unknown);
            return quote!(#object.backward_relu(#x, #dy, #dx, #(#gradients),*););
        }
        let dx = self.optional(dx);
        quote!(#object.backward(#x, #dy, #dx, #(#gradients),*);)
    }

    /// A layer that is frozen; y is what the `Relu` in front gave.
    fn backward_input(&self, layer: usize, y: Option<Value>, dy: Value, dx: Value) -> TokenStream {
        let (node, object) = self.layer(layer);
        let reads = if node.says_shapes() {
            Shape::Unknown
        } else {
            node.read_shape()
        };
        let y = y.map(|y| self.samples(y, &reads));
        let dy = self.samples(dy, &own_shape(node));
        let dx = self.samples_mut(dx, &reads);
        if let Some(y) = y {
            quote!(#object.backward_input_relu(#y, #dy, #dx);)
        } else {
            quote!(#object.backward_input(#dy, #dx);)
        }
    }
}
