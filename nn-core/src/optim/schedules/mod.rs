//! Schedules of the learning rate: values that give the rate of a step.

mod constant_rate;
mod cosine;
mod exponential_decay;
mod linear_decay;
mod multi_step_decay;
mod one_cycle;
mod plateau;
mod polynomial_decay;
mod step_decay;
mod warm_up;
mod watch;

pub use constant_rate::ConstantRate;
pub use cosine::Cosine;
pub use exponential_decay::ExponentialDecay;
pub use linear_decay::LinearDecay;
pub use multi_step_decay::MultiStepDecay;
pub use one_cycle::OneCycle;
pub use plateau::Plateau;
pub use polynomial_decay::PolynomialDecay;
pub use step_decay::StepDecay;
pub use warm_up::WarmUp;
pub use watch::Watch;

use crate::error::Result;
use crate::metrics::MetricValue;
use crate::optim::state::{Reader, StatePart};

/// How the learning rate changes while one trains.
///
/// A schedule gives the rate of a step as a multiple of the optimizer's own, which is the largest one in the schedules of this
/// crate: `Adam::new(1e-3)` with a [`Cosine`] comes down from 1e-3.
///
/// [`Trainer::schedule`](crate::Trainer::schedule) asks before every step with the number of steps that have been made,
/// [`Trainer::epoch_schedule`](crate::Trainer::epoch_schedule) with the number of epochs. By hand one sets the rate oneself:
///
/// ```
/// use nn_core::prelude::*;
///
/// let schedule = Cosine::new(100).warm_up(10);
/// let (mut p, mut sgd) = ([3.0_f64, 4.0], Sgd::new(0.3));
/// for step in 0..110 {
///     sgd.set_lr(schedule.lr(0.3, step)?);
///     let gradient = [2.0 * p[0], 2.0 * p[1]];
///     sgd.step(&mut p, &gradient)?;
/// }
/// assert!(p[0].abs() < 0.01 && p[1].abs() < 0.01);
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// The trait is object safe, so that a schedule can be chosen at run time: `Box<dyn Schedule>` is one. One of one's own needs
/// [`Schedule::lr`] alone:
///
/// ```
/// use nn_core::Schedule;
///
/// /// The rate of "Attention is all you need", relative to its largest: up for 4,000 steps, then down with the root of the step.
/// struct InverseRoot;
///
/// impl Schedule for InverseRoot {
///     fn lr(&self, base: f64, at: usize) -> nn_core::Result<f64> {
///         let part = (at + 1) as f64 / 4_000.0;
///         Ok(base * part.min(part.sqrt().recip()))
///     }
/// }
/// assert_eq!(InverseRoot.lr(1.0, 15_999)?, 0.5);
/// # Ok::<(), nn_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no schedule of the learning rate",
    label = "not a schedule",
    note = "write one, for instance `Cosine::new(10_000)`, or implement `Schedule`"
)]
pub trait Schedule {
    /// The rate, where `base` is the optimizer's own and `at` counts steps, or epochs, from 0.
    ///
    /// # Errors
    /// [`Error::HyperParameter`](crate::Error::HyperParameter) if the schedule was made with a number out of its range.
    fn lr(&self, base: f64, at: usize) -> Result<f64>;

    /// Is told how an epoch went, for schedules that look at what comes out; others ignore it.
    ///
    /// # Errors
    /// [`Error::NothingToWatch`](crate::Error::NothingToWatch) if what the schedule looks at is not there.
    fn end_of_epoch(&mut self, epoch: &EpochOutcome) -> Result<()> {
        let _ = epoch;
        Ok(())
    }

    /// What the schedule remembers, for a checkpoint: nothing, unless it looks at what comes out.
    fn state(&self) -> Vec<StatePart<'_, f64>> {
        Vec::new()
    }

    /// Goes on from what [`Schedule::state`] gave.
    ///
    /// # Errors
    /// [`Error::State`](crate::Error::State) if a part is missing, unknown or out of its range; nothing is changed then.
    fn load_state(&mut self, state: &[StatePart<'_, f64>]) -> Result<()> {
        Reader::of_numbers(state)?.finish()
    }

    /// Lets the rate grow for the first `steps` steps, or epochs, before this schedule begins; see [`WarmUp`].
    #[must_use]
    fn warm_up(self, steps: usize) -> WarmUp<Self>
    where
        Self: Sized,
    {
        WarmUp::new(steps, self)
    }
}

/// How an epoch went.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EpochOutcome {
    /// The mean of the losses of its steps.
    pub loss: f64,
    /// The mean loss of the test samples; `None` if there are none.
    pub test_loss: Option<f64>,
    /// The share of training samples that are classified correctly, from 0 to 1, if it was computed.
    pub train_accuracy: Option<f64>,
    /// The share of test samples that are classified correctly, from 0 to 1, if it was computed.
    pub test_accuracy: Option<f64>,
    /// What [`Trainer::metric`](crate::Trainer::metric) has asked for.
    pub metrics: Vec<MetricValue>,
}

macro_rules! pass_on {
    ($pointer:ty) => {
        impl<S: Schedule + ?Sized> Schedule for $pointer {
            fn lr(&self, base: f64, at: usize) -> Result<f64> {
                (**self).lr(base, at)
            }

            fn end_of_epoch(&mut self, epoch: &EpochOutcome) -> Result<()> {
                (**self).end_of_epoch(epoch)
            }

            fn state(&self) -> Vec<StatePart<'_, f64>> {
                (**self).state()
            }

            fn load_state(&mut self, state: &[StatePart<'_, f64>]) -> Result<()> {
                (**self).load_state(state)
            }
        }
    };
}
pass_on!(Box<S>);
pass_on!(&mut S);

/// A whole number of turns as an exponent.
fn power(factor: f64, turns: usize) -> f64 {
    libm::pow(factor, turns as f64)
}

/// How much of `steps` has passed, from 0 to 1.
fn part(at: usize, steps: usize) -> f64 {
    at.min(steps) as f64 / steps as f64
}
