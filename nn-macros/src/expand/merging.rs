//! The calls of layers that make one value of several.

use proc_macro2::TokenStream;
use quote::quote;

use super::numbers;
use super::steps::Writer;
use crate::builtin::Merge;
use crate::graph::{Node, Shape};
use crate::plan::Value;
use crate::size::Size;

impl Writer<'_> {
    /// A layer that makes one value of several. Shapes are written out as far as they do not follow from each other: where the
    /// compiler finds that they differ, there is one complaint about it.
    pub(super) fn merge(&self, layer: usize, x: &[Option<Value>], y: Value) -> TokenStream {
        let (node, object) = self.layer(layer);
        match (node.merge(), x) {
            (Some(Merge::Concat), x) => {
                let y = self.typed_mut(y);
                let parts = x.iter().enumerate().map(|(place, &x)| {
                    let (start, x) = (start(node, place), self.read(node, place, x));
                    quote!(#object::<#start>.forward(#x, #y);)
                });
                parts.collect()
            }
            (Some(Merge::MatMul), &[a, b]) => {
                let a = if b.is_some() {
                    self.read(node, 0, a)
                } else {
                    self.follows(node, 0, a)
                };
                let (b, y) = (self.follows(node, 1, b), self.typed_mut(y));
                quote!(#object.forward(#a, #b, #y);)
            }
            (_, x) => {
                let y = self.typed_unless(x, y);
                let x = x.iter().map(|&x| self.untyped(x));
                quote!(#object.forward([#(#x),*], #y);)
            }
        }
    }

    /// The gradient of one of several values.
    pub(super) fn unmerge(
        &self,
        layer: usize,
        place: usize,
        x: &[Option<Value>],
        dy: Value,
        dx: Value,
    ) -> TokenStream {
        let (node, object) = self.layer(layer);
        match (node.merge(), x) {
            (Some(Merge::Concat), _) => {
                let start = start(node, place);
                let (dy, dx) = (self.samples(dy, &node.output()), self.typed_mut(dx));
                quote!(#object::<#start>.backward(#dy, #dx);)
            }
            (Some(Merge::MatMul), &[b]) if place == 0 => {
                let (b, dy, dx) = (
                    self.follows(node, 1, b),
                    self.samples(dy, &node.output()),
                    self.typed_unless(x, dx),
                );
                quote!(#object.backward_left(#b, #dy, #dx);)
            }
            (Some(Merge::MatMul), &[a]) => {
                let (a, dy, dx) = (
                    self.read(node, 0, a),
                    self.samples(dy, &node.output()),
                    self.samples_mut(dx, &Shape::Unknown),
                );
                quote!(#object.backward_right(#a, #dy, #dx);)
            }
            (_, x) => {
                let dx = self.typed_unless(x, dx);
                let (x, dy) = (
                    x.iter().map(|&x| self.untyped(x)),
                    self.samples(dy, &Shape::Unknown),
                );
                quote!(#object.backward([#(#x),*], #dy, #dx);)
            }
        }
    }
}

/// Where one of the joined values begins in each sample of the result: a number of numbers.
fn start(node: &Node, place: usize) -> Size {
    let before: Vec<Size> = node.reads[..place]
        .iter()
        .map(|read| numbers(&read.value.shape))
        .collect();
    Size::sum(&before)
}
