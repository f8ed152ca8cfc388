use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(784, 10) -> SoftmaxWithLoss -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
