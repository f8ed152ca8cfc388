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
pub(crate) use clip::clipping_factor;
pub use momentum::Momentum;
pub use rms_prop::RmsProp;
pub use sgd::Sgd;

use crate::element::Element;
use crate::error::{Error, Result};
use crate::kernels::{Scaled, for_each_run_of};
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

    /// Sets the learning rate of the steps to come.
    fn set_lr(&mut self, lr: f64);

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

            fn descent(&self) -> Option<f64> {
                (**self).descent()
            }
        }
    };
}
pass_on!(Box<O>);
pass_on!(&mut O);

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

/// An optimizer's two ways to step, both by its own `update(params, gradient, scale)`.
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
    };
}
use steps_by_update;

/// Calls `update` with each parameter, its gradient with the factor, and what is remembered of it; large ones in parts, on
/// several threads.
fn for_each<T: Element, const N: usize>(
    params: &mut dyn Parameters<T>,
    gradient: &dyn Parameters<T>,
    scale: f64,
    states: [&mut [T]; N],
    update: impl Fn(&mut [T], Scaled<'_, T>, [&mut [T]; N]) + Sync,
) {
    /// So many numbers take some microseconds.
    const WORTH_A_THREAD: usize = 1 << 14;
    let (scale, mut states) = (T::of(scale), states);
    for (index, gradient) in tensors(gradient).enumerate() {
        let own = states.each_mut().map(|states| {
            let (own, others) = std::mem::take(states).split_at_mut(gradient.len());
            *states = others;
            own
        });
        if let Some(params) = params.numbers_mut(index) {
            for_each_run_of(params, own, WORTH_A_THREAD, |params, own, from| {
                let gradient = &gradient[from..from + params.len()];
                update(params, (gradient, scale), own);
            });
        }
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

#[cfg(test)]
mod tests {
    use super::{AdaGrad, Adam, Momentum, Optimizer, RmsProp, Sgd, clip};

    /// Only says what has no default: a scaled step is then a step with a scaled gradient.
    struct ByDefault<O>(O);

    impl<O: Optimizer<f32>> Optimizer<f32> for ByDefault<O> {
        fn step(
            &mut self,
            params: &mut dyn crate::Parameters<f32>,
            gradient: &dyn crate::Parameters<f32>,
        ) -> crate::Result<()> {
            self.0.step(params, gradient)
        }

        fn lr(&self) -> f64 {
            self.0.lr()
        }

        fn set_lr(&mut self, lr: f64) {
            self.0.set_lr(lr);
        }
    }

    fn check<O: Optimizer<f32> + Clone>(optimizer: &O) {
        let (mut one, mut two) = (optimizer.clone(), ByDefault(optimizer.clone()));
        let (mut scaled_by_itself, mut scaled_before) = ([0.3_f32; 33], [0.3_f32; 33]);
        for step in 1..=5_u8 {
            let mut gradient: [f32; 33] =
                std::array::from_fn(|index| (index as f32 - 15.7) * f32::from(step));
            one.step_scaled(&mut scaled_by_itself, &mut gradient, 0.37)
                .unwrap();
            two.step_scaled(&mut scaled_before, &mut gradient, 0.37)
                .unwrap();
            assert_eq!(scaled_by_itself, scaled_before);
        }
        assert_ne!(scaled_by_itself, [0.3; 33]);
    }

    #[test]
    fn scaling_while_stepping_is_scaling_before_to_the_last_bit() {
        check(&Sgd::new(0.01));
        check(&Momentum::new(0.01, 0.9));
        check(&AdaGrad::new(0.01));
        check(&RmsProp::new(0.01, 0.9));
        check(&Adam::new(0.01));
    }

    #[test]
    fn a_factor_of_one_leaves_a_gradient_alone() {
        let mut gradient = [f32::MIN_POSITIVE / 2.0, -0.0];
        clip::scale(&mut gradient, 1.0);
        assert_eq!(gradient.map(f32::to_bits), [0x0040_0000, 0x8000_0000]);
    }
}
