use crate::element::Element;
use crate::error::Result;
use crate::optim::check::{check_decay, check_lr};
use crate::optim::moments::{Moments, moment_builders};
use crate::optim::{
    Optimizer, Reader, StatePart, check_gradient, common_builders, for_each, steps_by_update,
};
use crate::params::Parameters;

/// Adam: running means of the gradient and of its square, both corrected for their start at zero.
///
/// # Update rule
/// ```text
/// g ← g + λ·p
/// t ← t + 1
/// m ← m + (1 − β₁)·(g − m)
/// v ← v + (1 − β₂)·(g² − v)
/// p ← p − lr·√(1 − β₂ᵗ) / (1 − β₁ᵗ)·m / (√v + ε)
/// ```
///
/// Both corrections stand in the learning rate, and ε is added to the uncorrected √v: the faster form that the paper gives
/// at the end of its section 2. PyTorch adds ε after the correction, as [`AdamW`](crate::AdamW) does here.
/// # Hyper-parameters
/// `lr` from 0 on, 0.001 is usual; `beta1` in [0, 1), 0.9 by default; `beta2` in [0, 1), 0.999 by default; `eps` from 0 on,
/// 1e-7 by default; `weight_decay`, λ, from 0 on, 0 by default.
/// # State
/// `m`, `v`, zero at first, and the step count `t`. What fades below 8e-31, of v 8e-34, is zero, so that no denormal slows a step down.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let mut p = [1.0_f64];
/// Adam::new(0.1).step(&mut p, &[2.0])?;
/// assert!((p[0] - 0.9).abs() < 1e-6); // the first step is lr long, whatever the gradient
/// # Ok::<(), nn_core::Error>(())
/// ```
/// # Source
/// Kingma and Ba 2015, arXiv:1412.6980v8, algorithm 1 and the end of section 2.
#[derive(Clone, Debug, PartialEq)]
pub struct Adam<T = f32> {
    lr: f64,
    weight_decay: f64,
    moments: Moments<T>,
}

impl<T: Element> Adam<T> {
    /// With this learning rate.
    #[must_use]
    pub fn new(lr: f64) -> Self {
        Self {
            lr,
            weight_decay: 0.0,
            moments: Moments::new(1e-7),
        }
    }

    moment_builders!(eps = 1e-7);
    common_builders!(weight_decay = 0);

    /// lr·√(1 − β₂ᵗ) / (1 − β₁ᵗ)
    fn lr_t(&self) -> f64 {
        let Moments {
            beta1, beta2, t, ..
        } = &self.moments;
        let t = *t as f64;
        self.lr * (1.0 - beta2.powf(t)).sqrt() / (1.0 - beta1.powf(t))
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
        let step = self.moments.step(self.lr_t(), 1.0);
        let decay = self.weight_decay;
        let moments = self.moments.numbers();
        for_each(params, gradient, scale, decay, moments, |p, g, [m, v]| {
            T::adam(p, g, m, v, step);
        });
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for Adam<T> {
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
