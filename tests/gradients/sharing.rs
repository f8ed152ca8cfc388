//! Networks whose layers share parameters, as they are and transposed.

use nn_core::prelude::*;

use super::{check, random};

const WIDTH: usize = 4;

network! {
    struct Autoencoder< Affine(5, 3) -> Tanh -> Affine(3, 5, W = affine1.W.T) -> MeanSquaredError >;
}
network! {
    struct SharedTwice<
        Affine(3, 4) -> Tanh -> same: Affine(4, 4) -> Sigmoid -> Affine(4, 4, W = same.W, b = same.b) -> Tanh
            -> Affine(4, 4, W = same.W) -> Relu -> Affine(4, 4, b = same.b) -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    struct TiedTwice<
        first: Affine(3, 5) -> Tanh -> Affine(5, 3, W = first.W.T) -> Relu -> Affine(3, 5, W = first.W, b = first.b) -> Relu
            -> MatMul(5, 3, W = first.W.T) -> Sigmoid -> Affine(3, 5, W = first.W) -> MeanSquaredError
    >;
}
network! {
    struct UnderBranches<
        Affine(3, 4) -> Relu
            -> [
                left: Affine(4, 4) -> Relu
                | Affine(4, 4, W = left.W, b = left.b) -> Tanh
                | [ MatMul(4, 4, W = left.W.T) | Identity ] -> Mul -> Affine(4, 4, b = left.b)
            ]
            -> Add -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    struct Siamese<
        x: Input(4) -> [ Affine(_, 3) -> Tanh | Scale(-0.5) -> Affine(_, 3, W = affine1.W, b = affine1.b) -> Tanh ] -> Mul
            -> Affine(3, 2) -> SoftmaxWithLoss
    >;
}
network! {
    struct Recurrent<
        first: Affine(3, 4) -> Tanh -> turn: Affine(4, 4) -> Relu -> ( Affine(4, 4, W = turn.W, b = turn.b) -> Relu ) * 3
            -> Affine(4, 3, W = first.W.T) -> MeanSquaredError
    >;
}
network! {
    struct InEachTurn<
        Affine(3, 4) -> ( in_turn: Affine(4, 2) -> Tanh -> Affine(2, 4, W = in_turn.W.T) -> Sigmoid ) * 3
            -> Affine(4, 2, W = in_turn2.W) -> MeanSquaredError
    >;
}
network! {
    struct Chained<
        a: Affine(3, 4) -> Tanh -> b: MatMul(4, 3, W = a.W.T) -> Sigmoid -> c: Affine(3, 4, W = b.W.T) -> Tanh
            -> d: Affine(4, 3, W = c.W.T) -> e: Affine(3, 4, W = c.W, b = c.b) -> MeanSquaredError
    >;
}
network! {
    struct FurtherDown<
        encoder: Affine(4, 3, W = decoder.W.T) -> Tanh -> decoder: Affine(3, 4) -> MeanSquaredError
    >;
}
network! {
    struct Constants<
        first: Affine(WIDTH, 3) -> Tanh -> Affine(3, WIDTH, W = first.W.T) -> Relu -> Affine(_, 3, W = first.W)
            -> MeanSquaredError
    >;
}
network! {
    struct Square< square: MatMul(3, 3) -> Tanh -> MatMul(3, 3, W = square.W.T) -> MatMul(3, 3, W = square.W) -> MeanSquaredError >;
}
network! {
    struct Narrow<
        one: Affine(1, 2) -> Tanh -> Affine(2, 1, W = one.W.T) -> Tanh -> wide: Affine(1, 40) -> Affine(40, 1, W = wide.W.T)
            -> Affine(1, 40, W = wide.W, b = wide.b) -> Relu -> Affine(40, 2) -> MeanSquaredError
    >;
}

#[test]
fn an_autoencoder() {
    check(Autoencoder::<f64>::seeded, random::<5>);
    check(FurtherDown::<f64>::seeded, random::<4>);
    check(Constants::<f64>::seeded, random::<3>);
}

#[test]
fn several_layers_with_one_storage() {
    check(SharedTwice::<f64>::seeded, random::<2>);
    check(TiedTwice::<f64>::seeded, random::<5>);
    check(Square::<f64>::seeded, random::<3>);
    check(Narrow::<f64>::seeded, random::<2>);
}

#[test]
fn chains_of_references() {
    check(Chained::<f64>::seeded, random::<4>);
}

#[test]
fn under_branches() {
    check(UnderBranches::<f64>::seeded, random::<2>);
    check(Siamese::<f64>::seeded, |rng| rng.below(2));
}

#[test]
fn in_repetitions() {
    check(Recurrent::<f64>::seeded, random::<3>);
    check(InEachTurn::<f64>::seeded, random::<2>);
}
