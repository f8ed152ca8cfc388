use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(784, 64) -> Relu -> Conv2d(16, 5) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
