use nn_core::prelude::*;

network! {
    pub enum Net< Affine(784, 10) -> SoftmaxWithLoss >;
}

fn main() {}
