use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(784) -> Conv2d(16, 5) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
