use nn_core::prelude::*;

const HIDDEN: usize = 50;

network! {
    pub struct Net<
        Affine(784, HIDDEN) -> Relu -> Affine(60, 10, init = he) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
