use nn_core::prelude::*;
use nn_core::Element;

#[derive(Clone, Debug, Default, PartialEq, Parameters)]
struct Slopes<T: Element = f32> {
    alpha: Vec<T>,
}

fn main() {}
