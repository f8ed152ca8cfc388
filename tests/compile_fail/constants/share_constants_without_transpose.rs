use nn_core::prelude::*;

const HIDDEN: usize = 50;
const PIXELS: usize = 784;

network! {
    pub struct Net<
        encoder: Affine(PIXELS, HIDDEN) -> Relu -> Affine(HIDDEN, PIXELS, W = encoder.W) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
