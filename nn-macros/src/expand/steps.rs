//! The forward and the backward pass, written out call by call.

use std::collections::HashSet;

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::values::{Values, slot_name, turbofish};
use super::{Context, one_or_tuple, sharing, unit};
use crate::builtin::Buffers;
use crate::graph::{Graph, Node, Shape};
use crate::plan::{AsLayer, Call, Content, Program, Value};
use crate::size::Size;

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
    calls: &'a [Call],
    values: Values<'a>,
    pub(super) purpose: Purpose,
    /// Whether the caller's dx is a slice of samples, or `None`, and just handed on.
    dx_is_optional: bool,
}

/// The scores of a batch.
pub(super) fn prediction(context: &Context<'_>) -> TokenStream {
    let program = &context.plan.prediction;
    let writer = Writer {
        purpose: Purpose::Predicts,
        ..Writer::new(context, program, &program.calls)
    };
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
    let writer = Writer {
        dx_is_optional: layer.dx_is_optional,
        ..Writer::new(context, &layer.program, with_dx)
    };
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
    let writer = Writer {
        purpose: Purpose::Descends,
        ..Writer::new(context, program, backward)
    };
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
        let writer = Writer {
            purpose: Purpose::Learns,
            ..Writer::new(context, program, calls)
        };
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
    let writer = Writer {
        purpose: Purpose::Predicts,
        ..Writer::new(context, program, &program.calls)
    };
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

    fn new(context: &Context<'a>, program: &'a Program, calls: &'a [Call]) -> Self {
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

    /// The body of a function that works in slots of these sizes, and gives values in the end.
    fn body(&self, sizes: &TokenStream, results: &[Value]) -> TokenStream {
        self.body_with(sizes, &quote!(), results, |_| TokenStream::new())
    }

    /// The same, with what each call has written shown behind it.
    fn watched(&self, sizes: &TokenStream, uses: &TokenStream) -> TokenStream {
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

    /// What several values are as one: their samples, or a tuple of them.
    fn columns(&self, values: &[Value]) -> TokenStream {
        let columns = values
            .iter()
            .map(|&value| self.samples(value, &Shape::Unknown));
        one_or_tuple(&columns.collect::<Vec<_>>())
    }

    fn columns_mut(&self, values: &[Value]) -> TokenStream {
        let columns = values
            .iter()
            .map(|&value| self.samples_mut(value, &Shape::Unknown));
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
        let shape = if node.says_shapes() {
            Shape::Unknown
        } else {
            node.read_shape()
        };
        match x {
            Some(x) => self.samples(x, &shape),
            // The size may have another name where the weights lie.
            None if !node.shared.is_empty() || self.is_reshaped(node, 0) => batch_as(&shape),
            None => quote!(x),
        }
    }

    /// Whether a value that a layer reads comes to it in another shape than the batch has.
    fn is_reshaped(&self, node: &Node, place: usize) -> bool {
        let shape = node.reads[place].value.shape.known();
        let batch = self.graph.inputs.first();
        let batch = batch.and_then(|batch| batch.shape.known());
        let texts = |sizes: &[Size]| sizes.iter().map(Size::text).collect::<Vec<_>>();
        shape.is_some_and(|sizes| batch.is_none_or(|batch| texts(sizes) != texts(batch)))
    }

    /// One of the values that a layer reads, with its shape written out.
    pub(super) fn read(&self, node: &Node, place: usize, x: Option<Value>) -> TokenStream {
        let shape = &node.reads[place].value.shape;
        match x {
            Some(x) => self.samples(x, shape),
            None if self.is_reshaped(node, place) => batch_as(shape),
            None => quote!(x),
        }
    }

    /// One of the values that a layer reads, whose shape follows from that of another.
    pub(super) fn follows(&self, node: &Node, place: usize, x: Option<Value>) -> TokenStream {
        if x.is_none() && self.is_reshaped(node, place) {
            return self.read(node, place, x);
        }
        self.untyped(x)
    }

    /// A value whose shape follows from that of another.
    pub(super) fn untyped(&self, value: Option<Value>) -> TokenStream {
        value.map_or_else(|| quote!(x), |value| self.samples(value, &Shape::Unknown))
    }

    /// A value with its shape written out, unless the batch is among those that it follows from.
    pub(super) fn typed_unless(&self, others: &[Option<Value>], value: Value) -> TokenStream {
        if others.contains(&None) {
            self.samples_mut(value, &Shape::Unknown)
        } else {
            self.typed_mut(value)
        }
    }

    /// A value with its shape written out.
    pub(super) fn typed_mut(&self, value: Value) -> TokenStream {
        self.samples_mut(value, self.shape(value))
    }

    pub(super) fn shape(&self, value: Value) -> &Shape {
        match &self.program.values[value] {
            Content::Sample(shape) => shape,
            Content::Memory { .. } => &Shape::Unknown,
        }
    }

    fn own_mut(&self, value: Value, node: &Node) -> TokenStream {
        self.samples_mut(value, &own_shape(node))
    }

    pub(super) fn samples(&self, value: Value, shape: &Shape) -> TokenStream {
        self.values.read(value, shape)
    }

    pub(super) fn samples_mut(&self, value: Value, shape: &Shape) -> TokenStream {
        self.values.write(value, shape)
    }

    /// A gradient that the caller may need.
    pub(super) fn optional(&self, dx: Option<Value>) -> TokenStream {
        match dx {
            Some(dx) if self.dx_is_optional && self.program.outside(dx).is_some() => quote!(dx),
            dx => option(dx.map(|dx| self.samples_mut(dx, &Shape::Unknown))),
        }
    }

    pub(super) fn slot(&self, value: Value) -> Ident {
        self.values.slot(value)
    }
}

/// The batch, as samples of another shape with as many numbers.
fn batch_as(shape: &Shape) -> TokenStream {
    let of = turbofish(shape);
    quote!(samples #of(::nn_core::Sample::flat(x), n))
}

/// The shape that a layer's methods do not say by themselves: most layers work on any.
pub(super) fn own_shape(node: &Node) -> Shape {
    if node.says_shapes() {
        Shape::Unknown
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
