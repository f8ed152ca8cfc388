use crate::element::Element;
use crate::error::Result;
use crate::optim::{
    Optimizer, State, check_eps, check_gradient, check_lr, check_rate, for_each, steps_by_update,
};
use crate::params::Parameters;

/// RMSprop: a learning rate for each number, that falls with the running mean of its squared gradients.
///
/// # Update rule
/// ```text
/// h ← decay_rate·h + (1 − decay_rate)·g²
/// p ← p − lr·g / (√h + ε)
/// ```
///
/// ε stands outside of the root.
/// # Hyper-parameters
/// `lr` from 0 on, 0.01 is a usual start; `decay_rate` in [0, 1), 0.99 is usual; `eps` from 0 on, 1e-7 by default.
/// # State
/// `h`, zero at first.
/// # Source
/// Tieleman and Hinton 2012, "Neural networks for machine learning", lecture 6.5.
#[derive(Clone, Debug, PartialEq)]
pub struct RmsProp<T = f32> {
    lr: f64,
    decay_rate: f64,
    eps: f64,
    h: State<T>,
}

impl<T: Element> RmsProp<T> {
    /// With this learning rate and decay rate.
    #[must_use]
    pub fn new(lr: f64, decay_rate: f64) -> Self {
        Self {
            lr,
            decay_rate,
            eps: 1e-7,
            h: State::default(),
        }
    }

    /// Sets ε, 1e-7 by default.
    #[must_use]
    pub fn eps(mut self, eps: f64) -> Self {
        self.eps = eps;
        self
    }

    fn update(
        &mut self,
        params: &mut dyn Parameters<T>,
        gradient: &dyn Parameters<T>,
        scale: f64,
    ) -> Result<()> {
        check_lr(self.lr)?;
        check_rate("decay_rate", self.decay_rate)?;
        check_eps(self.eps)?;
        check_gradient(params, gradient)?;
        let h = self.h.ready_for(params)?;
        let (lr, eps) = (T::of(self.lr), T::of(self.eps));
        let decay_rate = (T::of(self.decay_rate), T::of(1.0 - self.decay_rate));
        for_each(params, gradient, scale, [h], |p, g, [h]| {
            T::rms_prop(p, g, h, lr, decay_rate, eps);
        });
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for RmsProp<T> {
    steps_by_update!(T);

    fn lr(&self) -> f64 {
        self.lr
    }

    fn set_lr(&mut self, lr: f64) {
        self.lr = lr;
    }
}
