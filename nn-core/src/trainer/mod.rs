//! Training: a thin loop over single steps, and the record of what it did.

mod batches;
mod building;
mod event;
mod history;
#[cfg(feature = "plot")]
mod plot;
mod rate;
mod settings;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tiny;

pub use event::Event;
pub use history::{EpochRecord, History, LossRecord};

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use num_traits::Float as _;

use crate::batch::non_empty;
use crate::data::Dataset;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::kernels::with_threads;
use crate::losses::Losses;
use crate::network::{Trainable, steps};
use crate::optim::{ConstantRate, EpochOutcome, Optimizer, Schedule};
use batches::Batches;
use rate::Rate;
use settings::Settings;

/// Trains networks by mini-batches with an optimizer `O`, whose learning rate a schedule `S` may change, and reports to `F`; by
/// default it prints.
///
/// The defaults are batches of 32, 10 epochs, seed 0, a line every 20 steps, and accuracies after every epoch. A trainer
/// can be used again: steps and epochs are counted on, and the optimizer keeps its state.
///
/// ```
/// use nn_core::{Sgd, Trainer};
///
/// let trainer = Trainer::new(Sgd::new(0.1)).batch_size(100).epochs(17);
/// let silent = trainer.eval_interval(None).silent();
/// ```
#[derive(Clone, Debug)]
pub struct Trainer<O, F = fn(&Event), S = ConstantRate> {
    optimizer: O,
    on_event: F,
    rate: Rate<S>,
    settings: Settings,
    progress: Progress,
}

/// What all calls on a trainer have done so far.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    steps: usize,
    epochs: usize,
}

impl<O> Trainer<O> {
    /// A trainer with this optimizer.
    #[must_use]
    pub fn new(optimizer: O) -> Self {
        Self {
            optimizer,
            on_event: print,
            rate: Rate::by_steps(ConstantRate),
            settings: Settings::default(),
            progress: Progress::default(),
        }
    }
}

impl<O, F, S> Trainer<O, F, S> {
    /// One step: the gradient of the mean loss of a batch, clipping if it is set, and the optimizer's update. Returns the
    /// loss before the update. Reports nothing.
    ///
    /// # Errors
    /// What the schedule finds wrong with itself; [`Error::Empty`], [`Error::LengthMismatch`], or what the loss finds wrong with the targets;
    /// [`Error::LossNotFinite`]; what [`clip_grads`](crate::clip_grads) or the optimizer finds wrong. The parameters are unchanged then.
    pub fn step<N, Y>(
        &mut self,
        net: &mut N,
        batch: &[N::Input],
        targets: &[Y],
    ) -> Result<N::Element>
    where
        N: Trainable,
        N::Loss: Losses<N::Output, Y>,
        O: Optimizer<N::Element>,
        S: Schedule,
        Y: Sync,
    {
        self.with_threads(|trainer| trainer.step_here(net, batch, targets))
    }

    /// Runs a part of the training on the threads that are set.
    fn with_threads<R>(&mut self, compute: impl FnOnce(&mut Self) -> Result<R>) -> Result<R> {
        match self.settings.threads()? {
            Some(threads) => with_threads(threads, || compute(self)),
            None => compute(self),
        }
    }

    fn step_here<N, Y>(
        &mut self,
        net: &mut N,
        batch: &[N::Input],
        targets: &[Y],
    ) -> Result<N::Element>
    where
        N: Trainable,
        N::Loss: Losses<N::Output, Y>,
        O: Optimizer<N::Element>,
        S: Schedule,
        Y: Sync,
    {
        let step = self.progress.steps + 1;
        self.rate.set(&mut self.optimizer, self.progress)?;
        let accept = |loss: N::Element| {
            if loss.is_finite() {
                return Ok(());
            }
            Err(Error::LossNotFinite {
                step,
                loss: loss.as_f64(),
            })
        };
        let max_grad = self.settings.max_grad;
        let loss = steps::step(net, &mut self.optimizer, max_grad, batch, targets, accept)?;
        self.progress.steps = step;
        Ok(loss)
    }
}

impl<O, F: FnMut(&Event), S: Schedule> Trainer<O, F, S> {
    /// Trains a network, and evaluates it after every epoch.
    ///
    /// Each epoch goes through the training samples once, in an order that depends only on the seed and the number of the
    /// epoch. The test set may be empty. Without classes, as in a regression, there are no accuracies.
    ///
    /// # Errors
    /// Before the first step, so that the network is unchanged: [`Error::Empty`] for an empty training set,
    /// [`Error::LengthMismatch`] or what the loss finds wrong with the targets for both sets, [`Error::HyperParameter`] for a
    /// setting out of its range, [`Error::NoFullBatch`] if `drop_last` leaves nothing to train on. Later: as
    /// [`Trainer::step`], which names the step; the network then keeps what it has learnt.
    pub fn fit<N, Y>(
        &mut self,
        net: &mut N,
        train: &Dataset<N::Input, Y>,
        test: &Dataset<N::Input, Y>,
    ) -> Result<History>
    where
        N: Trainable,
        N::Loss: Losses<N::Output, Y>,
        O: Optimizer<N::Element>,
        Y: Clone + Sync,
    {
        self.with_threads(|trainer| trainer.fit_here(net, train, test))
    }

    fn fit_here<N, Y>(
        &mut self,
        net: &mut N,
        train: &Dataset<N::Input, Y>,
        test: &Dataset<N::Input, Y>,
    ) -> Result<History>
    where
        N: Trainable,
        N::Loss: Losses<N::Output, Y>,
        O: Optimizer<N::Element>,
        Y: Clone + Sync,
    {
        check_set::<N, Y>(train)?;
        check_set::<N, Y>(test)?;
        non_empty(&train.x)?;
        let iters = self.settings.steps_per_epoch(train.len())?;
        let last_step = self
            .progress
            .steps
            .saturating_add(self.settings.length.steps(iters));

        let start = Instant::now();
        let mut evaluation = Duration::ZERO;
        let mut history = History::default();
        let (mut mean, mut mean_of_epoch) = (Mean::default(), Mean::default());
        let batch_size = self.settings.batch_size;
        let mut batches = Batches::new(train, batch_size);
        while self.progress.steps < last_step {
            batches.shuffle(self.settings.seed, self.progress.epochs as u64);
            let epoch = self.progress.epochs + 1;
            for iter in 1..=iters.min(last_step - self.progress.steps) {
                let (x, t) = batches.gather((iter - 1) * batch_size..iter * batch_size);
                let loss = self.step_here(net, x, t)?.as_f64();
                mean.add(loss);
                mean_of_epoch.add(loss);
                let (step, lr) = (self.progress.steps, self.rate.last());
                self.report(
                    &mut history,
                    &Event::Step {
                        epoch,
                        iter,
                        iters,
                        step,
                        last_step,
                        loss,
                        lr,
                    },
                );
                if self.settings.reports_at(iter) {
                    self.report(
                        &mut history,
                        &Event::Interval {
                            epoch,
                            iter,
                            iters,
                            step,
                            loss: mean.take(),
                            lr,
                            seconds: start.elapsed().as_secs_f64(),
                        },
                    );
                }
            }
            self.progress.epochs = epoch;

            let before = Instant::now();
            let train_accuracy = if self.settings.train_accuracy {
                accuracy(net, train)?
            } else {
                None
            };
            let test_accuracy = accuracy(net, test)?;
            evaluation += before.elapsed();
            let lr = self.rate.last();
            self.report(
                &mut history,
                &Event::Epoch {
                    epoch,
                    step: self.progress.steps,
                    lr,
                    train_accuracy,
                    test_accuracy,
                    seconds: start.elapsed().as_secs_f64(),
                },
            );
            self.rate.end_of_epoch(&EpochOutcome {
                loss: mean_of_epoch.take(),
                train_accuracy,
                test_accuracy,
            })?;
        }
        let total = start.elapsed();
        history.total_seconds = total.as_secs_f64();
        history.seconds = total.saturating_sub(evaluation).as_secs_f64();
        Ok(history)
    }

    fn report(&mut self, history: &mut History, event: &Event) {
        history.record(event);
        (self.on_event)(event);
    }
}

/// The mean of the losses since the last report.
#[derive(Default)]
struct Mean {
    sum: f64,
    count: usize,
}

impl Mean {
    fn add(&mut self, loss: f64) {
        self.sum += loss;
        self.count += 1;
    }

    fn take(&mut self) -> f64 {
        let Self { sum, count } = std::mem::take(self);
        sum / count as f64
    }
}

/// A closed pipe, as behind `| head`, is no reason to stop.
fn print(event: &Event) {
    if !matches!(event, Event::Step { .. }) {
        let _ = writeln!(io::stdout(), "{event}");
    }
}

/// Whether samples and targets pair up and the loss is defined for all targets.
fn check_set<N, Y>(data: &Dataset<N::Input, Y>) -> Result<()>
where
    N: Trainable,
    N::Loss: Losses<N::Output, Y>,
{
    if data.x.len() != data.t.len() {
        return Err(Error::LengthMismatch {
            samples: data.x.len(),
            targets: data.t.len(),
        });
    }
    N::LOSS.check_targets(&data.t)
}

/// The accuracy over a data set; `None` if it is empty or its targets name no classes.
fn accuracy<N, Y>(net: &N, data: &Dataset<N::Input, Y>) -> Result<Option<f64>>
where
    N: Trainable,
    N::Loss: Losses<N::Output, Y>,
    Y: Clone + Sync,
{
    if data.is_empty() {
        return Ok(None);
    }
    match net.accuracy(&data.x, &data.t) {
        Ok(accuracy) => Ok(Some(accuracy)),
        Err(Error::NoClasses) => Ok(None),
        Err(error) => Err(error),
    }
}
