use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(3, 9, 10) -> AvgPool2d(3) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
