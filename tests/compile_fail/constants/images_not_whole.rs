use nn_core::prelude::*;

const K: usize = 5;

network! {
    pub struct Net<
        Input(1, 28, 28) -> Conv2d(16, K, stride = 2) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
