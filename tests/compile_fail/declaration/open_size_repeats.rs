use nn_core::prelude::*;

network! {
    struct Mlp<const H: usize>< Affine(784, 50) -> ( Affine(50, 50) -> Relu ) * H -> Affine(50, 10) -> SoftmaxWithLoss >;
}

fn main() {}
