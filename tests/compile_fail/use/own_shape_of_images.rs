use nn_core::prelude::*;
use nn_tests::layers::Swish;

network! {
    pub struct Net<
        Input(2, 392) -> Swish -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[[0.0; 392]; 2]], &[1_u8]);
}
