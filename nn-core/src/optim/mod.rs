//! Optimizers: one per file, each a rule of a few lines over flat slices.

mod ada_grad;
mod adam;
mod clip;
mod momentum;
mod rms_prop;
mod sgd;

pub use ada_grad::AdaGrad;
pub use adam::Adam;
pub use clip::clip_grads;
pub use momentum::Momentum;
pub use rms_prop::RmsProp;
pub use sgd::Sgd;

use std::ops::Range;

use crate::element::Element;
use crate::error::{Error, Result};
use crate::params::Parameters;

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

    /// The learning rate.
    fn lr(&self) -> f64;

    /// Sets the learning rate of the steps to come.
    fn set_lr(&mut self, lr: f64);

    /// The learning rate, if the whole rule is `p ← p − lr·g`, so that parameters can be moved while their gradient is being
    /// computed; [`Optimizer::step`] is then not called, nor is the gradient kept. `None` for any other rule, the default, and
    /// wherever `step` would refuse.
    fn descent(&self) -> Option<f64> {
        None
    }
}

impl<T: Element, O: Optimizer<T> + ?Sized> Optimizer<T> for Box<O> {
    fn step(&mut self, params: &mut dyn Parameters<T>, gradient: &dyn Parameters<T>) -> Result<()> {
        (**self).step(params, gradient)
    }

    fn lr(&self) -> f64 {
        (**self).lr()
    }

    fn set_lr(&mut self, lr: f64) {
        (**self).set_lr(lr);
    }

    fn descent(&self) -> Option<f64> {
        (**self).descent()
    }
}

impl<T: Element, O: Optimizer<T> + ?Sized> Optimizer<T> for &mut O {
    fn step(&mut self, params: &mut dyn Parameters<T>, gradient: &dyn Parameters<T>) -> Result<()> {
        (**self).step(params, gradient)
    }

    fn lr(&self) -> f64 {
        (**self).lr()
    }

    fn set_lr(&mut self, lr: f64) {
        (**self).set_lr(lr);
    }

    fn descent(&self) -> Option<f64> {
        (**self).descent()
    }
}

/// What an optimizer remembers for each number of the parameters, in their order; zero at first, allocated once.
#[derive(Clone, Debug, PartialEq)]
struct State<T> {
    numbers: Vec<T>,
    /// How many numbers each parameter has: others with the same sum would mix up the memories.
    sizes: Vec<usize>,
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self {
            numbers: Vec::new(),
            sizes: Vec::new(),
        }
    }
}

impl<T: Element> State<T> {
    fn ready_for(&mut self, params: &dyn Parameters<T>) -> Result<&mut [T]> {
        if self.sizes.is_empty() {
            self.sizes.extend(sizes(params));
            self.numbers.resize(self.sizes.iter().sum(), T::zero());
        }
        check_sizes(self.sizes.iter().copied(), sizes(params))?;
        Ok(&mut self.numbers)
    }
}

/// A gradient has the sizes of its parameters.
fn check_gradient<T: Element>(
    params: &dyn Parameters<T>,
    gradient: &dyn Parameters<T>,
) -> Result<()> {
    check_sizes(sizes(params), sizes(gradient))
}

fn check_sizes(
    expected: impl Iterator<Item = usize> + Clone,
    found: impl Iterator<Item = usize> + Clone,
) -> Result<()> {
    if expected.clone().eq(found.clone()) {
        return Ok(());
    }
    Err(Error::ParametersMismatch {
        expected: expected.collect(),
        found: found.collect(),
    })
}

fn tensors<T: Element>(params: &dyn Parameters<T>) -> impl Iterator<Item = &[T]> + Clone {
    (0..)
        .map_while(|index| params.tensor(index))
        .map(|tensor| tensor.numbers())
}

fn sizes<T: Element>(params: &dyn Parameters<T>) -> impl Iterator<Item = usize> + Clone {
    tensors(params).map(<[T]>::len)
}

/// Calls `update` with each parameter, its gradient, and its place among all numbers.
fn for_each<T: Element>(
    params: &mut dyn Parameters<T>,
    gradient: &dyn Parameters<T>,
    mut update: impl FnMut(&mut [T], &[T], Range<usize>),
) {
    let mut start = 0;
    for (index, gradient) in tensors(gradient).enumerate() {
        if let Some(params) = params.numbers_mut(index) {
            update(params, gradient, start..start + gradient.len());
        }
        start += gradient.len();
    }
}

/// A learning rate is finite and not negative.
fn check_lr(lr: f64) -> Result<()> {
    check(
        lr.is_finite() && lr >= 0.0,
        "lr",
        lr,
        "a finite number from 0 on",
    )
}

/// A decay rate lies in [0, 1).
fn check_rate(name: &'static str, value: f64) -> Result<()> {
    check(
        (0.0..1.0).contains(&value),
        name,
        value,
        "a number from 0 on, below 1",
    )
}

/// ε is finite and not negative.
fn check_eps(eps: f64) -> Result<()> {
    check(
        eps.is_finite() && eps >= 0.0,
        "eps",
        eps,
        "a finite number from 0 on",
    )
}

fn check(valid: bool, name: &'static str, value: f64, expected: &'static str) -> Result<()> {
    if valid {
        Ok(())
    } else {
        Err(Error::HyperParameter {
            name,
            value,
            expected,
        })
    }
}
