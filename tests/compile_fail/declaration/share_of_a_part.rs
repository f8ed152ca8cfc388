use nn_core::prelude::*;

network! {
    pub struct Net<
        part: (Affine(784, 784) -> Relu) -> Affine(784, 784, W = part.W) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
