use nn_core::prelude::*;

network! {
    struct Mlp<H>< Affine(784, H) -> Relu -> Affine(H, 10) -> SoftmaxWithLoss >;
}

fn main() {}
