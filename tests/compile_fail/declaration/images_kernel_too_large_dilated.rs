use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(1, 8, 8) -> Conv2d(16, (3, 5), dilation = 2) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
