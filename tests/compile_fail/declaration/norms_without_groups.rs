use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(8, 5, 5) -> GroupNorm -> Flatten -> Affine(_, 2) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
