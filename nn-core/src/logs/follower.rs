//! What of a history has not been written yet.

use crate::trainer::{Context, EpochRecord, History, LossRecord};

/// Goes through a history while it grows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Follower {
    losses: usize,
    epochs: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Entry<'h> {
    Interval(&'h LossRecord),
    Epoch(&'h EpochRecord),
}

impl Follower {
    /// From the first records that are of this step or a later one.
    pub(super) fn from_step(history: &History, step: usize) -> Self {
        Self {
            losses: history.losses.partition_point(|record| record.step < step),
            epochs: history.epochs.partition_point(|record| record.step < step),
        }
    }

    /// From what comes next.
    #[cfg(feature = "tracing")]
    pub(super) fn behind(history: &History) -> Self {
        Self {
            losses: history.losses.len(),
            epochs: history.epochs.len(),
        }
    }

    /// The next record, in the order of steps; of one step the interval comes first.
    pub(super) fn next<'h>(&mut self, history: &'h History) -> Option<Entry<'h>> {
        let (loss, epoch) = (
            history.losses.get(self.losses),
            history.epochs.get(self.epochs),
        );
        match (loss, epoch) {
            (Some(loss), Some(epoch)) if loss.step > epoch.step => {
                self.epochs += 1;
                Some(Entry::Epoch(epoch))
            }
            (Some(loss), _) => {
                self.losses += 1;
                Some(Entry::Interval(loss))
            }
            (None, Some(epoch)) => {
                self.epochs += 1;
                Some(Entry::Epoch(epoch))
            }
            (None, None) => None,
        }
    }
}

/// Where a log is cut off before a training goes on: the first step of which nothing is kept.
///
/// The checkpoint may have been written before the last epoch was evaluated, so that the last step is written again, from the history. A log of which less
/// has come to the disk than the checkpoint knows is cut off at its own last step, of which something may be missing.
pub(super) fn cut(at: &Context<'_>, last_intact: Option<usize>) -> usize {
    if at.step == 0 {
        0
    } else if at.resumed {
        at.step.min(last_intact.unwrap_or(0))
    } else {
        at.step.saturating_add(1)
    }
}
