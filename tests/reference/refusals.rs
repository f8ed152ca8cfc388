//! What optimizers refuse, and that a refused step changes nothing.

use std::fmt::Debug;

use nn_core::{
    AdaDelta, AdaGrad, Adam, AdamW, ConstantRate, Cosine, Error, ExponentialDecay, LinearDecay,
    Lion, Momentum, MultiStepDecay, Nadam, Nesterov, OneCycle, Optimizer, Plateau, PolynomialDecay,
    RAdam, RmsProp, Schedule, Sgd, StepDecay,
};

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

macro_rules! each_optimizer {
    ($($test:ident $optimizer:expr;)*) => {$(
        #[test]
        fn $test() {
            check($optimizer);
            check($optimizer.weight_decay(0.1));
        }
    )*};
}
each_optimizer! {
    sgd Sgd::new(0.1);
    momentum Momentum::new(0.1, 0.9);
    nesterov Nesterov::new(0.1, 0.9);
    ada_grad AdaGrad::new(0.1);
    rms_prop RmsProp::new(0.1, 0.99);
    ada_delta AdaDelta::new(1.0);
    adam Adam::new(0.1);
    adam_w AdamW::new(0.1);
    nadam Nadam::new(0.1);
    r_adam RAdam::new(0.1);
    lion Lion::new(0.1);
}

/// Each hyper-parameter on both sides of its range and NaN; what the error says names it.
#[test]
fn hyper_parameters_out_of_their_ranges() {
    fn check(
        name: &str,
        expected: &str,
        values: &[f64],
        make: &dyn Fn(f64) -> Box<dyn Optimizer<f64>>,
    ) {
        for &value in values {
            let mut params = [1.0];
            let error = make(value).step(&mut params, &[0.5]).unwrap_err();
            let words = format!("{name} = {value} is not valid: {expected}");
            assert_eq!(error.to_string(), words);
            assert_eq!(make(value).check().unwrap_err().to_string(), words);
            assert_same("the parameters", &params, &[1.0]);
        }
    }
    macro_rules! each {
        ($name:ident, $expected:expr, $values:expr; $($optimizer:expr),*) => {
            $(check(stringify!($name), $expected, &$values, &|value| Box::new($optimizer.$name(value)));)*
        };
    }
    let from_zero = [-1e-9, f64::NAN, f64::INFINITY];
    let share = [-1e-9, 1.0, f64::NAN, f64::INFINITY];
    let finite = "a finite number from 0 on";
    let below_one = "a number from 0 on, below 1";
    each!(weight_decay, finite, from_zero; Sgd::new(0.1), Momentum::new(0.1, 0.9), Nesterov::new(0.1, 0.9), AdaGrad::new(0.1),
        RmsProp::new(0.1, 0.9), AdaDelta::new(0.1), Adam::new(0.1), AdamW::new(0.1), Nadam::new(0.1), RAdam::new(0.1), Lion::new(0.1));
    each!(eps, finite, from_zero; AdaGrad::new(0.1), RmsProp::new(0.1, 0.9), Adam::new(0.1), AdamW::new(0.1), Nadam::new(0.1),
        RAdam::new(0.1));
    each!(beta1, below_one, share; Adam::new(0.1), AdamW::new(0.1), Nadam::new(0.1), RAdam::new(0.1), Lion::new(0.1));
    each!(beta2, below_one, share; Adam::new(0.1), AdamW::new(0.1), Nadam::new(0.1), RAdam::new(0.1), Lion::new(0.1));
    each!(momentum_decay, finite, from_zero; Nadam::new(0.1));
    each!(decay_rate, below_one, share; AdaDelta::new(0.1));
    let above = [0.0, -1.0, f64::NAN, f64::INFINITY];
    each!(eps, "a finite number above 0", above; AdaDelta::new(0.1));
    check("momentum", below_one, &share, &|value| {
        Box::new(Momentum::new(0.1, value))
    });
    check("momentum", below_one, &share, &|value| {
        Box::new(Nesterov::new(0.1, value))
    });
    check("decay_rate", below_one, &share, &|value| {
        Box::new(RmsProp::new(0.1, value))
    });
}

/// Schedules say what is wrong with them when they are asked.
#[test]
fn schedules_out_of_their_ranges() {
    let whole = "a whole number from 1 on";
    let finite = "a finite number from 0 on";
    let nan = f64::NAN;
    let schedules: [(Box<dyn Schedule>, String); 20] = [
        (
            Box::new(StepDecay::new(0, 0.1)),
            format!("every = 0 is not valid: {whole}"),
        ),
        (
            Box::new(StepDecay::new(1, -0.1)),
            format!("factor = -0.1 is not valid: {finite}"),
        ),
        (
            Box::new(MultiStepDecay::new([3], nan)),
            format!("factor = NaN is not valid: {finite}"),
        ),
        (
            Box::new(ExponentialDecay::new(-1.0)),
            format!("factor = -1 is not valid: {finite}"),
        ),
        (
            Box::new(LinearDecay::new(0)),
            format!("steps = 0 is not valid: {whole}"),
        ),
        (
            Box::new(LinearDecay::new(5).start(nan)),
            format!("start = NaN is not valid: {finite}"),
        ),
        (
            Box::new(LinearDecay::new(5).end(-1.0)),
            format!("end = -1 is not valid: {finite}"),
        ),
        (
            Box::new(PolynomialDecay::new(0, 1.0)),
            format!("steps = 0 is not valid: {whole}"),
        ),
        (
            Box::new(PolynomialDecay::new(5, -2.0)),
            format!("power = -2 is not valid: {finite}"),
        ),
        (
            Box::new(Cosine::new(0)),
            format!("steps = 0 is not valid: {whole}"),
        ),
        (
            Box::new(Cosine::new(5).floor(-0.5)),
            format!("floor = -0.5 is not valid: {finite}"),
        ),
        (
            Box::new(Cosine::new(5).restarts(0)),
            format!("restarts = 0 is not valid: {whole}"),
        ),
        (
            Box::new(OneCycle::new(0)),
            format!("steps = 0 is not valid: {whole}"),
        ),
        (
            Box::new(OneCycle::new(5).start(nan)),
            format!("start = NaN is not valid: {finite}"),
        ),
        (
            Box::new(OneCycle::new(5).end(nan)),
            format!("end = NaN is not valid: {finite}"),
        ),
        (
            Box::new(OneCycle::new(5).peak_at(1.5)),
            "peak_at = 1.5 is not valid: a number from 0 to 1".to_owned(),
        ),
        (
            Box::new(ConstantRate.warm_up(5).start(-1.0)),
            format!("start = -1 is not valid: {finite}"),
        ),
        (
            Box::new(Cosine::new(0).warm_up(5)),
            format!("steps = 0 is not valid: {whole}"),
        ),
        (
            Box::new(Plateau::new().factor(1.0)),
            "factor = 1 is not valid: a number from 0 on, below 1".to_owned(),
        ),
        (
            Box::new(Plateau::new().threshold(nan)),
            format!("threshold = NaN is not valid: {finite}"),
        ),
    ];
    for (schedule, expected) in schedules {
        assert_eq!(schedule.lr(0.1, 0).unwrap_err().to_string(), expected);
    }
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
    check(Nesterov::new(0.1, 0.9));
    check(AdaGrad::new(0.1));
    check(RmsProp::new(0.1, 0.99));
    check(AdaDelta::new(0.1));
    check(Adam::new(0.1));
    check(AdamW::new(0.1));
    check(Nadam::new(0.1));
    check(RAdam::new(0.1));
    check(Lion::new(0.1));
}
