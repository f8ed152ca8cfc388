use nn_core::prelude::*;

network! { pub struct Encoder< Affine(784, 20) -> Tanh >; }

network! {
    pub struct Net<
        Encoder -> Affine(50, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
