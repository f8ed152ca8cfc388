use nn_core::prelude::*;

network! {
    #[freeze]
    pub struct Net<
        Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
