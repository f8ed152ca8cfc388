use nn_core::prelude::*;

network! {
    pub struct One< Affine(784, 10) -> SoftmaxWithLoss >;
    pub struct Two< Affine(784, 10) -> SoftmaxWithLoss >;
}

fn main() {
    let _ = One::seeded(1);
}
