use nn_core::prelude::*;

const ALPHA: f64 = -1.0;

network! {
    pub struct Net< Affine(784, 10) -> LeakyRelu(ALPHA) -> SoftmaxWithLoss >;
}

fn main() {
    let _ = Net::seeded(1);
}
