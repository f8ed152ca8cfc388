//! The rules of layers that make one value of several.

use quote::ToTokens as _;

use super::features;
use crate::builtin::{ImageLayer, Merge, Role};
use crate::graph::{Graph, Node, Read, Way};
use crate::report::Report;
use crate::size::{Size, shape_text};

/// Two sizes that a merging layer wants to be equal.
pub(crate) struct Difference<'a> {
    /// Of the value that the other is measured by.
    pub(crate) given: &'a Size,
    pub(crate) other: &'a Size,
    first: &'a Read,
    second: &'a Read,
}

/// As far as numbers tell, values fit together.
pub(super) fn check(graph: &Graph, node: &Node, report: &mut Report) {
    let Some(merge) = node.merge() else { return };
    if check_count(node, merge, report)
        || check_given(node, merge, report)
        || check_axes(node, merge, report)
    {
        return;
    }
    let pairs = differences(graph, node);
    let certain = pairs
        .iter()
        .find(|pair| pair.given.equals(pair.other) == Some(false));
    if let Some(pair) = certain {
        let texts = (pair.given.explained(), pair.other.explained());
        let (message, help) = pair.words(graph, node, (&texts.0, &texts.1));
        report.error(pair.at(graph, node), &message, &help);
    }
}

/// A product has two factors. Whether there was something to say.
fn check_count(node: &Node, merge: Merge, report: &mut Report) -> bool {
    let Some(third) = node.reads.get(2).filter(|_| merge == Merge::MatMul) else {
        return false;
    };
    let (name, count) = (node.name(), node.reads.len());
    let message = format!("`{name}` multiplies two matrices, and {count} values come to it");
    let help = "multiply two of them first: `[ [ … | … ] -> MatMul | … ] -> MatMul`";
    report.error(third.way.tokens(node), &message, help);
    true
}

/// Without knowing their shapes values can be added, and vectors joined. Whether there was something to say.
fn check_given(node: &Node, merge: Merge, report: &mut Report) -> bool {
    let Some(given) = node.reads.iter().find(|read| read.value.shape.is_given()) else {
        return false;
    };
    let deep = |read: &&Read| {
        read.value
            .shape
            .known()
            .is_some_and(|sizes| sizes.len() > 1)
    };
    let message = match (merge, node.reads.iter().find(deep)) {
        (Merge::MatMul, _) => format!(
            "`{}` multiplies what `{}` gives, a shape that only the compiler knows",
            node.name(),
            given.name()
        ),
        (Merge::Concat, Some(deep)) => format!(
            "`{}` joins {} of `{}` and what `{}` gives, a shape that only the compiler knows",
            node.name(),
            words(&deep.value.shape.sizes()),
            deep.name(),
            given.name()
        ),
        _ => return false,
    };
    let help = "behind layers of your own use `Add`, `Mul`, and `Concat` of vectors";
    report.error(given.way.tokens(node), &message, help);
    true
}

/// All values have as many axes as the layer wants. Whether there was something to say.
fn check_axes(node: &Node, merge: Merge, report: &mut Report) -> bool {
    let known = |read: &Read| read.value.shape.known().map(<[Size]>::to_vec);
    let Some(Some(first)) = node.reads.first().map(known) else {
        return true;
    };
    for read in &node.reads {
        let Some(sizes) = known(read) else {
            return true;
        };
        let (name, at) = (node.name(), read.way.tokens(node));
        let (called, text) = (read.name(), words(&sizes));
        if merge == Merge::MatMul && sizes.len() != 2 {
            let message = format!("`{name}` multiplies two matrices, and `{called}` gives {text}");
            let help = "a matrix is a sample of two sizes, as in `Input(3, 4)`; with sizes `MatMul(50, 10)` is a layer";
            report.error(at, &message, help);
            return true;
        }
        if sizes.len() != first.len() {
            let message = format!(
                "`{name}` merges {} of `{}` and {text} of `{called}`",
                words(&first),
                node.reads[0].name()
            );
            let help =
                "merge values of as many sizes: `Repeat(4)` adds one, and `Sum` takes one away";
            report.error(at, &message, help);
            return true;
        }
    }
    false
}

/// A shape as it is said: a vector has features.
fn words(sizes: &[Size]) -> String {
    match sizes {
        [size] => format!("{} {}", size.text(), features(size)),
        sizes => shape_text(sizes),
    }
}

/// The sizes of a merging layer that have to be equal; empty if something else is wrong with them.
pub(crate) fn differences<'a>(graph: &Graph, node: &'a Node) -> Vec<Difference<'a>> {
    let Some(merge) = node.merge() else {
        return Vec::new();
    };
    let axes = |read: &'a Read| read.value.shape.known().unwrap_or_default();
    let ranks_agree = node
        .reads
        .iter()
        .all(|read| axes(read).len() == axes(&node.reads[0]).len());
    // What others are measured by: a value that comes from far away cannot be changed as easily.
    let fixed = |read: &&Read| !read.has_own_size(graph, node);
    let Some(first) = node.reads.iter().find(fixed).or(node.reads.first()) else {
        return Vec::new();
    };
    if merge == Merge::MatMul {
        return match node.reads.as_slice() {
            [first, second] => match (axes(first), axes(second)) {
                ([_, given], [other, _]) => vec![Difference {
                    given,
                    other,
                    first,
                    second,
                }],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
    }
    if !ranks_agree {
        return Vec::new();
    }
    let outermost = usize::from(merge == Merge::Concat);
    let others = node
        .reads
        .iter()
        .filter(|other| !std::ptr::eq(*other, first));
    others
        .flat_map(|second| {
            let pairs = axes(first).iter().zip(axes(second)).skip(outermost);
            pairs.map(move |(given, other)| Difference {
                given,
                other,
                first,
                second,
            })
        })
        .collect()
}

impl Difference<'_> {
    /// What is wrong and what helps; the two sizes also as text, so that the compiler can fill in what only it knows.
    pub(crate) fn words(
        &self,
        graph: &Graph,
        node: &Node,
        (given, other): (&str, &str),
    ) -> (String, String) {
        let name = node.name();
        let of_branches = [self.first, self.second].map(|read| matches!(read.way, Way::Branch(_)));
        let shapes = [self.first, self.second]
            .map(|read| shape_text(read.value.shape.known().unwrap_or_default()));
        let is_vector = self
            .first
            .value
            .shape
            .known()
            .is_some_and(|sizes| sizes.len() == 1);
        let in_order = self.first_comes_first(node);
        let message = match node.merge() {
            Some(Merge::MatMul) => format!(
                "shape mismatch: `{name}` multiplies {} by {}, where {given} and {other} should be equal",
                shapes[0], shapes[1]
            ),
            Some(Merge::Concat) => format!(
                "shape mismatch: `{name}` joins {} and {}, where {given} and {other} should be equal",
                shapes[0], shapes[1]
            ),
            _ if of_branches == [true, true] && is_vector => {
                let (one, two) = if in_order {
                    (given, other)
                } else {
                    (other, given)
                };
                let features = features(if in_order { self.other } else { self.given });
                format!("shape mismatch: the branches of `{name}` give {one} and {two} {features}")
            }
            _ if is_vector => format!(
                "shape mismatch: `{name}` merges {given} features of `{}` and {other} of `{}`",
                self.first.name(),
                self.second.name()
            ),
            _ => format!(
                "shape mismatch: `{name}` merges {} of `{}` and {} of `{}`, where {given} and {other} should be equal",
                shapes[0],
                self.first.name(),
                shapes[1],
                self.second.name()
            ),
        };
        (message, self.help(graph, node))
    }

    fn help(&self, graph: &Graph, node: &Node) -> String {
        let (given, second) = (self.given.text(), self.second.name());
        match node.merge() {
            Some(Merge::MatMul) => return format!("let `{second}` give {given} rows"),
            Some(Merge::Concat) => {
                return format!(
                    "let `{second}` give {given} where it gives {}",
                    self.other.text()
                );
            }
            _ => {}
        }
        match graph.origin(&self.second.value) {
            Some(origin) if origin.builtin.role == Role::Input && origin.arguments.len() == 1 => {
                format!("write `{}`", origin.text_with(0, given))
            }
            Some(origin) if origin.takes_outputs() => {
                let way = origin.text_with(1, given.clone());
                format!(
                    "write `{way}`, or let `{}` give {}",
                    self.first.name(),
                    self.other.text()
                )
            }
            _ => self
                .help_of_images(graph)
                .unwrap_or_else(|| format!("let `{second}` give {given}")),
        }
    }

    /// What can be written where a convolution gives one of the values: as many maps as the other has channels, or padding.
    fn help_of_images(&self, graph: &Graph) -> Option<String> {
        let channels = |read: &Read| read.value.shape.known().map(|sizes| sizes[0].text());
        let same_channels = channels(self.first) == channels(self.second);
        let sides = [(self.second, self.given), (self.first, self.other)];
        sides.into_iter().find_map(|(read, wanted)| {
            let origin = graph.origin(&read.value)?;
            let windows = origin.windows.as_ref()?;
            let keeps_size = windows
                .stride
                .iter()
                .all(|stride| stride.value() == Some(1));
            match (&windows.outputs, same_channels) {
                (Some(_), false) => Some(format!("write `{}`", origin.text_with(0, wanted.text()))),
                (_, true) if keeps_size && windows.layer != ImageLayer::Transposed => Some(
                    format!("let `{}` keep its size: `padding = same`", read.name()),
                ),
                _ => None,
            }
        })
    }

    /// The token that is to be changed.
    pub(crate) fn at(&self, graph: &Graph, node: &Node) -> proc_macro2::TokenStream {
        if self.second.has_own_size(graph, node) {
            self.other.tokens().clone()
        } else {
            self.second.way.tokens(node)
        }
    }

    fn first_comes_first(&self, node: &Node) -> bool {
        let place = |read: &Read| {
            let mut reads = node.reads.iter();
            reads.position(|other| std::ptr::eq(other, read))
        };
        place(self.first) < place(self.second)
    }
}

impl Read {
    /// What a message calls the value: the point as it is named, or the layer that set its shape.
    pub(crate) fn name(&self) -> String {
        match &self.way {
            Way::Point(name) => name.to_string(),
            Way::Branch(_) | Way::Chain => self.value.from.clone(),
        }
    }

    /// Whether a size of a layer just for this reader says what it is, so that this is the size to change.
    fn has_own_size(&self, graph: &Graph, node: &Node) -> bool {
        let others = node
            .reads
            .iter()
            .filter(|other| !std::ptr::eq(*other, self));
        let mut shared = others.filter(|other| other.value.from == self.value.from);
        let origin = graph.origin(&self.value);
        let is_point = matches!(self.way, Way::Point(_));
        !is_point && shared.next().is_none() && self.is_by(origin)
    }

    fn is_by(&self, origin: Option<&Node>) -> bool {
        let in_branch = matches!(self.way, Way::Branch(_));
        origin.is_some_and(|origin| origin.takes_outputs() && (origin.in_branch || !in_branch))
    }
}

impl Node {
    /// Whether its second size is what it gives.
    fn takes_outputs(&self) -> bool {
        self.takes.is_some() && !self.sizes.is_empty() || self.inferred.is_some()
    }
}

impl Way {
    /// One token to point at.
    pub(crate) fn tokens(&self, node: &Node) -> proc_macro2::TokenStream {
        match self {
            Self::Chain => node.kind.to_token_stream(),
            Self::Branch(last) => last.clone(),
            Self::Point(name) => name.to_token_stream(),
        }
    }
}
