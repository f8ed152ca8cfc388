use crate::error::Result;
use crate::optim::check::check_from_zero;
use crate::optim::{EpochOutcome, Schedule, StatePart};

/// Another schedule after a slow beginning: made by [`Schedule::warm_up`].
///
/// # Rate
/// In the first `steps` steps, or epochs, a straight line from `start` times the first rate of the other schedule up to that rate;
/// then the other schedule, which counts from 0. As PyTorch's `LinearLR` and the other one in a `SequentialLR`.
/// # Hyper-parameters
/// `steps` from 0 on; `start` from 0 on, 1 / (steps + 1) by default, so that all of these steps are equally high.
/// # Examples
/// ```
/// use nn_core::{Cosine, Schedule};
///
/// let schedule = Cosine::new(90).warm_up(10);
/// assert_eq!(schedule.lr(1.1, 0)?, 0.1);
/// assert_eq!(schedule.lr(1.1, 10)?, 1.1);
/// assert_eq!(schedule.lr(1.1, 100)?, 0.0);
/// assert_eq!(schedule.start(0.0).lr(1.1, 0)?, 0.0);
/// # Ok::<(), nn_core::Error>(())
/// ```
/// # Source
/// Goyal et al. 2017, arXiv:1706.02677, section 2.2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WarmUp<S> {
    steps: usize,
    start: Option<f64>,
    then: S,
}

impl<S> WarmUp<S> {
    /// So many steps, or epochs, before another schedule.
    #[must_use]
    pub const fn new(steps: usize, then: S) -> Self {
        let start = None;
        Self { steps, start, then }
    }

    /// Sets where it begins, as a multiple of the other schedule's first rate, 1 / (steps + 1) by default.
    #[must_use]
    pub fn start(mut self, start: f64) -> Self {
        self.start = Some(start);
        self
    }
}

impl<S: Schedule> Schedule for WarmUp<S> {
    fn lr(&self, base: f64, at: usize) -> Result<f64> {
        let start = self.start.unwrap_or((self.steps as f64 + 1.0).recip());
        check_from_zero("start", start)?;
        if at >= self.steps {
            return self.then.lr(base, at - self.steps);
        }
        let part = at as f64 / self.steps as f64;
        Ok(self.then.lr(base, 0)? * (start + (1.0 - start) * part))
    }

    fn end_of_epoch(&mut self, epoch: &EpochOutcome) -> Result<()> {
        self.then.end_of_epoch(epoch)
    }

    fn state(&self) -> Vec<StatePart<'_, f64>> {
        self.then.state()
    }

    fn load_state(&mut self, state: &[StatePart<'_, f64>]) -> Result<()> {
        self.then.load_state(state)
    }
}
