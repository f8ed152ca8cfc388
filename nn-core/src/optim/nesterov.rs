use crate::element::Element;
use crate::error::Result;
use crate::optim::check::{check_decay, check_lr, check_rate};
use crate::optim::{
    Optimizer, Reader, State, StatePart, check_gradient, common_builders, for_each, steps_by_update,
};
use crate::params::Parameters;

/// Nesterov's accelerated gradient: momentum whose gradient is taken where the velocity leads.
///
/// # Update rule
/// ```text
/// g ← g + λ·p
/// velocity ← momentum·velocity − lr·g
/// p ← p + momentum·velocity − lr·g
/// ```
///
/// This is the published rule, written for the point at which the gradient is taken. Expanded, p moves by
/// momentum²·velocity − (1 + momentum)·lr·g with the velocity from before the step. The textbook's code has this form too, but
/// in some of its versions with the velocity from after the step, which is another, longer way.
///
/// PyTorch's `SGD(nesterov=True)` takes the same way as ours as long as the learning rate stays the same. There the rate stands
/// outside of the velocity, so that a new one rescales at once what has been gathered; here, as in the papers, it only counts
/// for gradients to come.
/// # Hyper-parameters
/// `lr` from 0 on, 0.01 is a usual start; `momentum` in [0, 1), 0.9 is usual; `weight_decay`, λ, from 0 on, 0 by default.
/// # State
/// `velocity`, zero at first.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let (mut p, mut nesterov) = ([1.0_f64], Nesterov::new(0.1, 0.5));
/// nesterov.step(&mut p, &[2.0])?;
/// assert!((p[0] - 0.7).abs() < 1e-12); // velocity −0.2, p by 0.5·(−0.2) − 0.2
/// nesterov.step(&mut p, &[2.0])?;
/// assert!((p[0] - 0.35).abs() < 1e-12); // velocity −0.3, p by 0.5·(−0.3) − 0.2
/// # Ok::<(), nn_core::Error>(())
/// ```
/// # Source
/// Nesterov 1983, "A method of solving a convex programming problem with convergence rate O(1/k²)"; Sutskever et al. 2013,
/// "On the importance of initialization and momentum in deep learning", equations 3 and 4; in this form Bengio et al. 2012,
/// arXiv:1212.0901, equation 7.
#[derive(Clone, Debug, PartialEq)]
pub struct Nesterov<T = f32> {
    lr: f64,
    momentum: f64,
    weight_decay: f64,
    velocity: State<T>,
}

impl<T: Element> Nesterov<T> {
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
                T::nesterov(p, g, velocity, lr, momentum);
            },
        );
        Ok(())
    }
}

impl<T: Element> Optimizer<T> for Nesterov<T> {
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
