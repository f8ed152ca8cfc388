use nn_core::prelude::*;

network! {
    pub struct Net<
        #[freeze] Affine(784, 50) -> Relu -> [ #[freeze] Affine(50, 10) -> SoftmaxWithLoss | Affine(50, 1) -> SigmoidWithLoss ]
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
