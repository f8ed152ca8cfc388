use crate::element::Element;
use crate::error::Result;
use crate::optim::{
    Optimizer, State, check_eps, check_gradient, check_lr, for_each, steps_by_update,
};
use crate::params::Parameters;

/// AdaGrad: a learning rate for each number, that falls with the sum of its squared gradients.
///
/// # Update rule
/// ```text
/// h ← h + g²
/// p ← p − lr·g / (√h + ε)
/// ```
///
/// ε stands outside of the root.
/// # Hyper-parameters
/// `lr` from 0 on, 0.01 is a usual start; `eps` from 0 on, 1e-7 by default.
/// # State
/// `h`, zero at first.
/// # Source
/// Duchi, Hazan and Singer 2011, "Adaptive subgradient methods for online learning and stochastic optimization", the
/// diagonal form of figure 1.
#[derive(Clone, Debug, PartialEq)]
pub struct AdaGrad<T = f32> {
    lr: f64,
    eps: f64,
    h: State<T>,
}

impl<T: Element> AdaGrad<T> {
    /// With this learning rate.
    #[must_use]
    pub fn new(lr: f64) -> Self {
        Self {
            lr,
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
        check_eps(self.eps)?;
        check_gradient(params, gradient)?;
        let h = self.h.ready_for(params)?;
        let (lr, eps) = (T::of(self.lr), T::of(self.eps));
        for_each(params, gradient, scale, [h], |p, g, [h]| {
            T::ada_grad(p, g, h, lr, eps);
        });
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for AdaGrad<T> {
    steps_by_update!(T);

    fn lr(&self) -> f64 {
        self.lr
    }

    fn set_lr(&mut self, lr: f64) {
        self.lr = lr;
    }
}
