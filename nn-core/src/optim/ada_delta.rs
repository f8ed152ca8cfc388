use crate::element::Element;
use crate::error::Result;
use crate::kernels::AdaDeltaStep;
use crate::optim::check::{check_above_zero, check_decay, check_lr, check_rate};
use crate::optim::{
    Optimizer, Reader, State, StatePart, check_gradient, common_builders, for_each, steps_by_update,
};
use crate::params::Parameters;

/// `AdaDelta`: steps as long as the last ones, in units of the parameters themselves.
///
/// # Update rule
/// ```text
/// g ← g + λ·p
/// h ← decay_rate·h + (1 − decay_rate)·g²
/// Δ ← √(u + ε) / √(h + ε)·g
/// u ← decay_rate·u + (1 − decay_rate)·Δ²
/// p ← p − lr·Δ
/// ```
///
/// ε stands inside of the roots; it is what the first steps come from.
/// # Hyper-parameters
/// `lr` from 0 on, 1 in the paper, which has no rate; `decay_rate`, the paper's ρ, in [0, 1), 0.9 by default; `eps` above 0, 1e-6 by
/// default; `weight_decay`, λ, from 0 on, 0 by default.
/// # State
/// `h`, `u`, zero at first.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let (mut p, mut ada_delta) = ([1.0_f64], AdaDelta::new(1.0).decay_rate(0.75).eps(1e-6));
/// ada_delta.step(&mut p, &[2.0])?;
/// assert!((p[0] - 0.998).abs() < 1e-8); // h = 0.25·4, so Δ = 0.001/√(1 + 1e-6)·2
/// # Ok::<(), nn_core::Error>(())
/// ```
/// # Source
/// Zeiler 2012, arXiv:1212.5701, algorithm 1.
#[derive(Clone, Debug, PartialEq)]
pub struct AdaDelta<T = f32> {
    lr: f64,
    decay_rate: f64,
    eps: f64,
    weight_decay: f64,
    h: State<T>,
    u: State<T>,
}

impl<T: Element> AdaDelta<T> {
    /// With this learning rate.
    #[must_use]
    pub fn new(lr: f64) -> Self {
        Self {
            lr,
            decay_rate: 0.9,
            eps: 1e-6,
            weight_decay: 0.0,
            h: State::default(),
            u: State::default(),
        }
    }

    /// Sets ρ, 0.9 by default.
    #[must_use]
    pub fn decay_rate(mut self, decay_rate: f64) -> Self {
        self.decay_rate = decay_rate;
        self
    }

    /// Sets ε, 1e-6 by default.
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
        let (h, u) = (self.h.ready_for(params)?, self.u.ready_for(params)?);
        let step = AdaDeltaStep {
            lr: T::of(self.lr),
            one_minus_decay_rate: T::of(1.0 - self.decay_rate),
            eps: T::of(self.eps),
        };
        let decay = self.weight_decay;
        for_each(params, gradient, scale, decay, [h, u], |p, g, [h, u]| {
            T::ada_delta(p, g, h, u, step);
        });
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for AdaDelta<T> {
    steps_by_update!(T);

    fn check(&self) -> Result<()> {
        check_lr(self.lr)?;
        check_rate("decay_rate", self.decay_rate)?;
        check_above_zero("eps", self.eps)?;
        check_decay(self.weight_decay)
    }

    fn state(&self) -> Result<Vec<StatePart<'_, T>>> {
        Ok(vec![self.h.part("h"), self.u.part("u")])
    }

    fn load_state(&mut self, params: &dyn Parameters<T>, state: &[StatePart<'_, T>]) -> Result<()> {
        let mut read = Reader::new(params, state)?;
        let (h, u) = (read.state("h")?, read.state("u")?);
        read.finish()?;
        (self.h, self.u) = (h, u);
        Ok(())
    }
}
