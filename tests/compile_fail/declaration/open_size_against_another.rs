use nn_core::prelude::*;

network! {
    struct Mlp<const H: usize, const W: usize>< Affine(784, H) -> Relu -> Affine(W, 10) -> SoftmaxWithLoss >;
}

fn main() {}
