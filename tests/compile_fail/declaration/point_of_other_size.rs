use nn_core::prelude::*;

network! {
    pub struct Net<
        skip: Affine(784, 64) -> Relu -> Affine(64, 50) -> Add(skip) -> Affine(50, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
