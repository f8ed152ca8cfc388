use nn_core::prelude::*;

network! {
    struct Mlp<const H: usize><
        Affine(784, H) -> [ Identity | Affine(_, 50) ] -> Concat -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {}
