use nn_core::prelude::*;

const PARITY: f64 = 0.0;

network! {
    pub struct Net<
        Affine(784, 50) -> [ Affine(50, 10) -> SoftmaxWithLoss | Affine(50, 1) -> SigmoidWithLoss(weight = PARITY) ]
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[(1_u8, true)]);
}
