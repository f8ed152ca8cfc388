//! The forward and the backward pass, written out layer by layer.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, array, doc, layer_value, unit};
use crate::graph::Node;
use crate::plan::Backward;

/// The struct of buffers: one for what each layer gives.
pub(super) fn values(context: &Context<'_>) -> TokenStream {
    let Context {
        name,
        values,
        visibility,
        graph,
        ..
    } = context;
    let fields = graph.layers().chain(graph.loss()).map(|node| {
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
    let mut x = quote!(x);
    let mut calls = Vec::new();
    for (node, _) in context.layers() {
        let (layer, label) = (layer_value(node, &quote!(self)), &node.label.ident);
        calls.push(quote!(#layer.forward(#x, values.#label.rows_mut(n));));
        x = quote!(values.#label.rows(n));
    }
    quote! {
        /// What each layer gives for the samples `x`.
        fn forward(&self, x: &[#input], values: &mut #values<T>) {
            use ::nn_core::Layer as _;
            let n = x.len();
            #(#calls)*
        }
    }
}

fn backward(context: &Context<'_>) -> TokenStream {
    let (input, values) = (context.input(), &context.values);
    let layers: Vec<(&Node, Backward)> = context.layers().collect();
    let before = |index: usize| {
        index
            .checked_sub(1)
            .map(|index| &layers[index].0.label.ident)
    };
    let calls = layers
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, (_, backward))| *backward != Backward::Nothing);
    let calls = calls.map(|(index, (node, backward))| {
        let (layer, label) = (layer_value(node, &quote!(self)), &node.label.ident);
        let x = before(index).map_or_else(|| quote!(x), |before| quote!(values.#before.rows(n)));
        let dx = before(index).filter(|_| *backward == Backward::Input);
        let dx = dx.map_or_else(
            || quote!(::core::option::Option::None),
            |before| quote!(::core::option::Option::Some(d.#before.rows_mut(n))),
        );
        let gradient = if node.builtin.parameters.is_empty() {
            unit(node)
        } else {
            quote!(gradient.#label)
        };
        quote!(#layer.backward(#x, values.#label.rows(n), d.#label.rows(n), #dx, &mut #gradient);)
    });
    quote! {
        /// The gradient of the parameters, from the gradient of the scores; `d` holds the gradient of each value.
        fn backward(&self, x: &[#input], values: &#values<T>, d: &mut #values<T>, gradient: &mut Self) {
            use ::nn_core::Layer as _;
            let n = x.len();
            #(#calls)*
        }
    }
}
