use nn_core::prelude::*;

network! {
    pub struct Net<
        [ Input(1) | Input(2) | Input(3) | Input(4) | Input(5) | Input(6) | Input(7) ] -> Concat -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
