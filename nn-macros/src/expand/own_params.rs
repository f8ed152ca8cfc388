//! The parameters of a network with layers of the user's: only the compiler knows how many these have.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Context;
use crate::graph::Node;

pub(super) fn access(context: &Context<'_>) -> TokenStream {
    let params = &context.params;
    let layers: Vec<&Ident> = context
        .layers_with_own_parameters()
        .filter(|node| node.frozen.is_none())
        .map(|node| &node.label.ident)
        .collect();
    let keys = layers.iter().map(ToString::to_string);
    let names = names(context);
    quote! {
        impl<T: ::nn_core::Element> ::nn_core::Parameters<T> for #params<T> {
            fn count(&self) -> usize {
                0 #(+ ::nn_core::Parameters::<T>::count(&self.#layers))*
            }

            fn tensor(&self, index: usize) -> ::core::option::Option<::nn_core::Tensor<'_, T>> {
                ::nn_core::__private::tensor_of(&[#((#keys, &self.#layers)),*], index)
            }

            fn numbers_mut(&mut self, index: usize) -> ::core::option::Option<&mut [T]> {
                ::nn_core::__private::numbers_of([#(&mut self.#layers),*], index)
            }

            #names
        }
    }
}

/// The parameters under all their names, layer by layer: those that a layer of the user's has, and those that it shares with others.
fn names(context: &Context<'_>) -> TokenStream {
    let (mut named, mut named_mut) = (Vec::new(), Vec::new());
    for node in context.layers_with_parameters() {
        let label = &node.label.ident;
        if node.own.is_none() && !node.shared.is_empty() {
            let (tensors, numbers) = shared(context, node);
            named.extend(tensors);
            named_mut.extend(numbers);
            continue;
        }
        let key = label.to_string();
        let count = quote!(let count = ::nn_core::__private::names::<T>(&self.#label););
        named.push(quote! {
            #count
            if index < count {
                let tensor = ::nn_core::Parameters::<T>::named(&self.#label, index);
                return tensor.map(|tensor| tensor.under(#key));
            }
            let index = index - count;
        });
        named_mut.push(quote! {
            #count
            if index < count {
                return ::nn_core::Parameters::<T>::named_mut(&mut self.#label, index);
            }
            let index = index - count;
        });
    }
    quote! {
        fn named(&self, index: usize) -> ::core::option::Option<::nn_core::Tensor<'_, T>> {
            #(#named)*
            let _ = index;
            ::core::option::Option::None
        }

        fn named_mut(&mut self, index: usize) -> ::core::option::Option<&mut [T]> {
            #(#named_mut)*
            let _ = index;
            ::core::option::Option::None
        }
    }
}

/// Parameter by parameter, where some lie in other layers.
fn shared(context: &Context<'_>, node: &Node) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let parameters = node.builtin.parameters.iter().enumerate();
    let both = parameters.map(|(index, parameter)| {
        let key = format!("{}.{}", node.label.ident, parameter.symbol);
        let symbol = format_ident!("{}", parameter.symbol);
        let owner = &context.graph.nodes[node.storage(index).node].label.ident;
        let tensor = quote!(::nn_core::Tensor::new(#key, &self.#owner.#symbol));
        let tensor = match node.shared_parameter(index) {
            None => tensor,
            Some(shared) if shared.transposed => quote!(#tensor.transposed()),
            Some(_) => quote!(#tensor.shared()),
        };
        let one = |value: &TokenStream| {
            quote! {
                if index == 0 {
                    return ::core::option::Option::Some(#value);
                }
                let index = index - 1;
            }
        };
        (one(&tensor), one(&quote!(self.#owner.#symbol.flat_mut())))
    });
    both.unzip()
}
