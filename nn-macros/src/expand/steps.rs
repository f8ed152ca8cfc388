//! The forward and the backward pass, written out call by call.

use std::collections::HashSet;

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::values::{Values, slot_name};
use super::{Context, one_or_tuple, sharing, unit};
use crate::graph::{Graph, Node};
use crate::plan::{Call, Program, Value};
use crate::size::{Size, product};

/// Writes the calls of a program, or some of them, as the body of a function.
pub(super) struct Writer<'a> {
    pub(super) graph: &'a Graph,
    pub(super) layers: Vec<&'a Node>,
    program: &'a Program,
    /// The part of the program that is written.
    calls: &'a [Call],
    values: Values<'a>,
    /// Whether the backward pass moves the parameters, instead of computing their gradient.
    pub(super) descends: bool,
}

/// The scores of a batch.
pub(super) fn prediction(context: &Context<'_>) -> TokenStream {
    let program = &context.plan.prediction;
    let writer = Writer::new(context, program, &program.calls);
    writer.body(&quote!(PREDICTION), &program.scores)
}

/// The first half of a step: everything up to the loss.
pub(super) fn loss(context: &Context<'_>, program: &Program) -> TokenStream {
    let (forward, _) = halves(program);
    Writer::new(context, program, forward).body(&quote!(TRAINING), &[])
}

/// The second half: everything from the gradient of the loss on.
pub(super) fn backward(context: &Context<'_>, program: &Program) -> TokenStream {
    let (_, backward) = halves(program);
    Writer::new(context, program, backward).body(&quote!(TRAINING), &[])
}

/// The second half of a step that moves the parameters at once.
pub(super) fn descend(context: &Context<'_>, program: &Program) -> TokenStream {
    let (_, backward) = halves(program);
    let writer = Writer {
        descends: true,
        ..Writer::new(context, program, backward)
    };
    writer.body(&quote!(TRAINING), &[])
}

/// The calls up to the loss, and those behind it.
fn halves(program: &Program) -> (&[Call], &[Call]) {
    let is_loss = |call: &Call| matches!(call, Call::Loss { .. });
    let loss = program.calls.iter().position(is_loss);
    program.calls.split_at(loss.map_or(0, |loss| loss + 1))
}

/// The sizes of a program's slots.
pub(super) fn sizes(program: &Program) -> TokenStream {
    let sizes = program.slots.iter().map(|values| {
        let (mut number, mut constants) = (0, Vec::<&[Size]>::new());
        for &value in values {
            let sizes = program.values[value].as_slice();
            match product(sizes) {
                Some(product) => number = product.max(number),
                None => constants.push(sizes),
            }
        }
        slot_size(number, &constants)
    });
    quote!(&[#(#sizes),*])
}

/// The largest of a number and of products that only the compiler can work out.
fn slot_size(number: usize, constants: &[&[Size]]) -> TokenStream {
    let mut candidates: Vec<TokenStream> = Vec::new();
    if number > 0 {
        let number = Size::of(number);
        candidates.push(quote!(#number));
    }
    for sizes in constants {
        let product = Size::product(sizes);
        let product = quote!(#product);
        if candidates
            .iter()
            .all(|other| other.to_string() != product.to_string())
        {
            candidates.push(product);
        }
    }
    match candidates.as_slice() {
        [one] => one.clone(),
        several => quote!(::nn_core::__private::largest(&[#(#several),*])),
    }
}

impl<'a> Writer<'a> {
    fn new(context: &Context<'a>, program: &'a Program, calls: &'a [Call]) -> Self {
        Self {
            graph: context.graph,
            layers: context.graph.layers().collect(),
            program,
            calls,
            values: Values::new(program, calls, !context.compares_sizes),
            descends: false,
        }
    }

    /// The body of a function that works in slots of these sizes, and gives values in the end.
    fn body(&self, sizes: &TokenStream, results: &[Value]) -> TokenStream {
        let traits = self.traits();
        let mut written = TokenStream::new();
        for call in self.calls {
            let call = self.call(call);
            written.extend(self.values.definitions());
            written.extend(call);
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
            let n = x.len();
            let [#(#slots),*] = slots(memory, n, Self::#sizes);
            #written
        }
    }

    /// The traits whose methods are called.
    fn traits(&self) -> TokenStream {
        let name = |call: &Call| match *call {
            Call::ForwardInPlace { .. } | Call::BackwardInPlace { .. } => Some("InPlace"),
            Call::Loss { .. } | Call::LossGradient { .. } => Some("Losses"),
            Call::Forward { layer, relu, .. } => {
                let borrows = !self.layers[layer].shared.is_empty();
                (!relu && !borrows).then_some("Layer")
            }
            Call::Backward { relu, .. } => (!relu && !self.descends).then_some("Layer"),
            Call::BackwardAside { .. } => Some("Layer"),
            Call::BackwardShared { .. }
            | Call::Input { .. }
            | Call::BackwardInput { .. }
            | Call::Merge { .. }
            | Call::Add { .. }
            | Call::Unmerge { .. }
            | Call::Sum { .. } => None,
        };
        let used = |of: &&str| self.calls.iter().any(|call| name(call) == Some(of));
        let names = ["InPlace", "Layer", "Losses"].into_iter().filter(used);
        let names = names.map(|name| format_ident!("{name}"));
        quote!(#(use ::nn_core::#names as _;)*)
    }

    fn call(&self, call: &Call) -> TokenStream {
        match *call {
            Call::Input { part, y } => {
                let (part, y) = (Literal::usize_unsuffixed(part), self.samples_mut(y, &[]));
                quote!(column(x, |sample| &sample.#part, #y);)
            }
            Call::Forward { layer, x, y, relu } => {
                let (node, object) = self.layer(layer);
                let (x, y) = (self.input(x, node), self.own_mut(y, node));
                let forward = format_ident!("{}", if relu { "forward_relu" } else { "forward" });
                quote!(#object.#forward(#x, #y);)
            }
            Call::ForwardInPlace { layer, y } => {
                let (node, object) = self.layer(layer);
                let y = self.own_mut(y, node);
                quote!(#object.forward_in_place(#y);)
            }
            Call::Merge { layer, ref x, y } => self.merge(layer, x, y),
            Call::Add { sum, part } => {
                let (sum, part) = match part {
                    Some(part) => (self.typed_mut(sum), self.samples(part, &[])),
                    None => (self.samples_mut(sum, &[]), quote!(x)),
                };
                quote!(::nn_core::Add.forward_in_place(#sum, #part);)
            }
            Call::Sum { ref parts, sum } => {
                let parts = parts.iter().map(|&part| self.samples(part, &[]));
                let sum = self.typed_mut(sum);
                quote!(::nn_core::Add.forward([#(#parts),*], #sum);)
            }
            Call::Loss {
                ref scores,
                ref saved,
            } => {
                let (scores, saved) = (self.columns(scores), self.columns_mut(saved));
                quote!(Self::LOSS.mean(#scores, targets, #saved))
            }
            Call::LossGradient { ref saved, ref d } => {
                let (saved, d) = (self.columns(saved), self.columns_mut(d));
                let share = if self.descends {
                    quote!(T::one())
                } else {
                    quote!(share)
                };
                quote!(Self::LOSS.gradient(#saved, targets, #share, #d);)
            }
            Call::Backward { .. } | Call::BackwardShared { .. } | Call::BackwardInput { .. } => {
                self.backward(call)
            }
            Call::BackwardAside { layer, y, dy, dx } => {
                let (_, object) = self.layer(layer);
                let y = y.map_or_else(|| quote!(&[]), |y| self.typed(Some(y)));
                let (dy, dx) = (self.typed(Some(dy)), option(Some(self.typed_mut(dx))));
                quote!(#object.backward(&[], #y, #dy, #dx, &mut #object);)
            }
            Call::BackwardInPlace { layer, y, d } => {
                let (node, object) = self.layer(layer);
                let y = y.map_or_else(|| quote!(&[]), |y| self.samples(y, &own_shape(node)));
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

    /// What several values are as one: their samples, or a tuple of them.
    fn columns(&self, values: &[Value]) -> TokenStream {
        let columns = values.iter().map(|&value| self.samples(value, &[]));
        one_or_tuple(&columns.collect::<Vec<_>>())
    }

    fn columns_mut(&self, values: &[Value]) -> TokenStream {
        let columns = values.iter().map(|&value| self.samples_mut(value, &[]));
        one_or_tuple(&columns.collect::<Vec<_>>())
    }

    /// A layer, and the value that its methods are called on.
    pub(super) fn layer(&self, layer: usize) -> (&'a Node, TokenStream) {
        let node = self.layers[layer];
        let label = &node.label.ident;
        let object = if !node.shared.is_empty() {
            sharing::borrowed(self.graph, node)
        } else if node.has_parameters() {
            quote!(params.#label)
        } else {
            unit(node)
        };
        (node, object)
    }

    pub(super) fn input(&self, x: Option<Value>, node: &Node) -> TokenStream {
        let shape = if node.has_parameters() {
            Vec::new()
        } else {
            node.read_sizes()
        };
        match x {
            Some(x) => self.samples(x, &shape),
            // The size may have another name where the weights lie.
            None if !node.shared.is_empty() => quote!(samples(x.as_flattened(), n)),
            None => quote!(x),
        }
    }

    /// A value whose shape follows from that of another.
    pub(super) fn untyped(&self, value: Option<Value>) -> TokenStream {
        value.map_or_else(|| quote!(x), |value| self.samples(value, &[]))
    }

    /// A value with its shape written out, unless the batch is among those that it follows from.
    pub(super) fn typed_unless(&self, others: &[Option<Value>], value: Value) -> TokenStream {
        if others.contains(&None) {
            self.samples_mut(value, &[])
        } else {
            self.typed_mut(value)
        }
    }

    /// A value with its shape written out.
    pub(super) fn typed(&self, value: Option<Value>) -> TokenStream {
        value.map_or_else(
            || quote!(x),
            |value| self.samples(value, &self.program.values[value]),
        )
    }

    pub(super) fn typed_mut(&self, value: Value) -> TokenStream {
        self.samples_mut(value, &self.program.values[value])
    }

    fn own_mut(&self, value: Value, node: &Node) -> TokenStream {
        self.samples_mut(value, &own_shape(node))
    }

    pub(super) fn samples(&self, value: Value, shape: &[Size]) -> TokenStream {
        self.values.read(value, shape)
    }

    pub(super) fn samples_mut(&self, value: Value, shape: &[Size]) -> TokenStream {
        self.values.write(value, shape)
    }
}

/// The shape that a layer's methods do not say by themselves: a layer without parameters works on any.
fn own_shape(node: &Node) -> Vec<Size> {
    if node.has_parameters() {
        Vec::new()
    } else {
        node.output()
    }
}

pub(super) fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
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
