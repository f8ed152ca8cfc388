use nn_core::prelude::*;

const CHANNELS: usize = 8;
const GROUPS: usize = 3;

network! {
    pub struct Net<
        Input(CHANNELS, 5, 5) -> GroupNorm(GROUPS) -> Flatten -> Affine(_, 2) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
