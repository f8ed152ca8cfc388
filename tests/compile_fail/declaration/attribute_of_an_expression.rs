use nn_core::prelude::*;

fn main() {
    let mut net = network!(
        #[derive(Clone)]
        < Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >
    );
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
