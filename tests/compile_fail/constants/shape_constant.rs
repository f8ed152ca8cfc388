use nn_core::prelude::*;

const PIXELS: usize = 784;
const HIDDEN: usize = 50;
const WIDTH: usize = 60;

network! {
    pub struct Net<
        Affine(PIXELS, HIDDEN) -> Relu -> Affine(WIDTH, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
