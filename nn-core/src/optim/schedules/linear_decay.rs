use super::part;
use crate::error::Result;
use crate::optim::Schedule;
use crate::optim::check::{check_from_zero, check_positive};

/// Goes evenly from one rate to another, and stays there.
///
/// # Rate
/// base·(start + (end − start)·min(at, steps) / steps), as PyTorch's `LinearLR`, whose defaults are others.
/// # Hyper-parameters
/// `steps` from 1 on; `start` from 0 on, 1 by default; `end` from 0 on, 0 by default; both in multiples of the optimizer's rate.
/// # Examples
/// ```
/// use nn_core::{LinearDecay, Schedule};
///
/// let schedule = LinearDecay::new(100);
/// assert_eq!(schedule.lr(0.8, 75)?, 0.2);
/// assert_eq!(schedule.lr(0.8, 500)?, 0.0);
/// assert_eq!(schedule.end(0.5).lr(0.8, 500)?, 0.4);
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinearDecay {
    steps: usize,
    start: f64,
    end: f64,
}

impl LinearDecay {
    /// From the optimizer's rate to 0 in so many steps, or epochs.
    #[must_use]
    pub const fn new(steps: usize) -> Self {
        let (start, end) = (1.0, 0.0);
        Self { steps, start, end }
    }

    /// Sets where it begins, as a multiple of the optimizer's rate, 1 by default.
    #[must_use]
    pub const fn start(mut self, start: f64) -> Self {
        self.start = start;
        self
    }

    /// Sets where it ends, as a multiple of the optimizer's rate, 0 by default.
    #[must_use]
    pub const fn end(mut self, end: f64) -> Self {
        self.end = end;
        self
    }
}

impl Schedule for LinearDecay {
    fn lr(&self, base: f64, at: usize) -> Result<f64> {
        check_positive("steps", self.steps)?;
        check_from_zero("start", self.start)?;
        check_from_zero("end", self.end)?;
        Ok(base * (self.start + (self.end - self.start) * part(at, self.steps)))
    }
}
