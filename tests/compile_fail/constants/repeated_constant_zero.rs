use nn_core::prelude::*;

const TIMES: usize = 0;

network! {
    pub struct Net< Affine(784, 10) -> Repeat(TIMES) -> Sum -> SoftmaxWithLoss >;
}

fn main() {
    let _ = Net::seeded(1);
}
