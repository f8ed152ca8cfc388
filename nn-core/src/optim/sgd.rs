use crate::element::Element;
use crate::error::Result;
use crate::optim::check::{check_decay, check_lr};
use crate::optim::{
    Optimizer, Reader, StatePart, check_gradient, common_builders, for_each, steps_by_update,
};
use crate::params::Parameters;

/// Stochastic gradient descent.
///
/// # Update rule
/// ```text
/// g ← g + λ·p
/// p ← p − lr·g
/// ```
/// # Hyper-parameters
/// `lr`, the learning rate, from 0 on; 0.01 is a usual start. `weight_decay`, λ, from 0 on, 0 by default.
/// # State
/// None.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let mut p = [1.0_f64];
/// Sgd::new(0.1).step(&mut p, &[2.0])?;
/// assert!((p[0] - 0.8).abs() < 1e-12); // 1 − 0.1·2
/// Sgd::new(0.1).weight_decay(0.5).step(&mut p, &[2.0])?;
/// assert!((p[0] - 0.56).abs() < 1e-12); // 0.8 − 0.1·(2 + 0.5·0.8)
/// # Ok::<(), nn_core::Error>(())
/// ```
/// # Source
/// Robbins and Monro 1951, "A stochastic approximation method".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    lr: f64,
    weight_decay: f64,
}

impl Sgd {
    /// With this learning rate.
    #[must_use]
    pub const fn new(lr: f64) -> Self {
        let weight_decay = 0.0;
        Self { lr, weight_decay }
    }

    common_builders!(weight_decay = 0);

    /// The learning rate, as [`Optimizer::lr`] of any type of number.
    #[must_use]
    pub const fn lr(&self) -> f64 {
        self.lr
    }

    /// Sets the learning rate of the steps to come, as [`Optimizer::set_lr`] of any type of number.
    pub const fn set_lr(&mut self, lr: f64) {
        self.lr = lr;
    }

    fn valid(&self) -> Result<()> {
        check_lr(self.lr)?;
        check_decay(self.weight_decay)
    }

    fn update<T: Element>(
        &mut self,
        params: &mut dyn Parameters<T>,
        gradient: &dyn Parameters<T>,
        scale: f64,
    ) -> Result<()> {
        self.valid()?;
        check_gradient(params, gradient)?;
        let (lr, decay) = (T::of(self.lr), self.weight_decay);
        for_each(params, gradient, scale, decay, [], |p, g, []| {
            T::sgd(p, g, lr);
        });
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for Sgd {
    steps_by_update!(T);

    fn check(&self) -> Result<()> {
        self.valid()
    }

    fn state(&self) -> Result<Vec<StatePart<'_, T>>> {
        Ok(Vec::new())
    }

    fn load_state(&mut self, params: &dyn Parameters<T>, state: &[StatePart<'_, T>]) -> Result<()> {
        Reader::new(params, state)?.finish()
    }

    /// With a weight decay the rule is another one.
    fn descent(&self) -> Option<f64> {
        (self.weight_decay == 0.0 && self.valid().is_ok()).then_some(self.lr)
    }
}
