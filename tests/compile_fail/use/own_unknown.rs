use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(784, 50) -> [ Banana | hidden: Banana(50) -> Tanh ] -> Add -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
