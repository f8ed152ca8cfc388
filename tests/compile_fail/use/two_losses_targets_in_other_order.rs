use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(3, 4) -> Relu -> [ digit: Affine(4, 10) -> SoftmaxWithLoss | parity: Affine(4, 1) -> SigmoidWithLoss(weight = 0.3) ]
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.loss(&[[0.0; 3]], &[(true, 1_u8)]);
}
