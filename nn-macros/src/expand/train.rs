//! What a network with a loss can do; without one, the same names say what is missing.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::{Context, bodies, doc, loss_type, one_or_tuple, phases, slots, watching};
use crate::graph::{MOST_PORTS, Node};
use crate::plan::Program;

pub(super) fn implementation(context: &Context<'_>) -> TokenStream {
    match (context.valid, context.graph.has_loss()) {
        (true, true) => {
            let methods = methods(context);
            let training = context.plan.training.as_ref();
            let trait_implementation = training.map(|program| trainable_trait(context, program));
            quote!(#methods #trait_implementation)
        }
        (true, false) => refusals(
            context,
            &quote_spanned!(context.name.span()=> Self: ::nn_core::Trainable),
        ),
        (false, has_loss) => {
            // A chain with mistakes may have lost its loss: one stands in for the one that was meant.
            let losses =
                if has_loss && context.graph.losses().count() == context.graph.outputs.len() {
                    let losses: Vec<TokenStream> = context
                        .graph
                        .losses()
                        .take(MOST_PORTS)
                        .map(loss_type)
                        .collect();
                    one_or_tuple(&losses)
                } else {
                    quote!(::nn_core::SoftmaxWithLoss)
                };
            let (methods, trait_implementation) =
                (refusals(context, &quote!()), unfinished(context, &losses));
            quote!(#methods #trait_implementation)
        }
    }
}

fn methods(context: &Context<'_>) -> TokenStream {
    let Context {
        name,
        params,
        visibility,
        ..
    } = context;
    let (batch, output) = (context.batch(), context.output());
    // An output that the compiler works out while it reads these bounds cannot be looked at twice in them.
    let mut outputs = context.graph.outputs.iter();
    let given = outputs.any(|port| port.shape.is_given());
    let own = given.then(|| quote!(Y: ::core::clone::Clone + ::core::marker::Sync + 't,));
    let (targets, target) = if given {
        (
            quote_spanned!(name.span()=> ::nn_core::Targets<'t, #output, Target = Y>),
            quote!(Y),
        )
    } else {
        (
            quote_spanned!(name.span()=> ::nn_core::Targets<'t, #output>),
            quote!(B::Target),
        )
    };
    let losses: Vec<&Node> = context.graph.losses().collect();
    let compares = if let [loss] = losses.as_slice() {
        let loss = loss_type(loss);
        quote_spanned!(name.span()=> #loss: ::nn_core::Loss<#output, #target>)
    } else {
        let (losses, _) = context.losses();
        quote_spanned!(name.span()=> #losses: ::nn_core::Losses<#output, #target>)
    };
    let (about_loss, about_accuracy) = about(losses.len());
    quote! {
        #[allow(dead_code)]
        impl<T: ::nn_core::Element> #name<T> {
            #about_loss
            ///
            /// # Errors
            /// If the batch is empty, targets are too few, too many or not valid, or an array has another shape than the
            /// network reads.
            #visibility fn loss<'x, 't, #own B: #targets>(
                &self,
                batch: impl #batch,
                targets: B,
            ) -> ::nn_core::Result<T>
            where
                #compares,
            {
                ::nn_core::Trainable::loss(self, batch, targets)
            }

            /// Each loss of a batch by itself, in the order of the declaration, with its accuracy.
            ///
            /// # Errors
            /// As for [`Self::loss`].
            #visibility fn losses<'x, 't, #own B: #targets>(
                &self,
                batch: impl #batch,
                targets: B,
            ) -> ::nn_core::Result<::std::vec::Vec<::nn_core::LossValue>>
            where
                #compares,
            {
                ::nn_core::Trainable::losses(self, batch, targets)
            }

            #about_accuracy
            ///
            /// # Errors
            /// As for [`Self::loss`], and if the targets name no classes.
            #visibility fn accuracy<'x, 't, #own B: #targets>(
                &self,
                batch: impl #batch,
                targets: B,
            ) -> ::nn_core::Result<f64>
            where
                #compares,
            {
                ::nn_core::Trainable::accuracy(self, batch, targets)
            }

            /// The gradient of the mean loss of a batch, by the names of the parameters.
            ///
            /// It lies in the network and is overwritten by the next; to change parameters while one looks at it, clone
            /// it, or let [`Self::step`] do both.
            ///
            /// # Errors
            /// As for [`Self::loss`].
            #visibility fn gradient<'x, 't, #own B: #targets>(
                &mut self,
                batch: impl #batch,
                targets: B,
            ) -> ::nn_core::Result<&#params<T>>
            where
                #compares,
            {
                ::nn_core::Trainable::gradient(self, batch, targets)
            }

            /// One step of training on a batch: the gradient, then the optimizer's update. Returns the mean loss before it.
            ///
            /// # Errors
            /// As for [`Self::loss`], and what the optimizer finds wrong. The parameters are not changed then.
            #visibility fn step<'x, 't, #own B: #targets>(
                &mut self,
                optimizer: &mut (impl ::nn_core::Optimizer<T> + ?::core::marker::Sized),
                batch: impl #batch,
                targets: B,
            ) -> ::nn_core::Result<T>
            where
                #compares,
            {
                ::nn_core::Trainable::step(self, optimizer, batch, targets)
            }
        }
    }
}

/// What `loss` and `accuracy` mean where there are so many losses.
fn about(losses: usize) -> (TokenStream, TokenStream) {
    if losses > 1 {
        return (
            doc(["The weighted sum of the mean losses of a batch."]),
            doc([
                "The share of samples whose largest score is the target's, by the last loss whose targets name classes;",
                "[`Self::losses`] gives it for each.",
            ]),
        );
    }
    (
        doc(["The mean loss of a batch."]),
        doc(["The share of samples whose largest score is the target's."]),
    )
}

fn trainable_trait(context: &Context<'_>, program: &Program) -> TokenStream {
    let params = &context.params;
    let (input, output) = (context.input(), context.output());
    let ((loss, value), sizes) = (context.losses(), slots::sizes(context, program, false));
    let forward = bodies::loss(context, program);
    let phases = phases::of_training(context, program);
    let backward = phases.is_none().then(|| backward(context, program));
    let descend = descend(
        context,
        &quote!(#loss: ::nn_core::Losses<#output, Y>),
        program,
    );
    let (head, traces) = (trainable_head(context), watching::methods(context, program));
    quote! {
        #head {
            type Loss = #loss;

            const LOSS: #loss = #value;
            const TRAINING: &'static [usize] = #sizes;

            fn parts(
                &mut self,
            ) -> (&mut #params<T>, &mut ::nn_core::__private::Workspace<#params<T>, T>) {
                (&mut self.params, &mut self.workspace)
            }

            fn forward_loss<Y>(
                params: &#params<T>,
                x: &[#input],
                targets: &[Y],
                shares: &::nn_core::Shares,
                memory: &mut [T],
            ) -> f64
            where
                #loss: ::nn_core::Losses<#output, Y>,
            {
                #forward
            }

            #backward
            #phases
            #traces
            #descend
        }
    }
}

/// The second half of a step.
fn backward(context: &Context<'_>, program: &Program) -> TokenStream {
    let (params, input, output) = (&context.params, context.input(), context.output());
    let ((loss, _), backward) = (context.losses(), bodies::backward(context, program));
    quote! {
        fn backward<Y>(
            params: &#params<T>,
            x: &[#input],
            targets: &[Y],
            shares: &::nn_core::Shares,
            memory: &mut [T],
            gradient: &mut #params<T>,
        )
        where
            #loss: ::nn_core::Losses<#output, Y>,
        {
            #backward
        }
    }
}

/// A step that moves parameters as it goes. Where layers share some, it must not: the next layer needs them as they were. Some layers,
/// such as those that normalise, those that compute otherwise while they learn, and those of the user's, only have a gradient.
fn descend(context: &Context<'_>, compares: &TokenStream, program: &Program) -> TokenStream {
    if !context.graph.descends() {
        return quote!(
            const DESCENDS: bool = false;
        );
    }
    let (params, input, body) = (
        &context.params,
        context.input(),
        bodies::descend(context, program),
    );
    quote! {
        fn descend<Y>(
            params: &mut #params<T>,
            x: &[#input],
            targets: &[Y],
            memory: &mut [T],
            lr: T,
        )
        where
            #compares,
        {
            #body
        }
    }
}

/// Spanned so that the compiler, when it lists what can be trained, shows the name.
fn trainable_head(context: &Context<'_>) -> TokenStream {
    let name = &context.name;
    quote_spanned!(name.span()=> impl<T: ::nn_core::Element> ::nn_core::Trainable for #name<T>)
}

/// The trait of a chain with mistakes.
fn unfinished(context: &Context<'_>, loss: &TokenStream) -> TokenStream {
    let params = &context.params;
    let (input, output, head) = (context.input(), context.output(), trainable_head(context));
    quote! {
        #head {
            type Loss = #loss;

            const LOSS: #loss = #loss;
            const TRAINING: &'static [usize] = &[];

            fn parts(
                &mut self,
            ) -> (&mut #params<T>, &mut ::nn_core::__private::Workspace<#params<T>, T>) {
                ::core::unreachable!()
            }

            fn forward_loss<Y>(
                _: &#params<T>,
                _: &[#input],
                _: &[Y],
                _: &::nn_core::Shares,
                _: &mut [T],
            ) -> f64
            where
                #loss: ::nn_core::Losses<#output, Y>,
            {
                ::core::unreachable!()
            }

            fn backward<Y>(
                _: &#params<T>,
                _: &[#input],
                _: &[Y],
                _: &::nn_core::Shares,
                _: &mut [T],
                _: &mut #params<T>,
            )
            where
                #loss: ::nn_core::Losses<#output, Y>,
            {
                ::core::unreachable!()
            }

            fn descend<Y>(_: &mut #params<T>, _: &[#input], _: &[Y], _: &mut [T], _: T)
            where
                #loss: ::nn_core::Losses<#output, Y>,
            {
                ::core::unreachable!()
            }
        }
    }
}

/// Calling these fails to compile: for the bound, or because the chain has mistakes.
fn refusals(context: &Context<'_>, bound: &TokenStream) -> TokenStream {
    let Context {
        name,
        params,
        visibility,
        ..
    } = context;
    let refusal = |head: TokenStream, result: TokenStream| {
        quote! {
            #[doc(hidden)]
            #visibility fn #head -> ::nn_core::Result<#result>
            where
                #bound
            {
                ::core::unreachable!()
            }
        }
    };
    let refusals = [
        refusal(
            quote!(loss<Batch, Targets>(&self, _: Batch, _: Targets)),
            quote!(T),
        ),
        refusal(
            quote!(losses<Batch, Targets>(&self, _: Batch, _: Targets)),
            quote!(::std::vec::Vec<::nn_core::LossValue>),
        ),
        refusal(
            quote!(accuracy<Batch, Targets>(&self, _: Batch, _: Targets)),
            quote!(f64),
        ),
        refusal(
            quote!(gradient<Batch, Targets>(&mut self, _: Batch, _: Targets)),
            quote!(&#params<T>),
        ),
        refusal(
            quote!(step<Optimizer: ?::core::marker::Sized, Batch, Targets>(&mut self, _: &mut Optimizer, _: Batch, _: Targets)),
            quote!(T),
        ),
    ];
    quote! {
        #[allow(dead_code)]
        impl<T: ::nn_core::Element> #name<T> {
            #(#refusals)*
        }
    }
}
