use nn_core::prelude::*;
use nn_core::{Element, Param};

#[derive(Clone, Debug, Default, PartialEq, Parameters)]
struct Slopes<const N: usize, T: Element> {
    alpha: Param<[T; N]>,
}

fn main() {}
