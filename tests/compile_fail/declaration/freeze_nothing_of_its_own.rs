use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(784, 784) -> Relu -> #[freeze] again: Affine(784, 784, W = affine1.W, b = affine1.b) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
