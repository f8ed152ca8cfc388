use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(4, 28, 28) -> Conv2d(15, 5, groups = 2) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
