use nn_core::prelude::*;

network! {
    #[budget(parameters <= 64 * 1024)]
    pub struct Net<
        (Affine(784, 50) -> Relu) -> ( Affine(50, 50) -> Relu ) * 12 -> Affine(50, 40) -> Relu -> Affine(40, 30) -> Relu
            -> Affine(30, 20) -> Relu -> Affine(20, 15) -> Relu -> Affine(15, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
