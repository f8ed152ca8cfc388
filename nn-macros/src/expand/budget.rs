//! Budgets whose numbers the macro cannot read: the compiler works them out.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};

use super::Context;
use crate::graph::Graph;
use crate::syntax::{Budget, Quantity};

/// Right away, if the sizes of the network are known.
pub(super) fn assertions(context: &Context<'_>) -> TokenStream {
    if !context.open_sizes.is_empty() {
        return TokenStream::new();
    }
    let name = &context.name;
    let checks = checks(context, &quote!(#name<f32>));
    quote!(#(const _: () = #checks;)*)
}

/// The checks that are left for the compiler, of this type.
pub(super) fn checks(context: &Context<'_>, network: &TokenStream) -> Vec<TokenStream> {
    let graph = context.graph;
    let check = |budget: &Budget| {
        let (macs, below, limit) = (
            budget.quantity == Quantity::Macs,
            budget.below,
            &budget.limit,
        );
        let room = Literal::usize_unsuffixed(room(graph));
        // All of it has the span of the number, so that the compiler shows that.
        quote_spanned! {limit.span()=>
            ::nn_core::__private::check_budget::<#room>(
                <#network as ::nn_core::Network>::LAYERS,
                ::nn_core::__private::Budget { macs: #macs, below: #below, limit: #limit },
            )
        }
    };
    let unknown = context.budgets.iter().filter(|budget| {
        let costs = graph.nodes.iter().map(|node| node.cost(budget.quantity));
        budget.limit.value().is_none() || costs.into_iter().any(|cost| cost.value().is_none())
    });
    if context.valid {
        unknown.map(check).collect()
    } else {
        Vec::new()
    }
}

/// For the text of the complaint: a line for each of six layers, and some numbers.
fn room(graph: &Graph) -> usize {
    let labels = graph
        .nodes
        .iter()
        .map(|node| node.label.ident.to_string().len());
    1000 + 8 * labels.max().unwrap_or_default()
}
