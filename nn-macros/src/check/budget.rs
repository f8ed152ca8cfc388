//! What a network costs, and whether that is within its budget.

use nn_picture::grouped;
use proc_macro2::TokenStream;

use crate::graph::{Graph, Node};
use crate::report::Report;
use crate::size::Size;
use crate::syntax::{Budget, Quantity};

/// As many layers are named.
const MOST_NAMED: usize = 5;

/// As far as numbers tell: what depends on constants is left for the compiler.
pub(crate) fn check(graph: &Graph, budgets: &[Budget], report: &mut Report) {
    for budget in budgets {
        let (Some(costs), Some(limit)) = (costs(graph, budget.quantity), budget.limit.value())
        else {
            continue;
        };
        let total = costs
            .iter()
            .fold(0, |sum: usize, cost| sum.saturating_add(cost.total));
        let most = limit - usize::from(budget.below);
        if total > most {
            let (message, help) = words(budget, &costs, total, total - most);
            report.error(budget.limit.tokens(), &message, &help);
        }
    }
}

impl Node {
    /// What it costs.
    pub(crate) fn cost(&self, quantity: Quantity) -> Size {
        if self.own.is_some() {
            // Only the compiler knows.
            return Size::inferred(TokenStream::new(), TokenStream::new());
        }
        match quantity {
            Quantity::Parameters => {
                let own = self.own_parameters();
                let sizes =
                    own.map(|(_, parameter)| Size::product(&self.parameter_sizes(parameter)));
                Size::sum(&sizes.collect::<Vec<_>>())
            }
            Quantity::Macs => self.macs(),
        }
    }
}

/// What a layer costs, in all turns of a repetition together.
struct Cost {
    label: String,
    total: usize,
    turns: usize,
    source: usize,
}

/// The costliest first; `None` if constants are in it.
fn costs(graph: &Graph, quantity: Quantity) -> Option<Vec<Cost>> {
    let mut costs: Vec<Cost> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for node in &graph.nodes {
        let cost = node.cost(quantity).value()?;
        let place = *places.entry(node.source).or_insert(costs.len());
        if place == costs.len() {
            costs.push(Cost {
                label: node.name(),
                total: 0,
                turns: 0,
                source: node.source,
            });
        }
        let group = &mut costs[place];
        group.total = group.total.saturating_add(cost);
        group.turns += 1;
    }
    costs.retain(|cost| cost.total > 0);
    costs.sort_by_key(|cost| (std::cmp::Reverse(cost.total), cost.source));
    Some(costs)
}

/// How much too much, who costs what, and what to do.
fn words(budget: &Budget, costs: &[Cost], total: usize, over: usize) -> (String, String) {
    let limit = budget.limit.value().unwrap_or_default();
    let than = if budget.below { "less than " } else { "" };
    let costing = match budget.quantity {
        Quantity::Parameters => format!("has {} parameters", grouped(total)),
        Quantity::Macs => format!("takes {} multiply-adds per sample", grouped(total)),
    };
    let message = format!(
        "this network {costing}, {} over the budget of {than}{}\n{}",
        grouped(over),
        grouped(limit),
        table(costs, total)
    );
    let costliest = costs.first().map_or("a layer", |cost| cost.label.as_str());
    let help = format!(
        "make `{costliest}` smaller, or write `{} <= {}`",
        budget.quantity.name(),
        grouped(total).replace(',', "_")
    );
    (message, help)
}

/// The costliest layers with their shares, one in each line; those that are cut off are one line together.
fn table(costs: &[Cost], total: usize) -> String {
    // A line that says "1 more" has room for the layer itself.
    let named = if costs.len() > MOST_NAMED + 1 {
        MOST_NAMED
    } else {
        costs.len()
    };
    let (named, others) = costs.split_at(named);
    let row = |cost: &Cost| (cost.label.clone(), cost.total, cost.turns);
    let mut rows: Vec<(String, usize, usize)> = named.iter().map(row).collect();
    if !others.is_empty() {
        let rest = others.iter().map(|cost| cost.total);
        let rest = rest.fold(0, usize::saturating_add);
        rows.push((format!("{} more", grouped(others.len())), rest, 1));
    }
    let label_width = rows.iter().map(|(label, ..)| label.chars().count()).max();
    let number_width = rows.iter().map(|(_, cost, _)| grouped(*cost).len()).max();
    let (label_width, number_width) = (
        label_width.unwrap_or_default(),
        number_width.unwrap_or_default(),
    );
    let lines = rows.iter().map(|(label, cost, turns)| {
        let (number, share) = (grouped(*cost), share(*cost, total));
        let turns = match turns {
            1 => String::new(),
            turns => format!("  in {} turns", grouped(*turns)),
        };
        format!("{label:label_width$}  {number:>number_width$}  {share:>5}{turns}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// In percent; what is not nothing and not everything is not called so.
fn share(cost: usize, total: usize) -> String {
    let (cost, total) = (cost as u128, total as u128);
    match (cost * 100 + total / 2) / total.max(1) {
        0 => "<1 %".to_owned(),
        100 if cost < total => ">99 %".to_owned(),
        percent => format!("{percent} %"),
    }
}
