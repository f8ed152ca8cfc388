use nn_core::prelude::*;

const SMOOTHING: f64 = 10.0;

network! {
    pub struct Net< Affine(784, 10) -> SoftmaxWithLoss(smoothing = SMOOTHING) >;
}

fn main() {
    let _ = Net::seeded(1);
}
