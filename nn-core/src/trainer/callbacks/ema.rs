use super::average::Average;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::network::Trainable;
use crate::optim::StatePart;
use crate::trainer::{Callback, Context};

/// An exponential moving average of the parameters, which are often better than the last ones.
///
/// # Average
/// a ← a + (1 − decay)·(p − a) after each step; after the first one a = p. As PyTorch's `AveragedModel` with `get_ema_multi_avg_fn(decay)`.
/// What layers keep that is no parameter, such as the running mean and variance of [`BatchNorm`](crate::BatchNorm), is averaged too, as there with
/// `use_buffers = True`.
///
/// [`Ema::apply_to`] writes it into a network, and [`Ema::at_end`] does so when the training ends. It is part of checkpoints, and goes on from one call of
/// `fit` to the next.
///
/// ```
/// use nn_core::prelude::*;
///
/// network! { #[derive(Clone)] struct Net< Affine(1, 1) -> MeanSquaredError >; }
///
/// # fn main() -> nn_core::Result<()> {
/// let line = Dataset { x: vec![[0.0], [1.0], [2.0]], t: vec![[1.0], [3.0], [5.0]] };
/// let (mut net, mut ema) = (Net::seeded(1), Ema::new(0.99));
/// let mut trainer = Trainer::new(Sgd::new(0.05)).batch_size(1).epochs(50).silent().callback(&mut ema);
/// trainer.fit(&mut net, &line, &line)?;
/// let mut averaged = net.clone();
/// ema.apply_to(&mut averaged);
/// # assert_ne!(averaged.params, net.params);
/// # assert!((averaged.params.affine1.W[0][0] - 2.0).abs() < 0.5);
/// # Ok(())
/// # }
/// ```
/// # Source
/// Polyak and Juditsky 1992, doi:10.1137/0330046, for averages; Tarvainen and Valpola 2017, arXiv:1703.01780, for this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Ema<T = f32> {
    decay: f64,
    at_end: bool,
    average: Average<T>,
}

impl<T: Element> Ema<T> {
    /// With `decay` from 0 on and below 1: 0.999 is an average over about the last thousand steps.
    #[must_use]
    pub const fn new(decay: f64) -> Self {
        Self {
            decay,
            at_end: false,
            average: Average::new(),
        }
    }

    /// Sets whether the network has the average in the end, if the training is not only interrupted; by default it keeps the last parameters.
    #[must_use]
    pub const fn at_end(mut self, apply: bool) -> Self {
        self.at_end = apply;
        self
    }

    /// After how many steps parameters have gone into the average.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.average.count()
    }

    /// Writes the average into a network; before the first step there is none, and nothing is changed.
    pub fn apply_to<N: Trainable<Element = T>>(&self, net: &mut N) {
        self.average.apply_to(net.params_mut());
    }
}

impl<N: Trainable> Callback<N> for Ema<N::Element> {
    fn name(&self) -> &'static str {
        "ema"
    }

    fn before_training(&mut self, _: &mut N, _: &mut Context<'_>) -> Result<()> {
        if (0.0..1.0).contains(&self.decay) {
            return Ok(());
        }
        Err(Error::HyperParameter {
            name: "decay",
            value: self.decay,
            expected: "a number from 0 on, below 1",
        })
    }

    fn after_step(&mut self, net: &mut N, _: &mut Context<'_>) -> Result<()> {
        self.average.add(net.params(), |_| 1.0 - self.decay);
        Ok(())
    }

    fn after_training(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        if self.at_end && !at.paused {
            self.apply_to(net);
        }
        Ok(())
    }

    fn state(&self) -> Vec<StatePart<'_, N::Element>> {
        self.average.state()
    }

    fn load_state(&mut self, net: &N, state: &[StatePart<'_, N::Element>]) -> Result<()> {
        self.average.load_state(net, state)
    }
}
