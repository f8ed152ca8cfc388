use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(8, 4) -> LayerNorm -> Affine(_, 4) -> LayerNorm(gamma = layer_norm1.gamma) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
