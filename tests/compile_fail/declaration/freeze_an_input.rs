use nn_core::prelude::*;

network! {
    pub struct Net<
        #[freeze] Input(784) -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
