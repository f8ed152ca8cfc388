//! Shared and tied weights against the notebook, whose `remove_duplicates` looks for them at every step: gradient, and 50 clipped
//! steps with every optimizer, in f64.

use nn_core::prelude::*;

use crate::fixture::{Case, Fixtures, assert_close};

network! {
    struct Net<
        first: Affine(5, 4) -> Relu -> second: Affine(4, 4) -> Sigmoid -> Affine(4, 4, W = second.W, b = second.b) -> Relu
            -> last: Affine(4, 5, W = first.W.T) -> SoftmaxWithLoss
    >;
}

const KEYS: [&str; 5] = ["first.W", "first.b", "second.W", "second.b", "last.b"];

fn start(case: &Case<'_>) -> Net<f64> {
    let mut net = Net::<f64>::seeded(0);
    for key in KEYS {
        let mut view = net.params.get_mut(key).unwrap();
        for (number, value) in view.iter_mut().zip(case.numbers(key)) {
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

fn assert_params(what: &str, found: &NetParams<f64>, expected: &Case<'_>) {
    let keys: Vec<&str> = found.iter().map(|(key, _)| key).collect();
    assert_eq!(keys, KEYS);
    for (key, view) in found.iter() {
        let numbers: Vec<f64> = view.iter().copied().collect();
        assert_near(
            &format!("{key} of {what}"),
            &numbers,
            &expected.numbers(key),
        );
    }
}

#[test]
fn gradients_are_added() {
    let fixtures = Fixtures::sharing();
    let case = fixtures.case("start");
    let mut net = start(&case);
    let (x, t) = (case.samples::<[f64; 5]>("x"), case.whole_numbers("t"));
    let loss = net.loss(&x, &t).unwrap();
    assert_near("the loss", &[loss], &[case.number("loss")]);
    let gradient = net.gradient(&x, &t).unwrap();
    assert_params("the gradient", gradient, &fixtures.case("gradient"));
}

fn check(kind: &str, optimizer: impl Optimizer<f64>) {
    let fixtures = Fixtures::sharing();
    let case = fixtures.case("start");
    let (x, t) = (case.samples::<[f64; 5]>("x"), case.whole_numbers("t"));
    let expected = fixtures.case(&format!("{kind} clipped"));
    let mut net = start(&case);
    let mut trainer = Trainer::new(optimizer).max_grad(expected.number("max_grad"));
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
