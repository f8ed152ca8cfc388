use nn_core::prelude::*;

network! {
    struct Mlp<const H: u32>< Affine(784, H) -> Relu -> Affine(H, 10) -> SoftmaxWithLoss >;
}

fn main() {}
