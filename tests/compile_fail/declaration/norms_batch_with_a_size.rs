use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(8, 4) -> BatchNorm(4) -> Affine(_, 2) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
