//! Pictures of networks: SVG with a layout of its own, and text for Graphviz and Mermaid.
//!
//! The part that `nn-core` and the macro have in common: the macro draws a declaration with the sizes as written, for the
//! documentation of the struct, and `nn_core::Graph` the numbers that came of it. Sizes are text here.
//!
//! stages: [`Picture`] → `fold` (turns of a repetition become one block) → `layout` (ranks, columns, lanes) → `svg`; `dot` and
//! `mermaid` write the folded picture down and leave the layout to others.

mod dot;
mod fold;
mod layout;
mod mermaid;
mod svg;
#[cfg(test)]
mod tests;
mod text;

use std::fmt::Write as _;

pub use text::{grouped, width as text_width, xml};

/// What is drawn: nodes in an order in which each reads only earlier ones.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// The heading.
    pub title: String,
    /// The line below it.
    pub subtitle: String,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// Whether turns of repetitions are drawn one by one, and not as one block with a number beside it.
    pub unfolded: bool,
}

/// A node, and with it the edges that lead to it.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name in the network.
    pub label: String,
    /// The layer as declared: `Affine(784, 50)`.
    pub text: String,
    /// What it is drawn as.
    pub family: Family,
    /// The nodes that it reads, in their order.
    pub reads: Vec<usize>,
    /// The shape of what it gives: `1 × 28 × 28`. Nothing for what ends a network.
    pub gives: String,
    /// How many parameters: a number or a formula. Nothing if there are none.
    pub parameters: String,
    /// More about it, for those who point at it.
    pub notes: String,
    /// Whether its parameters stay as they are while others are trained.
    pub frozen: bool,
    /// The nodes whose parameters it uses too, and how that was written: `W = affine1.W.T`.
    pub shares: Vec<(usize, String)>,
    /// Where it stands in the declaration: the turns of a repetition have it in common.
    pub place: usize,
}

/// Nodes of one family look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Where samples come from.
    Input,
    /// Has parameters.
    Weights,
    /// Computes without parameters.
    Plain,
    /// Makes one value of several.
    Merge,
    /// Compares with targets.
    Loss,
    /// Where results go to.
    Output,
}

impl Picture {
    /// As text in the language of Graphviz.
    #[must_use]
    pub fn to_dot(&self) -> String {
        dot::dot(self, &fold::levels(self))
    }

    /// As text in the language of Mermaid.
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        mermaid::mermaid(self, &fold::levels(self))
    }

    /// As a self-contained SVG picture: no style sheet, script, font or identifier that could clash with its surroundings.
    #[must_use]
    pub fn to_svg(&self) -> String {
        svg::svg(self, &fold::levels(self))
    }

    /// How many boxes the pictures have.
    #[must_use]
    pub fn boxes(&self) -> usize {
        fold::levels(self).boxes()
    }
}

/// Nodes that share parameters have a colour of their own, in turn: fill and outline.
const SHARED: [(&str, &str); 4] = [
    ("#d3efea", "#3f9c8f"),
    ("#f8edc8", "#bd982f"),
    ("#f7dde8", "#c0658d"),
    ("#dfdff8", "#7a78cf"),
];

impl Picture {
    /// Fill and outline of a node: by its family, or by the parameters that it has in common with others.
    fn colours(&self, node: usize) -> (&'static str, &'static str) {
        let owner = |node: usize| match self.nodes[node].shares.first() {
            Some((owner, _)) => *owner,
            None => node,
        };
        let mut owners: Vec<usize> = self
            .nodes
            .iter()
            .flat_map(|node| &node.shares)
            .map(|share| share.0)
            .collect();
        owners.sort_unstable();
        owners.dedup();
        match owners.binary_search(&owner(node)) {
            Ok(group) => SHARED[group % SHARED.len()],
            Err(_) => self.nodes[node].family.colours(),
        }
    }
}

impl Family {
    /// Fill and outline: of equal lightness, and never the only thing that tells.
    fn colours(self) -> (&'static str, &'static str) {
        match self {
            Self::Input | Self::Output => ("#ffffff", "#8a93a0"),
            Self::Weights => ("#dfeaf8", "#6f97c7"),
            Self::Plain => ("#e5f1e3", "#86ad80"),
            Self::Merge => ("#ece5f5", "#a08bc2"),
            Self::Loss => ("#fbe6dc", "#cf8c6b"),
        }
    }
}

impl Node {
    /// The name of its kind, without sizes.
    fn kind(&self) -> &str {
        self.text.split(['(', '<']).next().unwrap_or_default()
    }

    /// Whether the user gave it its label, which is not just the kind and an ordinal.
    fn is_named(&self) -> bool {
        let kind = self.kind().rsplit("::").next().unwrap_or_default();
        let stem = text::snake_case(kind);
        let rest = self.label.strip_prefix(&stem);
        !rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// What stands in its box: the layer, and a line of details that may be empty. `last` is its label in the last turn of a
    /// repetition.
    fn lines(&self, last: Option<&str>) -> (String, String) {
        let label = match last {
            Some(last) => format!("{} … {last}", self.label),
            None => self.label.clone(),
        };
        let named = self.is_named();
        let has_details = !self.parameters.is_empty() || self.frozen || !self.shares.is_empty();
        let mut details = Vec::new();
        if (has_details && !named || last.is_some() && named) && self.family != Family::Input {
            details.push(label);
        }
        match (self.parameters.as_str(), self.frozen) {
            ("", false) => {}
            ("", true) => details.push("frozen".to_owned()),
            ("1", _) => details.push("1 parameter".to_owned()),
            (number, _) => {
                let each = if last.is_some() { " each" } else { "" };
                details.push(format!("{number} parameters{each}"));
            }
        }
        if self.frozen && !self.parameters.is_empty() {
            details.push("frozen".to_owned());
        }
        let text = if named && last.is_none() && self.family != Family::Output {
            format!("{}: {}", self.label, self.text)
        } else {
            self.text.clone()
        };
        (text::shortened(&text, 44), details.join(" · "))
    }

    /// Everything about it, for those who point at it.
    fn about(&self) -> String {
        let mut about = format!("{}: {}", self.label, self.text);
        if !self.parameters.is_empty() {
            let _ = write!(about, "; {} parameters", self.parameters);
        }
        if !self.notes.is_empty() {
            let _ = write!(about, "; {}", self.notes);
        }
        about
    }
}
