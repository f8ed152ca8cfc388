use nn_core::prelude::*;

const FACTOR: usize = 2;

network! {
    pub struct Net< Affine(784, 10) -> Scale(FACTOR) -> SoftmaxWithLoss >;
}

fn main() {
    let _ = Net::seeded(1);
}
