use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(784, 10) -> SoftmaxWithLoss(weights = [1.0, 2.0])
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
