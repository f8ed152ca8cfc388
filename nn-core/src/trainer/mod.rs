//! Training: a thin loop over single steps, and the record of what it did.

mod anomaly;
mod batches;
mod building;
mod callback;
mod callbacks;
mod checkpoints;
mod course;
#[cfg_attr(not(feature = "ctrl-c"), path = "no_ctrl_c.rs")]
mod ctrl_c;
mod event;
mod fitting;
mod history;
mod lr_finder;
mod measuring;
mod rate;
mod resuming;
mod run;
mod saved;
mod screen;
mod settings;
mod source;
mod summary;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tiny;

pub use anomaly::{Anomaly, Culprit, LayerRow};
pub use callback::{Callback, Context};
pub use callbacks::{EarlyStopping, Ema, GradientNorms, NormRecord, SaveBest, Swa, TimeLimit};
pub use event::Event;
pub use history::{EpochRecord, History, LossRecord};
pub use lr_finder::{LrFinder, LrPoint, LrSweep};
pub use measuring::{Metric, Metrics};

use std::time::{Duration, Instant};

use num_traits::Float as _;

use crate::element::Element;
use crate::error::{Error, Result};
use crate::kernels::with_threads;
use crate::losses::Losses;
use crate::network::{Trainable, steps};
use crate::optim::{ConstantRate, Optimizer, Schedule};
use checkpoints::Checkpoints;
use rate::Rate;
use run::Run;
use screen::Screen;
use settings::Settings;

/// Trains networks by mini-batches with an optimizer `O`, whose learning rate a schedule `S` may change, and reports to `F`; by
/// default it shows a progress bar and a table of epochs on a terminal, and prints lines elsewhere. Callbacks `C` watch and steer it, and metrics `M` are computed after every epoch.
///
/// The defaults are batches of 32, 10 epochs, seed 0, a line every 20 steps, and after every epoch the accuracies and the test loss. A
/// trainer can be used again: steps and epochs are counted on, and the optimizer keeps its state.
///
/// ```
/// use nn_core::{Sgd, Trainer};
///
/// let trainer = Trainer::new(Sgd::new(0.1)).batch_size(100).epochs(17);
/// let silent = trainer.eval_interval(None).silent();
/// ```
#[derive(Clone, Debug)]
pub struct Trainer<O, F = fn(&Event), S = ConstantRate, C = (), M = ()> {
    optimizer: O,
    on_event: F,
    screen: Screen,
    rate: Rate<S>,
    callbacks: C,
    metrics: M,
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
            on_event: |_| {},
            screen: Screen::default(),
            rate: Rate::by_steps(ConstantRate),
            callbacks: (),
            metrics: (),
            settings: Settings::default(),
            progress: Progress::default(),
            checkpoints: None,
            unfinished: None,
        }
    }
}

impl<O, F, S, C, M> Trainer<O, F, S, C, M> {
    /// One step: the gradient of the mean loss of a batch, clipping if it is set, and the optimizer's update. Returns the
    /// loss before the update. Reports nothing, to nobody.
    ///
    /// # Errors
    /// What the schedule finds wrong with itself; [`Error::Empty`], [`Error::LengthMismatch`], or what the loss finds wrong with the targets;
    /// [`Error::LossNotFinite`]; what [`clip_grads`](crate::clip_grads) or the optimizer finds wrong. The parameters are unchanged then.
    /// With [`Trainer::detect_anomaly`] [`Error::Anomaly`] instead, also for what the update has made of them.
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
        self.with_threads(|trainer| {
            trainer.step_here(net, batch, targets, false, |_, _, _, _| Ok(()))
        })
    }

    /// Runs a part of the training on the threads that are set.
    fn with_threads<R>(&mut self, compute: impl FnOnce(&mut Self) -> Result<R>) -> Result<R> {
        match self.settings.threads()? {
            Some(threads) => with_threads(threads, || compute(self)),
            None => compute(self),
        }
    }

    /// One step; `prepare` sees callbacks, network, loss and learning rate before the update, and the gradient if `keeps_gradient`.
    fn step_here<N, Y>(
        &mut self,
        net: &mut N,
        batch: &[N::Input],
        targets: &[Y],
        keeps_gradient: bool,
        prepare: impl FnOnce(&mut C, &mut N, f64, f64) -> Result<()>,
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
        let lr = self.rate.last();
        let accept = |loss: N::Element| {
            if loss.is_finite() {
                return Ok(());
            }
            Err(Error::LossNotFinite {
                step,
                loss: loss.as_f64(),
            })
        };
        let detects = self.settings.detect_anomaly;
        let anomaly = |anomaly| Error::Anomaly { step, anomaly };
        if detects && let Some(culprit) = anomaly::in_params(net.params(), N::LAYERS) {
            return Err(anomaly(Anomaly::Parameter(culprit)));
        }
        let rules = steps::Rules {
            keeps_gradient: keeps_gradient || detects,
            ..self.settings.rules()
        };
        let Self {
            optimizer,
            callbacks,
            ..
        } = self;
        let prepare = |net: &mut N, loss: N::Element| {
            if detects
                && let Some(culprit) = anomaly::in_gradient(net.params_and_gradient().1, N::LAYERS)
            {
                return Err(anomaly(anomaly::of_gradient(net, batch, targets, culprit)));
            }
            prepare(callbacks, net, loss.as_f64(), lr)
        };
        let loss = match steps::step(net, optimizer, rules, batch, targets, accept, prepare) {
            Err(Error::LossNotFinite { loss, .. }) if detects => {
                return Err(anomaly(anomaly::of_loss(net, batch, targets, loss)));
            }
            loss => loss?,
        };
        self.progress.steps = step;
        if detects && let Some(culprit) = anomaly::in_params(net.params(), N::LAYERS) {
            return Err(anomaly(Anomaly::Update(culprit)));
        }
        Ok(loss)
    }
}

/// How long a run takes.
#[derive(Debug)]
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
