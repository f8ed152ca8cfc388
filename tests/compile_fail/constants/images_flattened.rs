use nn_core::prelude::*;

const SIZE: usize = 8;

network! {
    pub struct Net<
        Input(1, SIZE, SIZE) -> Conv2d(2, 3) -> Flatten -> Affine(32, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
