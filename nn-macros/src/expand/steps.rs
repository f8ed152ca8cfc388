//! The forward and the backward pass, written out layer by layer.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, array, doc, layer_value, unit};
use crate::plan::{Backward, Forward};

/// The struct of buffers: one for what each layer gives.
pub(super) fn values(context: &Context<'_>) -> TokenStream {
    let Context {
        name,
        values,
        visibility,
        graph,
        ..
    } = context;
    let layers = context.layers();
    let apart = layers
        .iter()
        .enumerate()
        .filter(|(index, (_, step))| step.buffer == *index);
    let fields = apart
        .map(|(_, (node, _))| *node)
        .chain(graph.loss())
        .map(|node| {
            let (label, sample) = (&node.label.ident, array(&node.output()));
            quote!(#label: ::nn_core::__private::Buffer<#sample>)
        });
    let about = doc([format!(
        "Buffers for what each layer of [`{name}`] gives, or for the gradient of that."
    )
    .as_str()]);
    let marker = (!context.valid).then(|| quote!(element: ::core::marker::PhantomData<T>));
    let fields: Vec<TokenStream> = if context.valid {
        fields.collect()
    } else {
        Vec::new()
    };
    quote! {
        #about
        #[doc(hidden)]
        #[allow(non_snake_case)]
        #[derive(Debug, Default)]
        #visibility struct #values<T: ::nn_core::Element> {
            #(#fields,)*
            #marker
        }
    }
}

pub(super) fn forward_and_backward(context: &Context<'_>) -> TokenStream {
    if !context.valid {
        return TokenStream::new();
    }
    let params = &context.params;
    let forward = forward(context);
    let backward = context.graph.loss().is_some().then(|| backward(context));
    quote! {
        impl<T: ::nn_core::Element> #params<T> {
            #forward
            #backward
        }
    }
}

fn forward(context: &Context<'_>) -> TokenStream {
    let (input, values) = (context.input(), &context.values);
    let layers = context.layers();
    let mut x = quote!(x);
    let mut calls = Vec::new();
    for (node, step) in &layers {
        let (layer, buffer) = (layer_value(node), &layers[step.buffer].0.label.ident);
        calls.push(match step.forward {
            Forward::Apart => quote!(#layer.forward(#x, values.#buffer.rows_mut(n));),
            Forward::WithRelu => quote!(#layer.forward_relu(#x, values.#buffer.rows_mut(n));),
            Forward::InPlace => quote!(#layer.forward_in_place(values.#buffer.rows_mut(n));),
            Forward::Done => TokenStream::new(),
        });
        x = quote!(values.#buffer.rows(n));
    }
    let any = |forward: Forward| layers.iter().any(|(_, step)| step.forward == forward);
    let traits = traits(any(Forward::Apart), any(Forward::InPlace));
    quote! {
        /// What each layer gives for the samples `x`.
        fn forward(&self, x: &[#input], values: &mut #values<T>) {
            #traits
            let n = x.len();
            #(#calls)*
        }
    }
}

fn backward(context: &Context<'_>) -> TokenStream {
    let (input, values) = (context.input(), &context.values);
    let layers = context.layers();
    let buffer = |index: usize| &layers[layers[index].1.buffer].0.label.ident;
    let needed = layers
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, (_, step))| step.backward != Backward::Nothing);
    let calls = needed.map(|(index, (node, step))| {
        let (layer, own) = (layer_value(node), buffer(index));
        if step.in_place() {
            return quote!(#layer.backward_in_place(values.#own.rows(n), d.#own.rows_mut(n)););
        }
        let before = index.checked_sub(1).map(buffer);
        let x = before.map_or_else(|| quote!(x), |before| quote!(values.#before.rows(n)));
        let dx = before.filter(|_| step.backward == Backward::Input);
        let dx = dx.map_or_else(
            || quote!(::core::option::Option::None),
            |before| quote!(::core::option::Option::Some(d.#before.rows_mut(n))),
        );
        let label = &node.label.ident;
        let gradient = if node.builtin.parameters.is_empty() {
            unit(node)
        } else {
            quote!(gradient.#label)
        };
        quote!(#layer.backward(#x, values.#own.rows(n), d.#own.rows(n), #dx, &mut #gradient);)
    });
    let any = |in_place: bool| {
        let mut steps = layers.iter().map(|(_, step)| step);
        steps.any(|step| step.backward != Backward::Nothing && step.in_place() == in_place)
    };
    let traits = traits(any(false), any(true));
    quote! {
        /// The gradient of the parameters, from the gradient of the scores; `d` holds the gradient of each value.
        fn backward(&self, x: &[#input], values: &#values<T>, d: &mut #values<T>, gradient: &mut Self) {
            #traits
            let n = x.len();
            #(#calls)*
        }
    }
}

/// The traits whose methods a function calls.
fn traits(layer: bool, in_place: bool) -> TokenStream {
    let in_place = in_place.then(|| {
        quote!(
            use ::nn_core::InPlace as _;
        )
    });
    let layer = layer.then(|| {
        quote!(
            use ::nn_core::Layer as _;
        )
    });
    quote!(#in_place #layer)
}
