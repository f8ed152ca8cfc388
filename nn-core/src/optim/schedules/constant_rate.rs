use crate::error::Result;
use crate::optim::Schedule;

/// The optimizer's own rate at every step; with [`Schedule::warm_up`] after a slow beginning.
///
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let schedule = ConstantRate.warm_up(3);
/// let rates: Vec<f64> = (0..5).map(|step| schedule.lr(1.0, step)).collect::<Result<_, _>>()?;
/// assert_eq!(rates, [0.25, 0.5, 0.75, 1.0, 1.0]);
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ConstantRate;

impl Schedule for ConstantRate {
    fn lr(&self, base: f64, _: usize) -> Result<f64> {
        Ok(base)
    }
}
