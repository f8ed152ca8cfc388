use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(3, 4) -> Softmax -> Sum -> Affine(4, 2) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[[0.0; 4]; 3]], &[1_u8]);
}
