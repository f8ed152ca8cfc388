use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(4) -> LayerNorm(affine = false) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
