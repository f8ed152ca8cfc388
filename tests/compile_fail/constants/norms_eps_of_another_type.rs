use nn_core::prelude::*;

const SINGLE: f32 = 1e-3;

network! {
    pub struct Net<
        Affine(8, 4) -> Affine(4, 4) -> RmsNorm(eps = SINGLE) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
