//! Gradients of whole networks, declared with `network!`, against central differences in f64.

mod freezing;
mod graphs;
mod images;
mod open_sizes;
mod own;
mod several;
mod sharing;
mod slopes;

use nn_core::prelude::*;
use nn_core::{Losses, Rng, Sample};
use nn_tests::{numeric_gradient, relative_error};

const STEP: f64 = 1e-5;
const BOUND: f64 = 1e-6;

network! { struct Classifier< Affine(5, 7) -> Relu -> Affine(7, 3) -> SoftmaxWithLoss >; }
network! { struct Regression< Affine(3, 4) -> Tanh -> Affine(4, 2) -> MeanSquaredError >; }
network! { struct Binary< MatMul(4, 6) -> Sigmoid -> Affine(6, 1) -> SigmoidWithLoss >; }
network! {
    struct EveryLayer<
        Input(6) -> Tanh -> Affine(_, 5) -> Sigmoid -> MatMul(_, 4, init = normal(0.7)) -> Relu -> Softmax
            -> last: Affine(_, 3) -> SigmoidWithLoss
    >;
}
network! {
    struct ReluEverywhere<
        Input(4) -> Relu -> Affine(_, 6) -> Tanh -> Relu -> MatMul(6, 5) -> Relu -> Affine(5, 3) -> Relu
            -> MeanSquaredError
    >;
}
network! { struct Linear< Affine(2, 1) -> MeanSquaredError >; }
network! { struct ActivationAfterActivation< Affine(3, 3) -> Sigmoid -> Tanh -> Relu -> MeanSquaredError >; }
network! { struct Narrow< Affine(1, 1) -> Tanh -> Affine(1, 1) -> Tanh -> Affine(1, 2) -> SoftmaxWithLoss >; }
network! {
    struct Deep<
        Affine(4, 5) -> Tanh -> Affine(5, 6) -> Tanh -> Affine(6, 5) -> Tanh -> Affine(5, 4) -> Tanh
            -> Affine(4, 3) -> SoftmaxWithLoss
    >;
}

fn random<const N: usize>(rng: &mut Rng) -> [f64; N] {
    std::array::from_fn(|_| rng.normal())
}

/// Compares every parameter's gradient over batches of 1 to 9 samples.
fn check<N, Y>(seeded: fn(u64) -> N, target: impl Fn(&mut Rng) -> Y)
where
    N: Trainable<Element = f64, Input: Sample<Element = f64>>,
    N::Loss: Losses<N::Output, Y>,
    Y: Clone + Sync,
{
    let sample = |rng: &mut Rng| {
        let numbers: Vec<f64> = (0..N::Input::LEN).map(|_| rng.normal()).collect();
        N::Input::from_flat(&numbers)[0]
    };
    check_samples(seeded, sample, target);
}

/// The same, whatever a sample is.
fn check_samples<N, Y>(
    seeded: fn(u64) -> N,
    sample: impl Fn(&mut Rng) -> N::Input,
    target: impl Fn(&mut Rng) -> Y,
) where
    N: Trainable<Element = f64>,
    N::Loss: Losses<N::Output, Y>,
    Y: Clone + Sync,
{
    for seed in 0..12 {
        let rng = &mut Rng::stream(seed, 1);
        let mut net = seeded(seed);
        // Biases start at zero, where a mistake in them could hide.
        for index in 0..net.params().count() {
            for number in net.params_mut().numbers_mut(index).unwrap() {
                *number += 0.1 * rng.normal();
            }
        }
        let size = 1 + rng.below(9);
        let batch: Vec<N::Input> = (0..size).map(|_| sample(rng)).collect();
        let targets: Vec<Y> = (0..size).map(|_| target(rng)).collect();
        let gradient: Vec<(&str, Vec<f64>)> = {
            let gradient = net.gradient(&batch, &targets).unwrap();
            gradient
                .tensors()
                .map(|tensor| (tensor.key(), tensor.numbers().to_vec()))
                .collect()
        };
        for (index, (key, analytic)) in gradient.iter().enumerate() {
            let start = net.params().tensor(index).unwrap().numbers().to_vec();
            let numeric = numeric_gradient(&start, STEP, |numbers| {
                net.params_mut()
                    .numbers_mut(index)
                    .unwrap()
                    .copy_from_slice(numbers);
                net.loss(&batch, &targets).unwrap()
            });
            net.params_mut()
                .numbers_mut(index)
                .unwrap()
                .copy_from_slice(&start);
            let error = relative_error(analytic, &numeric);
            assert!(
                error < BOUND,
                "{key}, seed {seed}, {size} samples: {error:e}"
            );
        }
    }
}

#[test]
fn classifier_by_labels() {
    check(Classifier::<f64>::seeded, |rng| rng.below(3));
}

#[test]
fn classifier_by_one_hot_rows() {
    check(Classifier::<f64>::seeded, |rng| {
        let class = rng.below(3);
        std::array::from_fn::<f64, 3, _>(|j| f64::from(u8::from(j == class)))
    });
}

#[test]
fn classifier_by_probabilities() {
    check(Classifier::<f64>::seeded, |rng| {
        let weights: [f64; 3] = std::array::from_fn(|_| rng.uniform());
        weights.map(|weight| weight / weights.iter().sum::<f64>())
    });
}

#[test]
fn regression() {
    check(Regression::<f64>::seeded, random::<2>);
}

#[test]
fn binary_by_booleans() {
    check(Binary::<f64>::seeded, |rng| rng.uniform() < 0.5);
}

#[test]
fn every_layer_in_one_chain() {
    check(EveryLayer::<f64>::seeded, |rng| {
        std::array::from_fn::<f64, 3, _>(|_| rng.uniform())
    });
}

#[test]
fn relu_behind_and_before_every_kind_of_layer() {
    check(ReluEverywhere::<f64>::seeded, random::<3>);
}

#[test]
fn a_single_layer() {
    check(Linear::<f64>::seeded, Rng::normal);
}

#[test]
fn activations_behind_activations() {
    check(ActivationAfterActivation::<f64>::seeded, random::<3>);
}

#[test]
fn layers_of_one_feature() {
    check(Narrow::<f64>::seeded, |rng| rng.below(2));
}

#[test]
fn five_layers_deep() {
    check(Deep::<f64>::seeded, |rng| rng.below(3));
}
