use nn_core::prelude::*;
use nn_core::{Element, Param};

#[derive(Clone, Debug, PartialEq, Parameters)]
struct Slopes<const N: usize, T: Element = f32> {
    alpha: Param<[T; N]>,
}

fn main() {}
