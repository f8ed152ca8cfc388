//! Layers that compute otherwise while they learn: by the statistics of a batch, or by random numbers.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Context;
use super::bodies;
use super::steps::Writer;
use crate::builtin::{Buffers, Norm};
use crate::graph::{Graph, Node};
use crate::plan::{Call, Program};
use crate::size::Size;

/// The number of a layer among those that normalise by the batch.
fn number(graph: &Graph, layer: usize) -> Literal {
    let mut all = graph.batch_norms();
    let number = all.position(|(other, _)| other == layer);
    Literal::usize_unsuffixed(number.unwrap_or_default())
}

/// What a network with such layers has beside what others have: the barriers, the phases between them, and what follows a step.
pub(super) fn of_training(context: &Context<'_>, program: &Program) -> Option<TokenStream> {
    let graph = context.graph;
    if !graph.learns_otherwise() {
        return None;
    }
    let layers: Vec<&Node> = graph.layers().collect();
    let barrier = |layer: usize, sums: bool| {
        let (node, number) = (layers[layer], number(graph, layer));
        let label = node.name();
        let shape = node.read_shape();
        let sizes = shape.sizes();
        let (channels, plane) = (&sizes[0], Size::product(&sizes[1..]));
        quote! {
            ::nn_core::__private::Barrier {
                label: #label,
                layer: #number,
                channels: #channels,
                plane: #plane,
                sums: #sums,
            }
        }
    };
    let barriers = program.calls.iter().filter_map(|call| match *call {
        Call::Normalise { layer, .. } => Some(barrier(layer, false)),
        Call::SpreadGradients { layer, .. } => Some(barrier(layer, true)),
        _ => None,
    });
    let phases = bodies::phases(context, program);
    let phases = phases.iter().enumerate().map(|(number, phase)| {
        let number = Literal::usize_unsuffixed(number);
        quote!(#number => { #phase })
    });
    let (params, input, output) = (&context.params, context.input(), context.output());
    let (loss, _) = context.losses();
    let track = graph.batch_norms().map(|(layer, node)| {
        let (label, number) = (&node.label.ident, number(graph, layer));
        quote!(params.#label.track(&statistics[#number]);)
    });
    let track = graph.batch_norms().next().is_some().then(|| {
        quote! {
            fn track(params: &mut #params<T>, statistics: &[::nn_core::BatchStatistics]) {
                #(#track)*
            }
        }
    });
    let barriers: Vec<TokenStream> = barriers.collect();
    Some(quote! {
        const PHASES: ::core::option::Option<&'static [::nn_core::__private::Barrier]> =
            ::core::option::Option::Some(&[#(#barriers),*]);

        fn phase<Y>(
            params: &#params<T>,
            x: &[#input],
            targets: &[Y],
            memory: &mut [T],
            pass: &mut ::nn_core::__private::Pass<'_>,
            gradient: &mut #params<T>,
        ) -> f64
        where
            #loss: ::nn_core::Losses<#output, Y>,
        {
            match pass.phase() {
                #(#phases)*
                _ => 0.0,
            }
        }

        #track
    })
}

/// `fold`, where a layer normalises by the batch.
pub(super) fn fold(context: &Context<'_>) -> Option<TokenStream> {
    let graph = context.graph;
    let is_batch = |node: &&Node| node.norm() == Some(Norm::Batch);
    graph.layers().find(is_batch)?;
    let visibility = &context.visibility;
    let folds = graph.layers().filter(is_batch).filter_map(|node| {
        let before = foldable(graph, node)?;
        let (label, weights) = (&node.label.ident, &before.label.ident);
        let biases = if before
            .own_parameters()
            .any(|(_, parameter)| parameter.symbol == "b")
        {
            quote!(params.#weights.b.flat_mut())
        } else {
            quote!(&mut [])
        };
        let channels = &node.normalised().sizes()[0];
        let inner = match before.builtin.name {
            "Conv2d" => quote!(params.#weights.W.flat().len() / #channels),
            "ConvTranspose2d" => {
                let [_, _, rows, columns] = before.windows.as_ref()?.weights();
                quote!(#rows * #columns)
            }
            _ => quote!(1),
        };
        Some(quote! {
            let inner = #inner;
            params.#label.fold_into(params.#weights.W.flat_mut(), inner, #biases);
        })
    });
    let folds: Vec<TokenStream> = folds.collect();
    let mutable = (!folds.is_empty()).then(|| quote!(mut));
    Some(quote! {
        /// The same network for use alone: wherever `BatchNorm` stands behind a layer with weights, and nothing else reads what that
        /// gives, its running statistics, `gamma` and `beta` have become a part of the weights, and it takes no time any more. Scores are the
        /// same but for rounding.
        #[must_use]
        #visibility fn fold(&self) -> Self {
            let #mutable params = ::core::clone::Clone::clone(&self.params);
            #(#folds)*
            params.into()
        }
    })
}

/// The layer that such a layer can be folded into.
fn foldable<'a>(graph: &'a Graph, node: &Node) -> Option<&'a Node> {
    let value = node.read()?.id;
    let before = graph.giver(value)?;
    let is_product = before.builtin.buffers == Buffers::OutputIsFree;
    let is_alone = graph.readers(value).count() == 1 && !graph.is_output(value);
    let is_shared = !before.shared.is_empty()
        || graph.layers().any(|other| {
            let mut shared = other.shared.iter();
            shared.any(|shared| shared.storage.node == before.place)
        });
    // Groups of transposed convolutions have weights that do not lie by maps.
    let in_groups = before.builtin.name == "ConvTranspose2d"
        && (before.windows.as_ref()).is_none_or(|windows| windows.groups.value() != Some(1));
    let reshaped = graph.reshaped().contains(&value);
    (is_product && is_alone && !is_shared && !in_groups && !reshaped).then_some(before)
}

impl Writer<'_> {
    /// Whether a layer has methods for each phase.
    pub(super) fn has_phases(&self, layer: usize) -> bool {
        let buffers = self.layers[layer].builtin.buffers;
        matches!(buffers, Buffers::Batch | Buffers::Drops)
    }

    pub(super) fn drops(&self, layer: usize) -> bool {
        self.layers[layer].builtin.buffers == Buffers::Drops
    }

    /// A layer that normalises by the batch; by what it has kept, where nothing is learnt.
    pub(super) fn batch_norm(&self, call: &Call) -> TokenStream {
        let of = |layer: usize, x| {
            let (node, object) = self.layer(layer);
            (node, object, self.input(x, node), number(self.graph, layer))
        };
        match *call {
            Call::Measure { layer, x } if self.learns() => {
                let (_, object, x, _) = of(layer, x);
                quote!(#object.measure(#x, pass.found());)
            }
            Call::Normalise { layer, x, y } => {
                let (node, object, x, number) = of(layer, x);
                let y = self.samples_mut(y, &node.output());
                if self.learns() {
                    quote!(#object.normalise(#x, pass.statistics(#number), #y);)
                } else {
                    quote!(#object.forward(#x, #y);)
                }
            }
            Call::SumGradients { layer, x, dy } => {
                let (node, object, x, number) = of(layer, x);
                let (dy, label) = (self.samples(dy, &node.output()), &node.label.ident);
                quote!(#object.sum_gradients(#x, #dy, pass.statistics(#number), pass.found(), &mut gradient.#label);)
            }
            Call::SpreadGradients { layer, x, dy, dx } => {
                let (node, object, x, number) = of(layer, x);
                let dy = self.samples(dy, &node.output());
                let dx = self.samples_mut(dx, &node.read_shape());
                quote!(#object.spread_gradients(#x, #dy, pass.statistics(#number), #dx);)
            }
            _ => TokenStream::new(),
        }
    }

    /// A layer that leaves out numbers; where nothing is learnt it gives what it reads.
    pub(super) fn drop_out(&self, call: &Call) -> TokenStream {
        let of = |layer: usize| {
            let (node, object) = self.layer(layer);
            let number = Literal::usize_unsuffixed(layer);
            (node, object, quote!(pass.draw(#number)))
        };
        match *call {
            Call::Forward { layer, x, y, .. } => {
                let (node, object, draw) = of(layer);
                let (x, y) = (self.input(x, node), self.samples_mut(y, &node.output()));
                if self.learns() {
                    quote!(#object.drop_out(#x, #y, #draw);)
                } else {
                    quote!(#y.copy_from_slice(#x);)
                }
            }
            Call::ForwardInPlace { layer, y } if self.learns() => {
                let (node, object, draw) = of(layer);
                let y = self.samples_mut(y, &node.output());
                quote!(#object.drop_in_place(#y, #draw);)
            }
            Call::BackwardAside { layer, dy, dx, .. } => {
                let (node, object, draw) = of(layer);
                let dy = self.samples(dy, &node.output());
                let dx = self.samples_mut(dx, &node.read_shape());
                quote!(#object.drop_out(#dy, #dx, #draw);)
            }
            Call::BackwardInPlace { layer, d, .. } => {
                let (node, object, draw) = of(layer);
                let d = self.samples_mut(d, &node.output());
                quote!(#object.drop_in_place(#d, #draw);)
            }
            _ => TokenStream::new(),
        }
    }
}
