use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(1, 28, 28) -> MaxPool2d(2, dilation = 2) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
