//! The struct of parameters, which is the type of the gradient too.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

use super::{Context, doc, layer_type, own_params};
use crate::builtin::Buffers;
use crate::graph::{Graph, Init, Node};
use crate::size::shape_text;

pub(super) fn structure(context: &Context<'_>) -> TokenStream {
    let Context {
        name,
        params,
        visibility,
        ..
    } = context;
    let about =
        doc([
            format!("The parameters of [`{name}`], by layer; a gradient has the same type.")
                .as_str(),
        ]);
    let fields = context.layers_with_own_parameters().map(|node| {
        let (label, layer) = (&node.label.ident, layer_type(node, &quote!(T)));
        let shapes = node.own_parameters().map(|(_, parameter)| {
            format!(
                "`{}` \\[{}\\]",
                parameter.symbol,
                shape_text(&node.parameter_sizes(parameter)).replace(" × ", ", ")
            )
        });
        let frozen = if node.is_frozen() { ", frozen" } else { "" };
        let shapes = shapes.collect::<Vec<_>>().join(", ");
        let about = match &node.own {
            None if !shapes.is_empty() => format!("`{}`{frozen}: {shapes}.", node.text()),
            _ => format!("`{}`{frozen}.", node.text()),
        };
        let about = doc([about.as_str()]);
        quote!(#about #visibility #label: #layer)
    });
    // A network without parameters still says which numbers it computes with.
    let marker = context.layers_with_own_parameters().next().is_none();
    let marker = marker.then(|| quote!(element: ::core::marker::PhantomData<T>));
    let access = access(context);
    let lookup = lookup(context);
    quote! {
        #about
        #[allow(non_snake_case)]
        #[derive(Clone, Debug, Default, PartialEq)]
        #visibility struct #params<T: ::nn_core::Element = f32> {
            #(#fields,)*
            #marker
        }

        #access

        #lookup
    }
}

/// The parameters that are trained as numbered tensors; where layers share some, are frozen or keep state, also everything by its name.
fn access(context: &Context<'_>) -> TokenStream {
    let (params, graph) = (&context.params, context.graph);
    if graph.own_layers().next().is_some() {
        return own_params::access(context);
    }
    let (mut tensors, mut numbers) = (Vec::new(), Vec::new());
    let (mut named, mut named_mut) = (Vec::new(), Vec::new());
    let state = |node: &Node, symbol: &str| {
        let (label, key) = (&node.label.ident, format!("{}.{symbol}", node.label.ident));
        let symbol = format_ident!("{symbol}");
        let tensor = quote!(::nn_core::Tensor::new(#key, &self.#label.#symbol).state());
        (tensor, quote!(self.#label.#symbol.flat_mut()))
    };
    for node in context.layers_with_parameters() {
        let label = &node.label.ident;
        for (index, parameter) in node.parameters() {
            let (key, symbol) = (
                format!("{label}.{}", parameter.symbol),
                format_ident!("{}", parameter.symbol),
            );
            let owner = &graph.nodes[node.storage(index).node].label.ident;
            let tensor = quote!(::nn_core::Tensor::new(#key, &self.#owner.#symbol));
            let flat = quote!(self.#owner.#symbol.flat_mut());
            let shared = node.shared_parameter(index);
            named.push(match shared {
                None => tensor.clone(),
                Some(shared) if shared.transposed => quote!(#tensor.transposed()),
                Some(_) => quote!(#tensor.shared()),
            });
            named_mut.push(flat.clone());
            if shared.is_none() && node.frozen.is_none() {
                tensors.push(tensor);
                numbers.push(flat);
            }
        }
        for (tensor, flat) in node.state().iter().map(|symbol| state(node, symbol)) {
            named.push(tensor);
            named_mut.push(flat);
        }
    }
    let count = proc_macro2::Literal::usize_unsuffixed(tensors.len());
    let (tensors, numbers) = (by_index(&tensors), by_index(&numbers));
    let keeps_state = graph.layers().any(|node| !node.state().is_empty());
    let names = (graph.shares() || graph.freezes() || keeps_state).then(|| {
        let (named, named_mut) = (by_index(&named), by_index(&named_mut));
        quote! {
            fn named(&self, index: usize) -> ::core::option::Option<::nn_core::Tensor<'_, T>> {
                #named
            }

            fn named_mut(&mut self, index: usize) -> ::core::option::Option<&mut [T]> {
                #named_mut
            }
        }
    });
    quote! {
        impl<T: ::nn_core::Element> ::nn_core::Parameters<T> for #params<T> {
            fn count(&self) -> usize {
                #count
            }

            fn tensor(&self, index: usize) -> ::core::option::Option<::nn_core::Tensor<'_, T>> {
                #tensors
            }

            fn numbers_mut(&mut self, index: usize) -> ::core::option::Option<&mut [T]> {
                #numbers
            }

            #names
        }
    }
}

/// One of these, if there are so many.
fn by_index(values: &[TokenStream]) -> TokenStream {
    if values.is_empty() {
        return quote! {
            let _ = index;
            ::core::option::Option::None
        };
    }
    let arms = values.iter().enumerate().map(|(index, value)| {
        let index = proc_macro2::Literal::usize_unsuffixed(index);
        quote!(#index => #value)
    });
    quote! {
        ::core::option::Option::Some(match index {
            #(#arms,)*
            _ => return ::core::option::Option::None,
        })
    }
}

/// Look-up by key, there without any trait in scope, and initial values.
fn lookup(context: &Context<'_>) -> TokenStream {
    let Context {
        params,
        visibility,
        graph,
        ..
    } = context;
    let own = |node: &Node| node.own_parameters().map(|(_, parameter)| parameter).next();
    let is_random = |node: &Node| {
        let mut own = node.own_parameters();
        starts_by_itself(node) || own.any(|(_, parameter)| parameter.is_random())
    };
    let initial = context.layers_with_own_parameters().map(|node| {
        let (label, init) = (&node.label.ident, initial_values(graph, node));
        if starts_by_itself(node) {
            return quote!(#label: ::nn_core::Initial::<T>::initial(rng));
        }
        let name = match own(node) {
            Some(parameter) if !node.shared.is_empty() => parameter.alone,
            _ => node.builtin.name,
        };
        let name = format_ident!("{name}");
        if node.norm().is_some() {
            quote!(#label: ::nn_core::#name::new())
        } else if is_random(node) {
            quote!(#label: ::nn_core::#name::init(#init, rng))
        } else {
            quote!(#label: ::nn_core::#name::zeros())
        }
    });
    let unused =
        (!context.layers_with_own_parameters().any(is_random)).then(|| quote!(let _ = rng;));
    let marker = context.layers_with_own_parameters().next().is_none();
    let marker = marker.then(|| quote!(element: ::core::marker::PhantomData));
    let options: Vec<TokenStream> = graph.own_layers().flat_map(|(node, own)| {
        let label = &node.label.ident;
        own.options.iter().map(move |(field, start)| {
            quote_spanned!(field.span()=> ::nn_core::__private::Set::set(&mut params.#label.#field, #start, rng);)
        })
    }).collect();
    let settings = context.layers_with_own_parameters().flat_map(settings);
    let options: Vec<TokenStream> = options.into_iter().chain(settings).collect();
    let initial = if options.is_empty() {
        quote!(Self { #(#initial,)* #marker })
    } else {
        quote!(let mut params = Self { #(#initial,)* }; #(#options)* params)
    };
    let state = graph.layers().any(|node| !node.state().is_empty());
    let state = state.then(|| {
        quote! {
            /// Key and view of what layers keep that is no parameter, in the order of declaration.
            #visibility fn state(
                &self,
            ) -> impl ::core::iter::Iterator<Item = (&'static str, ::nn_core::ArrayViewD<'_, T>)> {
                ::nn_core::__private::state(self)
            }
        }
    });
    quote! {
        #[allow(dead_code)]
        impl<T: ::nn_core::Element> #params<T> {
            /// Initial values.
            fn init(rng: &mut ::nn_core::Rng) -> Self {
                #unused
                #initial
            }

            /// The parameter with this key, such as `affine1.W`, or `W1` for short; `None` for a key that is not there.
            #[must_use]
            #visibility fn get(&self, key: &str) -> ::core::option::Option<::nn_core::ArrayViewD<'_, T>> {
                ::nn_core::__private::get(self, key)
            }

            /// The parameter with this key, to be changed; `None` for a key that is not there.
            #visibility fn get_mut(&mut self, key: &str) -> ::core::option::Option<::nn_core::ArrayViewMutD<'_, T>> {
                ::nn_core::__private::get_mut(self, key)
            }

            /// Key and view of every parameter, in the order of declaration.
            #visibility fn iter(
                &self,
            ) -> impl ::core::iter::Iterator<Item = (&'static str, ::nn_core::ArrayViewD<'_, T>)> {
                ::nn_core::__private::iter(self)
            }

            #state
        }
    }
}

/// Whether the type of a layer says how its parameters start.
fn starts_by_itself(node: &Node) -> bool {
    node.builtin.buffers == Buffers::Own
}

/// The parameters of a built-in layer that were given another start.
fn settings(node: &Node) -> impl Iterator<Item = TokenStream> {
    let label = &node.label.ident;
    node.own_parameters().filter_map(move |(_, parameter)| {
        let mut settings = node.settings.iter();
        let chosen = settings.find(|chosen| chosen.setting.name == parameter.symbol)?;
        let (symbol, start) = (format_ident!("{}", parameter.symbol), &chosen.tokens);
        Some(
            quote!(::nn_core::__private::Set::<f64>::set(&mut params.#label.#symbol, #start, rng);),
        )
    })
}

fn initial_values(graph: &Graph, node: &Node) -> TokenStream {
    let relu_follows = || graph.readers(node.gives.id).any(Node::is_relu);
    match &node.init {
        Init::Chosen(variant, number) => {
            let number = number.iter();
            quote!(::nn_core::Init::#variant #((#number))*)
        }
        Init::Orthogonal if relu_follows() => {
            quote!(::nn_core::Init::Orthogonal(::core::f64::consts::SQRT_2))
        }
        Init::Orthogonal => quote!(::nn_core::Init::Orthogonal(1f64)),
        Init::Default if relu_follows() => quote!(::nn_core::Init::He),
        Init::Default => quote!(::nn_core::Init::Xavier),
    }
}
