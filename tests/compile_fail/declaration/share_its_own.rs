use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(784, 50, W = affine1.W) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
