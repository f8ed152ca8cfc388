//! From whatever checkpoint a training goes on, it ends in the same bits, with the same history.

use std::path::{Path, PathBuf};

use nn_core::metrics::top_k_accuracy;
use nn_core::prelude::*;
use nn_core::{
    AdaDelta, AdamW, Callback, Event, Groups, History, Lion, Metrics, Nadam, Nesterov, Plateau,
    RAdam, Schedule,
};

use crate::training::{Net, points};
use crate::{bits, timeless};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Trains once without a pause, and once from each of the checkpoints of that, of which there is one after each step.
fn check<O, S, C, M>(trainer: impl Fn() -> Trainer<O, fn(&Event), S, C, M>) -> History
where
    O: Optimizer<f32>,
    S: Schedule,
    C: Callback<Net>,
    M: Metrics<[f32; 3], u8>,
{
    let trainer = || trainer().batch_size(9).steps(21).eval_interval(4).silent();
    let (train, test) = (points(1), points(2));
    let folder = tempfile::tempdir().unwrap();
    let mut whole = Net::seeded(3);
    let history = trainer().fit(&mut whole, &train, &test).unwrap();

    let mut watched = Net::seeded(3);
    let mut writing = trainer().checkpoint(folder.path(), 1).keep_checkpoints(100);
    let watched_history = writing.fit(&mut watched, &train, &test).unwrap();
    assert_eq!(bits(&watched), bits(&whole));
    assert_eq!(timeless(&watched_history), timeless(&history));

    let files = files(folder.path());
    assert_eq!(files.len(), history.steps);
    for (index, file) in files.iter().enumerate() {
        let (mut net, mut trainer) = (Net::seeded(4), trainer());
        trainer.resume_from(&mut net, file).unwrap();
        assert_eq!(bits(&Net::load(file).unwrap()), bits(&net));
        let resumed = trainer.fit(&mut net, &train, &test).unwrap();
        assert_eq!(bits(&net), bits(&whole), "after step {}", index + 1);
        assert_eq!(
            timeless(&resumed),
            timeless(&history),
            "after step {}",
            index + 1
        );
    }
    history
}

#[test]
fn with_every_optimizer() {
    check(|| Trainer::new(Sgd::new(0.1)));
    check(|| Trainer::new(Momentum::new(0.1, 0.9)));
    check(|| Trainer::new(Nesterov::new(0.1, 0.9)));
    check(|| Trainer::new(AdaGrad::new(0.1)));
    check(|| Trainer::new(RmsProp::new(0.01, 0.9)));
    check(|| Trainer::new(AdaDelta::new(1.0)));
    check(|| Trainer::new(Adam::new(0.01)));
    check(|| Trainer::new(AdamW::new(0.01)));
    check(|| Trainer::new(Nadam::new(0.01)));
    check(|| Trainer::new(RAdam::new(0.01)));
    check(|| Trainer::new(Lion::new(0.001)));
    check(|| Trainer::new(Groups::new(Adam::new(0.01)).group("*.b", |adam| adam.with_lr(0.1))));
    check(|| {
        let chosen: Box<dyn Optimizer<f32>> = Box::new(Adam::new(0.01));
        Trainer::new(chosen)
    });
}

#[test]
fn with_schedules_and_clipping() {
    check(|| {
        Trainer::new(Momentum::new(0.3, 0.9))
            .schedule(Cosine::new(20).warm_up(4))
            .max_grad(0.5)
    });
    check(|| Trainer::new(Adam::new(0.1)).epoch_schedule(StepDecay::new(1, 0.5)));
    // A plateau remembers what it saw.
    let plateau = Plateau::new().patience(0).threshold(0.9).factor(0.5);
    check(|| {
        Trainer::new(Adam::new(0.1))
            .epoch_schedule(plateau)
            .max_grad(0.1)
    });
}

/// No loss gets better by 10: after the first epoch come two that are no better.
#[test]
fn with_callbacks_that_remember() {
    let history = check(|| {
        Trainer::new(Adam::new(0.1))
            .metric("wrong", |scores: &[[f32; 3]], classes: &[u8]| {
                Ok(1.0 - top_k_accuracy(scores, classes, 1)?)
            })
            .callback(EarlyStopping::new(Watch::Smallest("wrong")).patience(100))
            .callback(Ema::new(0.9))
            .callback(Swa::new(2))
            .callback(Ema::new(0.5).at_end(true))
            .callback(
                EarlyStopping::new(Watch::TrainLoss)
                    .min_change(10.0)
                    .patience(2)
                    .restore_best(true),
            )
    });
    // It was early stopping that ended it, and no process forgot that.
    assert_eq!(history.steps, 18);
    assert!(history.stop_reason.unwrap().contains("no better for 2"));
}

#[test]
fn a_finished_training_can_be_made_longer() {
    let (train, test) = (points(1), points(2));
    let trainer = |epochs| {
        Trainer::new(Adam::new(0.01))
            .batch_size(8)
            .epochs(epochs)
            .silent()
    };
    let mut whole = Net::seeded(3);
    let history = trainer(5).fit(&mut whole, &train, &test).unwrap();

    let folder = tempfile::tempdir().unwrap();
    for (epochs, resumed) in [(3, None), (3, Some(21)), (5, Some(21)), (5, Some(35))] {
        let (mut net, mut trainer) = (
            Net::seeded(3),
            trainer(epochs).checkpoint(folder.path(), 10),
        );
        assert_eq!(trainer.resume(&mut net).unwrap(), resumed);
        let now = trainer.fit(&mut net, &train, &test).unwrap();
        assert_eq!(now.epochs.len(), epochs);
        if epochs == 5 {
            assert_eq!(bits(&net), bits(&whole));
            assert_eq!(timeless(&now), timeless(&history));
        }
    }
}

#[test]
fn the_newest_stay() {
    let (train, test) = (points(1), points(2));
    let folder = tempfile::tempdir().unwrap();
    let runs = folder.path().join("runs/first");
    std::fs::create_dir_all(&runs).unwrap();
    // What a killed process leaves, and what is somebody else's.
    std::fs::write(
        runs.join(".step-0000000004.safetensors.17-0.unfinished"),
        "half",
    )
    .unwrap();
    std::fs::write(runs.join("notes.txt"), "mine").unwrap();
    let trainer = |count| {
        let trainer = Trainer::new(Sgd::new(0.1)).batch_size(8).steps(17).silent();
        trainer.checkpoint(&runs, 5).keep_checkpoints(count)
    };
    let names = || -> Vec<String> {
        let files = files(&runs);
        let name = |file: &PathBuf| file.file_name().unwrap().to_string_lossy().into_owned();
        files.iter().map(name).collect()
    };
    let mut net = Net::seeded(3);
    trainer(3).fit(&mut net, &train, &test).unwrap();
    assert_eq!(
        names(),
        [
            "notes.txt",
            "step-0000000010.safetensors",
            "step-0000000015.safetensors",
            "step-0000000017.safetensors"
        ]
    );
    let mut trainer = trainer(0);
    trainer.resume(&mut net).unwrap();
    trainer.fit(&mut net, &train, &test).unwrap();
    assert_eq!(names(), ["notes.txt", "step-0000000017.safetensors"]);
}

#[test]
fn a_rate_that_was_set_by_hand_is_that_of_the_checkpoint() {
    let (train, test) = (points(1), points(2));
    let folder = tempfile::tempdir().unwrap();
    let trainer = || {
        Trainer::new(Sgd::new(0.5))
            .steps(4)
            .silent()
            .checkpoint(folder.path(), 4)
    };
    let (mut net, mut first) = (Net::seeded(3), trainer());
    Optimizer::<f32>::set_lr(first.optimizer_mut(), 0.25);
    first.fit(&mut net, &train, &test).unwrap();
    let mut second = trainer();
    second.resume(&mut net).unwrap();
    assert_eq!(Optimizer::<f32>::lr(second.optimizer()), 0.25);
}
