//! The network itself: its struct, and what every network can do.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;

use super::{
    Context, bodies, doc, numbers, one_or_tuple, open_sizes, phases, picture, sample, sizes, slots,
    summary,
};
use crate::graph::{MOST_PORTS, Port};
use crate::size::Size;

/// The table of more layers than this is more than clippy likes to see in one array.
const MANY_LAYERS: usize = 100;

pub(super) fn structure(context: &Context<'_>) -> TokenStream {
    let Context {
        name,
        params,
        keyword,
        visibility,
        attributes,
        graph,
        ..
    } = context;
    let table = summary::doc_table(context.graph);
    // Below the user's own words, an empty line.
    let documented = attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("doc"));
    let gap = documented.then_some("");
    let losses: Vec<String> = graph
        .losses()
        .map(|loss| format!("`{}`", loss.text()))
        .collect();
    let intro = if losses.is_empty() {
        "A network of these layers:".to_owned()
    } else {
        format!(
            "A network of these layers, trained by {}:",
            losses.join(" + ")
        )
    };
    let about = doc(gap
        .into_iter()
        .chain([intro.as_str(), ""])
        .chain(table.lines()));
    let picture = context.valid.then(|| picture::picture(context.graph));
    // Spanned so that the compiler shows the declaration's head when it speaks of the struct.
    let generics = quote_spanned!(name.span()=> <T: ::nn_core::Element = f32>);
    // The conditions come back on every item.
    let attributes = attributes
        .iter()
        .filter(|attribute| !attribute.path().is_ident("cfg"));
    quote! {
        #(#attributes)*
        #about
        #picture
        #visibility #keyword #name #generics {
            /// The parameters, by the labels of their layers.
            #visibility params: #params<T>,
            workspace: ::nn_core::__private::Workspace<#params<T>, T>,
        }
    }
}

pub(super) fn implementation(context: &Context<'_>) -> TokenStream {
    let Context {
        name,
        params,
        visibility,
        ..
    } = context;
    let (predict, network_trait) = (predict(context), network_trait(context));
    let sizes_fit = open_sizes::checks(context);
    let fold = context.valid.then(|| phases::fold(context));
    quote! {
        #[allow(dead_code, clippy::new_without_default)]
        impl #name<f32> {
            /// The sizes of a sample that the network reads.
            #visibility const INPUT: &'static [usize] = <Self as ::nn_core::Network>::INPUT;
            /// The sizes of a sample that the network gives.
            #visibility const OUTPUT: &'static [usize] = <Self as ::nn_core::Network>::OUTPUT;
            /// Names and sizes of the inputs.
            #visibility const INPUTS: &'static [::nn_core::Port] = <Self as ::nn_core::Network>::INPUTS;
            /// Names and sizes of the outputs.
            #visibility const OUTPUTS: &'static [::nn_core::Port] = <Self as ::nn_core::Network>::OUTPUTS;
            /// How many numbers all parameters hold.
            #visibility const PARAMETERS: usize = <Self as ::nn_core::Network>::PARAMETERS;
            /// How many multiply-adds the scores of one sample take: the products of matrices.
            #visibility const MACS: usize = <Self as ::nn_core::Network>::MACS;
            /// How much memory training needs for each sample of a batch, in bytes; without a loss, predicting.
            #visibility const WORKSPACE_BYTES_PER_SAMPLE: usize =
                <Self as ::nn_core::Network>::WORKSPACE_BYTES_PER_SAMPLE;
            /// The layers as a table: label, kind, shapes, parameters.
            #visibility const SUMMARY: &'static str = <Self as ::nn_core::Network>::SUMMARY;

            /// A network with initialised parameters, the same on every machine for a seed.
            #[must_use]
            #visibility fn seeded(seed: u64) -> Self {
                <Self as ::nn_core::Network>::seeded(seed)
            }

            /// A network with initialised parameters, other ones each time.
            #[must_use]
            #visibility fn new() -> Self {
                <Self as ::nn_core::Network>::new()
            }

            /// A network with the parameters of a file, `.safetensors` or `.npz`.
            ///
            /// # Errors
            /// If the file cannot be read, is damaged, or is not of this network.
            #visibility fn load(path: impl ::core::convert::AsRef<::std::path::Path>) -> ::nn_core::Result<Self> {
                <Self as ::nn_core::Network>::load(path)
            }

            /// The nodes and edges of the network, which can be drawn.
            #[must_use]
            #visibility fn graph() -> ::nn_core::Graph {
                <Self as ::nn_core::Network>::graph()
            }
        }

        #[allow(dead_code)]
        impl<T: ::nn_core::Element> #name<T> {
            #predict

            /// Writes the parameters to a file, `.safetensors` or `.npz`.
            ///
            /// # Errors
            /// If the file cannot be written, or its name ends otherwise.
            #visibility fn save(&self, path: impl ::core::convert::AsRef<::std::path::Path>) -> ::nn_core::Result<()> {
                ::nn_core::Network::save(self, path)
            }

            #fold
        }

        impl<T: ::nn_core::Element> ::core::convert::From<#params<T>> for #name<T> {
            fn from(params: #params<T>) -> Self {
                #sizes_fit
                Self { params, workspace: ::nn_core::__private::Workspace::default() }
            }
        }

        #network_trait
    }
}

/// What `predict` gives.
fn about_scores(context: &Context<'_>) -> String {
    let names: Vec<&str> = context
        .graph
        .outputs
        .iter()
        .map(|port| port.name.as_str())
        .collect();
    match (names.as_slice(), context.graph.has_loss()) {
        ([_], _) => "The scores of a batch, before the loss.".to_owned(),
        (names, true) => format!(
            "The scores of a batch, before the losses: `({})` for each sample.",
            names.join(", ")
        ),
        (names, false) => format!(
            "The outputs for a batch: `({})` for each sample.",
            names.join(", ")
        ),
    }
}

fn predict(context: &Context<'_>) -> TokenStream {
    let Context { visibility, .. } = context;
    let (batch, input, output) = (context.batch(), context.input(), context.output());
    if !context.valid {
        // What a network with mistakes reads may be unknown, so it takes anything.
        return quote! {
            #[doc(hidden)]
            #visibility fn predict<Batch>(&self, _: Batch) -> ::nn_core::Result<::std::vec::Vec<#output>> {
                ::core::unreachable!()
            }

            #[doc(hidden)]
            #visibility fn predict_into<Batch, Scores>(&self, _: Batch, _: Scores) -> ::nn_core::Result<()> {
                ::core::unreachable!()
            }

            #[doc(hidden)]
            #visibility fn predict_one<Sample>(&self, _: Sample) -> #output {
                ::core::unreachable!()
            }
        };
    }
    let about = doc([about_scores(context).as_str()]);
    quote! {
        #about
        ///
        /// # Errors
        /// If the batch is empty, or an array in it has another shape than the network reads.
        #visibility fn predict<'x>(&self, batch: impl #batch) -> ::nn_core::Result<::std::vec::Vec<#output>> {
            ::nn_core::Network::predict(self, batch)
        }

        /// Writes the scores of a batch over `scores`. After the first call nothing is allocated.
        ///
        /// # Errors
        /// As for [`Self::predict`], and unless there is room for exactly one score per sample.
        #visibility fn predict_into<'x>(
            &self,
            batch: impl #batch,
            scores: &mut [#output],
        ) -> ::nn_core::Result<()> {
            ::nn_core::Network::predict_into(self, batch, scores)
        }

        /// The scores of one sample. After the first call nothing is allocated.
        #[must_use]
        #visibility fn predict_one(&self, sample: &#input) -> #output {
            ::nn_core::Network::predict_one(self, sample)
        }
    }
}

/// Sizes as a slice: of several ports how many numbers they have together. And the ports as constants of type `Port`.
fn ports_of(ports: &[Port], givers: &[usize]) -> (TokenStream, TokenStream) {
    let all = match ports {
        [only] => sizes(&only.shape),
        several => {
            let products = several.iter().map(|port| numbers(&port.shape));
            let sum = Size::sum(&products.collect::<Vec<_>>());
            quote!(&[#sum])
        }
    };
    let ports = ports.iter().map(|Port { name, shape, value }| {
        let (value, sizes) = (Literal::usize_unsuffixed(givers[*value]), sizes(shape));
        quote!(::nn_core::Port { name: #name, shape: #sizes, value: #value })
    });
    (all, quote!(&[#(#ports),*]))
}

/// A batch of what the network gives, column by column.
fn columns(outputs: &[Port]) -> TokenStream {
    let columns = outputs.iter().take(MOST_PORTS).map(|port| {
        let sample = sample(&port.shape);
        quote!(&'m [#sample])
    });
    one_or_tuple(&columns.collect::<Vec<_>>())
}

/// Fresh networks; where layers draw random numbers, each from a seed of its own.
fn new(context: &Context<'_>) -> TokenStream {
    let params = &context.params;
    if !context.graph.draws() {
        return quote! {
            fn seeded(seed: u64) -> Self {
                #params::init(&mut ::nn_core::Rng::seeded(seed)).into()
            }

            fn new() -> Self {
                #params::init(&mut ::nn_core::Rng::from_os()).into()
            }
        };
    }
    quote! {
        fn seeded(seed: u64) -> Self {
            Self {
                params: #params::init(&mut ::nn_core::Rng::seeded(seed)),
                workspace: ::nn_core::__private::Workspace::drawing(seed),
            }
        }

        fn new() -> Self {
            Self {
                params: #params::init(&mut ::nn_core::Rng::from_os()),
                workspace: ::nn_core::__private::Workspace::drawing_from_os(),
            }
        }
    }
}

fn network_trait(context: &Context<'_>) -> TokenStream {
    let Context {
        name,
        params,
        graph,
        plan,
        ..
    } = context;
    let (input, output) = (context.input(), context.output());
    let givers = graph.givers();
    let [(input_sizes, inputs), (output_sizes, outputs)] =
        [&graph.inputs, &graph.outputs].map(|ports| ports_of(ports, &givers));
    let columns = columns(&graph.outputs);
    // Sizes with mistakes may overflow.
    let rows = if context.valid {
        summary::rows(graph, &givers)
    } else {
        Vec::new()
    };
    let capacity = Literal::usize_unsuffixed(summary::capacity(graph));
    let (slots, forward) = if context.valid {
        (
            slots::sizes(context, &plan.prediction, true),
            bodies::prediction(context),
        )
    } else {
        (quote!(&[]), context.body(quote!()))
    };
    let workspace_sizes = if graph.has_loss() && context.valid {
        quote!(<Self as ::nn_core::Trainable>::TRAINING)
    } else {
        quote!(Self::PREDICTION)
    };
    let draws = (graph.draws()).then(|| {
        quote!(
            const DRAWS: bool = true;
        )
    });
    // A constant, which no stack ever holds.
    let long = graph.nodes.len() > MANY_LAYERS;
    let long = long.then(|| quote!(#[allow(clippy::large_stack_arrays)]));
    let title = name.unraw().to_string();
    let new = new(context);
    let unused = (!context.valid).then(|| quote!(#[allow(unused_variables)]));
    quote! {
        impl<T: ::nn_core::Element> ::nn_core::Network for #name<T> {
            type Element = T;
            type Input = #input;
            type Output = #output;
            type Params = #params<T>;

            const NAME: &'static str = #title;
            const INPUT: &'static [usize] = #input_sizes;
            const OUTPUT: &'static [usize] = #output_sizes;
            const INPUTS: &'static [::nn_core::Port] = #inputs;
            const OUTPUTS: &'static [::nn_core::Port] = #outputs;
            #draws
            const PARAMETERS: usize = ::nn_core::__private::parameters(Self::LAYERS);
            const MACS: usize = ::nn_core::__private::macs(Self::LAYERS);
            const WORKSPACE_BYTES_PER_SAMPLE: usize =
                ::nn_core::__private::bytes_per_sample::<T>(#workspace_sizes);
            const PREDICTION: &'static [usize] = #slots;
            #long
            const LAYERS: &'static [::nn_core::LayerSummary] = &[#(#rows),*];
            const SUMMARY: &'static str =
                const { &::nn_core::__private::Text::<#capacity>::table(Self::LAYERS) }.as_str();

            #new

            fn params(&self) -> &#params<T> {
                &self.params
            }

            fn params_mut(&mut self) -> &mut #params<T> {
                &mut self.params
            }

            fn workspace(&self) -> &::nn_core::__private::Workspace<#params<T>, T> {
                &self.workspace
            }

            #unused
            fn forward<'m>(params: &#params<T>, x: &[#input], memory: &'m mut [T]) -> #columns {
                #forward
            }
        }
    }
}
