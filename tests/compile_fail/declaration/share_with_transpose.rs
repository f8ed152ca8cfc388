use nn_core::prelude::*;

network! {
    pub struct Net<
        encoder: Affine(784, 50) -> Affine(50, 784) -> Affine(784, 50, W = encoder.W.T) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
