//! The forward and the backward pass, written out call by call.

use std::collections::HashSet;

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::Context;
use super::operands::{option, own_shape};
use super::values::{Values, slot_name};
use crate::builtin::Buffers;
use crate::graph::{Graph, Node, Shape};
use crate::plan::{Call, Program, Value};

/// What is written calls for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Half of a step: up to the loss, or the gradient of the parameters.
    Step,
    /// No backward pass follows.
    Predicts,
    /// The backward pass moves the parameters, instead of computing their gradient.
    Descends,
    /// A phase of a step, in which layers compute otherwise.
    Learns,
}

/// Writes the calls of a program, or some of them, as the body of a function.
pub(super) struct Writer<'a> {
    pub(super) graph: &'a Graph,
    pub(super) layers: Vec<&'a Node>,
    pub(super) program: &'a Program,
    /// The part of the program that is written.
    pub(super) calls: &'a [Call],
    pub(super) values: Values<'a>,
    pub(super) purpose: Purpose,
    /// Whether the caller's dx is a slice of samples, or `None`, and just handed on.
    pub(super) dx_is_optional: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn predicts(&self) -> bool {
        self.purpose == Purpose::Predicts
    }

    pub(super) fn descends(&self) -> bool {
        self.purpose == Purpose::Descends
    }

    pub(super) fn learns(&self) -> bool {
        self.purpose == Purpose::Learns
    }

    pub(super) fn new(context: &Context<'a>, program: &'a Program, calls: &'a [Call]) -> Self {
        Self {
            graph: context.graph,
            layers: context.graph.layers().collect(),
            program,
            calls,
            values: Values::new(program, calls, !context.compares_sizes),
            purpose: Purpose::Step,
            dx_is_optional: false,
        }
    }

    pub(super) fn with(self, purpose: Purpose) -> Self {
        Self { purpose, ..self }
    }

    pub(super) fn dx_is_optional(self, dx_is_optional: bool) -> Self {
        Self {
            dx_is_optional,
            ..self
        }
    }

    /// The body of a function that works in slots of these sizes, and gives values in the end.
    pub(super) fn body(&self, sizes: &TokenStream, results: &[Value]) -> TokenStream {
        self.body_with(sizes, &quote!(), results, |_| TokenStream::new())
    }

    /// The same, with what each call has written shown behind it.
    pub(super) fn watched(&self, sizes: &TokenStream, uses: &TokenStream) -> TokenStream {
        self.body_with(sizes, uses, &[], |call| self.watch(call))
    }

    fn body_with(
        &self,
        sizes: &TokenStream,
        uses: &TokenStream,
        results: &[Value],
        behind: impl Fn(&Call) -> TokenStream,
    ) -> TokenStream {
        let traits = self.traits();
        let mut written = TokenStream::new();
        for call in self.calls {
            let made = self.call(call);
            written.extend(self.values.definitions());
            written.extend(made);
            written.extend(behind(call));
        }
        if !results.is_empty() {
            let result = self.columns(results);
            written.extend(self.values.definitions());
            written.extend(result);
        }
        let mut used = HashSet::new();
        names(written.clone(), &mut used);
        let functions = ["column", "samples", "samples_mut", "slots"]
            .into_iter()
            .filter(|name| *name == "slots" || used.contains(*name))
            .map(|name| format_ident!("{name}"));
        let options = ["None", "Some"]
            .into_iter()
            .filter(|name| used.contains(*name))
            .map(|name| format_ident!("{name}"));
        let options: Vec<Ident> = options.collect();
        let options =
            (!options.is_empty()).then(|| quote!(use ::core::option::Option::{#(#options),*};));
        let slots = (0..self.program.slots.len()).map(|slot| {
            let slot = slot_name(slot);
            if used.contains(&slot.to_string()) {
                quote!(#slot)
            } else {
                quote!(_)
            }
        });
        quote! {
            #options
            use ::nn_core::__private::{#(#functions),*};
            #traits
            #uses
            let n = x.len();
            let [#(#slots),*] = slots(memory, n, Self::#sizes);
            #written
        }
    }

    /// The traits whose methods are called.
    fn traits(&self) -> TokenStream {
        let name = |call: &Call| match *call {
            Call::ForwardInPlace { layer, .. }
            | Call::BackwardInPlace { layer, .. }
            | Call::Forward { layer, .. }
            | Call::BackwardAside { layer, .. }
                if self.has_phases(layer) =>
            {
                None
            }
            Call::BackwardInPlace { layer, .. } if self.reads_input(layer) => Some("KeepsInput"),
            Call::ForwardInPlace { .. } | Call::BackwardInPlace { .. } => Some("InPlace"),
            Call::Loss { .. } | Call::LossGradient { .. } => Some("Losses"),
            Call::Forward { layer, relu, .. } => {
                let borrows = !self.layers[layer].shared.is_empty();
                (!relu && !borrows && self.is_layer(layer)).then_some("Layer")
            }
            Call::Backward { layer, relu, .. } => {
                (!relu && !self.descends() && self.is_layer(layer)).then_some("Layer")
            }
            Call::BackwardAside { layer, .. } => self.is_layer(layer).then_some("Layer"),
            Call::Own { .. }
            | Call::OwnBackward { .. }
            | Call::BackwardShared { .. }
            | Call::Input { .. }
            | Call::BackwardInput { .. }
            | Call::BackwardInputOf { .. }
            | Call::Measure { .. }
            | Call::Normalise { .. }
            | Call::SumGradients { .. }
            | Call::SpreadGradients { .. }
            | Call::Merge { .. }
            | Call::Add { .. }
            | Call::Unmerge { .. }
            | Call::Sum { .. } => None,
        };
        let used = |of: &&str| self.calls.iter().any(|call| name(call) == Some(of));
        let names = ["InPlace", "KeepsInput", "Layer", "Losses"]
            .into_iter()
            .filter(used);
        let names = names.map(|name| format_ident!("{name}"));
        quote!(#(use ::nn_core::#names as _;)*)
    }

    /// Whether the backward pass of a layer without parameters looks at what it read.
    fn reads_input(&self, layer: usize) -> bool {
        self.layers[layer].builtin.buffers == Buffers::ReadsInput
    }

    fn is_layer(&self, layer: usize) -> bool {
        !self.layers[layer].has_own_methods()
    }

    fn call(&self, call: &Call) -> TokenStream {
        match *call {
            Call::Measure { .. }
            | Call::Normalise { .. }
            | Call::SumGradients { .. }
            | Call::SpreadGradients { .. } => self.batch_norm(call),
            Call::Forward { layer, .. }
            | Call::ForwardInPlace { layer, .. }
            | Call::BackwardInPlace { layer, .. }
            | Call::BackwardAside { layer, .. }
                if self.drops(layer) =>
            {
                self.drop_out(call)
            }
            Call::Input { part, y } => {
                let (part, y) = (
                    Literal::usize_unsuffixed(part),
                    self.samples_mut(y, &Shape::Unknown),
                );
                quote!(column(x, |sample| &sample.#part, #y);)
            }
            Call::Forward { layer, x, y, relu } => {
                let (node, object) = self.layer(layer);
                let (x, y) = (self.input(x, node), self.own_mut(y, node));
                let forward = format_ident!("{}", if relu { "forward_relu" } else { "forward" });
                quote!(#object.#forward(#x, #y);)
            }
            Call::Own {
                layer,
                x,
                y,
                memory,
            } => self.own(layer, x, y, memory),
            Call::OwnBackward {
                layer,
                x,
                y,
                dy,
                dx,
                memory,
            } => self.own_backward(layer, (x, y), (dy, dx), memory),
            Call::ForwardInPlace { layer, y } => {
                let (node, object) = self.layer(layer);
                let y = self.own_mut(y, node);
                quote!(#object.forward_in_place(#y);)
            }
            Call::Merge { layer, ref x, y } => self.merge(layer, x, y),
            Call::Add { sum, part, .. } => {
                let (sum, part) = match part {
                    Some(part) => (self.typed_mut(sum), self.samples(part, &Shape::Unknown)),
                    None => (self.samples_mut(sum, &Shape::Unknown), quote!(x)),
                };
                quote!(::nn_core::Add.forward_in_place(#sum, #part);)
            }
            Call::Sum { ref parts, sum } => {
                let parts = parts
                    .iter()
                    .map(|&part| self.samples(part, &Shape::Unknown));
                let sum = self.typed_mut(sum);
                quote!(::nn_core::Add.forward([#(#parts),*], #sum);)
            }
            Call::Loss { .. } | Call::LossGradient { .. } => self.loss(call),
            Call::Backward { .. }
            | Call::BackwardShared { .. }
            | Call::BackwardInput { .. }
            | Call::BackwardInputOf { .. } => self.backward(call),
            Call::BackwardAside { layer, y, dy, dx } => self.backward_aside(layer, y, dy, dx),
            Call::BackwardInPlace { layer, y, d } => {
                let (node, object) = self.layer(layer);
                let y = match y {
                    Some(y) => self.samples(y, &own_shape(node)),
                    None if self.reads_input(layer) => quote!(x),
                    None => quote!(&[]),
                };
                let d = self.own_mut(d, node);
                quote!(#object.backward_in_place(#y, #d);)
            }
            Call::Unmerge {
                layer,
                place,
                ref x,
                dy,
                dx,
            } => self.unmerge(layer, place, x, dy, dx),
        }
    }

    /// The loss, or its gradient.
    fn loss(&self, call: &Call) -> TokenStream {
        match call {
            Call::Loss { scores, saved } => {
                let (scores, saved) = (self.columns(scores), self.columns_mut(saved));
                if self.learns() {
                    quote!(let loss = Self::LOSS.mean(#scores, targets, pass.shares(), #saved);)
                } else {
                    quote!(Self::LOSS.mean(#scores, targets, shares, #saved))
                }
            }
            Call::LossGradient { saved, d } => {
                let (saved, d) = (self.columns(saved), self.columns_mut(d));
                let shares = match self.purpose {
                    Purpose::Descends => quote!(&::nn_core::Shares::WHOLE),
                    Purpose::Learns => quote!(pass.shares()),
                    Purpose::Step | Purpose::Predicts => quote!(shares),
                };
                quote!(Self::LOSS.gradient(#saved, targets, #shares, #d);)
            }
            _ => TokenStream::new(),
        }
    }

    /// A layer without parameters; it looks at what it read, at what it gave, or at neither.
    fn backward_aside(
        &self,
        layer: usize,
        looks_at: Option<Value>,
        dy: Value,
        dx: Value,
    ) -> TokenStream {
        let (node, object) = self.layer(layer);
        let shapes = (node.read_shape(), node.output());
        let (mut x, mut y) = (quote!(&[]), quote!(&[]));
        if self.reads_input(layer) {
            x = looks_at.map_or_else(|| quote!(x), |x| self.samples(x, &shapes.0));
        } else if let Some(value) = looks_at {
            y = self.samples(value, &shapes.1);
        }
        let (dy, dx) = (self.samples(dy, &shapes.1), self.samples_mut(dx, &shapes.0));
        if node.has_own_methods() {
            return quote!(#object.backward(#dy, #dx););
        }
        let dx = option(Some(dx));
        quote!(#object.backward(#x, #y, #dy, #dx, &mut #object);)
    }
}

/// Every name in these tokens.
fn names(tokens: TokenStream, found: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => names(group.stream(), found),
            TokenTree::Ident(ident) => {
                found.insert(ident.to_string());
            }
            _ => {}
        }
    }
}
