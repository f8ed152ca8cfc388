//! A network without a loss as a layer of another one: its passes work in the slices and in the memory of that one.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, bodies, slots};
use crate::plan::AsLayer;

pub(super) fn implementation(context: &Context<'_>) -> TokenStream {
    let Context { name, params, .. } = context;
    let why_not = if context.graph.has_loss() {
        Some(quote!(EndsInLoss))
    } else {
        let several = context.graph.inputs.len() > 1 || context.graph.outputs.len() > 1;
        let otherwise = (context.graph.learns_otherwise()).then(|| quote!(LearnsOtherwise));
        several.then(|| quote!(HasSeveralPorts)).or(otherwise)
    };
    if let Some(why_not) = why_not {
        return quote! {
            impl<T: ::nn_core::Element> ::nn_core::__private::#why_not for #name<T> {}
        };
    }
    let input = context.input();
    let layer = match &context.plan.layer {
        Some(layer) if context.valid => passes(context, layer),
        _ => unfinished(context),
    };
    quote! {
        impl<T: ::nn_core::Element> ::nn_core::Named for #name<T> {
            type With<Number: ::nn_core::Element> = #params<Number>;
        }

        impl<T: ::nn_core::Element> ::nn_core::Initial<T> for #params<T> {
            const NUMBERS: usize = <#name<T> as ::nn_core::Network>::PARAMETERS;
            const MACS: usize = <#name<T> as ::nn_core::Network>::MACS;
            const LAYERS: &'static [::nn_core::LayerSummary] = <#name<T> as ::nn_core::Network>::LAYERS;

            fn initial(rng: &mut ::nn_core::Rng) -> Self {
                Self::init(rng)
            }
        }

        impl<T: ::nn_core::Element> ::nn_core::__private::First<T> for #params<T> {
            type Sample = #input;
        }

        #layer
    }
}

fn passes(context: &Context<'_>, layer: &AsLayer) -> TokenStream {
    let Context { name, params, .. } = context;
    let (input, output) = (context.input(), context.output());
    let slots = slots::sizes(context, &layer.program, false);
    let (forward, backward) = (
        bodies::layer_forward(context, layer),
        bodies::layer_backward(context, layer),
    );
    quote! {
        impl<T: ::nn_core::Element> #params<T> {
            /// The sizes of the slots that both passes work in where the network is a layer of another one.
            const SLOTS: &'static [usize] = #slots;
        }

        impl<T: ::nn_core::Element> ::nn_core::Layer<#input> for #params<T> {
            type Output = #output;

            const MEMORY: usize = ::nn_core::__private::total(Self::SLOTS);
            const SCRATCH: usize =
                ::nn_core::__private::total(<#name<T> as ::nn_core::Network>::PREDICTION);

            fn forward(&self, x: &[#input], y: &mut [#output]) {
                ::nn_core::__private::forward(self, x, y);
            }

            fn backward(
                &self,
                x: &[#input],
                y: &[#output],
                dy: &[#output],
                dx: ::core::option::Option<&mut [#input]>,
                gradient: &mut Self,
            ) {
                ::nn_core::__private::backward(self, x, y, dy, dx, gradient);
            }

            fn predict_with(&self, x: &[#input], y: &mut [#output], memory: &mut [T]) {
                y.copy_from_slice(<#name<T> as ::nn_core::Network>::forward(self, x, memory));
            }

            fn forward_with(&self, x: &[#input], y: &mut [#output], memory: &mut [T]) {
                #forward
            }

            #[allow(unused_variables)]
            fn backward_with(
                &self,
                x: &[#input],
                y: &[#output],
                dy: &[#output],
                dx: ::core::option::Option<&mut [#input]>,
                memory: &mut [T],
                gradient: &mut Self,
            ) {
                #backward
            }
        }
    }
}

/// A network with mistakes reads anything.
fn unfinished(context: &Context<'_>) -> TokenStream {
    let (params, output) = (&context.params, context.output());
    quote! {
        impl<T: ::nn_core::Element, X: ::nn_core::Sample<Element = T>> ::nn_core::Layer<X> for #params<T> {
            type Output = #output;

            fn forward(&self, _: &[X], _: &mut [#output]) {
                ::core::unreachable!()
            }

            fn backward(
                &self,
                _: &[X],
                _: &[#output],
                _: &[#output],
                _: ::core::option::Option<&mut [X]>,
                _: &mut Self,
            ) {
                ::core::unreachable!()
            }
        }
    }
}
