use crate::element::Element;
use crate::error::Result;
use crate::optim::{Optimizer, check_gradient, check_lr, for_each, steps_by_update};
use crate::params::Parameters;

/// Stochastic gradient descent.
///
/// # Update rule
/// ```text
/// p ← p − lr·g
/// ```
/// # Hyper-parameters
/// `lr`, the learning rate, from 0 on; 0.01 is a usual start.
/// # Source
/// Robbins and Monro 1951, "A stochastic approximation method".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    lr: f64,
}

impl Sgd {
    /// With this learning rate.
    #[must_use]
    pub const fn new(lr: f64) -> Self {
        Self { lr }
    }

    fn update<T: Element>(
        &mut self,
        params: &mut dyn Parameters<T>,
        gradient: &dyn Parameters<T>,
        scale: f64,
    ) -> Result<()> {
        check_lr(self.lr)?;
        check_gradient(params, gradient)?;
        let lr = T::of(self.lr);
        for_each(params, gradient, scale, [], |p, g, []| T::sgd(p, g, lr));
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for Sgd {
    steps_by_update!(T);

    fn lr(&self) -> f64 {
        self.lr
    }

    fn set_lr(&mut self, lr: f64) {
        self.lr = lr;
    }

    fn descent(&self) -> Option<f64> {
        check_lr(self.lr).ok().map(|()| self.lr)
    }
}
