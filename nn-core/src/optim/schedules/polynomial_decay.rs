use super::part;
use crate::error::Result;
use crate::optim::Schedule;
use crate::optim::check::{check_from_zero, check_positive};

/// Comes down to 0 as a power of what is left.
///
/// # Rate
/// base·(1 − min(at, steps) / steps)^power, as PyTorch's `PolynomialLR`.
/// # Hyper-parameters
/// `steps` from 1 on; `power` from 0 on: 1 is a straight line, 2 a parabola that ends flat.
/// # Examples
/// ```
/// use nn_core::{PolynomialDecay, Schedule};
///
/// let schedule = PolynomialDecay::new(100, 2.0);
/// assert_eq!(schedule.lr(0.8, 50)?, 0.2);
/// assert_eq!(schedule.lr(0.8, 100)?, 0.0);
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolynomialDecay {
    steps: usize,
    power: f64,
}

impl PolynomialDecay {
    /// To 0 in so many steps, or epochs, with this exponent.
    #[must_use]
    pub const fn new(steps: usize, power: f64) -> Self {
        Self { steps, power }
    }
}

impl Schedule for PolynomialDecay {
    fn lr(&self, base: f64, at: usize) -> Result<f64> {
        check_positive("steps", self.steps)?;
        check_from_zero("power", self.power)?;
        Ok(base * libm::pow(1.0 - part(at, self.steps), self.power))
    }
}
