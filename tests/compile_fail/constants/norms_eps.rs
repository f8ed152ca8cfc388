use nn_core::prelude::*;

const BELOW: f64 = -1e-3;

network! {
    pub struct Net<
        Affine(8, 4) -> LayerNorm(eps = BELOW) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
