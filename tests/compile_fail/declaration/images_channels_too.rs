use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(1, 28, 28) -> Conv2d(1, 16, 5) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
