use nn_core::prelude::*;
use nn_tests::layers::Transpose;

network! {
    pub struct Net<
        Affine(784, 50) -> Repeat(2) -> Transpose -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
