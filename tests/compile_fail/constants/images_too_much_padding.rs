use nn_core::prelude::*;

const P: usize = 2;

network! {
    pub struct Net<
        Input(1, 28, 28) -> AvgPool2d(2, padding = P) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
