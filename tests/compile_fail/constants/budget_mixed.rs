use nn_core::prelude::*;

const HIDDEN: usize = 60;

network! {
    #[budget(macs < 47_640)]
    pub struct Net<
        Affine(784, HIDDEN) -> Relu -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
