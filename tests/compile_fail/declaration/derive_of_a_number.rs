use nn_core::prelude::*;

#[derive(Clone, Debug, Default, PartialEq, Parameters)]
struct Slopes {
    steepness: f64,
}

fn main() {}
