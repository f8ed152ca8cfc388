use nn_core::prelude::*;

const HIDDEN: usize = 48;

network! {
    pub struct Net<
        Affine(20, HIDDEN) -> Relu -> Reshape(3, 4, 5) -> Conv2d(2, 3) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
