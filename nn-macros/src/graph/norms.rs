//! Layers that normalise: what of their samples, and the number of groups.

use quote::{ToTokens as _, format_ident};
use syn::ext::IdentExt as _;

use super::arguments::written_size;
use super::{Chosen, Given, Node, Shape};
use crate::builtin::{Arguments, Norm};
use crate::report::Report;
use crate::size::source_text;
use crate::syntax::Layer;

impl Node {
    /// What it normalises, if it does.
    pub(crate) fn norm(&self) -> Option<Norm> {
        match self.builtin.arguments {
            Arguments::Norm(norm, _) => Some(norm),
            _ => None,
        }
    }

    /// What it keeps that is no parameter.
    pub(crate) fn state(&self) -> &'static [&'static str] {
        match self.norm() {
            Some(Norm::Batch) => &["running_mean", "running_var"],
            _ => &[],
        }
    }

    /// What was chosen for one of its settings.
    pub(crate) fn setting(&self, name: &str) -> Option<&Chosen> {
        let mut settings = self.settings.iter();
        settings.find(|chosen| chosen.setting.name == name)
    }

    /// Whether it has parameters, where that can be chosen.
    pub(crate) fn is_affine(&self) -> bool {
        let affine = self.setting("affine");
        affine.is_none_or(|chosen| chosen.tokens.to_string() == "true")
    }

    /// The shape of the parameters of a layer that normalises: that of all axes from one on, or a number for each channel.
    pub(crate) fn normalised(&self) -> Shape {
        let reads = self.read_shape();
        if self.norm() != Some(Norm::Rows) {
            return match reads {
                Shape::Known(mut sizes) => {
                    sizes.truncate(1);
                    Shape::Known(sizes)
                }
                shape => shape,
            };
        }
        let axis = self.setting("axis");
        let axis = axis.and_then(|chosen| chosen.tokens.to_string().parse().ok());
        let axis = axis.unwrap_or(0);
        match reads {
            Shape::Known(sizes) if axis < sizes.len() => Shape::Known(sizes[axis..].to_vec()),
            Shape::Given(_) => (0..axis).fold(reads, |shape, _| Shape::given(Given::Item(shape))),
            shape => shape,
        }
    }
}

/// Names for the numbers that are constants of the user's.
pub(super) fn name_constants(network: &str, node: &mut Node) {
    if node.norm().is_none() {
        return;
    }
    let label = node.label.ident.unraw().to_string();
    for chosen in node.settings.iter_mut().filter(|chosen| chosen.is_constant) {
        let network = network.trim_start_matches("r#");
        let name = format!("{network}_{label}_{}", chosen.setting.name);
        chosen.bits = Some(format_ident!("{}", name.to_uppercase()));
    }
}

/// How many groups channels are cut into.
pub(super) fn sizes(node: &mut Node, layer: &Layer, report: &mut Report) {
    let Some(norm) = node.norm() else { return };
    let name = node.builtin.name;
    // What is cut, or normalised by itself, must be known.
    if norm != Norm::Rows
        && let Some(read) = node.read().filter(|read| read.shape.is_given())
    {
        let message = format!(
            "`{}` has to know the sizes of what it reads, and only the compiler knows what `{}` gives",
            node.name(),
            read.from
        );
        let help = format!("say the shape: `Reshape(16, 5, 5) -> {}`", node.text());
        report.error(&node.kind, &message, &help);
    }
    if norm != Norm::Groups {
        return;
    }
    let [groups, rest @ ..] = layer.sizes.as_slice() else {
        let message = format!("`{name}` takes one number: how many groups of channels there are");
        report.error(&node.kind, &message, &format!("write `{name}(8)`"));
        return;
    };
    if let Some(superfluous) = rest.first() {
        let text = source_text(&groups.to_token_stream());
        let message = format!(
            "`{name}` takes one number, how many groups there are; {} are given",
            layer.sizes.len()
        );
        report.error(superfluous, &message, &format!("write `{name}({text})`"));
    }
    let why = format!("how many groups `{name}` makes is its own choice, so it cannot be `_`");
    let help = format!("write `{name}(8)`");
    node.sizes = written_size(groups, &why, &help, report)
        .into_iter()
        .collect();
}
