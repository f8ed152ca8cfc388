use nn_core::prelude::*;

network! {
    struct Mlp<const H: usize>< Affine(784, H) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;
}

fn main() {}
