use nn_core::prelude::*;

network! {
    struct Tied<const H: usize><
        encoder: Affine(784, H) -> Relu -> Affine(H, 784, W = encoder.W) -> SigmoidWithLoss
    >;
}

fn main() {}
