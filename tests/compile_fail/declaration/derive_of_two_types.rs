use nn_core::prelude::*;
use nn_core::{Element, Param};

#[derive(Clone, Debug, Default, PartialEq, Parameters)]
struct Slopes<T: Element = f32, U: Element = f32> {
    alpha: Param<[T; 3]>,
    beta: Param<[U; 3]>,
}

fn main() {}
