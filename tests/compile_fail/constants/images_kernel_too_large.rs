use nn_core::prelude::*;

const SIZE: usize = 8;

network! {
    pub struct Net<
        Input(1, SIZE, SIZE) -> MaxPool2d(2) -> Conv2d(16, 5) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
