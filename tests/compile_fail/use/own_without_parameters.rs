use nn_core::prelude::*;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cut;

network! {
    pub struct Net<
        Affine(784, 50) -> Cut -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
