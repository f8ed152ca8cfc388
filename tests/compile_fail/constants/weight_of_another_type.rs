use nn_core::prelude::*;

const WEIGHT: usize = 2;

network! {
    pub struct Net<
        Affine(784, 10) -> SoftmaxWithLoss(weight = WEIGHT)
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
