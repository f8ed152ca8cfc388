use super::power;
use crate::error::Result;
use crate::optim::Schedule;
use crate::optim::check::check_from_zero;

/// Multiplies the rate by `factor` at each of some steps, or epochs.
///
/// # Rate
/// base·factor^k with k, how many of the milestones are not above `at`; as PyTorch's `MultiStepLR`. A milestone that is there
/// twice counts twice.
/// # Hyper-parameters
/// `factor` from 0 on, 0.1 is usual; `milestones` in any order.
/// # Examples
/// ```
/// use nn_core::{MultiStepDecay, Schedule};
///
/// let schedule = MultiStepDecay::new([30, 80], 0.5);
/// assert_eq!(schedule.lr(0.8, 29)?, 0.8);
/// assert_eq!(schedule.lr(0.8, 30)?, 0.4);
/// assert_eq!(schedule.lr(0.8, 80)?, 0.2);
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MultiStepDecay {
    milestones: Vec<usize>,
    factor: f64,
}

impl MultiStepDecay {
    /// With the steps at which the rate changes, and what it is multiplied by.
    #[must_use]
    pub fn new(milestones: impl Into<Vec<usize>>, factor: f64) -> Self {
        let milestones = milestones.into();
        Self { milestones, factor }
    }
}

impl Schedule for MultiStepDecay {
    fn lr(&self, base: f64, at: usize) -> Result<f64> {
        check_from_zero("factor", self.factor)?;
        let passed = self.milestones.iter().filter(|&&place| place <= at);
        Ok(base * power(self.factor, passed.count()))
    }
}
