use super::tiny::{Tiny, TinyParams};
use crate::data::Dataset;
use crate::error::Error;
use crate::losses::{MeanSquaredError, SoftmaxWithLoss};
use crate::network::{Network, Trainable as _};
use crate::optim::{Adam, Momentum, Optimizer, Sgd};
use crate::trainer::{Event, History, Trainer};

type Classifier = Tiny<SoftmaxWithLoss>;
type Regression = Tiny<MeanSquaredError>;
type Points = Dataset<[f64; 2], u8>;

fn five_points() -> Points {
    Dataset {
        x: vec![
            [1.0, 2.0],
            [-1.0, 0.5],
            [0.25, -2.0],
            [3.0, 1.0],
            [-0.5, -0.75],
        ],
        t: vec![0, 1, 1, 0, 0],
    }
}

fn three_points() -> Points {
    Dataset {
        x: five_points().x[..3].to_vec(),
        t: vec![0, 1, 0],
    }
}

fn no_points() -> Points {
    Dataset {
        x: Vec::new(),
        t: Vec::new(),
    }
}

/// Points on a spiral, in two classes.
fn spiral(count: usize) -> Points {
    let angle = |index: usize| index as f64 * 0.37;
    Dataset {
        x: (0..count)
            .map(|index| [angle(index).cos(), angle(index).sin() * angle(index)])
            .collect(),
        t: (0..count).map(|index| u8::from(index % 3 == 0)).collect(),
    }
}

/// The trainer of the reference runs.
fn trainer() -> Trainer<Sgd> {
    Trainer::new(Sgd::new(0.5))
        .batch_size(2)
        .epochs(2)
        .seed(3)
        .eval_interval(1)
        .silent()
}

fn losses(history: &History) -> Vec<f64> {
    history.losses.iter().map(|record| record.loss).collect()
}

fn accuracies(history: &History) -> Vec<(Option<f64>, Option<f64>)> {
    let records = history.epochs.iter();
    records
        .map(|record| (record.train_accuracy, record.test_accuracy))
        .collect()
}

fn sizes(net: &Classifier) -> Vec<usize> {
    net.batches().iter().map(Vec::len).collect()
}

fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-14, "{found}, not {expected}");
    }
}

// Losses of the reference run, by NumPy: samples in the order of xoshiro256++ and Fisher and Yates written down in Python,
// gradient xᵀ·(softmax(x·W + b) − t) / n.
const LOSSES: [f64; 6] = [
    0.599_416_504_082_302,
    0.302_047_084_496_436_1,
    1.510_621_486_327_702,
    0.649_767_106_670_491_5,
    0.877_686_200_956_439_3,
    0.031_685_757_911_179_37,
];

#[test]
fn a_run_is_that_of_numpy() {
    let mut net = Classifier::seeded(0);
    let history = trainer()
        .fit(&mut net, &five_points(), &three_points())
        .unwrap();
    let x = five_points().x;
    let order = [[2, 3].as_slice(), &[0, 1], &[4], &[1, 4], &[0, 2], &[3]];
    let batches = order.map(|batch| batch.iter().map(|&index| x[index]).collect::<Vec<_>>());
    assert_eq!(net.batches(), batches);
    assert_close(&losses(&history), &LOSSES);
    let w = [
        0.381_912_433_181_318_8,
        -0.481_912_433_181_318_9,
        0.792_070_575_262_905_8,
        -0.092_070_575_262_905_02,
    ];
    assert_close(net.params.affine1.W.flat(), &w);
    let b = [0.176_733_392_750_456_05, -0.126_733_392_750_456_17];
    assert_close(net.params.affine1.b.flat(), &b);
    let after_epochs = [(Some(0.8), Some(1.0)), (Some(0.8), Some(2.0 / 3.0))];
    assert_eq!(accuracies(&history), after_epochs);
    assert_eq!(history.steps, 6);
    let steps: Vec<_> = history.epochs.iter().map(|r| (r.epoch, r.step)).collect();
    assert_eq!(steps, [(1, 3), (2, 6)]);
}

#[test]
fn a_run_with_clipping_and_full_batches_is_that_of_numpy() {
    let mut net = Classifier::seeded(0);
    let mut trainer = trainer().max_grad(0.25).drop_last(true);
    let history = trainer.fit(&mut net, &five_points(), &no_points()).unwrap();
    assert_eq!(sizes(&net), [2, 2, 2, 2]);
    // The same NumPy script, with each gradient scaled by 0.25 / (norm + 1e-6) where that is below 1.
    let expected = [
        0.599_416_504_082_302,
        0.502_670_924_653_048_1,
        0.706_501_745_154_415_9,
        0.615_226_900_918_608_2,
    ];
    assert_close(&losses(&history), &expected);
    let b = [0.010_914_969_315_078_855, 0.039_085_030_684_921_13];
    assert_close(net.params.affine1.b.flat(), &b);
    assert_eq!(accuracies(&history), [(Some(0.8), None); 2]);
}

/// What a trainer reports over some calls of `fit`.
fn reports(trainer: Trainer<Sgd>, calls: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut trainer = trainer.on_event(|event| match event {
        Event::Step {
            step, last_step, ..
        } => lines.push(format!("{step} of {last_step}")),
        event => lines.push(event.to_string()),
    });
    let mut net = Classifier::seeded(0);
    for _ in 0..calls {
        trainer
            .fit(&mut net, &five_points(), &three_points())
            .unwrap();
    }
    lines
}

#[test]
fn events_come_in_order_with_the_notebooks_text() {
    // Means of the reference losses: 1; 2 and 3; 4; 5 and 6.
    let expected = [
        "1 of 6",
        "| epoch 1 |  iter 1 / 3 | time 0[s] | loss 0.60",
        "2 of 6",
        "3 of 6",
        "| epoch 1 |  iter 3 / 3 | time 0[s] | loss 0.91",
        "| epoch 1 | train accuracy 0.8000 | test accuracy 1.0000 | time 0[s]",
        "4 of 6",
        "| epoch 2 |  iter 1 / 3 | time 0[s] | loss 0.65",
        "5 of 6",
        "6 of 6",
        "| epoch 2 |  iter 3 / 3 | time 0[s] | loss 0.45",
        "| epoch 2 | train accuracy 0.8000 | test accuracy 0.6667 | time 0[s]",
    ];
    assert_eq!(reports(trainer().eval_interval(2), 1), expected);
}

#[test]
fn a_mean_reaches_back_into_the_epoch_before_as_in_the_notebook() {
    let mut net = Classifier::seeded(0);
    let history = trainer()
        .eval_interval(20)
        .fit(&mut net, &five_points(), &no_points())
        .unwrap();
    let rest = (LOSSES[1] + LOSSES[2] + LOSSES[3]) / 3.0;
    assert_close(&losses(&history), &[LOSSES[0], rest]);
    let places: Vec<_> = history.losses.iter().map(|r| (r.epoch, r.step)).collect();
    assert_eq!(places, [(1, 1), (2, 4)]);
}

#[test]
fn what_is_turned_off_is_left_out() {
    let quiet = trainer()
        .eval_interval(None)
        .train_accuracy(false)
        .epochs(1);
    let expected = [
        "1 of 3",
        "2 of 3",
        "3 of 3",
        "| epoch 1 | test accuracy 1.0000 | time 0[s]",
    ];
    assert_eq!(reports(quiet, 1), expected);
}

#[test]
fn a_second_fit_goes_on() {
    let lines = reports(trainer().epochs(1).eval_interval(3), 2);
    assert_eq!(lines[5], "4 of 6");
    assert_eq!(lines[6], "| epoch 2 |  iter 1 / 3 | time 0[s] | loss 0.65");

    // Two calls of one epoch are one call of two: the order of samples and the velocity go on.
    let train = spiral(50);
    let run = |epochs, calls| {
        let mut net = Classifier::seeded(0);
        let mut trainer = Trainer::new(Momentum::new(0.1, 0.9))
            .epochs(epochs)
            .silent();
        for _ in 0..calls {
            trainer.fit(&mut net, &train, &no_points()).unwrap();
        }
        net.params
    };
    assert_eq!(run(1, 2), run(2, 1));
    assert_ne!(run(1, 1), run(2, 1));
}

#[test]
fn a_seed_gives_the_same_bits_another_one_others() {
    let train = spiral(100);
    let run = |seed| {
        let mut net = Classifier::seeded(0);
        let mut trainer = Trainer::new(Adam::new(0.01)).seed(seed).silent();
        let history = trainer.fit(&mut net, &train, &train).unwrap();
        (net.params, losses(&history), accuracies(&history))
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7).0, run(8).0);
}

#[test]
fn every_sample_is_seen_once_an_epoch() {
    let train = spiral(70);
    let mut net = Classifier::seeded(0);
    let mut trainer = Trainer::new(Sgd::new(0.01)).epochs(3).silent();
    trainer.fit(&mut net, &train, &no_points()).unwrap();
    assert_eq!(sizes(&net), [32, 32, 6, 32, 32, 6, 32, 32, 6]);
    let sorted = |mut samples: Vec<[f64; 2]>| {
        samples.sort_by(|a, b| a.partial_cmp(b).unwrap());
        samples
    };
    let all = sorted(train.x);
    for epoch in net.batches().chunks(3) {
        assert_ne!(epoch.concat(), all);
        assert_eq!(sorted(epoch.concat()), all);
    }
}

#[test]
fn steps_are_exact_and_the_last_of_two_lengths_counts() {
    let train = spiral(70);
    for (trainer, expected) in [
        (trainer().steps(80), 80),
        (trainer().steps(1), 1),
        (trainer().steps(35), 35),
        (trainer().steps(0), 0),
        (trainer().steps(5).epochs(1), 35),
        (trainer().epochs(9).steps(7), 7),
    ] {
        let mut net = Classifier::seeded(0);
        let history = { trainer }.fit(&mut net, &train, &train).unwrap();
        assert_eq!((history.steps, net.batches().len()), (expected, expected));
        // An epoch that was cut short is evaluated too.
        assert_eq!(history.epochs.len(), expected.div_ceil(35));
        assert_eq!(
            history.epochs.last().map_or(0, |record| record.step),
            expected
        );
    }
}

#[test]
fn a_loss_that_is_no_number_stops_and_names_the_step() {
    // In the order of the reference run sample 4 comes at the third step.
    let mut train = five_points();
    train.x[4][0] = f64::NAN;
    let mut net = Classifier::seeded(0);
    let error = trainer().fit(&mut net, &train, &no_points()).unwrap_err();
    assert!(
        matches!(error, Error::LossNotFinite { step: 3, loss } if loss.is_nan()),
        "{error}"
    );
    let mut two_steps = Classifier::seeded(0);
    let mut trainer = trainer().steps(2);
    trainer
        .fit(&mut two_steps, &five_points(), &no_points())
        .unwrap();
    assert_eq!(net.params, two_steps.params);

    // Steps are counted over all calls, those that failed left out.
    for _ in 0..2 {
        let error = trainer.step(&mut net, &[[f64::NAN, 0.0]], &[0_u8]);
        assert!(matches!(error, Err(Error::LossNotFinite { step: 3, .. })));
    }
    assert_eq!(net.params, two_steps.params);
}

#[test]
fn a_single_step_returns_the_loss_and_updates() {
    let mut net = Classifier::seeded(0);
    let (x, t) = (five_points().x, [1_u8, 0]);
    let loss = trainer().step(&mut net, &x[2..4], &t).unwrap();
    assert_close(&[loss], &LOSSES[..1]);
    assert_ne!(net.params, Classifier::seeded(0).params);
    let error = trainer().step(&mut net, &x[2..4], &t[..1]);
    assert!(matches!(error, Err(Error::LengthMismatch { .. })));
}

#[test]
fn a_regression_has_no_accuracies() {
    let train = Dataset {
        x: five_points().x,
        t: five_points().x,
    };
    let mut net = Regression::seeded(0);
    let mut lines = Vec::new();
    let history = Trainer::new(Sgd::new(0.05))
        .epochs(1)
        .eval_interval(None)
        .on_event(|event| lines.push(event.to_string()))
        .fit(&mut net, &train, &train)
        .unwrap();
    assert_eq!(accuracies(&history), [(None, None)]);
    let (epoch, loss) = (&history.epochs[0], net.loss(&train.x, &train.t).unwrap());
    assert!((epoch.test_loss.unwrap() - loss).abs() < 1e-15);
    let expected = format!(
        "| epoch 1 | loss {:.4} | test loss {loss:.4} | time 0[s]",
        epoch.loss
    );
    assert_eq!(lines.last().unwrap(), &expected);
}

/// The error, and the parameters after it.
fn failure(mut trainer: Trainer<Sgd>, train: &Points, test: &Points) -> (String, TinyParams) {
    let mut net = Classifier::seeded(0);
    let error = trainer.fit(&mut net, train, test).unwrap_err();
    (error.to_string(), net.params)
}

#[test]
fn what_cannot_be_trained_on_is_an_error_before_the_first_step() {
    let (good, none) = (five_points(), no_points());
    let short = Dataset {
        x: good.x.clone(),
        t: vec![0; 4],
    };
    let wrong = Dataset {
        x: good.x.clone(),
        t: vec![0, 1, 0, 2, 0],
    };
    let without_samples = Dataset {
        x: Vec::new(),
        t: vec![0],
    };
    let label = "target 3 is class 2, but there are 2 classes: 0 to 1";
    let lengths = "5 samples, but 4 targets: each sample needs one";
    let no_samples = "0 samples, but 1 targets: each sample needs one";
    let nothing = "there are no samples: at least one is needed";
    let batch = "batch_size = 0 is not valid: a whole number from 1 on";
    let interval = "eval_interval = 0 is not valid: a whole number from 1 on";
    let norm = "max_grad = -1 is not valid: a number above 0";
    let full =
        "batch_size = 6 and drop_last leave nothing to train on: the training set holds 5 samples";
    for (trainer, train, test, expected) in [
        (trainer(), &none, &good, nothing),
        (trainer(), &short, &good, lengths),
        (trainer(), &good, &short, lengths),
        (trainer(), &good, &without_samples, no_samples),
        (trainer(), &wrong, &good, label),
        (trainer(), &good, &wrong, label),
        (trainer().batch_size(0), &good, &good, batch),
        (trainer().eval_interval(0), &good, &good, interval),
        (trainer().max_grad(-1.0), &good, &good, norm),
        (trainer().batch_size(6).drop_last(true), &good, &good, full),
    ] {
        let (error, params) = failure(trainer, train, test);
        assert_eq!(error, expected);
        assert_eq!(params, Classifier::seeded(0).params);
    }
    // Without `drop_last` a large batch is a smaller one.
    let mut net = Classifier::seeded(0);
    let mut large = trainer().batch_size(usize::MAX);
    assert_eq!(large.fit(&mut net, &good, &good).unwrap().steps, 2);
}

#[test]
fn training_time_leaves_evaluation_out() {
    let train = spiral(2_000);
    let time = |trainer: Trainer<Sgd>| {
        let mut net = Classifier::seeded(0);
        { trainer }.fit(&mut net, &train, &train).unwrap()
    };
    let history = time(trainer().batch_size(500));
    assert!(0.0 < history.seconds && history.seconds < history.total_seconds);
    let last = history.epochs.last().unwrap().seconds;
    assert!(last <= history.total_seconds);
    let increasing = history.losses.windows(2);
    assert!(increasing.into_iter().all(|w| w[0].seconds <= w[1].seconds));
}

#[test]
fn an_optimizer_is_chosen_and_changed_at_run_time() {
    let chosen: Box<dyn Optimizer<f64>> = Box::new(Sgd::new(0.0));
    let mut trainer = Trainer::new(chosen).epochs(1).silent();
    let mut net = Classifier::seeded(0);
    trainer.fit(&mut net, &five_points(), &no_points()).unwrap();
    assert_eq!(net.params, Classifier::seeded(0).params);
    trainer.optimizer_mut().set_lr(0.5);
    trainer.fit(&mut net, &five_points(), &no_points()).unwrap();
    assert_ne!(net.params, Classifier::seeded(0).params);
}
