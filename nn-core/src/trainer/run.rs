use std::time::Duration;

use super::History;

/// What one call of `fit` has done so far. It outlives the call if that is stopped, and the process in a checkpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Run {
    /// The steps of all calls before this one.
    pub(super) steps_before: usize,
    /// The steps that have been made of the epoch.
    pub(super) iter: usize,
    /// Since the last report.
    pub(super) mean: Mean,
    /// Since the epoch began.
    pub(super) mean_of_epoch: Mean,
    pub(super) history: History,
    /// How long everything took, and evaluation alone, until it was stopped.
    pub(super) total: Duration,
    pub(super) evaluation: Duration,
    /// What must not change while it is stopped; nothing before its first step.
    pub(super) order: Option<Order>,
}

/// What says which samples a step takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) seed: u64,
    pub(super) batch_size: usize,
    pub(super) drop_last: bool,
    pub(super) samples: usize,
}

impl Order {
    /// How many samples the last of so many batches has.
    pub(super) fn last_batch(&self, batches: usize) -> usize {
        let before = self.batch_size.saturating_mul(batches.saturating_sub(1));
        let left = self.samples.saturating_sub(before);
        left.min(self.batch_size)
    }
}

impl Run {
    /// A call that begins after so many steps.
    pub(super) fn after(steps: usize) -> Self {
        Self {
            steps_before: steps,
            ..Self::default()
        }
    }

    /// The record of it, with its times.
    pub(super) fn into_history(self) -> History {
        let training = self.total.saturating_sub(self.evaluation);
        History {
            seconds: training.as_secs_f64(),
            total_seconds: self.total.as_secs_f64(),
            ..self.history
        }
    }
}

/// The mean of losses.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Mean {
    pub(super) sum: f64,
    pub(super) count: usize,
}

impl Mean {
    pub(super) fn add(&mut self, loss: f64) {
        self.sum += loss;
        self.count += 1;
    }

    pub(super) fn take(&mut self) -> f64 {
        let Self { sum, count } = std::mem::take(self);
        sum / count as f64
    }
}
