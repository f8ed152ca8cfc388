use nn_core::prelude::*;

network! {
    struct Mlp<const T: usize>< Affine(784, T) -> Relu -> Affine(T, 10) -> SoftmaxWithLoss >;
}

fn main() {}
