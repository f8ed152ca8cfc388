//! Files of parameters: as Python writes them, there and back, with mistakes, and damaged.

mod damaged;
mod mismatches;
mod python;
mod round_trips;

use nn_core::prelude::*;
use nn_core::{Error, KeyMap, LoadProblem};

network! {
    #[derive(Clone, Debug)]
    struct Small< Affine(3, 4) -> Tanh -> Affine(4, 2) -> MeanSquaredError >;
}

/// The bytes of a fixture.
fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/files/fixtures");
    std::fs::read(format!("{folder}/{name}")).expect("a fixture")
}

/// A safetensors file put together by hand.
fn safetensors(header: &str, data: &[u8]) -> Vec<u8> {
    let length = (header.len() as u64).to_le_bytes();
    [&length, header.as_bytes(), data].concat()
}

/// What is wrong with a file.
fn problem(net: &mut impl Network, content: &[u8], keys: &KeyMap) -> LoadProblem {
    match net.load_bytes(content, keys) {
        Err(Error::Load { problem, .. }) => problem,
        other => panic!("expected a problem, found {other:?}"),
    }
}
