//! Networks with several inputs, and with several losses at the end and on the way.

use nn_core::Rng;
use nn_core::prelude::*;

use super::{check, check_samples, random};

const WEIGHT: f64 = 0.7;

network! {
    struct TwoHeads<
        Affine(3, 4) -> Tanh -> [ class: Affine(4, 3) -> SoftmaxWithLoss | rest: Affine(4, 2) -> MeanSquaredError(weight = 0.3) ]
    >;
}
network! { struct Weighted< Affine(3, 2) -> Tanh -> Affine(2, 2) -> MeanSquaredError(weight = 2.5) >; }
network! {
    struct Auxiliary<
        Affine(3, 4) -> Relu -> [ aux: Affine(4, 2) -> SoftmaxWithLoss(weight = 0.3) | Identity ] -> Affine(4, 4) -> Sigmoid
            -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    /// Losses on values that other layers read: nothing may be done in place, and gradients meet.
    struct OnTheWay<
        Affine(3, 4) -> [ MeanSquaredError(weight = WEIGHT) | Relu ] -> Affine(4, 4) -> Relu -> [ MeanSquaredError | Affine(4, 4) ]
            -> Tanh -> [ MeanSquaredError | Scale(2.0) -> Shift(0.5) ] -> Sigmoid -> MeanSquaredError
    >;
}
network! {
    struct TwoOfOne<
        Affine(3, 4) -> Relu -> scores: Affine(4, 2) -> [ SoftmaxWithLoss | MeanSquaredError(weight = 0.5) | Identity ]
            -> Tanh -> MeanSquaredError
    >;
}
network! {
    /// A loss in each turn, and branches that are merged beside a loss.
    struct Deep<
        Affine(3, 4) -> ( [ Affine(4, 2) -> MeanSquaredError(weight = 0.5) | Identity ] -> Affine(4, 4) -> Tanh ) * 2
            -> [ Affine(4, 4) -> Relu | Affine(4, 1) -> SigmoidWithLoss | Identity ] -> Add -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    struct LossesInBranches<
        Affine(3, 4) -> trunk: Tanh
            -> [
                side: Affine(4, 2) -> Sigmoid -> MeanSquaredError(weight = 2)
                | Affine(4, 4) -> Relu -> [ Affine(4, 2) -> MeanSquaredError | Affine(4, 2) -> Add(side) -> MeanSquaredError ]
            ]
    >;
}
network! {
    struct Pair<
        [ Input(3) -> Affine(_, 4) -> Relu | right: Input(2) -> Affine(_, 4) -> Tanh ] -> Mul -> Concat(right) -> Affine(_, 2)
            -> SoftmaxWithLoss
    >;
}
network! {
    /// Inputs that are overwritten, kept, read twice, and merged before anything has been computed.
    struct Inputs<
        [
            [ a: Input(3) -> Relu -> Affine(3, 4) | b: Input(4) ] -> Add
            | c: Input(2, 4) -> Tanh -> Sum
            | Input(4) -> [ Identity | Sigmoid ] -> Mul
        ] -> Concat -> Affine(_, 3) -> Mul(a) -> Affine(3, 2) -> MeanSquaredError
    >;
}
network! {
    /// The squared distance of two vectors.
    struct Distance<
        [ Input(3) -> Affine(_, 4) -> Tanh | Input(3) -> Affine(_, 4) -> Tanh -> Scale(-1.0) ] -> difference: Add
            -> Mul(difference) -> Affine(4, 1) -> SigmoidWithLoss
    >;
}
network! {
    /// The same with shared weights, and a loss on each side.
    struct Siamese<
        [
            Input(3) -> first: Affine(_, 4) -> Tanh -> [ Affine(4, 1) -> SigmoidWithLoss(weight = 0.5) | Identity ]
            | Input(3) -> Affine(_, 4, W = first.W, b = first.b) -> Tanh -> Scale(-1.0)
        ] -> difference: Add -> Mul(difference) -> Affine(4, 1) -> SigmoidWithLoss
    >;
}
network! {
    struct InputsAndLosses<
        [ x: Input(3) | Input(2) -> Affine(_, 3) -> MeanSquaredError | Input(1) -> Affine(_, 3) -> Sigmoid ] -> Add
            -> [ Affine(3, 2) -> SoftmaxWithLoss(weight = WEIGHT) | MatMul(3, 3) -> Add(x) -> Affine(3, 1) -> SigmoidWithLoss ]
    >;
}

#[test]
fn losses_side_by_side() {
    check(TwoHeads::<f64>::seeded, |rng| {
        (rng.below(3), random::<2>(rng))
    });
    check(LossesInBranches::<f64>::seeded, |rng| {
        (random::<2>(rng), random::<2>(rng), random::<2>(rng))
    });
}

#[test]
fn one_loss_with_a_weight() {
    check(Weighted::<f64>::seeded, random::<2>);
}

#[test]
fn losses_on_the_way() {
    check(Auxiliary::<f64>::seeded, |rng| {
        (rng.below(2), random::<2>(rng))
    });
    check(OnTheWay::<f64>::seeded, |rng| {
        let mut draw = || random::<4>(rng);
        (draw(), draw(), draw(), draw())
    });
    check(TwoOfOne::<f64>::seeded, |rng| {
        (rng.below(2), random::<2>(rng), random::<2>(rng))
    });
    check(Deep::<f64>::seeded, |rng| {
        let mut draw = || random::<2>(rng);
        (draw(), draw(), true, draw())
    });
}

#[test]
fn several_inputs() {
    let pair = |rng: &mut Rng| (random(rng), random(rng));
    check_samples(Pair::<f64>::seeded, pair, |rng| rng.below(2));
    check_samples(
        Distance::<f64>::seeded,
        |rng| (random(rng), random(rng)),
        |rng| rng.below(2) == 0,
    );
    check_samples(
        Siamese::<f64>::seeded,
        |rng| (random(rng), random(rng)),
        |rng| (rng.below(2) == 0, rng.below(2) == 0),
    );
    let four = |rng: &mut Rng| {
        (
            random(rng),
            random(rng),
            [random(rng), random(rng)],
            random(rng),
        )
    };
    check_samples(Inputs::<f64>::seeded, four, random::<2>);
}

#[test]
fn several_inputs_and_losses() {
    let three = |rng: &mut Rng| (random(rng), random(rng), random(rng));
    check_samples(InputsAndLosses::<f64>::seeded, three, |rng| {
        (random::<3>(rng), rng.below(2), rng.below(2) == 0)
    });
}
