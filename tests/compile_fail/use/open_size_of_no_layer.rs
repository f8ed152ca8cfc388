use nn_core::prelude::*;

struct Bias<const N: usize>;

network! {
    struct Mlp<const H: usize>< Affine(784, H) -> Bias(H) -> Affine(H, 10) -> SoftmaxWithLoss >;
}

fn main() {}
