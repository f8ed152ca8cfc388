use nn_core::prelude::*;

network! {
    struct Mlp<'a>< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;
}

fn main() {}
