use nn_core::prelude::*;

network! {
    pub struct Digits< Affine(784, 50) -> Relu -> out: Affine(50, 10) -> SoftmaxWithLoss >;
}

network! {
    pub struct Features< Affine(784, 50) -> Relu >;
}

fn main() {
    let data = Dataset::new(vec![[0.0; 784]], vec![1_u8]).unwrap();
    let _ = Trainer::new(Sgd::new(0.1)).fit(&mut Features::seeded(1), &data, &data);
}
