use crate::element::Element;
use crate::error::Result;
use crate::optim::check::{check_decay, check_lr, check_rate};
use crate::optim::{
    Optimizer, Reader, State, StatePart, check_gradient, common_builders, for_each, steps_by_update,
};
use crate::params::Parameters;

/// Gradient descent with momentum.
///
/// # Update rule
/// ```text
/// g ← g + λ·p
/// velocity ← momentum·velocity − lr·g
/// p ← p + velocity
/// ```
///
/// The learning rate stands inside the velocity; PyTorch's stands outside, so changing it mid-way acts later here.
/// # Hyper-parameters
/// `lr` from 0 on, 0.01 is a usual start; `momentum` in [0, 1), 0.9 is usual; `weight_decay`, λ, from 0 on, 0 by default.
/// # State
/// `velocity`, zero at first.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let (mut p, mut momentum) = ([1.0_f64], Momentum::new(0.1, 0.5));
/// momentum.step(&mut p, &[2.0])?;
/// assert!((p[0] - 0.8).abs() < 1e-12); // velocity −0.2
/// momentum.step(&mut p, &[2.0])?;
/// assert!((p[0] - 0.5).abs() < 1e-12); // velocity 0.5·(−0.2) − 0.2 = −0.3
/// # Ok::<(), nn_core::Error>(())
/// ```
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
    weight_decay: f64,
    velocity: State<T>,
}

impl<T: Element> Momentum<T> {
    /// With this learning rate and momentum.
    #[must_use]
    pub fn new(lr: f64, momentum: f64) -> Self {
        Self {
            lr,
            momentum,
            weight_decay: 0.0,
            velocity: State::default(),
        }
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
        let velocity = self.velocity.ready_for(params)?;
        let (lr, momentum, decay) = (T::of(self.lr), T::of(self.momentum), self.weight_decay);
        for_each(
            params,
            gradient,
            scale,
            decay,
            [velocity],
            |p, g, [velocity]| {
                T::momentum(p, g, velocity, lr, momentum);
            },
        );
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for Momentum<T> {
    steps_by_update!(T);

    fn check(&self) -> Result<()> {
        check_lr(self.lr)?;
        check_rate("momentum", self.momentum)?;
        check_decay(self.weight_decay)
    }

    fn state(&self) -> Result<Vec<StatePart<'_, T>>> {
        Ok(vec![self.velocity.part("velocity")])
    }

    fn load_state(&mut self, params: &dyn Parameters<T>, state: &[StatePart<'_, T>]) -> Result<()> {
        let mut read = Reader::new(params, state)?;
        let velocity = read.state("velocity")?;
        read.finish()?;
        self.velocity = velocity;
        Ok(())
    }
}
