//! What a network with a loss can do; without one, the same names say what is missing.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::{Context, unit};
use crate::graph::Node;

pub(super) fn implementation(context: &Context<'_>) -> TokenStream {
    match context.graph.loss() {
        Some(loss) => {
            let (methods, trait_implementation) =
                (methods(context, loss), trainable_trait(context, loss));
            quote!(#methods #trait_implementation)
        }
        None => without_loss(context),
    }
}

fn methods(context: &Context<'_>, loss: &Node) -> TokenStream {
    let Context {
        name,
        params,
        visibility,
        ..
    } = context;
    let (input, output, loss) = (context.input(), context.output(), unit(loss));
    quote! {
        #[allow(dead_code)]
        impl<T: ::nn_core::Element> #name<T> {
            /// The mean loss of a batch.
            ///
            /// # Errors
            /// If the batch is empty, targets are too few, too many or not valid, or an array has another shape than the
            /// network reads.
            #visibility fn loss<'x, 't, B: ::nn_core::Targets<'t, #output>>(
                &self,
                batch: impl ::nn_core::Batch<'x, #input>,
                targets: B,
            ) -> ::nn_core::Result<T>
            where
                #loss: ::nn_core::Loss<#output, B::Target>,
            {
                ::nn_core::__private::loss(self, &::nn_core::Batch::samples(batch)?, &targets.targets()?)
            }

            /// The share of samples whose largest score is the target's.
            ///
            /// # Errors
            /// As for [`Self::loss`], and if the targets name no classes.
            #visibility fn accuracy<'x, 't, B: ::nn_core::Targets<'t, #output>>(
                &self,
                batch: impl ::nn_core::Batch<'x, #input>,
                targets: B,
            ) -> ::nn_core::Result<f64>
            where
                #loss: ::nn_core::Loss<#output, B::Target>,
            {
                ::nn_core::__private::accuracy(self, &::nn_core::Batch::samples(batch)?, &targets.targets()?)
            }

            /// The gradient of the mean loss of a batch, by the names of the parameters.
            ///
            /// # Errors
            /// As for [`Self::loss`].
            #visibility fn gradient<'x, 't, B: ::nn_core::Targets<'t, #output>>(
                &mut self,
                batch: impl ::nn_core::Batch<'x, #input>,
                targets: B,
            ) -> ::nn_core::Result<&#params<T>>
            where
                #loss: ::nn_core::Loss<#output, B::Target>,
            {
                ::nn_core::__private::gradient(self, &::nn_core::Batch::samples(batch)?, &targets.targets()?)?;
                ::core::result::Result::Ok(::nn_core::Trainable::params_and_gradient(self).1)
            }

            /// One step of training on a batch: the gradient, then the optimizer's update. Returns the mean loss before it.
            ///
            /// # Errors
            /// As for [`Self::loss`], and what the optimizer finds wrong. The parameters are not changed then.
            #visibility fn step<'x, 't, B: ::nn_core::Targets<'t, #output>>(
                &mut self,
                optimizer: &mut (impl ::nn_core::Optimizer<T> + ?::core::marker::Sized),
                batch: impl ::nn_core::Batch<'x, #input>,
                targets: B,
            ) -> ::nn_core::Result<T>
            where
                #loss: ::nn_core::Loss<#output, B::Target>,
            {
                ::nn_core::__private::step(self, optimizer, &::nn_core::Batch::samples(batch)?, &targets.targets()?)
            }
        }
    }
}

fn trainable_trait(context: &Context<'_>, loss: &Node) -> TokenStream {
    let Context {
        name,
        params,
        values,
        graph,
        ..
    } = context;
    let (input, output) = (context.input(), context.output());
    let (saved, loss) = (&loss.label.ident, unit(loss));
    let scores = graph.layers().last().map(|node| &node.label.ident);
    let forward_loss = context.body(quote! {
        use ::nn_core::Loss as _;
        let n = x.len();
        self.params.forward(x, values);
        #loss.forward(values.#scores.rows(n), targets, values.#saved.rows_mut(n))
    });
    let backpropagate = context.body(quote! {
        use ::nn_core::Loss as _;
        let n = x.len();
        let ::nn_core::__private::Training { values, d_values: d, gradient } = self.workspace.training();
        self.params.forward(x, values);
        let loss = #loss.forward(values.#scores.rows(n), targets, values.#saved.rows_mut(n));
        #loss.backward(values.#saved.rows(n), targets, d.#scores.rows_mut(n));
        self.params.backward(x, values, d, gradient);
        loss
    });
    let unused = (!context.valid).then(|| quote!(#[allow(unused_variables)]));
    quote! {
        impl<T: ::nn_core::Element> ::nn_core::Trainable for #name<T> {
            type Loss = #loss;

            const LOSS: #loss = #loss;

            fn params_and_gradient(&mut self) -> (&mut #params<T>, &mut #params<T>) {
                (&mut self.params, &mut self.workspace.training().gradient)
            }

            #unused
            fn forward_loss<Y>(&self, x: &[#input], targets: &[Y], values: &mut #values<T>) -> T
            where
                #loss: ::nn_core::Loss<#output, Y>,
            {
                #forward_loss
            }

            #unused
            fn backpropagate<Y>(&mut self, x: &[#input], targets: &[Y]) -> T
            where
                #loss: ::nn_core::Loss<#output, Y>,
            {
                #backpropagate
            }
        }
    }
}

/// Calling these fails to compile, with a message that says why.
fn without_loss(context: &Context<'_>) -> TokenStream {
    let Context {
        name,
        params,
        visibility,
        ..
    } = context;
    let bound = quote_spanned!(name.span()=> Self: ::nn_core::Trainable);
    quote! {
        #[allow(dead_code)]
        impl<T: ::nn_core::Element> #name<T> {
            #[doc(hidden)]
            #visibility fn loss<B, G>(&self, _: B, _: G) -> ::nn_core::Result<T>
            where
                #bound,
            {
                ::core::unreachable!()
            }

            #[doc(hidden)]
            #visibility fn accuracy<B, G>(&self, _: B, _: G) -> ::nn_core::Result<f64>
            where
                #bound,
            {
                ::core::unreachable!()
            }

            #[doc(hidden)]
            #visibility fn gradient<B, G>(&mut self, _: B, _: G) -> ::nn_core::Result<&#params<T>>
            where
                #bound,
            {
                ::core::unreachable!()
            }

            #[doc(hidden)]
            #visibility fn step<O: ?::core::marker::Sized, B, G>(&mut self, _: &mut O, _: B, _: G) -> ::nn_core::Result<T>
            where
                #bound,
            {
                ::core::unreachable!()
            }
        }
    }
}
