use nn_core::prelude::*;

network! { struct Part<const N: usize>< Affine(784, N) -> Tanh >; }

network! {
    struct Whole<const H: usize>< Part(H + 1) -> Affine(_, 10) -> SoftmaxWithLoss >;
}

fn main() {}
