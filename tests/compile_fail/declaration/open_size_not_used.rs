use nn_core::prelude::*;

network! {
    struct Mlp<const H: usize>< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;
}

fn main() {}
