use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(784, 10) -> LeakyRelu(-0.1) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
