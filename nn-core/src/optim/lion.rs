use crate::element::Element;
use crate::error::Result;
use crate::kernels::LionStep;
use crate::optim::check::{check_decay, check_lr, check_rate};
use crate::optim::{
    Optimizer, Reader, State, StatePart, check_gradient, common_builders, for_each, steps_by_update,
};
use crate::params::Parameters;

/// Lion: every number moves by the learning rate, to the side that a mean of gradients points to.
///
/// # Update rule
/// ```text
/// c ← m + (1 − β₁)·(g − m)
/// p ← (1 − lr·λ)·p − lr·sign(c)
/// m ← m + (1 − β₂)·(g − m)
/// ```
///
/// sign(0) is 0. The decay is decoupled from the gradient, as in [`AdamW`](crate::AdamW). Steps are longer than those of Adam: a third to a
/// tenth of its learning rate, and a weight decay that is as much larger, are a good start.
/// # Hyper-parameters
/// `lr` from 0 on, 0.0001 is usual; `beta1` in [0, 1), 0.9 by default; `beta2` in [0, 1), 0.99 by default; `weight_decay`, λ, from 0
/// on, 0 by default.
/// # State
/// `m`, zero at first.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let mut p = [1.0_f64];
/// Lion::new(0.1).weight_decay(0.5).step(&mut p, &[2.0])?;
/// assert!((p[0] - 0.85).abs() < 1e-12); // (1 − 0.1·0.5)·1 − 0.1
/// # Ok::<(), nn_core::Error>(())
/// ```
/// # Source
/// Chen et al. 2023, arXiv:2302.06675, algorithm 2.
#[derive(Clone, Debug, PartialEq)]
pub struct Lion<T = f32> {
    lr: f64,
    beta1: f64,
    beta2: f64,
    weight_decay: f64,
    m: State<T>,
}

impl<T: Element> Lion<T> {
    /// With this learning rate.
    #[must_use]
    pub fn new(lr: f64) -> Self {
        Self {
            lr,
            beta1: 0.9,
            beta2: 0.99,
            weight_decay: 0.0,
            m: State::default(),
        }
    }

    /// Sets β₁, 0.9 by default.
    #[must_use]
    pub fn beta1(mut self, beta1: f64) -> Self {
        self.beta1 = beta1;
        self
    }

    /// Sets β₂, 0.99 by default.
    #[must_use]
    pub fn beta2(mut self, beta2: f64) -> Self {
        self.beta2 = beta2;
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
        let m = self.m.ready_for(params)?;
        let step = LionStep {
            lr: T::of(self.lr),
            one_minus_beta1: T::of(1.0 - self.beta1),
            one_minus_beta2: T::of(1.0 - self.beta2),
            keep: T::of(1.0 - self.lr * self.weight_decay),
        };
        for_each(params, gradient, scale, 0.0, [m], |p, g, [m]| {
            T::lion(p, g, m, step);
        });
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for Lion<T> {
    steps_by_update!(T);

    fn check(&self) -> Result<()> {
        check_lr(self.lr)?;
        check_rate("beta1", self.beta1)?;
        check_rate("beta2", self.beta2)?;
        check_decay(self.weight_decay)
    }

    fn state(&self) -> Result<Vec<StatePart<'_, T>>> {
        Ok(vec![self.m.part("m")])
    }

    fn load_state(&mut self, params: &dyn Parameters<T>, state: &[StatePart<'_, T>]) -> Result<()> {
        let mut read = Reader::new(params, state)?;
        let m = read.state("m")?;
        read.finish()?;
        self.m = m;
        Ok(())
    }
}
