use crate::element::Element;
use crate::error::Result;
use crate::optim::check::{check_decay, check_lr};
use crate::optim::moments::{Moments, moment_builders};
use crate::optim::{
    Optimizer, Reader, StatePart, check_gradient, common_builders, for_each, steps_by_update,
};
use crate::params::Parameters;

/// `RAdam`: Adam that waits with its division by √v until v is known well enough.
///
/// # Update rule
/// ```text
/// g ← g + λ·p
/// t ← t + 1
/// m ← m + (1 − β₁)·(g − m)
/// v ← v + (1 − β₂)·(g² − v)
/// ρ∞ = 2/(1 − β₂) − 1      ρₜ = ρ∞ − 2·t·β₂ᵗ/(1 − β₂ᵗ)      m̂ = m/(1 − β₁ᵗ)
/// ρₜ > 5:  p ← p − lr·m̂·r·√(1 − β₂ᵗ) / (√v + ε)      r = √((ρₜ − 4)·(ρₜ − 2)·ρ∞ / ((ρ∞ − 4)·(ρ∞ − 2)·ρₜ))
/// else:    p ← p − lr·m̂
/// ```
///
/// The bound of 5 is that of the authors' code and of PyTorch; the paper has 4. ε is added to the uncorrected √v, as in PyTorch.
/// # Hyper-parameters
/// `lr` from 0 on, 0.001 is usual; `beta1` in [0, 1), 0.9 by default; `beta2` in [0, 1), 0.999 by default; `eps` from 0 on,
/// 1e-8 by default; `weight_decay`, λ, from 0 on, 0 by default.
/// # State
/// `m`, `v`, zero at first, and the step count `t`.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let mut p = [1.0_f64];
/// RAdam::new(0.1).step(&mut p, &[2.0])?;
/// assert!((p[0] - 0.8).abs() < 1e-12); // ρ₁ = 1, so p moves by lr·m̂ = 0.1·2
/// # Ok::<(), nn_core::Error>(())
/// ```
/// # Source
/// Liu et al. 2020, arXiv:1908.03265, algorithm 2.
#[derive(Clone, Debug, PartialEq)]
pub struct RAdam<T = f32> {
    lr: f64,
    weight_decay: f64,
    moments: Moments<T>,
}

impl<T: Element> RAdam<T> {
    /// With this learning rate.
    #[must_use]
    pub fn new(lr: f64) -> Self {
        Self {
            lr,
            weight_decay: 0.0,
            moments: Moments::new(1e-8),
        }
    }

    moment_builders!(eps = 1e-8);
    common_builders!(weight_decay = 0);

    /// r·√(1 − β₂ᵗ), where ρₜ is above 5.
    fn rectification(&self) -> Option<f64> {
        let (t, beta2) = (self.moments.t as f64, self.moments.beta2);
        let power = libm::pow(beta2, t);
        let limit = 2.0 / (1.0 - beta2) - 1.0;
        let rho = limit - 2.0 * t * power / (1.0 - power);
        let squared = (rho - 4.0) * (rho - 2.0) * limit / ((limit - 4.0) * (limit - 2.0) * rho);
        (rho > 5.0).then(|| (squared * (1.0 - power)).sqrt())
    }

    fn update(
        &mut self,
        params: &mut dyn Parameters<T>,
        gradient: &dyn Parameters<T>,
        scale: f64,
    ) -> Result<()> {
        self.check()?;
        check_gradient(params, gradient)?;
        self.moments.advance(params)?;
        let (correction1, _) = self.moments.corrections();
        let rectification = self.rectification();
        let step = self
            .moments
            .step(self.lr * rectification.unwrap_or(1.0) / correction1, 1.0);
        let rule = match rectification {
            Some(_) => T::adam,
            None => T::mean_step,
        };
        let decay = self.weight_decay;
        let moments = self.moments.numbers();
        for_each(params, gradient, scale, decay, moments, |p, g, [m, v]| {
            rule(p, g, m, v, step);
        });
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for RAdam<T> {
    steps_by_update!(T);

    fn check(&self) -> Result<()> {
        check_lr(self.lr)?;
        self.moments.check()?;
        check_decay(self.weight_decay)
    }

    fn state(&self) -> Result<Vec<StatePart<'_, T>>> {
        Ok(self.moments.parts())
    }

    fn load_state(&mut self, params: &dyn Parameters<T>, state: &[StatePart<'_, T>]) -> Result<()> {
        let mut read = Reader::new(params, state)?;
        let moments = self.moments.read(&mut read)?;
        read.finish()?;
        self.moments = moments;
        Ok(())
    }
}
