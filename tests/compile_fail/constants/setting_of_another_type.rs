use nn_core::prelude::*;

const ALPHA: f32 = 0.1;

network! {
    pub struct Net< Affine(784, 10) -> LeakyRelu(ALPHA) -> SoftmaxWithLoss >;
}

fn main() {
    let _ = Net::seeded(1);
}
