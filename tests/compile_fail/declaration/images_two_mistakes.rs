use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(1, 28, 28) -> Conv2d(16, 5, stride = 2) -> Relu -> MaxPool2d(2) -> Conv2d(32, 5, groups = 3) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
