use super::power;
use crate::error::Result;
use crate::optim::Schedule;
use crate::optim::check::check_from_zero;

/// Multiplies the rate by `factor` after every step, or epoch.
///
/// # Rate
/// base·factor^at, as PyTorch's `ExponentialLR`.
/// # Hyper-parameters
/// `factor` from 0 on: a little below 1.
/// # Examples
/// ```
/// use nn_core::{ExponentialDecay, Schedule};
///
/// assert_eq!(ExponentialDecay::new(0.5).lr(0.8, 3)?, 0.1);
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExponentialDecay {
    factor: f64,
}

impl ExponentialDecay {
    /// With what the rate is multiplied by.
    #[must_use]
    pub const fn new(factor: f64) -> Self {
        Self { factor }
    }
}

impl Schedule for ExponentialDecay {
    fn lr(&self, base: f64, at: usize) -> Result<f64> {
        check_from_zero("factor", self.factor)?;
        Ok(base * power(self.factor, at))
    }
}
