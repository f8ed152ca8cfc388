use nn_core::prelude::*;
use nn_core::{Element, Param};

#[derive(Clone, Debug, Default, PartialEq, Parameters)]
struct Slopes<const N: usize> {
    alpha: Bias<N>,
}

#[derive(Clone, Debug, Default, PartialEq, Parameters)]
struct Bias<const N: usize, T: Element = f32> {
    b: Param<[T; N]>,
}

fn main() {}
