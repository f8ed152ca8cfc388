//! Networks of which some layers are frozen.

use nn_core::prelude::*;

use super::{check, random};

network! {
    struct Below<
        #[freeze] ( Affine(3, 4) -> Tanh -> Affine(4, 4) -> Relu ) -> Affine(4, 4) -> Tanh -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    struct Between<
        Affine(3, 4) -> Relu -> #[freeze] Affine(4, 5) -> Tanh -> #[freeze] middle: MatMul(5, 4) -> Relu -> Affine(4, 4)
            -> Sigmoid -> #[freeze] Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    struct InBranches<
        Affine(3, 4) -> skip: Tanh
            -> [ #[freeze] Affine(4, 4) -> Relu | Affine(4, 4) -> Sigmoid | #[freeze] [ Affine(4, 4) | Identity ] -> Mul ]
            -> Add -> Mul(skip) -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    struct Repeated<
        Affine(3, 4) -> #[freeze] (Affine(4, 4) -> Tanh) * 2 -> (#[freeze] Affine(4, 4) -> Relu -> Affine(4, 4)) * 2
            -> Affine(4, 2) -> SoftmaxWithLoss
    >;
}
network! {
    struct Owner<
        Affine(3, 4) -> Tanh -> #[freeze] first: Affine(4, 5) -> Tanh -> Affine(5, 4, W = first.W.T) -> Sigmoid
            -> Affine(4, 5, W = first.W, b = first.b) -> Relu -> MatMul(5, 4, W = first.W.T) -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    struct OwnerOfBiases<
        trained: Affine(3, 3) -> Relu -> #[freeze] fixed: Affine(3, 3) -> Tanh -> Affine(3, 3, W = trained.W, b = fixed.b)
            -> Tanh -> Affine(3, 3, W = fixed.W.T, b = trained.b) -> MeanSquaredError
    >;
}
network! {
    struct FrozenReaders<
        Affine(3, 4) -> x: Tanh -> [ #[freeze] Affine(4, 4) -> Sigmoid | Scale(2.0) -> Tanh | Shift(0.5) ] -> Add
            -> #[freeze] Affine(4, 4) -> Tanh -> Add(x) -> MeanSquaredError
    >;
}

#[test]
fn frozen_below_and_between() {
    check(Below::<f64>::seeded, random::<2>);
    check(Between::<f64>::seeded, random::<2>);
}

#[test]
fn frozen_in_branches_and_repetitions() {
    check(InBranches::<f64>::seeded, random::<2>);
    check(Repeated::<f64>::seeded, |rng| rng.below(2));
    check(FrozenReaders::<f64>::seeded, random::<4>);
}

#[test]
fn frozen_and_shared() {
    check(Owner::<f64>::seeded, random::<2>);
    check(OwnerOfBiases::<f64>::seeded, random::<3>);
}

network! {
    struct Heads<
        #[freeze] [ Affine(3, 4) -> Tanh | Affine(3, 4) ] -> Add -> low: Affine(4, 4) -> Relu
            -> [
                #[freeze] Affine(4, 3) -> MeanSquaredError
                | Affine(4, 3, W = affine4.W, b = affine4.b) -> Tanh -> Affine(3, 4, W = affine4.W.T) -> Relu -> MeanSquaredError(weight = 0.5)
            ]
    >;
}

#[test]
fn frozen_below_several_losses() {
    check(Heads::<f64>::seeded, |rng| {
        (random::<3>(rng), random::<4>(rng))
    });
}
