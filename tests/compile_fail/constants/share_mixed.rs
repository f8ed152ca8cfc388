use nn_core::prelude::*;

const PIXELS: usize = 700;

network! {
    pub struct Net<
        encoder: Affine(784, 50) -> Relu -> Affine(50, PIXELS, W = encoder.W.T, b = other.b) -> other: Affine(PIXELS, 784) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
