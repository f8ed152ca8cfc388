use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(784, 50) -> SoftmaxWithLoss -> Affine(50, 10)
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
