use nn_core::prelude::*;

const WEIGHTS: [f64; 9] = [1.0; 9];

network! {
    pub struct Net< Affine(784, 10) -> SoftmaxWithLoss(weights = WEIGHTS) >;
}

fn main() {
    let _ = Net::seeded(1);
}
