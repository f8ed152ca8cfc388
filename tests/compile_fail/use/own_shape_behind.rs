use nn_core::prelude::*;
use nn_tests::layers::Slope;

network! {
    pub struct Net<
        Affine(784, 50) -> act: Slope(50) -> Tanh -> Affine(60, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
