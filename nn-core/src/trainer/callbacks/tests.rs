use std::time::Duration;

use super::average::Average;
use super::{Ema, GradientNorms, SaveBest, Swa, TimeLimit};
use crate::data::{DataLoader, Dataset};
use crate::error::{Error, Result};
use crate::losses::SoftmaxWithLoss;
use crate::network::{Network as _, Trainable as _};
use crate::optim::{Momentum, Sgd, Watch};
use crate::trainer::tiny::{Tiny, TinyParams};
use crate::trainer::{Callback, Context, History, Trainer};

type Net = Tiny<SoftmaxWithLoss>;
type Points = Dataset<[f64; 2], u8>;

fn points() -> Points {
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

/// Three steps an epoch, four epochs.
fn fit<C: Callback<Net>>(callback: C) -> (Net, History) {
    let mut net = Net::seeded(0);
    let trainer = Trainer::new(Sgd::new(0.5)).batch_size(2).epochs(4).silent();
    let history = trainer
        .callback(callback)
        .fit(&mut net, &points(), &points());
    (net, history.unwrap())
}

/// (k², 1/k, −k) for k from 1 to 5, given to PyTorch's `torch.optim.swa_utils.AveragedModel`, 2.15.0: with
/// `get_ema_multi_avg_fn(0.9)`, and without.
#[test]
fn averages_are_those_of_pytorch() {
    let (mut ema, mut swa) = (Average::<f64>::new(), Average::new());
    for k in 1..=5_u8 {
        let k = f64::from(k);
        let params = [k * k, 1.0 / k, -k];
        ema.add(&params, |_| 1.0 - 0.9);
        swa.add(&params, |count| 1.0 / (count as f64 + 1.0));
    }
    for (average, expected) in [
        (ema, [5.616_7_f64, 0.762_05, -1.904_9]),
        (swa, [11.0, 0.456_666_666_666_666_67, -3.0]),
    ] {
        let mut found = [0.0; 3];
        average.apply_to(&mut found);
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-14, "{found}, not {expected}");
        }
        assert_eq!(average.count(), 5);
        // Others have no place in it.
        let mut others = [7.0; 2];
        average.apply_to(&mut others);
        assert_eq!(others, [7.0; 2]);
    }
}

/// Keeps the parameters after each step, and which of them end an epoch.
#[derive(Default)]
struct Path {
    steps: Vec<TinyParams>,
    epochs: Vec<TinyParams>,
}

impl Callback<Net> for Path {
    fn after_step(&mut self, net: &mut Net, _: &mut Context<'_>) -> Result<()> {
        self.steps.push(net.params.clone());
        Ok(())
    }

    fn after_epoch(&mut self, net: &mut Net, _: &mut Context<'_>) -> Result<()> {
        self.epochs.push(net.params.clone());
        Ok(())
    }
}

#[test]
fn averages_are_of_the_parameters_after_steps_and_epochs() {
    let (mut path, mut ema, mut swa) = (Path::default(), Ema::new(0.75), Swa::new(3));
    let (net, _) = fit(((&mut path, &mut ema), &mut swa));
    assert_eq!((ema.count(), swa.count()), (12, 2));
    assert_eq!(net.params, path.steps[11]);

    let b = |params: &TinyParams| params.affine1.b.flat()[0];
    let mut averaged = Net::seeded(0);
    ema.apply_to(&mut averaged);
    // Weights ¼·¾^k from the last one back, and what is left for the first.
    let later = (1..12)
        .zip(&path.steps[1..])
        .map(|(k, params)| 0.25 * 0.75_f64.powi(11 - k) * b(params));
    let expected = later.sum::<f64>() + 0.75_f64.powi(11) * b(&path.steps[0]);
    assert!((b(&averaged.params) - expected).abs() < 1e-15);
    swa.apply_to(&mut averaged);
    let expected = f64::midpoint(b(&path.epochs[2]), b(&path.epochs[3]));
    assert!((b(&averaged.params) - expected).abs() < 1e-15);

    // In the end, if that is wanted: this mean was the last to be written.
    let (net, _) = fit((Ema::new(0.75).at_end(true), Swa::new(3).at_end(true)));
    assert_eq!(net.params, averaged.params);
    let mut net = Net::seeded(0);
    for decay in [1.0, -0.5, f64::NAN] {
        let mut trainer = Trainer::new(Sgd::new(0.5))
            .silent()
            .callback(Ema::new(decay));
        let error = trainer.fit(&mut net, &points(), &points());
        assert!(matches!(
            error,
            Err(Error::HyperParameter { name: "decay", .. })
        ));
    }
}

#[test]
fn norms_are_those_of_gradients_and_parameters() {
    let (mut path, mut norms) = (Path::default(), GradientNorms::new().every(5));
    fit((&mut path, &mut norms));
    assert_eq!(norms.keys(), ["affine1.W", "affine1.b"]);
    let steps: Vec<_> = norms
        .records()
        .iter()
        .map(|it| (it.step, it.epoch))
        .collect();
    assert_eq!(steps, [(1, 1), (5, 2), (10, 4)]);
    // The gradient is the difference of parameters, over the rate.
    for record in norms.records() {
        let start = Net::seeded(0).params;
        let before = path.steps[..record.step - 1].last().unwrap_or(&start);
        let after = &path.steps[record.step - 1];
        let norm = |numbers: &[f64]| numbers.iter().map(|x| x * x).sum::<f64>().sqrt();
        let gradient = |before: &[f64], after: &[f64]| {
            let pairs = before.iter().zip(after);
            norm(&pairs.map(|(p, q)| (p - q) / 0.5).collect::<Vec<_>>())
        };
        let (before, after) = (&before.affine1, &after.affine1);
        let expected = [
            gradient(before.W.flat(), after.W.flat()),
            gradient(before.b.flat(), after.b.flat()),
            norm(before.W.flat()),
            norm(before.b.flat()),
        ];
        let found = [&record.gradients[..], &record.weights].concat();
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
        }
        assert!((record.norm - expected[0].hypot(expected[1])).abs() < 1e-12);
    }
}

#[test]
fn a_time_limit_pauses() {
    let (_, history) = fit(TimeLimit::new(Duration::ZERO));
    assert_eq!((history.steps, history.stopped), (1, true));
    assert_eq!(history.stop_reason.unwrap(), "the limit of 0ns is reached");
    let (_, history) = fit(TimeLimit::new(Duration::from_mins(10)));
    assert_eq!((history.steps, history.stopped), (12, false));
    // What is finished is not interrupted, nor what is about to be evaluated for the last time.
    let mut net = Net::seeded(0);
    let mut trainer = Trainer::new(Sgd::new(0.5)).steps(1).silent();
    trainer = trainer.batch_size(2);
    let mut trainer = trainer.callback(TimeLimit::new(Duration::ZERO));
    let history = trainer.fit(&mut net, &points(), &points()).unwrap();
    assert!(!history.stopped && history.epochs.len() == 1);
}

#[test]
fn the_best_epochs_are_saved() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("best/of");
    let (mut path, mut best) = (
        Path::default(),
        SaveBest::new(&place, Watch::TestLoss).keep(2),
    );
    let (_, history) = fit((&mut path, &mut best));
    let mut ranking: Vec<(usize, f64)> = history
        .epochs
        .iter()
        .map(|record| (record.epoch, record.test_loss.unwrap()))
        .collect();
    ranking.sort_by(|a, b| a.1.total_cmp(&b.1));
    assert_eq!(best.epochs(), &ranking[..2]);
    let entries = std::fs::read_dir(&place).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut expected = [ranking[0].0, ranking[1].0].map(|it| format!("epoch-{it:05}.safetensors"));
    expected.sort();
    assert_eq!(names, expected);
    let loaded = Net::load(best.best_path().unwrap()).unwrap();
    assert_eq!(loaded.params, path.epochs[ranking[0].0 - 1]);

    let none = SaveBest::new(
        folder.path().join("best/of/epoch-00001.safetensors/x"),
        Watch::TestLoss,
    );
    let trainer = Trainer::new(Sgd::new(0.5)).silent();
    std::fs::write(place.join("epoch-00001.safetensors"), "").unwrap();
    let error = trainer
        .callback(none)
        .fit(&mut Net::seeded(0), &points(), &points());
    assert!(matches!(error, Err(Error::Io { .. })));
}

/// Ranked by hand: 3 files of [0.5, 0.7, NaN, 0.7, 0.6, 0.9], larger is better; the earlier of two equals comes first.
#[test]
fn ranks_by_hand() {
    let mut best = SaveBest::new("", Watch::Largest("f1")).keep(3);
    let values = [0.5, 0.7, f64::NAN, 0.7, 0.6, 0.9];
    let ranks: Vec<_> = values
        .into_iter()
        .enumerate()
        .map(|(index, value)| best.rank(index + 1, value))
        .collect();
    let expected = [
        (true, None),
        (true, None),
        (false, None),
        (true, None),
        (true, Some(1)),
        (true, Some(5)),
    ];
    assert_eq!(ranks, expected);
    assert_eq!(best.epochs(), [(6, 0.9), (2, 0.7), (4, 0.7)]);
    assert_eq!(best.rank(7, 0.1), (false, None));
    let mut lowest = SaveBest::new("", Watch::TestLoss).keep(0);
    assert_eq!(
        [lowest.rank(1, 2.0), lowest.rank(2, 1.0)],
        [(true, None), (true, Some(1))]
    );
}

/// Three batches of two are one of six; clipping by value is that of the gradient itself.
#[test]
fn accumulated_batches_are_a_larger_one() {
    let data = points();
    let run = |batch_size, accumulate| {
        let mut net = Net::seeded(0);
        let mut trainer = Trainer::new(Sgd::new(0.5)).batch_size(batch_size).silent();
        trainer = trainer.accumulate(accumulate).epochs(3);
        let history = trainer.fit(&mut net, &data, &data).unwrap();
        (net.params, history.steps)
    };
    assert_eq!(run(2, 2), run(4, 1));
    assert_eq!(run(2, 3), run(5, 1));
    assert_eq!(run(2, 2).1, 6);
    let mut trainer = Trainer::new(Sgd::new(0.5)).accumulate(0).silent();
    let error = trainer.fit(&mut Net::seeded(0), &data, &data);
    assert!(matches!(
        error,
        Err(Error::HyperParameter {
            name: "accumulate",
            ..
        })
    ));
}

#[test]
fn each_number_of_a_gradient_is_clipped_before_its_norm() {
    let Dataset { x, t } = points();
    let mut net = Net::seeded(0);
    let gradient = net.gradient(&x, &t).unwrap().affine1.clone();
    let start = net.params.affine1.clone();
    let mut trainer = Trainer::new(Sgd::new(1.0)).max_grad_value(0.05);
    trainer.step(&mut net, &x, &t).unwrap();
    let clipped: Vec<f64> = gradient
        .W
        .flat()
        .iter()
        .map(|g| g.clamp(-0.05, 0.05))
        .collect();
    assert!(clipped.iter().any(|g| g.abs() < 0.05) || clipped != gradient.W.flat());
    for ((p, q), g) in start
        .W
        .flat()
        .iter()
        .zip(net.params.affine1.W.flat())
        .zip(&clipped)
    {
        assert!((p - q - g).abs() < 1e-15);
    }
    let mut both = Net::seeded(0);
    let mut trainer = Trainer::new(Sgd::new(1.0))
        .max_grad_value(0.05)
        .max_grad(0.01);
    trainer.step(&mut both, &x, &t).unwrap();
    let moved = start.W.flat().iter().zip(both.params.affine1.W.flat());
    let moved: f64 = moved.map(|(p, q)| (p - q).powi(2)).sum();
    let bias = start.b.flat().iter().zip(both.params.affine1.b.flat());
    let norm = (moved + bias.map(|(p, q)| (p - q).powi(2)).sum::<f64>()).sqrt();
    assert!((norm - 0.01).abs() < 1e-6, "{norm}");
}

/// A loader of the same settings gives the same batches, from any step on; augmentation is seen by training alone.
#[test]
fn a_loader_gives_the_batches() {
    let data = points();
    let trainer = || Trainer::new(Momentum::new(0.1, 0.9)).epochs(3).silent();
    let mut whole = Net::seeded(0);
    let history = trainer()
        .batch_size(2)
        .seed(7)
        .fit(&mut whole, &data, &data)
        .unwrap();
    for ahead in [0, 2] {
        let mut net = Net::seeded(0);
        let mut loader = DataLoader::new(&data)
            .batch_size(2)
            .shuffle(7)
            .prefetch(ahead);
        let mut trainer = trainer().callback(TimeLimit::new(Duration::ZERO));
        let mut calls = 1;
        let mut found = trainer.fit_loader(&mut net, &mut loader, &data).unwrap();
        while found.stopped {
            found = trainer.fit_loader(&mut net, &mut loader, &data).unwrap();
            calls += 1;
        }
        // After each step but the last, and after each epoch but the last.
        assert_eq!(calls, 8 + 2 + 1);
        assert_eq!(net.params, whole.params);
        assert_eq!(found.epochs.len(), 3);
        for (found, expected) in found.epochs.iter().zip(&history.epochs) {
            assert_eq!(found.loss, expected.loss);
            assert_eq!(found.train_accuracy, expected.train_accuracy);
        }
    }
    let mut net = Net::seeded(0);
    let mut loader = DataLoader::new(&data)
        .batch_size(2)
        .augment(|x, _, _| *x = [9.0; 2]);
    let mut trainer = trainer().steps(4);
    let history = trainer.fit_loader(&mut net, &mut loader, &data).unwrap();
    assert_eq!((history.steps, history.epochs.len()), (4, 2));
    assert!(net.batches().concat().iter().all(|x| *x == [9.0; 2]));
    let mut loader = DataLoader::new(&data).batch_size(0);
    let error = trainer.fit_loader(&mut net, &mut loader, &data);
    assert!(matches!(
        error,
        Err(Error::HyperParameter {
            name: "batch_size",
            ..
        })
    ));
}
