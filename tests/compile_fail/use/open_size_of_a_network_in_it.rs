use nn_core::prelude::*;

network! { struct Part<const N: usize>< Affine(N, N) -> Tanh >; }

network! {
    struct Whole<const H: usize, const W: usize>< Affine(784, H) -> Part(W) -> Affine(W, 10) -> SoftmaxWithLoss >;
}

fn main() {}
