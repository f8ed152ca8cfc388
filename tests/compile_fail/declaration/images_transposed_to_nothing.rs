use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(1, 1, 1) -> ConvTranspose2d(16, 2, padding = 1) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
