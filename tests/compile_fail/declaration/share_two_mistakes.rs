use nn_core::prelude::*;

network! {
    pub struct Net<
        a: Affine(784, 50) -> Relu -> Affine(50, 784, W = a.W, b = a.b) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
