use crate::element::Element;
use crate::error::Result;
use crate::kernels::AdamWStep;
use crate::optim::check::{check_decay, check_lr};
use crate::optim::moments::{Moments, moment_builders};
use crate::optim::{
    Optimizer, Reader, StatePart, check_gradient, common_builders, for_each, steps_by_update,
};
use crate::params::Parameters;

/// `AdamW`: Adam whose weight decay does not go through the running means.
///
/// # Update rule
/// ```text
/// t ← t + 1
/// m ← m + (1 − β₁)·(g − m)
/// v ← v + (1 − β₂)·(g² − v)
/// p ← (1 − lr·λ)·p
/// p ← p − lr·m̂ / (√v̂ + ε)          m̂ = m / (1 − β₁ᵗ)   v̂ = v / (1 − β₂ᵗ)
/// ```
///
/// ε is added to the corrected √v̂, unlike in [`Adam`](crate::Adam). The decay is lr·λ·p as in PyTorch; the paper's is λ·p times a schedule's
/// factor, so that its λ is PyTorch's times the initial rate.
/// # Hyper-parameters
/// `lr` from 0 on, 0.001 is usual; `beta1` in [0, 1), 0.9 by default; `beta2` in [0, 1), 0.999 by default; `eps` from 0 on,
/// 1e-8 by default; `weight_decay`, λ, from 0 on, 0.01 by default.
/// # State
/// `m`, `v`, zero at first, and the step count `t`.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let mut p = [1.0_f64];
/// AdamW::new(0.1).weight_decay(0.5).step(&mut p, &[2.0])?;
/// assert!((p[0] - 0.85).abs() < 1e-8); // (1 − 0.1·0.5)·1, then lr down: the first step is lr long
/// # Ok::<(), nn_core::Error>(())
/// ```
/// # Source
/// Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2.
#[derive(Clone, Debug, PartialEq)]
pub struct AdamW<T = f32> {
    lr: f64,
    weight_decay: f64,
    moments: Moments<T>,
}

impl<T: Element> AdamW<T> {
    /// With this learning rate.
    #[must_use]
    pub fn new(lr: f64) -> Self {
        Self {
            lr,
            weight_decay: 0.01,
            moments: Moments::new(1e-8),
        }
    }

    moment_builders!(eps = 1e-8);
    common_builders!(weight_decay = 0.01);

    fn update(
        &mut self,
        params: &mut dyn Parameters<T>,
        gradient: &dyn Parameters<T>,
        scale: f64,
    ) -> Result<()> {
        self.check()?;
        check_gradient(params, gradient)?;
        self.moments.advance(params)?;
        let (correction1, correction2) = self.moments.corrections();
        // Numerator and denominator times √(1 − β₂ᵗ).
        let adam = self
            .moments
            .step(self.lr * correction2 / correction1, correction2);
        let keep = T::of(1.0 - self.lr * self.weight_decay);
        let step = AdamWStep { adam, keep };
        let moments = self.moments.numbers();
        for_each(params, gradient, scale, 0.0, moments, |p, g, [m, v]| {
            T::adam_w(p, g, m, v, step);
        });
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for AdamW<T> {
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
