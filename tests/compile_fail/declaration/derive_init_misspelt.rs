use nn_core::prelude::*;
use nn_core::{Element, Param};

#[derive(Clone, Debug, Default, PartialEq, Parameters)]
struct Slopes<T: Element = f32> {
    #[init(xaveir)]
    alpha: Param<[T; 3]>,
}

fn main() {}
