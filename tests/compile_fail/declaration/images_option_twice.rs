use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(1, 28, 28) -> MaxPool2d(3, stride = 1, stride = 1) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
