use nn_core::prelude::*;

const PIXELS: usize = 785;

network! {
    struct Tied<const H: usize><
        encoder: Affine(784, H) -> Relu -> Affine(H, PIXELS, W = encoder.W.T) -> SigmoidWithLoss
    >;
}

fn main() {}
