use nn_core::prelude::*;

network! {
    pub struct Net<
        first: Affine(784, 784) -> (Affine(784, 784, W = furst.W) -> Relu) * 3 -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
