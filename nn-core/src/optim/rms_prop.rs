use crate::element::Element;
use crate::error::Result;
use crate::optim::check::{check_decay, check_eps, check_lr, check_rate};
use crate::optim::{
    Optimizer, Reader, State, StatePart, check_gradient, common_builders, for_each, steps_by_update,
};
use crate::params::Parameters;

/// RMSprop: a learning rate for each number, that falls with the running mean of its squared gradients.
///
/// # Update rule
/// ```text
/// g ← g + λ·p
/// h ← decay_rate·h + (1 − decay_rate)·g²
/// p ← p − lr·g / (√h + ε)
/// ```
///
/// ε stands outside of the root.
/// # Hyper-parameters
/// `lr` from 0 on, 0.01 is a usual start; `decay_rate` in [0, 1), 0.99 is usual; `eps` from 0 on, 1e-7 by default;
/// `weight_decay`, λ, from 0 on, 0 by default.
/// # State
/// `h`, zero at first.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let (mut p, mut rms_prop) = ([1.0_f64], RmsProp::new(0.1, 0.75));
/// rms_prop.step(&mut p, &[2.0])?;
/// assert!((p[0] - 0.8).abs() < 1e-7); // h = 0.25·4: 1 − 0.1·2/1
/// # Ok::<(), nn_core::Error>(())
/// ```
/// # Source
/// Tieleman and Hinton 2012, "Neural networks for machine learning", lecture 6.5.
#[derive(Clone, Debug, PartialEq)]
pub struct RmsProp<T = f32> {
    lr: f64,
    decay_rate: f64,
    eps: f64,
    weight_decay: f64,
    h: State<T>,
}

impl<T: Element> RmsProp<T> {
    /// With this learning rate and decay rate.
    #[must_use]
    pub fn new(lr: f64, decay_rate: f64) -> Self {
        Self {
            lr,
            decay_rate,
            eps: 1e-7,
            weight_decay: 0.0,
            h: State::default(),
        }
    }

    /// Sets ε, 1e-7 by default.
    #[must_use]
    pub fn eps(mut self, eps: f64) -> Self {
        self.eps = eps;
        self
    }

    common_builders!(weight_decay = 0);

    fn update(
        &mut self,
        params: &mut dyn Parameters<T>,
        gradient: &dyn Parameters<T>,
        scale: f64,
    ) -> Result<()> {
        self.check()?;
        check_gradient(params, gradient)?;
        let h = self.h.ready_for(params)?;
        let (lr, eps, decay) = (T::of(self.lr), T::of(self.eps), self.weight_decay);
        let decay_rate = (T::of(self.decay_rate), T::of(1.0 - self.decay_rate));
        for_each(params, gradient, scale, decay, [h], |p, g, [h]| {
            T::rms_prop(p, g, h, lr, decay_rate, eps);
        });
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for RmsProp<T> {
    steps_by_update!(T);

    fn check(&self) -> Result<()> {
        check_lr(self.lr)?;
        check_rate("decay_rate", self.decay_rate)?;
        check_eps(self.eps)?;
        check_decay(self.weight_decay)
    }

    fn state(&self) -> Result<Vec<StatePart<'_, T>>> {
        Ok(vec![self.h.part("h")])
    }

    fn load_state(&mut self, params: &dyn Parameters<T>, state: &[StatePart<'_, T>]) -> Result<()> {
        let mut read = Reader::new(params, state)?;
        let h = read.state("h")?;
        read.finish()?;
        self.h = h;
        Ok(())
    }
}
