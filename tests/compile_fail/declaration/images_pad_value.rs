use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(1, 7, 7) -> Pad(2, value = "zero") -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
