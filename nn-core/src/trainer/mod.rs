//! Training: a thin loop over single steps, and the record of what it did.

mod batches;
mod building;
mod checkpoints;
#[cfg_attr(not(feature = "ctrl-c"), path = "no_ctrl_c.rs")]
mod ctrl_c;
mod event;
mod history;
#[cfg(feature = "plot")]
mod plot;
mod rate;
mod resuming;
mod run;
mod saved;
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
use crate::network::{Network, Trainable, steps};
use crate::optim::{ConstantRate, EpochOutcome, Optimizer, Schedule};
use batches::Batches;
use checkpoints::Checkpoints;
use ctrl_c::CtrlC;
use rate::Rate;
use run::Run;
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
    checkpoints: Option<Checkpoints>,
    /// The call of `fit` that the next one goes on with.
    unfinished: Option<Run>,
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
            checkpoints: None,
            unfinished: None,
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
        self.check_checkpoints::<N>()?;
        let mut run = self.take_run(train.len())?;
        let last_step = run
            .steps_before
            .saturating_add(self.settings.length.steps(iters));

        let ctrl_c = self.settings.stop_on_ctrl_c.then(CtrlC::watch);
        let ctrl_c = ctrl_c.transpose()?;
        let stop = || ctrl_c.as_ref().is_some_and(CtrlC::is_pressed);
        let mut clock = Clock::after(&run);
        let batch_size = self.settings.batch_size;
        let mut batches = Batches::new(train, batch_size);
        // An epoch whose steps have all been made may still have to be evaluated.
        while self.progress.steps < last_step || run.iter > 0 {
            batches.shuffle(self.settings.seed, self.progress.epochs as u64);
            let epoch = self.progress.epochs + 1;
            let left = last_step.saturating_sub(self.progress.steps);
            let end = iters.min(run.iter.saturating_add(left));
            while run.iter < end {
                let (from, iter) = (run.iter * batch_size, run.iter + 1);
                let (x, t) = batches.gather(from..from + batch_size);
                let loss = self.step_here(net, x, t)?.as_f64();
                run.iter = iter;
                run.mean.add(loss);
                run.mean_of_epoch.add(loss);
                let (step, lr) = (self.progress.steps, self.rate.last());
                self.report(
                    &mut run.history,
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
                    let event = Event::Interval {
                        epoch,
                        iter,
                        iters,
                        step,
                        loss: run.mean.take(),
                        lr,
                        seconds: clock.total().as_secs_f64(),
                    };
                    self.report(&mut run.history, &event);
                }
                if stop() {
                    clock.note(&mut run);
                    return self.stop(net, run, iters);
                }
                if self.is_checkpoint_due() {
                    clock.note(&mut run);
                    self.save_run(net, &run)?;
                }
            }
            self.progress.epochs = epoch;
            run.iter = 0;

            let before = Instant::now();
            let train_accuracy = if self.settings.train_accuracy {
                accuracy(net, train)?
            } else {
                None
            };
            let test_accuracy = accuracy(net, test)?;
            clock.evaluation += before.elapsed();
            let lr = self.rate.last();
            self.report(
                &mut run.history,
                &Event::Epoch {
                    epoch,
                    step: self.progress.steps,
                    lr,
                    train_accuracy,
                    test_accuracy,
                    seconds: clock.total().as_secs_f64(),
                },
            );
            self.rate.end_of_epoch(&EpochOutcome {
                loss: run.mean_of_epoch.take(),
                train_accuracy,
                test_accuracy,
            })?;
            if stop() {
                clock.note(&mut run);
                return self.stop(net, run, iters);
            }
        }
        clock.note(&mut run);
        self.save_run(net, &run)?;
        Ok(run.into_history())
    }

    /// Leaves a run in the middle, so that the next call goes on with it.
    fn stop<N: Network>(&mut self, net: &N, mut run: Run, iters: usize) -> Result<History>
    where
        O: Optimizer<N::Element>,
    {
        self.save_run(net, &run)?;
        let event = Event::Stopped {
            epoch: self.progress.epochs + usize::from(run.iter > 0),
            iter: run.iter,
            iters,
            step: self.progress.steps,
            saved: self.checkpoints.is_some(),
        };
        self.report(&mut run.history, &event);
        let history = run.clone().into_history();
        self.unfinished = Some(run);
        Ok(history)
    }

    fn report(&mut self, history: &mut History, event: &Event) {
        history.record(event);
        (self.on_event)(event);
    }
}

/// How long a run takes.
struct Clock {
    start: Instant,
    /// Before it was stopped.
    before: Duration,
    evaluation: Duration,
}

impl Clock {
    fn after(run: &Run) -> Self {
        Self {
            start: Instant::now(),
            before: run.total,
            evaluation: run.evaluation,
        }
    }

    fn total(&self) -> Duration {
        self.before.saturating_add(self.start.elapsed())
    }

    fn note(&self, run: &mut Run) {
        run.total = self.total();
        run.evaluation = self.evaluation;
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
