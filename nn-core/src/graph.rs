//! A network as a graph, to look at.

use std::fmt;

use nn_picture::{Family, Picture, grouped};

use crate::network::Network;
use crate::summary::{LayerSummary, Port};

/// The nodes and edges of a network, with their sizes as numbers. `Mnist::graph()` gives it, and it draws itself.
///
/// ```
/// use nn_core::prelude::*;
///
/// network! {
///     pub struct Mnist< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;
/// }
///
/// let graph = Mnist::graph();
/// let svg: String = graph.to_svg(); // for a browser or a README
/// let dot: String = graph.to_dot(); // for `dot -Tpdf`
/// let mermaid: String = graph.to_mermaid(); // for a `mermaid` fence on GitHub
/// # assert!(svg.starts_with("<svg") && dot.starts_with("digraph") && mermaid.starts_with("flowchart"));
///
/// assert_eq!(graph.nodes.len(), 5); // the input, and each layer
/// assert_eq!(graph.nodes[1].kind, "Affine(784, 50)");
/// assert_eq!(graph.edges[0].shape, [784]);
/// ```
///
/// Pictures show three turns or more of a long repetition as one block with their number beside it; [`Graph::unfolded`] draws them
/// all. `Identity` is no node: it gives what it reads, so it is an edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// The name of the network.
    pub name: &'static str,
    /// The nodes, in the order of declaration: each reads only earlier ones.
    pub nodes: Vec<GraphNode>,
    /// The edges, by the nodes that they lead to, and for each of these in the order in which it reads.
    pub edges: Vec<GraphEdge>,
    unfolded: bool,
}

/// A node of a network's [`Graph`]: an input, a layer, the loss, or an output.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GraphNode {
    /// What it is for.
    pub role: GraphRole,
    /// Its name in the network.
    pub label: String,
    /// The layer as declared, such as `Affine(784, 50)`.
    pub kind: String,
    /// The sizes of what it gives for one sample; none for a loss, which gives one number for all of them.
    pub output: &'static [usize],
    /// How many numbers its parameters hold.
    pub parameters: usize,
    /// How many multiply-adds it computes for one sample, see [`Network::MACS`].
    pub macs: usize,
    /// Where it stands in the declaration: the turns of a repetition have it in common.
    pub place: usize,
    /// The parameters that lie in other nodes.
    pub shares: Vec<GraphShare>,
    /// Whether its parameters are not trained.
    pub frozen: bool,
}

/// A parameter that a [`GraphNode`] has in common with another one, in which it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphShare {
    /// Its symbol here: `W`.
    pub parameter: &'static str,
    /// The node in which it lies: a place in [`Graph::nodes`].
    pub of: usize,
    /// Its key there: `affine1.W`.
    pub key: &'static str,
    /// Whether this node reads it the other way round.
    pub transposed: bool,
}

/// What a [`GraphNode`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GraphRole {
    /// Samples come from here.
    Input,
    /// It computes.
    Inner,
    /// It compares scores with targets.
    Criterion,
    /// Results go here.
    Output,
}

/// A value on its way from one node to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphEdge {
    /// The node that gives it: a place in [`Graph::nodes`].
    pub from: usize,
    /// The node that reads it.
    pub to: usize,
    /// Its sizes for one sample.
    pub shape: &'static [usize],
}

impl Graph {
    pub(crate) fn of<N: Network>() -> Self {
        Self::from_tables(N::NAME, N::LAYERS, N::INPUT, [N::INPUTS, N::OUTPUTS])
    }

    fn from_tables(
        name: &'static str,
        layers: &'static [LayerSummary],
        sample: &'static [usize],
        [inputs, outputs]: [&'static [Port]; 2],
    ) -> Self {
        let mut graph = Self {
            name,
            nodes: Vec::new(),
            edges: Vec::new(),
            unfolded: false,
        };
        let mut first = None;
        if !layers.iter().any(LayerSummary::is_input) {
            first = Some(graph.end(GraphRole::Input, "input", sample));
        }
        // The node of each value: the sample, then what each layer gives.
        let mut of_value = vec![first];
        for layer in layers {
            if layer.kind == "Identity" {
                of_value.push(None);
                continue;
            }
            let node = graph.layer(layer);
            let reads = if layer.is_input() { &[] } else { layer.reads };
            for &value in reads {
                graph.connect(of_value.get(value).copied().flatten(), node);
            }
            if layer.is_input() && inputs.len() == 1 {
                of_value[0] = Some(node);
            }
            of_value.push(Some(node));
        }
        graph.share(layers, &of_value);
        // Where there are losses, outputs end in them.
        if !layers.iter().any(LayerSummary::is_loss) {
            for port in outputs {
                let label = if outputs.len() == 1 {
                    "output"
                } else {
                    port.name
                };
                let output = graph.end(GraphRole::Output, label, port.shape);
                graph.connect(of_value.get(port.value).copied().flatten(), output);
            }
        }
        graph
    }

    fn layer(&mut self, layer: &LayerSummary) -> usize {
        let role = match () {
            () if layer.is_input() => GraphRole::Input,
            () if layer.is_loss() => GraphRole::Criterion,
            () => GraphRole::Inner,
        };
        self.nodes.push(GraphNode {
            role,
            label: layer.label.to_owned(),
            kind: layer.kind.to_owned(),
            output: if role == GraphRole::Criterion {
                &[]
            } else {
                layer.output
            },
            parameters: layer.parameters,
            macs: layer.macs,
            place: layer.place,
            shares: Vec::new(),
            frozen: layer.frozen,
        });
        self.nodes.len() - 1
    }

    /// The parameters that nodes have in common. `of_value` says which node is which layer.
    fn share(&mut self, layers: &[LayerSummary], of_value: &[Option<usize>]) {
        for (layer, node) in layers.iter().zip(&of_value[1..]) {
            let Some(node) = *node else { continue };
            let shares = layer.shares.iter().filter_map(|shared| {
                Some(GraphShare {
                    parameter: shared.parameter,
                    of: of_value[shared.layer]?,
                    key: shared.key,
                    transposed: shared.transposed,
                })
            });
            self.nodes[node].shares = shares.collect();
        }
    }

    /// An end of the network that is not in the declaration.
    fn end(&mut self, role: GraphRole, label: &str, shape: &'static [usize]) -> usize {
        let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
        let kind = match role {
            GraphRole::Input => format!("Input({})", sizes.join(", ")),
            _ => label.to_owned(),
        };
        self.nodes.push(GraphNode {
            role,
            label: label.to_owned(),
            kind,
            output: shape,
            parameters: 0,
            macs: 0,
            place: 0,
            shares: Vec::new(),
            frozen: false,
        });
        self.nodes.len() - 1
    }

    fn connect(&mut self, from: Option<usize>, to: usize) {
        if let Some(from) = from {
            let shape = self.nodes[from].output;
            self.edges.push(GraphEdge { from, to, shape });
        }
    }

    /// Pictures of it show every turn of a repetition.
    #[must_use]
    pub fn unfolded(mut self) -> Self {
        self.unfolded = true;
        self
    }

    /// The parameters of all nodes together.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.nodes.iter().map(|node| node.parameters).sum()
    }

    /// The multiply-adds of all nodes together, for one sample.
    #[must_use]
    pub fn macs(&self) -> usize {
        self.nodes.iter().map(|node| node.macs).sum()
    }

    /// A self-contained picture for browsers and READMEs, without fonts or scripts from elsewhere, on a light ground of its own.
    #[must_use]
    pub fn to_svg(&self) -> String {
        self.picture().to_svg()
    }

    /// Text in the language of Graphviz: `dot -Tpdf`.
    #[must_use]
    pub fn to_dot(&self) -> String {
        self.picture().to_dot()
    }

    /// Text in the language of Mermaid: what stands in a `mermaid` fence on GitHub.
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        self.picture().to_mermaid()
    }

    fn picture(&self) -> Picture {
        let mut picture = Picture {
            title: self.name.to_owned(),
            subtitle: format!(
                "{} parameters · {} multiply-adds per sample",
                grouped(self.parameters()),
                grouped(self.macs())
            ),
            nodes: Vec::new(),
            unfolded: self.unfolded,
        };
        let mut reads = vec![Vec::new(); self.nodes.len()];
        for edge in &self.edges {
            reads[edge.to].push(edge.from);
        }
        let nodes = self.nodes.iter().zip(reads);
        picture.nodes = nodes.map(|(node, reads)| node.drawn(reads)).collect();
        picture
    }
}

impl GraphNode {
    fn drawn(&self, reads: Vec<usize>) -> nn_picture::Node {
        let family = match self.role {
            GraphRole::Input => Family::Input,
            GraphRole::Criterion => Family::Loss,
            GraphRole::Output => Family::Output,
            GraphRole::Inner if self.parameters > 0 || !self.shares.is_empty() => Family::Weights,
            GraphRole::Inner if reads.len() > 1 => Family::Merge,
            GraphRole::Inner => Family::Plain,
        };
        let sizes: Vec<String> = self.output.iter().map(usize::to_string).collect();
        let text = |number: usize| match number {
            0 => String::new(),
            number => grouped(number),
        };
        nn_picture::Node {
            label: self.label.clone(),
            text: self.kind.clone(),
            family,
            reads,
            gives: match self.role {
                GraphRole::Criterion | GraphRole::Output => String::new(),
                _ => sizes.join(" × "),
            },
            parameters: text(self.parameters),
            notes: match self.macs {
                0 => String::new(),
                macs => format!("{} multiply-adds", grouped(macs)),
            },
            frozen: self.frozen,
            shares: self
                .shares
                .iter()
                .map(|share| (share.of, share.to_string()))
                .collect(),
            place: self.place,
        }
    }
}

/// As it is declared: `W = affine1.W.T`.
impl fmt::Display for GraphShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.transposed { ".T" } else { "" };
        write!(f, "{} = {}{end}", self.parameter, self.key)
    }
}

/// One line for each node: label, layer, what it reads.
impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        for (index, node) in self.nodes.iter().enumerate() {
            write!(f, "\n  {}: {}", node.label, node.kind)?;
            let reads = self.edges.iter().filter(|edge| edge.to == index);
            for (place, edge) in reads.enumerate() {
                let joint = if place == 0 { " <- " } else { ", " };
                write!(f, "{joint}{}", self.nodes[edge.from].label)?;
            }
        }
        Ok(())
    }
}
