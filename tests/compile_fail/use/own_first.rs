use nn_core::prelude::*;
use nn_tests::layers::Slope;

network! {
    pub struct Net<
        Slope(784) -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let net = Net::seeded(1);
    let _ = net.params.affine1.b[9];
}
