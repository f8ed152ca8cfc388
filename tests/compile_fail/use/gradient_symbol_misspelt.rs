use nn_core::prelude::*;

network! {
    pub struct Digits< Affine(784, 50) -> Relu -> out: Affine(50, 10) -> SoftmaxWithLoss >;
}

network! {
    pub struct Features< Affine(784, 50) -> Relu >;
}

fn main() {
    let mut net = Digits::seeded(1);
    let gradient = net.gradient(&[[0.0; 784]], &[1_u8]).unwrap();
    println!("{}", gradient.out.w[0][0]);
}
