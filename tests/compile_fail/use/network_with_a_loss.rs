use nn_core::prelude::*;

network! { pub struct Scores< Affine(784, 50) -> Tanh -> SoftmaxWithLoss >; }

network! {
    pub struct Net<
        Scores -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let net = Net::seeded(1);
    let _ = net.params.affine1.b[9];
}
