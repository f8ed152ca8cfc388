use crate::element::Element;
use crate::error::Result;
use crate::kernels::NadamStep;
use crate::optim::check::{check_decay, check_from_zero, check_lr};
use crate::optim::moments::{Moments, moment_builders};
use crate::optim::{
    Optimizer, Reader, StatePart, check_gradient, common_builders, for_each, steps_by_update,
};
use crate::params::Parameters;

/// Nadam: Adam with Nesterov's momentum.
///
/// # Update rule
/// ```text
/// g ← g + λ·p
/// t ← t + 1
/// m ← m + (1 − β₁)·(g − m)
/// v ← v + (1 − β₂)·(g² − v)
/// μₜ = β₁·(1 − ½·0.96^(t·ψ))         Mₜ = μ₁·μ₂·…·μₜ
/// m̂ = μₜ₊₁·m / (1 − Mₜ₊₁) + (1 − μₜ)·g / (1 − Mₜ)          v̂ = v / (1 − β₂ᵗ)
/// p ← p − lr·m̂ / (√v̂ + ε)
/// ```
///
/// As in PyTorch: the running mean itself moves by β₁, the schedule μ is in the step. The paper's algorithm has μ in both.
/// # Hyper-parameters
/// `lr` from 0 on, 0.002 is usual; `beta1` in [0, 1), 0.9 by default; `beta2` in [0, 1), 0.999 by default; `eps` from 0 on,
/// 1e-8 by default; `momentum_decay`, ψ, from 0 on, 0.004 by default; `weight_decay`, λ, from 0 on, 0 by default.
/// # State
/// `m`, `v`, zero at first; the step count `t`; the product M, here `product`, one at first.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let mut p = [1.0_f64];
/// Nadam::new(0.1).momentum_decay(0.0).step(&mut p, &[2.0])?;
/// // μ = 0.45, m = 0.2, v̂ = 4: m̂ = 0.45·0.2/(1 − 0.2025) + 2 = 2.1128527, half of which is times lr.
/// assert!((p[0] - 0.894_357_37).abs() < 1e-8);
/// # Ok::<(), nn_core::Error>(())
/// ```
/// # Source
/// Dozat 2016, "Incorporating Nesterov momentum into Adam", algorithm 2, with its schedule of μ.
#[derive(Clone, Debug, PartialEq)]
pub struct Nadam<T = f32> {
    lr: f64,
    momentum_decay: f64,
    weight_decay: f64,
    product: f64,
    moments: Moments<T>,
}

impl<T: Element> Nadam<T> {
    /// With this learning rate.
    #[must_use]
    pub fn new(lr: f64) -> Self {
        Self {
            lr,
            momentum_decay: 0.004,
            weight_decay: 0.0,
            product: 1.0,
            moments: Moments::new(1e-8),
        }
    }

    moment_builders!(eps = 1e-8);

    /// Sets ψ, 0.004 by default.
    #[must_use]
    pub fn momentum_decay(mut self, momentum_decay: f64) -> Self {
        self.momentum_decay = momentum_decay;
        self
    }

    common_builders!(weight_decay = 0);

    /// μₜ
    fn mu(&self, t: u64) -> f64 {
        self.moments.beta1 * (1.0 - 0.5 * libm::pow(0.96, t as f64 * self.momentum_decay))
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
        let (mu, next) = (self.mu(self.moments.t), self.mu(self.moments.t + 1));
        self.product *= mu;
        let (_, correction2) = self.moments.corrections();
        // Numerator and denominator times √(1 − β₂ᵗ).
        let lr = self.lr * correction2;
        let adam = self
            .moments
            .step(lr * next / (1.0 - self.product * next), correction2);
        let lr_g = T::of(lr * (1.0 - mu) / (1.0 - self.product));
        let step = NadamStep { adam, lr_g };
        let decay = self.weight_decay;
        let moments = self.moments.numbers();
        for_each(params, gradient, scale, decay, moments, |p, g, [m, v]| {
            T::nadam(p, g, m, v, step);
        });
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for Nadam<T> {
    steps_by_update!(T);

    fn check(&self) -> Result<()> {
        check_lr(self.lr)?;
        self.moments.check()?;
        check_from_zero("momentum_decay", self.momentum_decay)?;
        check_decay(self.weight_decay)
    }

    fn state(&self) -> Result<Vec<StatePart<'_, T>>> {
        let mut parts = self.moments.parts();
        parts.insert(1, StatePart::number("product", self.product));
        Ok(parts)
    }

    fn load_state(&mut self, params: &dyn Parameters<T>, state: &[StatePart<'_, T>]) -> Result<()> {
        let mut read = Reader::new(params, state)?;
        let moments = self.moments.read(&mut read)?;
        let is_product = |number| (0.0..=1.0).contains(&number);
        let product = read.number_in("product", is_product, "a number from 0 to 1")?;
        read.finish()?;
        (self.moments, self.product) = (moments, product);
        Ok(())
    }
}
