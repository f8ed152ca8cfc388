use std::time::{Duration, Instant};

use crate::error::Result;
use crate::network::Trainable;
use crate::trainer::{Callback, Context};

/// Interrupts a call of `fit` that takes longer than it may: for machines that one has for an hour.
///
/// The step that is being made is finished, a checkpoint is written if the trainer writes any, and the next call, or one of another process, goes on from
/// there to the same bits: [`Context::pause`]. The time begins with each call.
///
/// ```
/// use std::time::Duration;
/// use nn_core::prelude::*;
///
/// let trainer = Trainer::new(Sgd::new(0.1))
///     .checkpoint("runs/first", 500)
///     .callback(TimeLimit::new(Duration::from_secs(55 * 60)));
/// ```
#[derive(Clone, Debug)]
pub struct TimeLimit {
    limit: Duration,
    start: Option<Instant>,
}

impl TimeLimit {
    /// So long.
    #[must_use]
    pub const fn new(limit: Duration) -> Self {
        Self { limit, start: None }
    }

    fn check(&self, at: &mut Context<'_>) {
        if self
            .start
            .is_some_and(|start| start.elapsed() >= self.limit)
        {
            at.pause(format!("the limit of {:?} is reached", self.limit));
        }
    }
}

impl<N: Trainable> Callback<N> for TimeLimit {
    fn before_training(&mut self, _: &mut N, _: &mut Context<'_>) -> Result<()> {
        self.start = Some(Instant::now());
        Ok(())
    }

    fn after_step(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        // What has just been finished need not be gone on with.
        if at.step < at.last_step {
            self.check(at);
        }
        Ok(())
    }

    fn after_epoch(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        if at.step < at.last_step {
            self.check(at);
        }
        Ok(())
    }
}
