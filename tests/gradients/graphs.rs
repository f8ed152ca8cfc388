//! Networks that are more than a chain: branches, named points, repetition, and the nodes that merge, repeat, sum, scale.

use nn_core::prelude::*;

use super::{check, random};

const WIDTH: usize = 4;
const HALF: f64 = 0.5;

network! {
    struct Residual<
        Affine(3, 4) -> Relu -> [ Affine(4, 4) -> Relu -> Affine(4, 4) | Identity ] -> Add -> Relu -> Affine(4, 2)
            -> MeanSquaredError
    >;
}
network! {
    struct ResidualAtTheEnd< Affine(3, 4) -> Tanh -> [ Affine(4, 4) -> Relu | Identity ] -> Add -> MeanSquaredError >;
}
network! {
    struct SkipByName<
        Affine(3, 5) -> skip: Tanh -> Affine(5, 5) -> Sigmoid -> Add(skip) -> far: Affine(5, 5) -> Relu -> Mul(far, skip)
            -> Affine(5, 2) -> MeanSquaredError
    >;
}
network! {
    struct ThreeBranches<
        [ Affine(3, 4) -> Tanh | Affine(3, 4) -> Sigmoid | Affine(3, 4) ] -> Add -> [ Identity | Relu | Tanh | Affine(4, 4) ]
            -> Mul -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    struct Joined<
        Input(3) -> [ Affine(_, 2) -> Relu | Identity | MatMul(_, 4) -> Tanh ] -> both: Concat -> Affine(_, 3) -> Concat(both)
            -> Affine(12, 2) -> SoftmaxWithLoss
    >;
}
network! {
    struct JoinedImages<
        Affine(3, 2) -> [ Repeat(3) | Tanh -> Repeat(2) ] -> Concat -> [ Identity | Sigmoid ] -> Mul -> Sum -> MeanSquaredError
    >;
}
network! { struct Gate< x: Affine(3, 4) -> Sigmoid -> Mul(x) -> Affine(4, 2) -> MeanSquaredError >; }
network! { struct Square< Affine(3, 4) -> same: Tanh -> Mul(same, same) -> Add(same) -> MeanSquaredError >; }
network! { struct Doubled< Affine(3, 2) -> same: Identity -> Add(same) -> MeanSquaredError >; }
network! {
    struct Matrices<
        Affine(3, 4) -> [ Repeat(3) | Tanh -> Repeat(4) ] -> MatMul -> [ Sum | Relu -> Sum ] -> Mul -> MeanSquaredError
    >;
}
network! {
    struct MatrixTimesItself< Affine(2, 3) -> Repeat(3) -> m: Tanh -> Scale(2.0) -> MatMul(m) -> Sum -> Sigmoid -> MeanSquaredError >;
}
network! {
    struct Repeated<
        Affine(3, 4) -> ( skip: Tanh -> block: Affine(4, 4) -> Relu -> Add(skip) ) * 3 -> Add(block2) -> Affine(4, 2)
            -> MeanSquaredError
    >;
}
network! {
    struct RepeatedBranches<
        Affine(3, 4) -> ( both: [ Tanh | Affine(4, 4) ] -> Add -> part: ( Affine(4, 4) -> Sigmoid ) -> Relu -> Mul(both, part) ) * 2
            -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    struct RepeatedInRepetition<
        Affine(3, 3) -> turn: ( ( [ Affine(3, 3) -> Tanh | Identity ] -> Add ) * 2 -> Relu ) * 2 -> Affine(3, 3) -> Add(turn)
            -> MeanSquaredError
    >;
}
network! {
    struct Nested<
        Affine(3, 4)
            -> [
                Affine(4, 4) -> [ Tanh | Affine(4, 4) -> inner: Relu | Identity ] -> Add -> Sigmoid
                | [ Identity | Scale(-0.5) ] -> Mul -> Add(inner)
                | Identity
            ]
            -> Concat -> Affine(12, 2) -> SoftmaxWithLoss
    >;
}
network! {
    struct Constants<
        Affine(3, WIDTH) -> [ Affine(WIDTH, WIDTH) -> Relu | Scale(HALF) ] -> Add -> [ Identity | Affine(WIDTH, 2 * WIDTH) ]
            -> Concat -> Affine(_, 2) -> MeanSquaredError
    >;
}
network! {
    struct Scalars<
        Input(3) -> Scale(2) -> Shift(-1.0) -> Affine(_, 4) -> Shift(0.25) -> Tanh -> Scale(3.0) -> Shift(HALF) -> Relu
            -> Affine(4, 2) -> Scale(0.5) -> MeanSquaredError
    >;
}
network! {
    struct ShiftedCopies<
        Affine(3, 4) -> [ Shift(1.0) -> Tanh | Shift(-1.0) -> Relu | Shift(0.5) | Identity ] -> Add -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    struct InputUsedAgain<
        x: Input(3) -> Affine(3, 3) -> Relu -> Mul(x) -> Concat(x) -> Affine(6, 3) -> Add(x) -> Affine(3, 2) -> MeanSquaredError
    >;
}
network! {
    struct NothingToLearnBelow<
        Input(3) -> [ Tanh | Sigmoid -> Scale(2.0) ] -> Mul -> low: Relu -> Affine(3, 3) -> Mul(low) -> Affine(3, 2) -> MeanSquaredError
    >;
}
network! {
    struct DeepSamples<
        Input(2, 3) -> [ Sum -> Affine(_, 3) -> Relu | Sum ] -> Add -> Repeat(2) -> [ Tanh | Identity ] -> Concat -> Sum
            -> Affine(3, 2) -> MeanSquaredError
    >;
}
network! {
    struct ReluForTwo<
        Affine(3, 4) -> hidden: Relu -> Affine(4, 4) -> Relu -> Affine(4, 4) -> Add(hidden) -> MatMul(4, 4) -> Concat(hidden)
            -> Affine(8, 2) -> MeanSquaredError
    >;
}
network! {
    struct ReluAndItsInput< Affine(3, 4) -> raw: Identity -> Relu -> Affine(4, 4) -> Add(raw) -> MeanSquaredError >;
}
network! {
    struct Copies< Affine(3, 4) -> [ Identity | Identity | Identity ] -> Add -> [ Identity | Identity ] -> Mul -> MeanSquaredError >;
}

#[test]
fn residual_blocks() {
    check(Residual::<f64>::seeded, random::<2>);
    check(ResidualAtTheEnd::<f64>::seeded, random::<4>);
    check(ReluForTwo::<f64>::seeded, random::<2>);
    check(ReluAndItsInput::<f64>::seeded, random::<4>);
}

#[test]
fn points_by_name() {
    check(SkipByName::<f64>::seeded, random::<2>);
    check(Gate::<f64>::seeded, random::<2>);
    check(InputUsedAgain::<f64>::seeded, random::<2>);
}

#[test]
fn a_value_merged_with_itself() {
    check(Square::<f64>::seeded, random::<4>);
    check(Doubled::<f64>::seeded, random::<2>);
    check(Copies::<f64>::seeded, random::<4>);
}

#[test]
fn three_branches_and_four() {
    check(ThreeBranches::<f64>::seeded, random::<2>);
}

#[test]
fn joined_values() {
    check(Joined::<f64>::seeded, |rng| rng.below(2));
    check(JoinedImages::<f64>::seeded, random::<2>);
    check(DeepSamples::<f64>::seeded, random::<2>);
}

#[test]
fn products_of_matrices() {
    check(Matrices::<f64>::seeded, random::<4>);
    check(MatrixTimesItself::<f64>::seeded, random::<3>);
}

#[test]
fn repetitions() {
    check(Repeated::<f64>::seeded, random::<2>);
    check(RepeatedBranches::<f64>::seeded, random::<2>);
    check(RepeatedInRepetition::<f64>::seeded, random::<3>);
}

#[test]
fn branches_in_branches() {
    check(Nested::<f64>::seeded, |rng| rng.below(2));
}

#[test]
fn sizes_behind_constants() {
    check(Constants::<f64>::seeded, random::<2>);
}

#[test]
fn scales_and_shifts() {
    check(Scalars::<f64>::seeded, random::<2>);
    check(ShiftedCopies::<f64>::seeded, random::<2>);
}

#[test]
fn nothing_to_learn_below() {
    check(NothingToLearnBelow::<f64>::seeded, random::<2>);
}
