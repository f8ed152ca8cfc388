use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(1, 7, 7) -> Upsample(2, mode = linear) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
