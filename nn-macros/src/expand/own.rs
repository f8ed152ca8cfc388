//! The types that layers of the user's stand for, and whether they are layers at all.
//!
//! Where they are not, one assertion says so. Everything else goes on with a layer that does nothing, so that nothing else complains.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::assertions::{
    escaped,
    given::{for_all_sizes, is_known},
};
use super::open_sizes::of_numbers;
use super::steps::Writer;
use super::{Context, layer_type, sample};
use crate::builtin::Role;
use crate::graph::{BATCH, Graph, Node, Own, Shape};
use crate::plan::Value;

/// Names for the layers, and for what they give.
pub(super) fn aliases(context: &Context<'_>) -> TokenStream {
    let aliases = context.graph.own_layers().map(|(node, own)| {
        let Own {
            layer, alias, open, ..
        } = own;
        let element = quote!(T);
        let (of, output, input) = (own.of(&element), own.output().name, own.input().name);
        let reads = node.read_shape().sample(&element);
        let checked = of_numbers(&checked(node, own), open);
        let input = is_first(node, own).then(|| {
            quote! {
                type #input<#(const #open: usize,)* T> =
                    <#of as ::nn_core::__private::First<T>>::Sample;
            }
        });
        quote! {
            type #alias<#(const #open: usize,)* T> =
                ::nn_core::__private::Checked<#layer, T, #checked>;
            #input
            type #output<#(const #open: usize,)* T> = <#of as ::nn_core::Layer<#reads>>::Output;
        }
    });
    aliases.collect()
}

/// Whether it says what samples the network reads.
fn is_first(node: &Node, own: &Own) -> bool {
    let element = quote!(T);
    let reads = node.read_shape().sample(&element).to_string();
    reads == own.input().of(&element).to_string()
}

/// Whether the type is a layer that reads what arrives, as the compiler finds out.
fn checked(node: &Node, own: &Own) -> TokenStream {
    let layer = &own.layer;
    if is_first(node, own) {
        return quote!({ ::nn_core::__private::probe!(#layer, (), IS_FIRST) });
    }
    let reads = node.read_shape();
    let (single, double) = (reads.sample(&quote!(f32)), reads.sample(&quote!(f64)));
    let is_known = is_known([&reads]);
    quote!({
        #is_known
            && ::nn_core::__private::probe!(#layer, #single, READS)
            && ::nn_core::__private::probe!(#layer, #double, READS)
    })
}

/// One complaint about a type that is no layer; of a repeated layer once.
pub(super) fn assertions(graph: &Graph) -> TokenStream {
    let (mut named, mut read) = (HashSet::new(), HashSet::new());
    // Types of which nothing is generated are still used.
    let unread = graph.nodes.iter().filter_map(|node| node.unread.as_ref());
    let mut assertions: TokenStream = unread
        .map(|path| quote!(const _: () = { #[allow(unused_imports)] use #path as _; };))
        .collect();
    for (node, own) in graph.own_layers() {
        if named.insert(own.layer.to_string()) {
            assertions.extend(of_numbers(&is_layer(node, own), &own.open));
        }
        let reads = node.read_shape().sample(&quote!(f32));
        if read.insert((node.source, reads.to_string())) {
            assertions.extend(if is_first(node, own) {
                of_numbers(&says_what_it_reads(node, own), &own.open)
            } else {
                reads_what_arrives(graph, node, own)
            });
        }
    }
    assertions
}

/// The type derives `Parameters`, or is a network without a loss.
fn is_layer(node: &Node, own: &Own) -> TokenStream {
    let (layer, name, at) = (&own.layer, escaped(&own.name), node.kind.span());
    let no_layer = format!(
        "`{name}` is no layer\nhelp: derive `Parameters` for it, and implement `nn_core::Layer`"
    );
    let loss = format!(
        "`{name}` ends in a loss, so it cannot be a layer of another network\nhelp: declare its layers without the loss as a network of their own, and use that one in both"
    );
    let several = format!(
        "`{name}` has several inputs or outputs, so it cannot be a layer of another network\nhelp: write its layers into this one"
    );
    let probe = |constant: &str| {
        let constant = format_ident!("{constant}");
        quote!(::nn_core::__private::probe!(#layer, (), #constant))
    };
    let [is_named, ends_in_loss, has_several, learns_otherwise] = [
        "IS_NAMED",
        "ENDS_IN_LOSS",
        "HAS_SEVERAL_PORTS",
        "LEARNS_OTHERWISE",
    ]
    .map(probe);
    let otherwise = format!(
        "`{name}` has `BatchNorm` or `Dropout`, which compute otherwise while they learn, so it cannot be a layer of another network\nhelp: write its layers into this one"
    );
    let known = quote!(#is_named || #ends_in_loss || #has_several || #learns_otherwise);
    [
        condition(&no_layer, "cannot stand in a chain", &known, at),
        condition(&loss, "has a loss", &quote!(!#ends_in_loss), at),
        condition(&several, "has several", &quote!(!#has_several), at),
        condition(
            &otherwise,
            "computes otherwise while it learns",
            &quote!(!#learns_otherwise),
            at,
        ),
    ]
    .into_iter()
    .collect()
}

fn condition(message: &str, label: &str, condition: &TokenStream, at: Span) -> TokenStream {
    let check = quote_spanned!(at=> <() as IsLayer<{ #condition }>>::CHECKED);
    quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            trait IsLayer<const YES: bool> {
                const CHECKED: () = ();
            }
            #[diagnostic::do_not_recommend]
            impl<Any, const YES: bool> IsLayer<YES> for Any where
                ::nn_core::__private::Condition<YES>: ::nn_core::__private::True
            {
            }
            #check
        };
    }
}

/// A first layer is a network, which says what it reads.
fn says_what_it_reads(node: &Node, own: &Own) -> TokenStream {
    let help = format!("begin the chain with it: `Input(784) -> {}`", node.text());
    let message = format!(
        "`{}` is the first layer, and nothing says what a sample looks like\nhelp: {}",
        node.name(),
        escaped(&help)
    );
    let layer = &own.layer;
    let is_named = quote!({ ::nn_core::__private::probe!(#layer, (), IS_NAMED) });
    let check = quote_spanned! {node.kind.span()=>
        <::nn_core::__private::Checked<#layer, f32, #is_named> as SaysWhatItReads>::CHECKED
    };
    quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = "the first layer")]
            trait SaysWhatItReads {
                const CHECKED: () = ();
            }
            #[diagnostic::do_not_recommend]
            impl<L: ::nn_core::__private::First<f32>> SaysWhatItReads for L {}
            #check
        };
    }
}

/// A layer reads what the layer before gives.
fn reads_what_arrives(graph: &Graph, node: &Node, own: &Own) -> TokenStream {
    let (name, layer) = (node.name(), &own.layer);
    let from = node.read().map_or("", |value| value.from.as_str());
    let source = node.read().and_then(|value| graph.origin(value));
    // Without an `Input` another layer has said what a sample looks like.
    let is_sample = node.read().is_some_and(|value| value.id == BATCH);
    let of_sample = is_sample && source.is_some_and(|source| source.builtin.role != Role::Input);
    let gives = if of_sample {
        "takes samples of"
    } else {
        "gives"
    };
    let message = format!("shape mismatch: `{from}` {gives} `{{X}}`, which `{name}` cannot read");
    let implement = format!(
        "implement `nn_core::Layer` of such samples for `{}`",
        own.name
    );
    let is_vector = node.arriving().is_some_and(|sizes| sizes.len() == 1);
    let help = if is_vector && node.takes_one_size() {
        let arriving = node.text_with(0, "_".to_owned());
        format!("write `{arriving}`, which takes what arrives, or {implement}")
    } else {
        format!("let `{from}` give what `{name}` reads, or {implement}")
    };
    let message = format!("{message}\nhelp: {}", escaped(&help));
    let reads = node.read_shape();
    let (single, double) = (reads.sample(&quote!(f32)), reads.sample(&quote!(f64)));
    let is_known = is_known([&reads]);
    let is_layer = quote!(::nn_core::__private::probe!(#layer, (), IS_NAMED) && #is_known);
    let is_layer = of_numbers(&is_layer, &own.open);
    let check = quote_spanned! {own.span=>
        <::nn_core::__private::Checked<#layer, f32, { #is_layer }> as Reads<#single>>::CHECKED
    };
    let shapes = condition_on_samples(
        &quote!(Reads),
        &message,
        "`{Self}` does not read `{X}`",
        &for_all_sizes(&own.open, &check),
    );
    if !own.open.is_empty() {
        // A probe answers for one size only, so nothing can depend on it here.
        return shapes;
    }
    let only_single = format!(
        "`{name}` reads samples of `f32` alone, and a network computes with any type of numbers\nhelp: implement `nn_core::Layer` for `{}` with a `T: Element` where it says `f32`",
        own.name
    );
    let reads_single = quote!(::nn_core::__private::probe!(#layer, #single, READS));
    let check = quote_spanned! {own.span=>
        <::nn_core::__private::Checked<#layer, f64, { #is_layer && #reads_single }> as ReadsAll<#double>>::CHECKED
    };
    let types = condition_on_samples(
        &quote!(ReadsAll),
        &escaped(&only_single),
        "does not read `{X}`",
        &check,
    );
    quote!(#shapes #types)
}

/// A check by a trait that layers have of the samples that they read.
fn condition_on_samples(
    name: &TokenStream,
    message: &str,
    label: &str,
    check: &TokenStream,
) -> TokenStream {
    quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            trait #name<X> {
                const CHECKED: () = ();
            }
            #[diagnostic::do_not_recommend]
            impl<X: ::nn_core::Sample, L: ::nn_core::Layer<X>> #name<X> for L {}
            #check
        };
    }
}

impl Writer<'_> {
    pub(super) fn own(
        &self,
        layer: usize,
        x: Option<Value>,
        y: Value,
        memory: Value,
    ) -> TokenStream {
        let (node, object) = self.layer(layer);
        let (x, y) = (
            self.input_of_own(x, node),
            self.samples_mut(y, &Shape::Unknown),
        );
        let name = if self.predicts() {
            "predict_with"
        } else {
            "forward_with"
        };
        let (method, memory) = (method(node, name), self.slot(memory));
        quote!(#method(&#object, #x, #y, #memory);)
    }

    pub(super) fn own_backward(
        &self,
        layer: usize,
        (x, y): (Option<Value>, Value),
        (dy, dx): (Value, Option<Value>),
        memory: Value,
    ) -> TokenStream {
        let (node, object) = self.layer(layer);
        let (x, dx) = (self.input_of_own(x, node), self.optional(dx));
        let (y, dy) = (
            self.samples(y, &Shape::Unknown),
            self.samples(dy, &Shape::Unknown),
        );
        let (label, memory) = (&node.label.ident, self.slot(memory));
        let method = method(node, "backward_with");
        quote!(#method(&#object, #x, #y, #dy, #dx, #memory, &mut gradient.#label);)
    }

    fn input_of_own(&self, x: Option<Value>, node: &Node) -> TokenStream {
        x.map_or_else(|| quote!(x), |x| self.samples(x, &node.read_shape()))
    }
}

/// A method of a layer that may read samples of several shapes.
fn method(node: &Node, name: &str) -> TokenStream {
    let (layer, reads) = (layer_type(node, &quote!(T)), sample(&node.read_shape()));
    let name = format_ident!("{name}");
    quote!(<#layer as ::nn_core::Layer<#reads>>::#name)
}
