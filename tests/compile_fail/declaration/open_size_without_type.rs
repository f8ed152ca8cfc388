use nn_core::prelude::*;

network! {
    struct Mlp<const H>< Affine(784, H) -> Relu -> Affine(H, 10) -> SoftmaxWithLoss >;
}

fn main() {}
