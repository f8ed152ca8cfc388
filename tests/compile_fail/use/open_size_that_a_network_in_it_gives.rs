use nn_core::prelude::*;

network! { struct Part<const N: usize>< Affine(N, N) -> Tanh >; }

network! {
    struct Whole<const H: usize>< Part(H) -> Affine(784, 10) -> SoftmaxWithLoss >;
}

fn main() {}
