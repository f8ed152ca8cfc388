use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(1, 7, 7) -> ConvTranspose2d(16, 4, stride = 2, padding = same) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
