use nn_core::prelude::*;

network! {
    pub struct Net<
        #[freeze] first: Affine(784, 784) -> Relu -> #[freeze] Affine(784, 784, W = first.W, b = first.b) -> Affine(784, 784) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
