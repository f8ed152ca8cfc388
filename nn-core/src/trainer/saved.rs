//! What a checkpoint holds beside the parameters, and how it is read.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use super::callback::States;
use super::rate::Rate;
use super::run::{Mean, Order, Run};
use super::{Callback, EpochRecord, History, LossRecord, Progress, Trainer};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::files::checkpoint::{self, Found, Reader, Writer};
use crate::files::{self, KeyMap, LoadProblem};
use crate::layers::Draws;
use crate::metrics::MetricValue;
use crate::network::{Trainable, declaration};
use crate::optim::{Optimizer, Schedule, StatePart, StateValue};
use crate::params::Parameters;
use crate::summary::LayerSummary;

type Outcome<T> = std::result::Result<T, LoadProblem>;

const DECLARATION: &str = "layers";
const OPTIMIZER: &str = "optimizer/";
const SCHEDULE: &str = "schedule/";
const CALLBACKS: &str = "callbacks/";
const METRICS: &str = "metrics";

impl<O, F, S: Schedule, C, M> Trainer<O, F, S, C, M> {
    /// Writes a checkpoint of a run that is not finished.
    pub(super) fn write_checkpoint<N: Trainable>(
        &self,
        net: &N,
        run: &Run,
        path: &Path,
    ) -> Result<()>
    where
        O: Optimizer<N::Element>,
        C: Callback<N>,
    {
        let keys = KeyMap::new();
        let mut writer = Writer::new(net.params(), &keys).map_err(|problem| Error::Load {
            path: path.to_owned(),
            problem,
        })?;
        write_declaration(&mut writer, N::NAME, N::LAYERS);
        if N::DRAWS {
            write_draws(&mut writer, net.workspace().draws());
        }
        write_parts(&mut writer, OPTIMIZER, &self.optimizer.state()?);
        write_parts(&mut writer, SCHEDULE, &self.rate.schedule().state());
        let mut states = States::new(Vec::new());
        self.callbacks.save_to(&mut states);
        write_parts(&mut writer, CALLBACKS, &states.parts);
        let rate = [vec![self.optimizer.lr()], self.rate.saved()].concat();
        writer.array("trainer/lr".to_owned(), &[rate.len()], Cow::from(rate));
        write_progress(&mut writer, self.progress, run);
        write_history(&mut writer, &run.history);
        writer.write(path)
    }

    /// Reads a checkpoint into trainer and network, whole or not at all.
    pub(super) fn read_checkpoint<N: Trainable>(&mut self, net: &mut N, path: &Path) -> Result<()>
    where
        O: Optimizer<N::Element>,
        C: Callback<N>,
    {
        let problem = |problem| Error::Load {
            path: path.to_owned(),
            problem,
        };
        let content = files::read(path)?;
        let reader = Reader::new::<N::Element>(&content).map_err(problem)?;
        let Saved {
            params,
            lr,
            rate,
            progress,
            run,
            draws,
            optimizer,
            schedule,
            callbacks,
        } = Saved::read(&reader, net.params(), N::LAYERS, N::DRAWS).map_err(problem)?;
        let before = Parts::of(self.rate.schedule().state());
        let mut states = States::new(Vec::new());
        self.callbacks.save_to(&mut states);
        let callbacks_before = Parts::of(states.parts);

        self.rate.schedule_mut().load_state(&schedule.borrowed())?;
        let loaded = load_callbacks(&mut self.callbacks, net, &callbacks).and_then(|()| {
            let state = optimizer.borrowed();
            self.optimizer.load_state(net.params(), &state)
        });
        if loaded.is_err() {
            self.rate.schedule_mut().load_state(&before.borrowed())?;
            load_callbacks(&mut self.callbacks, net, &callbacks_before)?;
        }
        loaded?;
        self.optimizer.set_lr(lr);
        self.rate.restore(rate.as_deref());
        self.progress = progress;
        self.unfinished = Some(run);
        checkpoint::fill(net.params_mut(), &params);
        if let Some(draws) = draws {
            net.workspace().draw_from(draws);
        }
        Ok(())
    }
}

/// What a checkpoint holds, for a network that computes with `T`.
struct Saved<'f, T> {
    params: Vec<Found<'f>>,
    lr: f64,
    rate: Option<Vec<f64>>,
    progress: Progress,
    run: Run,
    draws: Option<Draws>,
    optimizer: Parts<T>,
    schedule: Parts<f64>,
    callbacks: Parts<T>,
}

impl<'f, T: Element> Saved<'f, T> {
    fn read(
        reader: &'f Reader<'_>,
        params: &dyn Parameters<T>,
        layers: &[LayerSummary],
        has_draws: bool,
    ) -> Outcome<Self> {
        check_declaration(reader, layers)?;
        let params = reader.params(params)?;
        let lr: Vec<f64> = reader.array("trainer/lr", 1)?;
        let (lr, rate) = match lr.as_slice() {
            [lr] => (*lr, None),
            [lr, rate @ ..] if rate.len() == Rate::<()>::SAVED => (*lr, Some(rate.to_vec())),
            _ => return Err(checkpoint::wrong("trainer/lr", "1 number or 4")),
        };
        let (progress, run) = read_progress(reader)?;
        Ok(Self {
            params,
            lr,
            rate,
            progress,
            draws: has_draws.then(|| read_draws(reader)).transpose()?,
            run: Run {
                history: read_history(reader)?,
                ..run
            },
            optimizer: Parts::read(reader, OPTIMIZER)?,
            schedule: Parts::read(reader, SCHEDULE)?,
            callbacks: Parts::read(reader, CALLBACKS)?,
        })
    }
}

fn load_callbacks<N: Trainable>(
    callbacks: &mut impl Callback<N>,
    net: &N,
    parts: &Parts<N::Element>,
) -> Result<()> {
    let mut states = States::new(parts.borrowed());
    callbacks.load_from(net, &mut states)?;
    states.finish()
}

fn write_declaration(writer: &mut Writer<'_>, name: &str, layers: &[LayerSummary]) {
    for (key, text) in declaration::about(name, layers) {
        writer.text(key, text);
    }
    writer.text(DECLARATION, declaration::text_of(layers));
}

/// A single number has no axes, a list has one.
fn write_parts<'a, T: Element>(
    writer: &mut Writer<'a>,
    namespace: &str,
    parts: &[StatePart<'a, T>],
) {
    for part in parts {
        let key = format!("{namespace}{}", part.name);
        match part.value {
            StateValue::Number(number) => writer.array(key, &[], Cow::Owned(vec![number])),
            StateValue::Numbers(numbers) => {
                writer.array(key, &[numbers.len()], Cow::Borrowed(numbers));
            }
        }
    }
}

/// Parts of a state that belong to nobody else.
pub(super) struct Parts<T> {
    numbers: Vec<(String, f64)>,
    lists: Vec<(String, Vec<T>)>,
}

impl<T: Element> Parts<T> {
    fn read(reader: &Reader<'_>, namespace: &str) -> Outcome<Self> {
        let (mut numbers, mut lists) = (Vec::new(), Vec::new());
        for (name, axes) in reader.under(namespace) {
            let key = format!("{namespace}{name}");
            if axes == 0 {
                let number: Vec<f64> = reader.array(&key, 0)?;
                numbers.extend(number.first().map(|&number| (name.to_owned(), number)));
            } else {
                lists.push((name.to_owned(), reader.array(&key, 1)?));
            }
        }
        Ok(Self { numbers, lists })
    }

    pub(super) fn of(parts: Vec<StatePart<'_, T>>) -> Self {
        let (mut numbers, mut lists) = (Vec::new(), Vec::new());
        for StatePart { name, value } in parts {
            match value {
                StateValue::Number(number) => numbers.push((name.into_owned(), number)),
                StateValue::Numbers(list) => lists.push((name.into_owned(), list.to_vec())),
            }
        }
        Self { numbers, lists }
    }

    pub(super) fn borrowed(&self) -> Vec<StatePart<'_, T>> {
        let numbers = self.numbers.iter();
        let numbers = numbers.map(|(name, number)| StatePart::number(name, *number));
        let lists = self.lists.iter();
        let lists = lists.map(|(name, list)| StatePart::numbers(name, list));
        numbers.chain(lists).collect()
    }
}

/// The layers are the same, one by one.
fn check_declaration(reader: &Reader<'_>, layers: &[LayerSummary]) -> Outcome<()> {
    let (there, here) = (reader.text(DECLARATION)?, declaration::text_of(layers));
    if there == here {
        return Ok(());
    }
    let quoted =
        |line: Option<&str>| line.map_or("no layer".to_owned(), |line| format!("`{line}`"));
    let (mut there, mut here) = (there.lines(), here.lines());
    loop {
        let (there, here) = (there.next(), here.next());
        if there != here || there.is_none() {
            return Err(LoadProblem::Declaration {
                there: quoted(there),
                here: quoted(here),
            });
        }
    }
}

fn write_progress(writer: &mut Writer<'_>, progress: Progress, run: &Run) {
    let counts = [
        ("steps", progress.steps),
        ("epochs", progress.epochs),
        ("steps_before", run.steps_before),
        ("iter", run.iter),
    ];
    for (key, count) in counts {
        writer.text(key, count.to_string());
    }
    if let Some(order) = run.order {
        writer.text("seed", order.seed.to_string());
        writer.text("batch_size", order.batch_size.to_string());
        writer.text("drop_last", order.drop_last.to_string());
        writer.text("samples", order.samples.to_string());
    }
    let rows = [
        ("trainer/mean", mean_to_row(run.mean)),
        ("trainer/mean_of_epoch", mean_to_row(run.mean_of_epoch)),
        (
            "trainer/seconds",
            [run.total, run.evaluation].map(|time| time.as_secs_f64()),
        ),
    ];
    for (key, row) in rows {
        writer.array(key.to_owned(), &[row.len()], Cow::Owned(row.to_vec()));
    }
}

fn write_draws(writer: &mut Writer<'_>, Draws { seed, step }: Draws) {
    writer.text("draws_seed", seed.to_string());
    writer.text("draws_step", step.to_string());
}

fn read_draws(reader: &Reader<'_>) -> Outcome<Draws> {
    let number = |key| {
        let number = reader.text(key)?.parse();
        number.map_err(|_| checkpoint::wrong(key, "a whole number"))
    };
    Ok(Draws {
        seed: number("draws_seed")?,
        step: number("draws_step")?,
    })
}

fn read_progress(reader: &Reader<'_>) -> Outcome<(Progress, Run)> {
    let progress = Progress {
        steps: reader.count("steps")?,
        epochs: reader.count("epochs")?,
    };
    let seed = reader.text("seed")?.parse();
    let drop_last = reader.text("drop_last")?.parse();
    let order = Order {
        seed: seed.map_err(|_| checkpoint::wrong("seed", "a whole number"))?,
        batch_size: reader.count("batch_size")?,
        drop_last: drop_last.map_err(|_| checkpoint::wrong("drop_last", "`true` or `false`"))?,
        samples: reader.count("samples")?,
    };
    let [total, evaluation] = reader.row("trainer/seconds")?;
    let duration = |seconds| {
        Duration::try_from_secs_f64(seconds)
            .map_err(|_| checkpoint::wrong("trainer/seconds", "two times"))
    };
    let run = Run {
        steps_before: reader.count("steps_before")?,
        iter: reader.count("iter")?,
        mean: row_to_mean(reader, "trainer/mean")?,
        mean_of_epoch: row_to_mean(reader, "trainer/mean_of_epoch")?,
        history: History::default(),
        total: duration(total)?,
        evaluation: duration(evaluation)?,
        order: Some(order),
    };
    if run
        .steps_before
        .checked_add(run.iter)
        .is_none_or(|least| least > progress.steps)
    {
        return Err(checkpoint::wrong(
            "steps",
            "the steps before the run, and those of the epoch, at least",
        ));
    }
    Ok((progress, run))
}

fn mean_to_row(Mean { sum, count }: Mean) -> [f64; 2] {
    [sum, count as f64]
}

fn row_to_mean(reader: &Reader<'_>, key: &str) -> Outcome<Mean> {
    let [sum, count] = reader.row(key)?;
    let count = whole(count).ok_or_else(|| checkpoint::wrong(key, "a sum and a count"))?;
    Ok(Mean { sum, count })
}

/// The columns of the table of epochs.
const EPOCH_COLUMNS: usize = 8;

fn write_history(writer: &mut Writer<'_>, history: &History) {
    let losses: Vec<f64> = history
        .losses
        .iter()
        .flat_map(|record| {
            let LossRecord {
                step,
                epoch,
                loss,
                lr,
                seconds,
            } = *record;
            [step as f64, epoch as f64, loss, lr, seconds]
        })
        .collect();
    let epochs: Vec<f64> = history
        .epochs
        .iter()
        .flat_map(|record| {
            let EpochRecord {
                epoch,
                step,
                lr,
                loss,
                test_loss,
                train_accuracy,
                test_accuracy,
                seconds,
                metrics: _,
            } = *record;
            let (epoch, step) = (epoch as f64, step as f64);
            // What was not computed is not a number.
            let [train, test, test_loss] =
                [train_accuracy, test_accuracy, test_loss].map(|value| value.unwrap_or(f64::NAN));
            [epoch, step, lr, train, test, seconds, loss, test_loss]
        })
        .collect();
    let (losses_len, epochs_len) = (history.losses.len(), history.epochs.len());
    writer.array(
        "history/losses".to_owned(),
        &[losses_len, 5],
        Cow::from(losses),
    );
    writer.array(
        "history/epochs".to_owned(),
        &[epochs_len, EPOCH_COLUMNS],
        Cow::from(epochs),
    );
    write_metrics(writer, history);
    writer.text("steps_of_history", history.steps.to_string());
}

/// The values of metrics, each with the places of its epoch and of its name.
fn write_metrics(writer: &mut Writer<'_>, history: &History) {
    let names = history.metric_names();
    let mut rows = Vec::new();
    for (epoch, record) in history.epochs.iter().enumerate() {
        for MetricValue { name, value } in &record.metrics {
            let name = names.iter().position(|other| other == name);
            rows.extend([epoch as f64, name.unwrap_or_default() as f64, *value]);
        }
    }
    let names: Vec<serde_json::Value> = names.into_iter().map(Into::into).collect();
    writer.text(METRICS, serde_json::Value::from(names).to_string());
    let count = rows.len() / 3;
    writer.array("history/metrics".to_owned(), &[count, 3], Cow::from(rows));
}

fn read_metrics(reader: &Reader<'_>, epochs: &mut [EpochRecord]) -> Outcome<()> {
    let wrong_names = |_| checkpoint::wrong(METRICS, "a list of names");
    let names: Vec<String> = serde_json::from_str(reader.text(METRICS)?).map_err(wrong_names)?;
    for [epoch, name, value] in reader.rows("history/metrics")? {
        let epoch = whole(epoch).and_then(|epoch| epochs.get_mut(epoch));
        let name = whole(name).and_then(|name| names.get(name).cloned());
        let (Some(epoch), Some(name)) = (epoch, name) else {
            let expected = "the places of epochs and names";
            return Err(checkpoint::wrong("history/metrics", expected));
        };
        epoch.metrics.push(MetricValue { name, value });
    }
    Ok(())
}

fn read_history(reader: &Reader<'_>) -> Outcome<History> {
    let losses = reader.rows("history/losses")?.into_iter();
    let losses = losses.map(|[step, epoch, loss, lr, seconds]| {
        Some(LossRecord {
            step: whole(step)?,
            epoch: whole(epoch)?,
            loss,
            lr,
            seconds,
        })
    });
    let epochs = reader.rows("history/epochs")?.into_iter();
    let epochs = epochs.map(|row: [f64; EPOCH_COLUMNS]| {
        let [epoch, step, lr, train, test, seconds, loss, test_loss] = row;
        let computed = |value: f64| Some(value).filter(|value| !value.is_nan());
        Some(EpochRecord {
            epoch: whole(epoch)?,
            step: whole(step)?,
            lr,
            loss,
            test_loss: computed(test_loss),
            train_accuracy: computed(train),
            test_accuracy: computed(test),
            metrics: Vec::new(),
            seconds,
        })
    });
    let losses: Option<Vec<LossRecord>> = losses.collect();
    let epochs: Option<Vec<EpochRecord>> = epochs.collect();
    let expected = "whole numbers of steps and epochs";
    let mut epochs = epochs.ok_or_else(|| checkpoint::wrong("history/epochs", expected))?;
    read_metrics(reader, &mut epochs)?;
    Ok(History {
        losses: losses.ok_or_else(|| checkpoint::wrong("history/losses", expected))?,
        epochs,
        steps: reader.count("steps_of_history")?,
        ..History::default()
    })
}

/// A count that was written as an `f64`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number from 0 to 2^53"
)]
fn whole(number: f64) -> Option<usize> {
    const MOST: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && (0.0..=MOST).contains(&number)).then_some(number as usize)
}
