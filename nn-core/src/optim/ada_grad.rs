use crate::element::Element;
use crate::error::Result;
use crate::optim::check::{check_decay, check_eps, check_lr};
use crate::optim::{
    Optimizer, Reader, State, StatePart, check_gradient, common_builders, for_each, steps_by_update,
};
use crate::params::Parameters;

/// AdaGrad: a learning rate for each number, that falls with the sum of its squared gradients.
///
/// # Update rule
/// ```text
/// g ← g + λ·p
/// h ← h + g²
/// p ← p − lr·g / (√h + ε)
/// ```
///
/// ε stands outside of the root.
/// # Hyper-parameters
/// `lr` from 0 on, 0.01 is a usual start; `eps` from 0 on, 1e-7 by default; `weight_decay`, λ, from 0 on, 0 by default.
/// # State
/// `h`, zero at first.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let (mut p, mut ada_grad) = ([1.0_f64], AdaGrad::new(0.1));
/// ada_grad.step(&mut p, &[3.0])?;
/// assert!((p[0] - 0.9).abs() < 1e-7); // h = 9: 1 − 0.1·3/3
/// ada_grad.step(&mut p, &[4.0])?;
/// assert!((p[0] - 0.82).abs() < 1e-7); // h = 25: 0.9 − 0.1·4/5
/// # Ok::<(), nn_core::Error>(())
/// ```
/// # Source
/// Duchi, Hazan and Singer 2011, "Adaptive subgradient methods for online learning and stochastic optimization", the
/// diagonal form of figure 1.
#[derive(Clone, Debug, PartialEq)]
pub struct AdaGrad<T = f32> {
    lr: f64,
    eps: f64,
    weight_decay: f64,
    h: State<T>,
}

impl<T: Element> AdaGrad<T> {
    /// With this learning rate.
    #[must_use]
    pub fn new(lr: f64) -> Self {
        Self {
            lr,
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
        for_each(params, gradient, scale, decay, [h], |p, g, [h]| {
            T::ada_grad(p, g, h, lr, eps);
        });
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for AdaGrad<T> {
    steps_by_update!(T);

    fn check(&self) -> Result<()> {
        check_lr(self.lr)?;
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
