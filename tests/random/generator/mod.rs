//! Random networks: every form of a declaration, with the table of layers that the network should have.

mod grammar;
mod rng;
mod source;

use grammar::Grammar;
use rng::Rng;

/// The module of one network: its declaration, and the case that the tests look at.
pub(crate) fn network(seed: u64, number: u64) -> String {
    let network = Grammar::new(Rng::new(seed, number)).network();
    source::module(number, &network)
}

/// A network as it is declared.
struct Network {
    chain: Vec<Item>,
    loss: &'static str,
    input: Vec<usize>,
    output: Vec<usize>,
}

/// What stands between two arrows.
#[derive(Clone)]
enum Item {
    Layer(Layer),
    /// `[ … | … ]`; the layer behind it merges them.
    Branches(Vec<Vec<Item>>),
    /// `( … ) * turns`, or just `( … )`.
    Part(Vec<Item>, Option<usize>),
}

#[derive(Clone)]
struct Layer {
    label: Option<String>,
    kind: &'static str,
    /// The sizes and options as written.
    arguments: Vec<String>,
    reads: Vec<usize>,
    gives: Vec<usize>,
    parameters: usize,
}
