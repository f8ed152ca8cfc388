use nn_core::prelude::*;

network! {
    pub struct Digits< Affine(784, 50) -> Relu -> out: Affine(50, 10) -> SoftmaxWithLoss >;
}

network! {
    pub struct Features< Affine(784, 50) -> Relu >;
}

fn main() {
    let net = Digits::seeded(1);
    let _ = net.predict(&[0.0_f32; 784]);
}
