//! A parameter that layers share has the shape that each of them wants.

use proc_macro2::TokenStream;
use quote::ToTokens as _;

use crate::builtin::{Axis, Parameter};
use crate::graph::{Graph, Node, Shared};
use crate::report::Report;
use crate::size::{Size, shape_text};

/// What a layer wants of a parameter of another layer, and what that has.
pub(crate) struct Comparison<'a> {
    node: &'a Node,
    shared: &'a Shared,
    parameter: &'static Parameter,
    pub(crate) wanted: Vec<Size>,
    pub(crate) found: Vec<Size>,
}

pub(super) fn check(graph: &Graph, node: &Node, report: &mut Report) {
    for comparison in comparisons(graph, node) {
        if comparison.differ(Some(false)) {
            let texts = (
                shape_text(&comparison.wanted),
                shape_text(&comparison.found),
            );
            let (message, help) = comparison.words(&texts.0, &texts.1);
            report.error(comparison.at(), &message, &help);
        }
    }
}

/// The parameters of other layers, as far as their sizes are known. Where one size of the layer is to blame for several that do not
/// fit, the first of them.
pub(crate) fn comparisons<'a>(graph: &'a Graph, node: &'a Node) -> Vec<Comparison<'a>> {
    let mut comparisons: Vec<Comparison<'a>> = Vec::new();
    for shared in &node.shared {
        let of = &graph.nodes[shared.of];
        let parameter = &node.builtin.parameters[shared.parameter];
        let (Some(wanted), Some(mut found)) = (
            node.known_parameter_sizes(parameter),
            of.known_parameter_sizes(parameter),
        ) else {
            continue;
        };
        if shared.reference.transpose.is_some() {
            found.reverse();
        }
        let comparison = Comparison {
            node,
            shared,
            parameter,
            wanted,
            found,
        };
        let blamed = comparison.blamed();
        let mut others = comparisons.iter();
        if blamed.is_none() || others.all(|other| other.blamed() != blamed) {
            comparisons.push(comparison);
        }
    }
    comparisons
}

impl Comparison<'_> {
    /// Whether one of the sizes is certainly another (`Some(false)`), or only the compiler can tell (`None`).
    pub(crate) fn differ(&self, how: Option<bool>) -> bool {
        self.pairs()
            .any(|(_, wanted, found)| wanted.equals(found) == how)
    }

    fn pairs(&self) -> impl Iterator<Item = (Axis, &Size, &Size)> {
        let sizes = self.wanted.iter().zip(&self.found);
        let axes = self.parameter.axes.iter().copied();
        axes.zip(sizes)
            .map(|(axis, (wanted, found))| (axis, wanted, found))
    }

    /// The only size that is not certainly the same.
    fn blamed(&self) -> Option<Axis> {
        let mut others = self.doubtful();
        let (axis, ..) = others.next()?;
        (others.next().is_none() && !self.fits_transposed()).then_some(axis)
    }

    /// The sizes that are not certainly the same.
    fn doubtful(&self) -> impl Iterator<Item = (Axis, &Size, &Size)> {
        let pairs = self.pairs();
        pairs.filter(|(_, wanted, found)| wanted.equals(found) != Some(true))
    }

    /// Whether it would fit the other way round.
    fn fits_transposed(&self) -> bool {
        let mut pairs = self.wanted.iter().zip(self.found.iter().rev());
        self.parameter.is_matrix()
            && pairs.all(|(wanted, found)| wanted.equals(found) == Some(true))
    }

    /// What is wrong and what helps; the two shapes as text, so that the compiler can fill in what only it knows.
    pub(crate) fn words(&self, wanted: &str, found: &str) -> (String, String) {
        let (name, symbol) = (self.node.name(), self.parameter.symbol);
        let reference = &self.shared.reference;
        let text = reference.text();
        let message = if self.parameter.is_matrix() {
            format!("the `{symbol}` of `{name}` is {wanted}, `{text}` is {found}")
        } else {
            format!("the `{symbol}` of `{name}` has {wanted} numbers, `{text}` has {found}")
        };
        let message = format!("shape mismatch: {message}");
        if self.fits_transposed() {
            let help = format!("write `{symbol} = {}`", reference.text_transposed());
            return (message, help);
        }
        let help = match (self.doubtful().next(), self.node.read()) {
            (Some((Axis::Inputs, _, found)), Some(value)) if value.from != name => format!(
                "let `{}` give {}, or share the `{symbol}` of another layer",
                value.from,
                found.text()
            ),
            (Some((axis, _, found)), _) => {
                let place = usize::from(axis == Axis::Outputs);
                format!("write `{}`", self.node.text_with(place, found.text()))
            }
            (None, _) => format!("share the `{symbol}` of another layer"),
        };
        (message, help)
    }

    /// The token that is to be changed.
    pub(crate) fn at(&self) -> TokenStream {
        let (node, reference) = (self.node, &self.shared.reference);
        if self.fits_transposed() {
            return reference.last().to_token_stream();
        }
        let size = match self.blamed() {
            Some(Axis::Outputs) => node.sizes.first().map(Size::tokens),
            Some(Axis::Inputs) => node
                .takes
                .as_ref()
                .map(Size::tokens)
                .or(node.inferred.as_ref()),
            Some(Axis::Kernel(_) | Axis::Slopes | Axis::Normalised) | None => None,
        };
        size.map_or_else(|| reference.label.to_token_stream(), TokenStream::clone)
    }
}

impl Node {
    /// The sizes of a parameter, unless a mistake hides them.
    fn known_parameter_sizes(&self, parameter: &Parameter) -> Option<Vec<Size>> {
        let inputs_are_known = self.arriving().is_some_and(|sizes| sizes.len() == 1)
            || (self.arriving().is_none() && self.takes.is_some());
        let outputs_are_known = self.gives.shape.known().is_some();
        (inputs_are_known && outputs_are_known).then(|| self.parameter_sizes(parameter))
    }
}
