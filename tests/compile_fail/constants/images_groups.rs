use nn_core::prelude::*;

const GROUPS: usize = 2;

network! {
    pub struct Net<
        Input(3, 28, 28) -> Conv2d(16, 5, groups = GROUPS) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
