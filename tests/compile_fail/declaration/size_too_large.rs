use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(10_000_000_000, 10_000_000_000) -> Relu -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
