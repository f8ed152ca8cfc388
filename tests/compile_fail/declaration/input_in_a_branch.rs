use nn_core::prelude::*;

network! {
    pub struct Net<
        [ Input(784) -> Relu | Input(10) -> Tanh ] -> Concat -> Affine(794, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
