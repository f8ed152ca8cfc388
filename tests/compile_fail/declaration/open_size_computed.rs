use nn_core::prelude::*;

network! {
    struct Mlp<const H: usize>< Affine(784, 2 * H) -> Relu -> Affine(_, 10) -> SoftmaxWithLoss >;
}

fn main() {}
