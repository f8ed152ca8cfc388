use nn_core::prelude::*;

const HIDDEN: usize = 50;
const PIXELS: usize = 700;

network! {
    pub struct Net<
        encoder: Affine(784, HIDDEN) -> Relu -> Affine(_, PIXELS, W = encoder.W.T) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
