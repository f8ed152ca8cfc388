use nn_core::prelude::*;

const DEVIATION: f32 = 0.01;

network! {
    pub struct Net< Affine(784, 10, init = normal(DEVIATION)) -> SoftmaxWithLoss >;
}

fn main() {
    let _ = Net::seeded(1);
}
