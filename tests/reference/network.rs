//! The notebook's complete network, declared: scores, loss, gradient, and 50 steps with every optimizer, with and without
//! clipping, against the notebook's own code in f64.

use nn_core::prelude::*;

use crate::fixture::{Case, Fixtures, assert_close};

network! { #[derive(Clone)] struct SimpleNet< Affine(4, 5) -> Relu -> Affine(5, 3) -> SoftmaxWithLoss >; }

const KEYS: [&str; 4] = ["W1", "b1", "W2", "b2"];

fn simple_net(start: &Case<'_>) -> SimpleNet<f64> {
    let mut net = SimpleNet::<f64>::seeded(0);
    for key in KEYS {
        let numbers = start.numbers(key);
        for (number, value) in net.params.get_mut(key).unwrap().iter_mut().zip(numbers) {
            *number = value;
        }
    }
    net
}

/// To 1e-12 of a number, or of 1 if the number is smaller.
fn assert_near(what: &str, found: &[f64], expected: &[f64]) {
    assert_close(what, found, expected, |expected| {
        1e-12 * expected.abs().max(1.0)
    });
}

fn assert_params(what: &str, found: &SimpleNetParams<f64>, expected: &Case<'_>) {
    for key in KEYS {
        let numbers: Vec<f64> = found.get(key).unwrap().iter().copied().collect();
        assert_near(
            &format!("{key} of {what}"),
            &numbers,
            &expected.numbers(key),
        );
    }
}

#[test]
fn scores_loss_and_gradient() {
    let fixtures = Fixtures::networks();
    let start = fixtures.case("start");
    let mut net = simple_net(&start);
    let (x, t) = (start.samples::<[f64; 4]>("x"), start.whole_numbers("t"));
    let scores = net.predict(&x).unwrap();
    assert_near(
        "the scores",
        scores.as_flattened(),
        &start.numbers("scores"),
    );
    assert_near(
        "the loss",
        &[net.loss(&x, &t).unwrap()],
        &[start.number("loss")],
    );
    assert_params(
        "the gradient",
        net.gradient(&x, &t).unwrap(),
        &fixtures.case("gradient"),
    );
}

fn check(kind: &str, optimizer: impl Optimizer<f64> + Clone) {
    let fixtures = Fixtures::networks();
    let start = fixtures.case("start");
    let (x, t) = (start.samples::<[f64; 4]>("x"), start.whole_numbers("t"));

    let expected = fixtures.case(&format!("{kind} free"));
    let (mut net, mut free) = (simple_net(&start), optimizer.clone());
    let losses: Vec<f64> = (0..50)
        .map(|_| net.step(&mut free, &x, &t).unwrap())
        .collect();
    assert_near(kind, &losses, &expected.numbers("losses"));
    assert_params(kind, &net.params, &expected);

    let expected = fixtures.case(&format!("{kind} clipped"));
    let (mut net, mut trainer) = (
        simple_net(&start),
        Trainer::new(optimizer).max_grad(expected.number("max_grad")),
    );
    let losses: Vec<f64> = (0..50)
        .map(|_| trainer.step(&mut net, &x, &t).unwrap())
        .collect();
    assert_near(kind, &losses, &expected.numbers("losses"));
    assert_params(kind, &net.params, &expected);
}

/// The settings are those in `make_fixtures.py`.
#[test]
fn fifty_steps_with_each_optimizer() {
    check("Sgd", Sgd::new(0.01));
    check("Momentum", Momentum::new(0.05, 0.5));
    check("AdaGrad", AdaGrad::new(0.01));
    check("RmsProp", RmsProp::new(0.05, 0.9));
    check("Adam", Adam::new(0.1).beta1(0.8).beta2(0.99));
}
