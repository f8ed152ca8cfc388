use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(784, 50) -> Relu -> Affine(50, 10) -> #[freeze] SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
