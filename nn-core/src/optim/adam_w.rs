use crate::element::Element;
use crate::error::Result;
use crate::kernels::{AdamStep, AdamWStep};
use crate::optim::check::{check_decay, check_eps, check_lr, check_rate};
use crate::optim::{
    Optimizer, Reader, State, StatePart, check_gradient, common_builders, for_each, steps_by_update,
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
    beta1: f64,
    beta2: f64,
    eps: f64,
    weight_decay: f64,
    t: u64,
    m: State<T>,
    v: State<T>,
}

impl<T: Element> AdamW<T> {
    /// With this learning rate.
    #[must_use]
    pub fn new(lr: f64) -> Self {
        Self {
            lr,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            weight_decay: 0.01,
            t: 0,
            m: State::default(),
            v: State::default(),
        }
    }

    /// Sets β₁, 0.9 by default.
    #[must_use]
    pub fn beta1(mut self, beta1: f64) -> Self {
        self.beta1 = beta1;
        self
    }

    /// Sets β₂, 0.999 by default.
    #[must_use]
    pub fn beta2(mut self, beta2: f64) -> Self {
        self.beta2 = beta2;
        self
    }

    /// Sets ε, 1e-8 by default.
    #[must_use]
    pub fn eps(mut self, eps: f64) -> Self {
        self.eps = eps;
        self
    }

    common_builders!(weight_decay = 0.01);

    fn update(
        &mut self,
        params: &mut dyn Parameters<T>,
        gradient: &dyn Parameters<T>,
        scale: f64,
    ) -> Result<()> {
        self.check()?;
        check_gradient(params, gradient)?;
        self.m.ready_for(params)?;
        self.v.ready_for(params)?;
        self.t += 1;
        let correction1 = 1.0 - libm::pow(self.beta1, self.t as f64);
        let correction2 = (1.0 - libm::pow(self.beta2, self.t as f64)).sqrt();
        // Numerator and denominator times √(1 − β₂ᵗ).
        let adam = AdamStep {
            lr_t: T::of(self.lr * correction2 / correction1),
            one_minus_beta1: T::of(1.0 - self.beta1),
            one_minus_beta2: T::of(1.0 - self.beta2),
            eps: T::of(self.eps * correction2),
        };
        let keep = T::of(1.0 - self.lr * self.weight_decay);
        let step = AdamWStep { adam, keep };
        let (m, v) = (&mut self.m.numbers, &mut self.v.numbers);
        for_each(params, gradient, scale, 0.0, [m, v], |p, g, [m, v]| {
            T::adam_w(p, g, m, v, step);
        });
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for AdamW<T> {
    steps_by_update!(T);

    fn check(&self) -> Result<()> {
        check_lr(self.lr)?;
        check_rate("beta1", self.beta1)?;
        check_rate("beta2", self.beta2)?;
        check_eps(self.eps)?;
        check_decay(self.weight_decay)
    }

    fn state(&self) -> Result<Vec<StatePart<'_, T>>> {
        Ok(vec![
            StatePart::number("t", self.t as f64),
            self.m.part("m"),
            self.v.part("v"),
        ])
    }

    fn load_state(&mut self, params: &dyn Parameters<T>, state: &[StatePart<'_, T>]) -> Result<()> {
        let mut read = Reader::new(params, state)?;
        let (t, m, v) = (read.count("t")?, read.state("m")?, read.state("v")?);
        read.finish()?;
        (self.t, self.m, self.v) = (t, m, v);
        Ok(())
    }
}
