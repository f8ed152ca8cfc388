//! Networks generic over sizes.

use nn_core::prelude::*;
use nn_tests::layers::Slope;

use super::{check, random};

network! {
    struct Residual<const IN: usize, const H: usize><
        Affine(IN, H) -> ( [ Affine(_, H) -> Tanh -> Slope(H) | Identity ] -> Add ) * 2 -> Affine(_, 3) -> SoftmaxWithLoss
    >;
}
network! {
    struct Tied<const H: usize>< encoder: Affine(4, H) -> Sigmoid -> Affine(H, 4, W = encoder.W.T) -> MeanSquaredError >;
}
network! { struct Part<const H: usize, const OUT: usize>< hidden: Affine(3, H) -> Tanh -> Affine(H, OUT) -> Relu >; }
network! { struct Whole<const H: usize>< Part(H, 4) -> [ Slope(4) | Identity ] -> Mul -> Affine(4, 2) -> MeanSquaredError >; }
network! { struct Frozen<const H: usize>< Affine(3, H) -> Tanh -> #[freeze] Part2(H) -> Slope(H) -> Affine(H, 2) -> MeanSquaredError >; }
network! { struct Part2<const H: usize>< Affine(H, H) -> Sigmoid >; }

#[test]
fn networks_generic_over_sizes() {
    let label = |rng: &mut nn_core::Rng| rng.below(3);
    check(Residual::<2, 3, f64>::seeded, label);
    check(Residual::<5, 4, f64>::seeded, label);
    check(Tied::<1, f64>::seeded, random::<4>);
    check(Tied::<6, f64>::seeded, random::<4>);
    check(Whole::<2, f64>::seeded, random::<2>);
    check(Whole::<5, f64>::seeded, random::<2>);
    check(Frozen::<3, f64>::seeded, random::<2>);
}
