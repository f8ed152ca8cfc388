//! Training as a whole, on the real digits.

use nn_core::mnist::Digits;
use nn_core::prelude::*;

network! {
    #[derive(Clone, Debug, PartialEq)]
    struct Mnist< Affine(784, 50, init = normal(0.01)) -> Relu -> Affine(50, 10, init = normal(0.01)) -> SoftmaxWithLoss >;
}

fn digits() -> (Digits, Digits) {
    let (train, test) = mnist::load("../examples/data/mnist").unwrap();
    (train.split(6_000).unwrap().0, test.split(1_000).unwrap().0)
}

#[test]
fn a_few_hundred_steps_learn_most_digits_and_a_seed_repeats_bit_for_bit() {
    let (train, test) = digits();
    let run = |seed| {
        let mut net = Mnist::seeded(seed);
        let mut trainer = Trainer::new(Sgd::new(0.1))
            .batch_size(100)
            .epochs(10)
            .seed(seed)
            .silent();
        let history = trainer.fit(&mut net, &train, &test).unwrap();
        (
            net,
            history
                .losses
                .iter()
                .map(|record| record.loss.to_bits())
                .collect::<Vec<_>>(),
        )
    };
    let (net, losses) = run(1);
    // The notebook's first printed accuracies: 0.11 before training, 0.90 after 600 steps.
    assert!(Mnist::seeded(1).accuracy(&test.x, &test.t).unwrap() < 0.3);
    assert!(net.accuracy(&test.x, &test.t).unwrap() > 0.85);
    let (again, losses_again) = run(1);
    assert_eq!(net, again);
    assert_eq!(losses, losses_again);
    assert_ne!(net, run(2).0);
}

#[test]
fn an_optimizer_is_chosen_at_run_time() {
    let (train, test) = digits();
    let rules: [Box<dyn Optimizer<f32>>; 10] = [
        Box::new(Momentum::new(0.05, 0.9)),
        Box::new(Nesterov::new(0.05, 0.9)),
        Box::new(RmsProp::new(0.001, 0.99)),
        Box::new(AdaDelta::new(1.0)),
        Box::new(Adam::new(0.001)),
        Box::new(AdamW::new(0.001)),
        Box::new(Nadam::new(0.001)),
        Box::new(RAdam::new(0.01)),
        Box::new(Lion::new(0.001)),
        Box::new(Groups::new(AdamW::new(0.001)).group("*.b", |rule| rule.weight_decay(0.0))),
    ];
    for (place, rule) in rules.into_iter().enumerate() {
        let mut net = Mnist::seeded(1);
        let mut trainer = Trainer::new(rule)
            .batch_size(100)
            .steps(200)
            .max_grad(5.0)
            .silent();
        trainer.fit(&mut net, &train, &test).unwrap();
        let accuracy = net.accuracy(&test.x, &test.t).unwrap();
        assert!(accuracy > 0.8, "rule {place}: {accuracy}");
    }
}

#[test]
fn a_rate_that_is_too_large_stops_and_names_the_step() {
    let (train, test) = digits();
    let mut net = Mnist::seeded(1);
    let error = Trainer::new(Sgd::new(1e30))
        .batch_size(100)
        .silent()
        .fit(&mut net, &train, &test)
        .unwrap_err();
    assert!(error.to_string().starts_with("the loss is "), "{error}");
    assert!(error.to_string().contains(" at step "), "{error}");
}

/// The same network in f64 goes the same way, but for rounding.
#[test]
fn f64_trains_as_f32() {
    let (train, test) = digits();
    let mut single = Mnist::seeded(1);
    let mut double = Mnist::<f64>::seeded(1);
    let mut trainer = Trainer::new(Sgd::new(0.1))
        .batch_size(100)
        .steps(60)
        .silent();
    trainer.clone().fit(&mut single, &train, &test).unwrap();
    let wide = |data: Digits| data.map_x(|x| x.map(f64::from));
    let (train, test) = (wide(train), wide(test));
    trainer.fit(&mut double, &train, &test).unwrap();
    let (narrow, wide) = (
        single.params.affine1.W[300][20],
        double.params.affine1.W[300][20],
    );
    assert!(
        (f64::from(narrow) - wide).abs() < 1e-5,
        "{narrow} and {wide}"
    );
}
