use nn_core::prelude::*;

network! {
    pub struct Net<
        a: Affine(784, 784, W = c.W) -> Relu -> b: Affine(784, 784, W = a.W.T) -> c: Affine(784, 784, W = b.W) -> d: Affine(784, 784, W = a.W) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
