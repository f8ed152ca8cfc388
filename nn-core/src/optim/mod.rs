//! Optimizers: one per file, each a rule of a few lines over flat slices.

mod ada_delta;
mod ada_grad;
mod adam;
mod adam_w;
mod check;
mod clip;
mod groups;
mod lion;
mod moments;
mod momentum;
mod nadam;
mod nesterov;
mod pattern;
mod r_adam;
mod rms_prop;
mod schedules;
mod sgd;
mod state;
#[cfg(test)]
mod tests;
mod walk;

pub use ada_delta::AdaDelta;
pub use ada_grad::AdaGrad;
pub use adam::Adam;
pub use adam_w::AdamW;
pub(crate) use clip::clipping_factor;
pub use clip::{clip_grads, clip_grads_by_value};
pub use groups::Groups;
pub use lion::Lion;
pub use momentum::Momentum;
pub use nadam::Nadam;
pub use nesterov::Nesterov;
pub use r_adam::RAdam;
pub use rms_prop::RmsProp;
pub use schedules::{
    ConstantRate, Cosine, EpochOutcome, ExponentialDecay, LinearDecay, MultiStepDecay, OneCycle,
    Plateau, PolynomialDecay, Schedule, StepDecay, WarmUp, Watch,
};
pub use sgd::Sgd;
pub use state::{StatePart, StateProblem, StateValue};

use crate::element::Element;
use crate::error::{Error, Result};
use crate::params::Parameters;
pub(crate) use state::Reader;
use state::State;
use walk::{check_gradient, for_each};

/// A rule that moves parameters against their gradient.
///
/// The trait is object safe: `Box<dyn Optimizer<f32>>` chooses a rule at run time.
///
/// ```
/// use nn_core::prelude::*;
///
/// // Minimise x² + y² from (3, 4): the gradient is (2x, 2y).
/// let mut xy = [3.0_f64, 4.0];
/// let mut adam = Adam::new(0.3);
/// for _ in 0..200 {
///     let gradient = [2.0 * xy[0], 2.0 * xy[1]];
///     adam.step(&mut xy, &gradient)?;
/// }
/// assert!(xy[0].abs() < 0.01 && xy[1].abs() < 0.01);
/// # Ok::<(), nn_core::Error>(())
/// ```
pub trait Optimizer<T: Element> {
    /// Changes `params` by one step, given their gradient.
    ///
    /// # Errors
    /// [`Error::HyperParameter`] if a hyper-parameter is out of its range; [`Error::ParametersMismatch`] if the gradient has
    /// other sizes than the parameters, or the parameters other sizes than at the step before. Nothing is changed then.
    fn step(&mut self, params: &mut dyn Parameters<T>, gradient: &dyn Parameters<T>) -> Result<()>;

    /// [`Optimizer::step`] with `scale` times the gradient, as clipping wants it. The gradient may be overwritten: by default it
    /// is scaled first; the optimizers of this crate scale each number while they use it, which gives the same bits.
    ///
    /// # Errors
    /// As [`Optimizer::step`].
    fn step_scaled(
        &mut self,
        params: &mut dyn Parameters<T>,
        gradient: &mut dyn Parameters<T>,
        scale: f64,
    ) -> Result<()> {
        clip::scale(gradient, scale);
        self.step(params, gradient)
    }

    /// The learning rate.
    fn lr(&self) -> f64;

    /// Sets the learning rate of the steps to come: what a [`Schedule`] gives, for instance.
    fn set_lr(&mut self, lr: f64);

    /// Whether all hyper-parameters are in their ranges, as [`Optimizer::step`] finds before it changes anything. [`Groups`] asks
    /// all optimizers before the first of them steps.
    ///
    /// # Errors
    /// [`Error::HyperParameter`]; by default there is none.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// What the optimizer remembers between steps, for a checkpoint; hyper-parameters, the learning rate among them, are not part
    /// of it.
    ///
    /// # Errors
    /// [`Error::NoState`], by default: an optimizer that forgets this method is not saved without its memory. One that remembers
    /// nothing says so by an empty list.
    fn state(&self) -> Result<Vec<StatePart<'_, T>>> {
        Err(Error::NoState)
    }

    /// Goes on from what [`Optimizer::state`] gave, of an optimizer of the same type that has been stepping parameters like `params`.
    ///
    /// # Errors
    /// [`Error::State`] if a part is missing, unknown, or of other parameters; nothing is changed then. [`Error::NoState`] by
    /// default.
    fn load_state(&mut self, params: &dyn Parameters<T>, state: &[StatePart<'_, T>]) -> Result<()> {
        let _ = (params, state);
        Err(Error::NoState)
    }

    /// The learning rate, if the whole rule is `p ← p − lr·g`, so that parameters can be moved while their gradient is being
    /// computed; [`Optimizer::step`] is then not called, nor is the gradient kept. `None` for any other rule, the default, and
    /// wherever `step` would refuse.
    fn descent(&self) -> Option<f64> {
        None
    }
}

/// An optimizer behind a pointer is an optimizer.
macro_rules! pass_on {
    ($pointer:ty) => {
        impl<T: Element, O: Optimizer<T> + ?Sized> Optimizer<T> for $pointer {
            fn step(
                &mut self,
                params: &mut dyn Parameters<T>,
                gradient: &dyn Parameters<T>,
            ) -> Result<()> {
                (**self).step(params, gradient)
            }

            fn step_scaled(
                &mut self,
                params: &mut dyn Parameters<T>,
                gradient: &mut dyn Parameters<T>,
                scale: f64,
            ) -> Result<()> {
                (**self).step_scaled(params, gradient, scale)
            }

            fn lr(&self) -> f64 {
                (**self).lr()
            }

            fn set_lr(&mut self, lr: f64) {
                (**self).set_lr(lr);
            }

            fn check(&self) -> Result<()> {
                (**self).check()
            }

            fn state(&self) -> Result<Vec<StatePart<'_, T>>> {
                (**self).state()
            }

            fn load_state(
                &mut self,
                params: &dyn Parameters<T>,
                state: &[StatePart<'_, T>],
            ) -> Result<()> {
                (**self).load_state(params, state)
            }

            fn descent(&self) -> Option<f64> {
                (**self).descent()
            }
        }
    };
}
pass_on!(Box<O>);
pass_on!(&mut O);

/// What every optimizer does alike: both ways to step, by its own `update(params, gradient, scale)`, and its rate.
macro_rules! steps_by_update {
    ($number:ident) => {
        fn step(
            &mut self,
            params: &mut dyn Parameters<$number>,
            gradient: &dyn Parameters<$number>,
        ) -> Result<()> {
            self.update(params, gradient, 1.0)
        }

        fn step_scaled(
            &mut self,
            params: &mut dyn Parameters<$number>,
            gradient: &mut dyn Parameters<$number>,
            scale: f64,
        ) -> Result<()> {
            self.update(params, gradient, scale)
        }

        fn lr(&self) -> f64 {
            self.lr
        }

        fn set_lr(&mut self, lr: f64) {
            self.lr = lr;
        }
    };
}
use steps_by_update;

/// Builder methods that every optimizer has.
macro_rules! common_builders {
    (weight_decay = $decay:literal) => {
        /// Sets λ, the weight decay,
        #[doc = concat!(stringify!($decay), " by default.")]
        #[must_use]
        pub const fn weight_decay(mut self, weight_decay: f64) -> Self {
            self.weight_decay = weight_decay;
            self
        }

        /// With another learning rate: for a group of parameters, see [`Groups`](crate::Groups).
        #[must_use]
        pub const fn with_lr(mut self, lr: f64) -> Self {
            self.lr = lr;
            self
        }
    };
}
use common_builders;
