use tracing::{Span, info, info_span};

use super::follower::{Entry, Follower};
use crate::error::Result;
use crate::network::Trainable;
use crate::trainer::{Callback, Context};

/// Spans and events for `tracing`: a span `training` and in it one for each `epoch`, all of level `INFO`, with an event for each interval and each evaluation.
///
/// | where | fields |
/// |---|---|
/// | span `training` | `network`, `samples`, `batch_size`, `resumed` |
/// | span `epoch` | `epoch` |
/// | event `interval` | `step`, `loss`, `lr`, `seconds` |
/// | event `evaluated` | `step`, `loss`, `test_loss`, `train_accuracy`, `test_accuracy`, `seconds` |
/// | event `ended` | `step`, `reason`, `paused` |
///
/// ```
/// use nn_core::logs::Tracing;
/// use nn_core::{Sgd, Trainer};
///
/// let trainer = Trainer::new(Sgd::new(0.1)).silent().callback(Tracing::new());
/// ```
#[derive(Debug)]
pub struct Tracing {
    training: Span,
    epoch: Option<(usize, Span)>,
    follower: Follower,
}

impl Default for Tracing {
    fn default() -> Self {
        Self::new()
    }
}

impl Tracing {
    /// To the subscriber that there is when the training begins.
    #[must_use]
    pub fn new() -> Self {
        Self {
            training: Span::none(),
            epoch: None,
            follower: Follower::default(),
        }
    }

    /// The span of this epoch.
    fn enter(&mut self, epoch: usize) -> Span {
        match &self.epoch {
            Some((open, span)) if *open == epoch => span.clone(),
            _ => {
                let span = info_span!(parent: &self.training, "epoch", epoch);
                self.epoch = Some((epoch, span.clone()));
                span
            }
        }
    }

    fn catch_up(&mut self, at: &Context<'_>) {
        while let Some(entry) = self.follower.next(at.history) {
            match entry {
                Entry::Interval(record) => {
                    let span = self.enter(record.epoch);
                    let (step, loss, lr, seconds) =
                        (record.step, record.loss, record.lr, record.seconds);
                    info!(parent: &span, step, loss, lr, seconds, "interval");
                }
                Entry::Epoch(record) => {
                    let span = self.enter(record.epoch);
                    let (step, loss, seconds) = (record.step, record.loss, record.seconds);
                    let (test_loss, test_accuracy) = (record.test_loss, record.test_accuracy);
                    let train_accuracy = record.train_accuracy;
                    info!(parent: &span, step, loss, test_loss, train_accuracy, test_accuracy, seconds, "evaluated");
                    self.epoch = None;
                }
            }
        }
    }
}

impl<N: Trainable> Callback<N> for Tracing {
    fn before_training(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        let (samples, batch_size, resumed) = (at.samples, at.batch_size, at.resumed);
        self.training =
            info_span!(parent: None, "training", network = N::NAME, samples, batch_size, resumed);
        // What is in the history already was told by the process that made it.
        self.follower = Follower::behind(at.history);
        Ok(())
    }

    fn after_step(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.enter(at.epoch);
        self.catch_up(at);
        Ok(())
    }

    fn after_epoch(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.catch_up(at);
        Ok(())
    }

    fn after_training(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.catch_up(at);
        self.epoch = None;
        let reason = at.history.stop_reason.as_deref();
        let (step, paused) = (at.step, at.paused);
        info!(parent: &self.training, step, reason, paused, "ended");
        self.training = Span::none();
        Ok(())
    }
}
