use nn_core::prelude::*;

const PERCENT: f64 = 20.0;

network! {
    pub struct Net<
        Affine(8, 4) -> Dropout(PERCENT) -> Affine(_, 2) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
