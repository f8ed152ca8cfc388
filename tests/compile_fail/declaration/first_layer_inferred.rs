use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(_, 50) -> Relu -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
