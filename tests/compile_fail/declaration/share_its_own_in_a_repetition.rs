use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(784, 50) -> (block: Affine(50, 50, W = block.W) -> Relu) * 3 -> Affine(50, 784) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
