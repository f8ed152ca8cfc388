use nn_core::prelude::*;

fn main() {
    let net = network!(< Affine(2, 3) -> Tanh -> Affine(4, 1) -> SigmoidWithLoss >);
    let _ = net.predict(&[[0.0, 1.0]]);
}
