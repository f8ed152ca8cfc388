//! The bodies of a network's methods: which calls of which program each of them makes.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use super::steps::{Purpose, Writer};
use crate::plan::{AsLayer, Call, Program};

/// The scores of a batch.
pub(super) fn prediction(context: &Context<'_>) -> TokenStream {
    let program = &context.plan.prediction;
    let writer = Writer::new(context, program, &program.calls).with(Purpose::Predicts);
    writer.body(&quote!(PREDICTION), &program.scores)
}

/// The first half of a step: everything up to the loss. Layers compute as they do when the network has learnt.
pub(super) fn loss(context: &Context<'_>, program: &Program) -> TokenStream {
    let (forward, _) = halves(program);
    Writer::new(context, program, forward).body(&quote!(TRAINING), &[])
}

/// The second half: everything from the gradient of the loss on.
pub(super) fn backward(context: &Context<'_>, program: &Program) -> TokenStream {
    let (_, backward) = halves(program);
    Writer::new(context, program, backward).body(&quote!(TRAINING), &[])
}

/// The forward pass of a network that is a layer of another one.
pub(super) fn layer_forward(context: &Context<'_>, layer: &AsLayer) -> TokenStream {
    let calls = &layer.program.calls[..layer.forward];
    let forward = Writer::new(context, &layer.program, calls).body(&quote!(SLOTS), &[]);
    quote! {
        let params = self;
        let y = ::nn_core::Sample::flat_mut(y);
        #forward
    }
}

/// Its backward pass; where dx is more than one more result of the same calls, one with dx and one without.
pub(super) fn layer_backward(context: &Context<'_>, layer: &AsLayer) -> TokenStream {
    let calls = &layer.program.calls;
    let (with_dx, without) = (
        &calls[layer.forward..layer.with_dx],
        &calls[layer.with_dx..],
    );
    let writer = Writer::new(context, &layer.program, with_dx).dx_is_optional(layer.dx_is_optional);
    let with_dx = writer.body(&quote!(SLOTS), &[]);
    let passes = if layer.dx_is_optional {
        with_dx
    } else {
        let without = (!without.is_empty()).then(|| {
            let writer = Writer::new(context, &layer.program, without);
            let without = writer.body(&quote!(SLOTS), &[]);
            quote!(else { #without })
        });
        quote! {
            if let ::core::option::Option::Some(dx) = dx {
                let dx = ::nn_core::Sample::flat_mut(dx);
                #with_dx
            } #without
        }
    };
    quote! {
        let params = self;
        let (y, dy) = (::nn_core::Sample::flat(y), ::nn_core::Sample::flat(dy));
        #passes
    }
}

/// The second half of a step that moves the parameters at once.
pub(super) fn descend(context: &Context<'_>, program: &Program) -> TokenStream {
    let (_, backward) = halves(program);
    let writer = Writer::new(context, program, backward).with(Purpose::Descends);
    writer.body(&quote!(TRAINING), &[])
}

/// A step of a network whose layers compute otherwise while they learn, phase by phase: what chunks do between two barriers.
pub(super) fn phases(context: &Context<'_>, program: &Program) -> Vec<TokenStream> {
    let is_first =
        |call: &Call| matches!(call, Call::Normalise { .. } | Call::SpreadGradients { .. });
    let mut starts: Vec<usize> = (program.calls.iter().enumerate())
        .filter_map(|(place, call)| is_first(call).then_some(place))
        .collect();
    starts.insert(0, 0);
    let ends = starts.iter().skip(1).copied().chain([program.calls.len()]);
    let phase = |(start, end): (&usize, usize)| {
        let calls = &program.calls[*start..end];
        let writer = Writer::new(context, program, calls).with(Purpose::Learns);
        let body = writer.body(&quote!(TRAINING), &[]);
        let has_loss = calls.iter().any(|call| matches!(call, Call::Loss { .. }));
        let loss = if has_loss { quote!(loss) } else { quote!(0.0) };
        quote!(#body #loss)
    };
    starts.iter().zip(ends).map(phase).collect()
}

/// The scores of a batch, with every value shown on the way.
pub(super) fn trace(context: &Context<'_>) -> TokenStream {
    let program = &context.plan.prediction;
    let writer = Writer::new(context, program, &program.calls).with(Purpose::Predicts);
    writer.watched(
        &quote!(PREDICTION),
        &quote!(
            use ::nn_core::Network as _;
        ),
    )
}

/// The second half of a step, with every gradient shown on the way.
pub(super) fn trace_backward(context: &Context<'_>, program: &Program) -> TokenStream {
    let (_, backward) = halves(program);
    Writer::new(context, program, backward).watched(&quote!(TRAINING), &quote!())
}

/// The calls up to the loss, and those behind it.
fn halves(program: &Program) -> (&[Call], &[Call]) {
    let is_loss = |call: &Call| matches!(call, Call::Loss { .. });
    let loss = program.calls.iter().position(is_loss);
    program.calls.split_at(loss.map_or(0, |loss| loss + 1))
}
