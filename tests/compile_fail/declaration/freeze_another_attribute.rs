use nn_core::prelude::*;

network! {
    pub struct Net<
        #[cfg(test)] Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
