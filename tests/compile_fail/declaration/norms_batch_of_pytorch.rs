use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(1, 28, 28) -> Conv2d(16, 5) -> BatchNorm2d(16) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
