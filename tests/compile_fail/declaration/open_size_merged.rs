use nn_core::prelude::*;

network! {
    struct Mlp<const H: usize, const W: usize><
        Affine(784, H) -> skip: Relu -> Affine(H, W) -> Add(skip) -> Affine(H, 10) -> SoftmaxWithLoss
    >;
}

fn main() {}
