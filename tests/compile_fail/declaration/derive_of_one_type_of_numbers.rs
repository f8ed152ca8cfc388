use nn_core::prelude::*;
use nn_core::{Element, Param};

#[derive(Clone, Debug, Default, PartialEq, Parameters)]
struct Slopes<const N: usize, T: Element = f32> {
    alpha: Param<[f32; N]>,
    beta: Param<[T; N]>,
}

fn main() {}
