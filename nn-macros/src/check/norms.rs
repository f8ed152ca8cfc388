//! The rules of layers that normalise.

use quote::quote;

use super::Doubt;
use super::images::words_of_groups;
use crate::builtin::{Norm, Reads};
use crate::graph::Node;
use crate::report::Report;
use crate::size::{Size, shape_text};

pub(super) fn check(node: &Node, report: &mut Report) {
    check_axis(node, report);
    if let Some((channels, groups)) = groups(node)
        && let (Some(channels), Some(groups_value)) = (channels.value(), groups.value())
        && groups_value > 0
        && !channels.is_multiple_of(groups_value)
    {
        let counts = (channels.to_string(), groups_value.to_string());
        let (message, help) = words_of_groups(node, "channels", &counts.0, &counts.1);
        report.error(groups.tokens(), &message, &help);
    }
}

/// Of deeper samples than vectors one says what is normalised together.
fn check_axis(node: &Node, report: &mut Report) {
    let (Some(sizes), Some(value)) = (node.arriving(), node.read()) else {
        return;
    };
    // What was written wrongly has been told of.
    let told = node.broken || node.settings.len() < node.arguments.len();
    let says = node.setting("axis").is_some() || told;
    if node.builtin.reads != Reads::From || sizes.len() < 2 || says {
        return;
    }
    let (name, last) = (node.builtin.name, sizes.len() - 1);
    let message = format!(
        "`{}` takes a vector, or the axis from which on it normalises: `{}` gives {}",
        node.name(),
        value.from,
        shape_text(sizes)
    );
    let help = format!(
        "write `{name}(axis = 0)` for whole samples, `{name}(axis = {last})` for each row of {}",
        sizes[last].text()
    );
    report.error(&node.kind, &message, &help);
}

/// How many channels there are, and into how many groups they are cut.
fn groups(node: &Node) -> Option<(&Size, &Size)> {
    let groups = node.norm() == Some(Norm::Groups);
    Some((node.arriving()?.first()?, node.sizes.first()?)).filter(|_| groups)
}

/// Whether groups divide the channels, where only the compiler can tell.
pub(super) fn doubt(node: &Node) -> Option<Doubt> {
    let (channels, groups) = groups(node)?;
    let is_known = channels.value().is_some() && groups.value().is_some();
    if is_known || groups.value() == Some(1) {
        return None;
    }
    let (message, help) = words_of_groups(node, "channels", "{COUNT}", "{GROUPS}");
    let (count, number) = (channels.operand(), groups.operand());
    Some(Doubt {
        message,
        help,
        at: groups.tokens().clone(),
        values: vec![("COUNT", quote!(#channels)), ("GROUPS", quote!(#groups))],
        condition: quote!(#number == 0 || #count % #number == 0),
    })
}
