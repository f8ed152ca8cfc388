//! What Adam and its kin have in common: β₁, β₂ and ε, the running means m and v, and the number of steps.

use super::check::{check_eps, check_rate};
use super::state::{Reader, State, StatePart};
use crate::element::Element;
use crate::error::Result;
use crate::kernels::AdamStep;
use crate::params::Parameters;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moments<T> {
    pub(super) beta1: f64,
    pub(super) beta2: f64,
    pub(super) eps: f64,
    pub(super) t: u64,
    m: State<T>,
    v: State<T>,
}

impl<T: Element> Moments<T> {
    /// With β₁ = 0.9 and β₂ = 0.999.
    pub(super) fn new(eps: f64) -> Self {
        Self {
            beta1: 0.9,
            beta2: 0.999,
            eps,
            t: 0,
            m: State::default(),
            v: State::default(),
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        check_rate("beta1", self.beta1)?;
        check_rate("beta2", self.beta2)?;
        check_eps(self.eps)
    }

    /// One more step, of these parameters.
    pub(super) fn advance(&mut self, params: &dyn Parameters<T>) -> Result<()> {
        self.m.ready_for(params)?;
        self.v.ready_for(params)?;
        self.t += 1;
        Ok(())
    }

    /// 1 − β₁ᵗ and √(1 − β₂ᵗ): without these the means are drawn to their start, zero.
    pub(super) fn corrections(&self) -> (f64, f64) {
        let t = self.t as f64;
        let correction2 = (1.0 - libm::pow(self.beta2, t)).sqrt();
        (1.0 - libm::pow(self.beta1, t), correction2)
    }

    /// A step of this length, with ε times `eps_scale`.
    pub(super) fn step(&self, lr_t: f64, eps_scale: f64) -> AdamStep<T> {
        AdamStep {
            lr_t: T::of(lr_t),
            one_minus_beta1: T::of(1.0 - self.beta1),
            one_minus_beta2: T::of(1.0 - self.beta2),
            eps: T::of(self.eps * eps_scale),
        }
    }

    /// m and v.
    pub(super) fn numbers(&mut self) -> [&mut [T]; 2] {
        [&mut self.m.numbers, &mut self.v.numbers]
    }

    pub(super) fn parts(&self) -> Vec<StatePart<'_, T>> {
        vec![
            StatePart::number("t", self.t as f64),
            self.m.part("m"),
            self.v.part("v"),
        ]
    }

    /// The same hyper-parameters with the memory of another.
    pub(super) fn read(&self, read: &mut Reader<'_, T>) -> Result<Self> {
        Ok(Self {
            t: read.count("t")?,
            m: read.state("m")?,
            v: read.state("v")?,
            ..*self
        })
    }
}

/// The builder methods of their hyper-parameters.
macro_rules! moment_builders {
    (eps = $eps:literal) => {
        /// Sets β₁, 0.9 by default.
        #[must_use]
        pub fn beta1(mut self, beta1: f64) -> Self {
            self.moments.beta1 = beta1;
            self
        }

        /// Sets β₂, 0.999 by default.
        #[must_use]
        pub fn beta2(mut self, beta2: f64) -> Self {
            self.moments.beta2 = beta2;
            self
        }

        #[doc = concat!("Sets ε, ", stringify!($eps), " by default.")]
        #[must_use]
        pub fn eps(mut self, eps: f64) -> Self {
            self.moments.eps = eps;
            self
        }
    };
}
pub(super) use moment_builders;
