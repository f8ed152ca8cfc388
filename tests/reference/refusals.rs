//! What optimizers refuse, and that a refused step changes nothing.

use std::fmt::Debug;

use nn_core::{AdaGrad, Adam, Error, Momentum, Optimizer, RmsProp, Sgd};

use crate::fixture::assert_same;
use crate::optimizers::Several;

/// Steps that must be refused, both before the first good step and after two of them.
fn check<O: Optimizer<f64> + Clone + PartialEq + Debug>(mut optimizer: O) {
    for _ in 0..2 {
        refuses_gradients_of_other_sizes(&mut optimizer);
        refuses_learning_rates(&mut optimizer);
        let mut params = Several::filled(1.0);
        optimizer.step(&mut params, &Several::filled(0.5)).unwrap();
        assert_ne!(params, Several::filled(1.0));
    }
}

fn refuses_gradients_of_other_sizes<O>(optimizer: &mut O)
where
    O: Optimizer<f64> + Clone + PartialEq + Debug,
{
    let before = optimizer.clone();
    let mut params = Several::filled(1.0);
    // As many numbers, but one parameter instead of three.
    let error = optimizer.step(&mut params, &[0.5; 10]).unwrap_err();
    assert!(matches!(error, Error::ParametersMismatch { .. }), "{error}");
    assert_same("the parameters", &params, &Several::filled(1.0));

    let mut vector = [1.0, 2.0, 3.0];
    for error in [
        optimizer.step(&mut vector, &[0.5; 2]).unwrap_err(),
        optimizer.step(&mut vector, &[0.5; 4]).unwrap_err(),
    ] {
        assert!(
            matches!(&error, Error::ParametersMismatch { expected, .. } if expected == &[3]),
            "{error}"
        );
    }
    assert_same("the parameters", &vector, &[1.0, 2.0, 3.0]);
    assert_same("the optimizer", optimizer, &before);
}

fn refuses_learning_rates<O>(optimizer: &mut O)
where
    O: Optimizer<f64> + Clone + PartialEq + Debug,
{
    let (before, lr) = (optimizer.clone(), optimizer.lr());
    let mut params = Several::filled(1.0);
    for bad in [-0.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        optimizer.set_lr(bad);
        let error = optimizer
            .step(&mut params, &Several::filled(0.5))
            .unwrap_err();
        assert!(
            matches!(error, Error::HyperParameter { name: "lr", .. }),
            "{error}"
        );
    }
    optimizer.set_lr(lr);
    assert_same("the parameters", &params, &Several::filled(1.0));
    assert_same("the optimizer", optimizer, &before);
}

#[test]
fn sgd() {
    check(Sgd::new(0.1));
}

#[test]
fn momentum() {
    check(Momentum::new(0.1, 0.9));
}

#[test]
fn ada_grad() {
    check(AdaGrad::new(0.1));
}

#[test]
fn rms_prop() {
    check(RmsProp::new(0.1, 0.99));
}

#[test]
fn adam() {
    check(Adam::new(0.1));
}

/// An optimizer that has a state for ten numbers does not take three, with a gradient that fits them; nor ten numbers that
/// are cut into parameters in another way.
#[test]
fn parameters_of_another_size_than_before() {
    fn check<O: Optimizer<f64> + Clone + PartialEq + Debug>(mut optimizer: O) {
        optimizer
            .step(&mut Several::filled(1.0), &Several::filled(0.5))
            .unwrap();
        let before = optimizer.clone();
        let (mut three, mut ten) = ([1.0, 2.0, 3.0], [1.0; 10]);
        let error = optimizer.step(&mut three, &[0.5; 3]).unwrap_err();
        let Error::ParametersMismatch { expected, found } = &error else {
            panic!("{error}");
        };
        assert_eq!(
            (expected.as_slice(), found.as_slice()),
            (&[6, 3, 1][..], &[3][..])
        );
        let error = optimizer.step(&mut ten, &[0.5; 10]).unwrap_err();
        assert!(matches!(error, Error::ParametersMismatch { .. }), "{error}");
        assert_same("the parameters", &three, &[1.0, 2.0, 3.0]);
        assert_same("the parameters", &ten, &[1.0; 10]);
        assert_same("the optimizer", &optimizer, &before);
    }
    check(Momentum::new(0.1, 0.9));
    check(AdaGrad::new(0.1));
    check(RmsProp::new(0.1, 0.99));
    check(Adam::new(0.1));
}
