use nn_core::prelude::*;

const PIXELS: usize = 784;
const OTHER: usize = 700;

network! {
    pub struct Net<
        Affine(PIXELS, 50, W = decoder.W.T) -> Relu -> decoder: Affine(50, OTHER) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
