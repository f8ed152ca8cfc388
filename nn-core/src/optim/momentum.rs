use crate::element::Element;
use crate::error::Result;
use crate::optim::{
    Optimizer, State, check_gradient, check_lr, check_rate, for_each, steps_by_update,
};
use crate::params::Parameters;

/// Gradient descent with momentum.
///
/// # Update rule
/// ```text
/// velocity ← momentum·velocity − lr·g
/// p ← p + velocity
/// ```
///
/// The learning rate stands inside the velocity; PyTorch's stands outside, so changing it mid-way acts later here.
/// # Hyper-parameters
/// `lr` from 0 on, 0.01 is a usual start; `momentum` in [0, 1), 0.9 is usual.
/// # State
/// `velocity`, zero at first.
/// # Source
/// Polyak 1964, "Some methods of speeding up the convergence of iteration methods"; in this form Sutskever et al. 2013,
/// "On the importance of initialization and momentum in deep learning", equations 1 and 2.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::struct_field_names,
    reason = "the rule and its hyper-parameter have the same name"
)]
pub struct Momentum<T = f32> {
    lr: f64,
    momentum: f64,
    velocity: State<T>,
}

impl<T: Element> Momentum<T> {
    /// With this learning rate and momentum.
    #[must_use]
    pub fn new(lr: f64, momentum: f64) -> Self {
        Self {
            lr,
            momentum,
            velocity: State::default(),
        }
    }

    fn update(
        &mut self,
        params: &mut dyn Parameters<T>,
        gradient: &dyn Parameters<T>,
        scale: f64,
    ) -> Result<()> {
        check_lr(self.lr)?;
        check_rate("momentum", self.momentum)?;
        check_gradient(params, gradient)?;
        let velocity = self.velocity.ready_for(params)?;
        let (lr, momentum) = (T::of(self.lr), T::of(self.momentum));
        for_each(params, gradient, scale, [velocity], |p, g, [velocity]| {
            T::momentum(p, g, velocity, lr, momentum);
        });
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for Momentum<T> {
    steps_by_update!(T);

    fn lr(&self) -> f64 {
        self.lr
    }

    fn set_lr(&mut self, lr: f64) {
        self.lr = lr;
    }
}
