use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::losses::SoftmaxWithLoss;
use crate::network::{Network as _, Trainable as _};
use crate::optim::{Momentum, Sgd, Watch};
use crate::params::Parameters as _;
use crate::trainer::tiny::Tiny;
use crate::trainer::{Callback, Context, EarlyStopping, Event, Trainer};

type Net = Tiny<SoftmaxWithLoss>;

fn points() -> Dataset<[f64; 2], u8> {
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

/// Three steps an epoch.
fn trainer() -> Trainer<Sgd> {
    Trainer::new(Sgd::new(0.5)).batch_size(2).epochs(2).silent()
}

/// Notes what it is told.
#[derive(Default)]
struct Notes {
    lines: Vec<String>,
    wants_gradient: bool,
}

impl Callback<Net> for Notes {
    fn before_training(&mut self, _: &mut Net, at: &mut Context<'_>) -> Result<()> {
        assert!(at.loss.is_nan() && !at.is_stopping());
        self.note("begin", at);
        Ok(())
    }

    fn wants_gradient(&self) -> bool {
        self.wants_gradient
    }

    fn before_update(&mut self, _: &mut Net, at: &mut Context<'_>) -> Result<()> {
        self.note("update", at);
        Ok(())
    }

    fn after_step(&mut self, _: &mut Net, at: &mut Context<'_>) -> Result<()> {
        self.note("step", at);
        Ok(())
    }

    fn after_epoch(&mut self, _: &mut Net, at: &mut Context<'_>) -> Result<()> {
        assert_eq!(at.epoch_record().unwrap().epoch, at.epoch);
        self.note("epoch", at);
        Ok(())
    }

    fn after_training(&mut self, _: &mut Net, at: &mut Context<'_>) -> Result<()> {
        self.note(if at.paused { "pause" } else { "end" }, at);
        Ok(())
    }
}

impl Notes {
    fn note(&mut self, what: &str, at: &Context<'_>) {
        let Context {
            epoch,
            iter,
            iters,
            step,
            last_step,
            ..
        } = at;
        self.lines
            .push(format!("{what} {epoch}: {iter}/{iters} {step}/{last_step}"));
    }
}

/// One that is there is told the same as without the choice, and remembers its state.
#[test]
fn a_callback_that_may_be_there() {
    let lines = |chosen: bool| {
        let (mut plain, mut optional) = (Notes::default(), Notes::default());
        plain.wants_gradient = true;
        optional.wants_gradient = true;
        let watchers = (&mut plain, chosen.then_some(&mut optional));
        let mut trainer = trainer().epochs(1).callback(watchers);
        trainer
            .fit(&mut Net::seeded(0), &points(), &points())
            .unwrap();
        drop(trainer);
        (plain.lines, optional.lines)
    };
    let (plain, optional) = lines(true);
    assert_eq!((plain.len(), &plain), (9, &optional));
    assert_eq!(lines(false), (plain, Vec::new()));

    let folder = tempfile::tempdir().unwrap();
    let fit = |patience: Option<usize>, resume: bool| {
        let stopping =
            patience.map(|patience| EarlyStopping::new(Watch::TestLoss).patience(patience));
        let mut trainer = trainer().checkpoint(folder.path(), 3).callback(stopping);
        let mut net = Net::seeded(0);
        if resume {
            return trainer.resume(&mut net).map(drop);
        }
        trainer.fit(&mut net, &points(), &points()).map(drop)
    };
    fit(Some(3), false).unwrap();
    fit(Some(3), true).unwrap();
    // What it remembers belongs to nobody else.
    assert!(matches!(fit(None, true), Err(Error::State { .. })));
}

#[test]
fn callbacks_are_told_of_everything_in_order() {
    let mut notes = Notes {
        wants_gradient: true,
        ..Notes::default()
    };
    let mut net = Net::seeded(0);
    let mut trainer = trainer().epochs(1).callback(&mut notes);
    for _ in 0..2 {
        trainer.fit(&mut net, &points(), &points()).unwrap();
    }
    drop(trainer);
    let expected = [
        "begin 1: 0/3 0/3",
        "update 1: 1/3 1/3",
        "step 1: 1/3 1/3",
        "update 1: 2/3 2/3",
        "step 1: 2/3 2/3",
        "update 1: 3/3 3/3",
        "step 1: 3/3 3/3",
        "epoch 1: 3/3 3/3",
        "end 1: 3/3 3/3",
        "begin 2: 0/3 3/6",
        "update 2: 1/3 4/6",
    ];
    assert_eq!(notes.lines[..11], expected);
    assert_eq!(notes.lines.len(), 18);
}

/// Asks for something after a step.
struct At {
    step: usize,
    pause: bool,
}

impl Callback<Net> for At {
    fn after_step(&mut self, _: &mut Net, at: &mut Context<'_>) -> Result<()> {
        match at.step == self.step {
            true if self.pause => at.pause("lunch"),
            true => at.stop("enough"),
            false => {}
        }
        Ok(())
    }
}

#[test]
fn a_training_is_ended_after_a_step_with_an_evaluation() {
    let (mut notes, mut lines) = (Notes::default(), Vec::new());
    let mut net = Net::seeded(0);
    let mut trainer = trainer()
        .on_event(|event| lines.push(event.to_string()))
        .callback(At {
            step: 4,
            pause: false,
        })
        .callback(&mut notes);
    let history = trainer.fit(&mut net, &points(), &points()).unwrap();
    assert_eq!((history.steps, history.epochs.len()), (4, 2));
    assert_eq!(
        (history.stopped, history.stop_reason.as_deref()),
        (false, Some("enough"))
    );
    // It is over: the next call begins with the next epoch.
    let next = trainer.fit(&mut net, &points(), &points()).unwrap();
    assert_eq!((next.steps, next.epochs[0].epoch), (6, 3));
    assert_eq!(next.stop_reason, None);
    drop(trainer);
    assert!(lines.contains(&"| epoch 2 | ended after step 4: enough".to_owned()));
    let expected = ["step 2: 1/3 4/6", "epoch 2: 1/3 4/6", "end 2: 1/3 4/6"];
    assert_eq!(notes.lines[5..8], expected);
}

#[test]
fn a_training_that_was_paused_goes_on_to_the_same_bits() {
    let run = |step| {
        let (mut net, mut notes) = (Net::seeded(0), Notes::default());
        let mut trainer = Trainer::new(Momentum::new(0.1, 0.9))
            .batch_size(2)
            .epochs(2)
            .silent()
            .callback(At { step, pause: true })
            .callback(&mut notes);
        let mut history = trainer.fit(&mut net, &points(), &points()).unwrap();
        if step < 9 {
            assert!(history.stopped);
            assert_eq!(history.stop_reason.as_deref(), Some("lunch"));
            assert_eq!(history.steps, step);
            history = trainer.fit(&mut net, &points(), &points()).unwrap();
        }
        assert!(!history.stopped && history.stop_reason.is_none());
        assert_eq!((history.steps, history.epochs.len()), (6, 2));
        drop(trainer);
        let pauses = notes
            .lines
            .iter()
            .filter(|line| line.starts_with("pause"))
            .count();
        assert_eq!(pauses, usize::from(step < 9));
        net.params
    };
    let whole = run(9);
    for step in 1..=6 {
        assert_eq!(run(step), whole, "{step}");
    }
}

/// Keeps the first gradient, and does away with all others.
#[derive(Default)]
struct OnlyTheFirst(Vec<f64>);

impl Callback<Net> for OnlyTheFirst {
    fn wants_gradient(&self) -> bool {
        true
    }

    fn before_update(&mut self, net: &mut Net, at: &mut Context<'_>) -> Result<()> {
        let (_, gradient) = net.params_and_gradient();
        if at.step == 1 {
            self.0 = gradient.affine1.b.flat().to_vec();
        } else {
            for index in 0..gradient.count() {
                gradient.numbers_mut(index).unwrap().fill(0.0);
            }
        }
        Ok(())
    }
}

#[test]
fn gradients_are_seen_and_changed_before_the_update() {
    let (mut net, mut first) = (Net::seeded(0), OnlyTheFirst::default());
    let start = net.params.affine1.b.flat().to_vec();
    let mut trainer = trainer().callback(&mut first);
    trainer.fit(&mut net, &points(), &points()).unwrap();
    drop(trainer);
    // p ← p − 0.5·g, once.
    for ((start, g), end) in start.iter().zip(&first.0).zip(net.params.affine1.b.flat()) {
        assert!(*g != 0.0 && (start - 0.5 * g - end).abs() < 1e-15);
    }
    let mut one_step = Net::seeded(0);
    let mut trainer = self::trainer().steps(1);
    trainer.fit(&mut one_step, &points(), &points()).unwrap();
    assert_eq!(net.params, one_step.params);
}

#[test]
fn callbacks_are_chosen_at_run_time() {
    for step in [1, 2] {
        let chosen: Box<dyn Callback<Net>> = Box::new(At { step, pause: false });
        let mut net = Net::seeded(0);
        let history = trainer()
            .callback(chosen)
            .fit(&mut net, &points(), &points());
        assert_eq!(history.unwrap().steps, step);
    }
}

struct Failing;

impl Callback<Net> for Failing {
    fn after_step(&mut self, _: &mut Net, at: &mut Context<'_>) -> Result<()> {
        if at.step == 2 {
            return Err(Error::callback("the disk is full"));
        }
        Ok(())
    }
}

#[test]
fn an_error_ends_the_training_and_the_network_keeps_what_it_has_learnt() {
    let (mut net, mut two_steps) = (Net::seeded(0), Net::seeded(0));
    let result = trainer()
        .callback(Failing)
        .fit(&mut net, &points(), &points());
    assert_eq!(
        result.unwrap_err().to_string(),
        "a callback failed: the disk is full"
    );
    let mut trainer = trainer().steps(2);
    trainer.fit(&mut two_steps, &points(), &points()).unwrap();
    assert_eq!(net.params, two_steps.params);
}

#[test]
fn early_stopping_restores_the_best_epoch() {
    // A rate that is far too large: the loss of the points themselves gets better once and then never again.
    let data = points();
    let run = |restore, epochs| {
        let mut stopping = EarlyStopping::new(Watch::TestLoss)
            .patience(3)
            .restore_best(restore);
        let mut net = Net::seeded(0);
        let mut trainer = Trainer::new(Sgd::new(30.0))
            .batch_size(5)
            .epochs(epochs)
            .silent()
            .callback(&mut stopping);
        let history = trainer.fit(&mut net, &data, &data).unwrap();
        drop(trainer);
        (history, net, stopping)
    };
    let (history, net, stopping) = run(true, 100);
    let losses: Vec<f64> = history
        .epochs
        .iter()
        .filter_map(|it| it.test_loss)
        .collect();
    let best = stopping.best_epoch().unwrap();
    assert_eq!(losses.len(), best + 3);
    assert!(losses[best..].iter().all(|&loss| loss >= losses[best - 1]));
    assert_eq!(net.loss(&data.x, &data.t).unwrap(), losses[best - 1]);
    let (_, as_long, _) = run(false, best);
    assert_eq!(net.params, as_long.params);
    // Without it, the last parameters stay, and at an end of another kind they are restored too.
    let (_, last, _) = run(false, 100);
    assert_eq!(last.loss(&data.x, &data.t).unwrap(), losses[best + 2]);
    assert_eq!(run(true, best + 1).1.params, net.params);
}

#[test]
fn what_is_not_computed_cannot_be_watched() {
    let mut net = Net::seeded(0);
    let stopping = EarlyStopping::new(Watch::Largest("f1"));
    let error = trainer()
        .callback(stopping)
        .fit(&mut net, &points(), &points());
    assert_eq!(
        error.unwrap_err().to_string(),
        "the f1 is watched, but was not computed: it takes a test set, and `Trainer::metric` with this name"
    );
    let wrong = EarlyStopping::new(Watch::TestLoss).min_change(f64::NAN);
    let error = trainer()
        .callback(wrong)
        .fit(&mut net, &points(), &points());
    assert!(matches!(error, Err(Error::HyperParameter { .. })));
    assert_eq!(
        error.unwrap_err().to_string(),
        "min_change = NaN is not valid: a finite number from 0 on"
    );
}

#[test]
fn metrics_and_the_test_loss_are_those_of_the_network_after_the_epoch() {
    let (mut net, test) = (Net::seeded(0), points());
    let mut seen = Vec::new();
    let history = trainer()
        .metric("right", |scores: &[[f64; 2]], classes: &[u8]| {
            seen.push(scores.to_vec());
            let pairs = scores.iter().zip(classes);
            let right = pairs.filter(|(scores, class)| (scores[1] > scores[0]) == (**class == 1));
            Ok(right.count() as f64)
        })
        .metric("samples", |scores: &[[f64; 2]], _: &[u8]| {
            Ok(scores.len() as f64)
        })
        .fit(&mut net, &points(), &test)
        .unwrap();
    let last = history.epochs.last().unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[1], net.predict(&test.x).unwrap());
    assert_eq!(
        last.metric("right"),
        Some(last.test_accuracy.unwrap() * 5.0)
    );
    assert_eq!(last.metric("samples"), Some(5.0));
    assert_eq!(last.metric("f1"), None);
    assert!((last.test_loss.unwrap() - net.loss(&test.x, &test.t).unwrap()).abs() < 1e-15);
    let line = Event::from(last.clone()).to_string();
    assert!(
        line.contains("| right 4.0000 | samples 5.0000 | time"),
        "{line}"
    );

    let failing = |_: &[[f64; 2]], _: &[u8]| Err(Error::Empty);
    let error = trainer()
        .metric("none", failing)
        .fit(&mut net, &points(), &test);
    assert!(matches!(error, Err(Error::Empty)));
}
