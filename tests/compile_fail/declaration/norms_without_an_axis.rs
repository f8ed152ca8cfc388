use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(3, 4) -> LayerNorm -> Flatten -> Affine(_, 2) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
