use nn_core::prelude::*;

network! {
    pub struct Net<
        encoder: Affine(784, 50) -> Relu -> #[freeze] Affine(50, 784, W = encoder.W.T) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
