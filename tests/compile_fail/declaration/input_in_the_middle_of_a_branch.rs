use nn_core::prelude::*;

network! {
    pub struct Net<
        [ Input(784) | Input(10) -> Tanh -> Input(10) ] -> Concat -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
