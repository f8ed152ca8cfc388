use super::power;
use crate::error::Result;
use crate::optim::Schedule;
use crate::optim::check::{check_from_zero, check_positive};

/// Multiplies the rate by `factor` after every `every` steps, or epochs.
///
/// # Rate
/// base·factor^⌊at / every⌋, as PyTorch's `StepLR`.
/// # Hyper-parameters
/// `every` from 1 on; `factor` from 0 on, 0.1 is usual.
/// # Examples
/// ```
/// use nn_core::{Schedule, StepDecay};
///
/// let schedule = StepDecay::new(30, 0.5);
/// assert_eq!(schedule.lr(0.8, 29)?, 0.8);
/// assert_eq!(schedule.lr(0.8, 30)?, 0.4);
/// assert_eq!(schedule.lr(0.8, 60)?, 0.2);
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepDecay {
    every: usize,
    factor: f64,
}

impl StepDecay {
    /// With this number of steps between two changes, and what the rate is multiplied by.
    #[must_use]
    pub const fn new(every: usize, factor: f64) -> Self {
        Self { every, factor }
    }
}

impl Schedule for StepDecay {
    fn lr(&self, base: f64, at: usize) -> Result<f64> {
        check_positive("every", self.every)?;
        check_from_zero("factor", self.factor)?;
        Ok(base * power(self.factor, at / self.every))
    }
}
