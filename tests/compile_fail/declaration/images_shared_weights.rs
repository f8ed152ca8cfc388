use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(4, 7, 7) -> first: Conv2d(4, 3, padding = 1) -> Relu -> Conv2d(4, 3, padding = 1, W = first.W) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
