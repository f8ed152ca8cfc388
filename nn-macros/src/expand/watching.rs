//! What is shown of the values between layers, to find the first that is infinite or not a number.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Context;
use super::bodies;
use super::steps::Writer;
use crate::graph::{Node, Shape};
use crate::plan::{Call, Program, Value};

/// The methods of a network with a loss that show what lies between its layers.
pub(super) fn methods(context: &Context<'_>, program: &Program) -> TokenStream {
    let (params, input, output) = (&context.params, context.input(), context.output());
    let (loss, _) = context.losses();
    let forward = bodies::trace(context);
    // A network that learns in phases has no second half of a step.
    let backward = (!context.graph.learns_otherwise()).then(|| {
        let backward = bodies::trace_backward(context, program);
        quote! {
            fn trace_backward<Y>(
                params: &#params<T>,
                x: &[#input],
                targets: &[Y],
                shares: &::nn_core::Shares,
                memory: &mut [T],
                gradient: &mut #params<T>,
                watch: &mut ::nn_core::__private::Watch,
            )
            where
                #loss: ::nn_core::Losses<#output, Y>,
            {
                #backward
            }
        }
    });
    quote! {
        fn trace(
            params: &#params<T>,
            x: &[#input],
            memory: &mut [T],
            watch: &mut ::nn_core::__private::Watch,
        ) {
            #forward
        }

        #backward
    }
}

impl Writer<'_> {
    /// Shows what a call has written, with the place of the layer in the table.
    pub(super) fn watch(&self, call: &Call) -> TokenStream {
        match *call {
            Call::Forward { layer, y, .. }
            | Call::Own { layer, y, .. }
            | Call::Normalise { layer, y, .. }
            | Call::ForwardInPlace { layer, y }
            | Call::Merge { layer, y, .. }
            | Call::Add {
                layer: Some(layer),
                sum: y,
                ..
            } => {
                let node = self.layers[layer];
                self.look(node, y, &node.output())
            }
            Call::LossGradient { ref d, .. } => {
                let losses = self.graph.losses().zip(d);
                losses.map(|(loss, &d)| self.look_back(loss, d)).collect()
            }
            Call::Backward { layer, dx, .. }
            | Call::BackwardShared { layer, dx, .. }
            | Call::OwnBackward { layer, dx, .. } => dx.map_or_else(TokenStream::new, |dx| {
                self.look_back(self.layers[layer], dx)
            }),
            Call::BackwardInput { layer, dx, .. }
            | Call::BackwardInputOf { layer, dx, .. }
            | Call::BackwardAside { layer, dx, .. }
            | Call::BackwardInPlace { layer, d: dx, .. }
            | Call::SpreadGradients { layer, dx, .. }
            | Call::Unmerge { layer, dx, .. } => self.look_back(self.layers[layer], dx),
            Call::Measure { .. }
            | Call::SumGradients { .. }
            | Call::Input { .. }
            | Call::Add { .. }
            | Call::Sum { .. }
            | Call::Loss { .. } => TokenStream::new(),
        }
    }

    fn look_back(&self, node: &Node, gradient: Value) -> TokenStream {
        self.look(node, gradient, self.shape(gradient))
    }

    fn look(&self, node: &Node, value: Value, shape: &Shape) -> TokenStream {
        let mut nodes = self.graph.nodes.iter();
        let row = nodes.position(|other| std::ptr::eq(other, node));
        let row = Literal::usize_unsuffixed(row.unwrap_or_default());
        let value = self.samples(value, shape);
        quote!(watch.look(#row, #value);)
    }
}
