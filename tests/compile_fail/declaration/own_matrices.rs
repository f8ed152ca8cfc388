use nn_core::prelude::*;
use nn_tests::layers::Swish;

network! {
    pub struct Net<
        Affine(784, 50) -> Swish -> [ Repeat(2) | Repeat(50) ] -> MatMul -> Sum -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
