//! The learning-rate finder: a short training with ever larger rates, after which everything is as before.

use num_traits::Float as _;

use super::Trainer;
use super::batches::Batches;
use super::callbacks::snapshot;
use super::saved::Parts;
use crate::batch::non_empty;
use crate::data::Dataset;
use crate::element::Element as _;
use crate::error::{Error, Result};
use crate::losses::Losses;
use crate::network::{Trainable, steps};
use crate::optim::Optimizer;

/// How [`Trainer::find_lr`] sweeps over learning rates.
///
/// # Rate and loss
/// Step i of n has the rate from·(to/from)^(i/(n−1)), i from 0 on. Losses are smoothed as in fastai: s ← β·s + (1 − β)·loss, divided by
/// 1 − βⁱ⁺¹. The sweep ends early where the smoothed loss is more than `diverged` times its least value, or the loss is no finite number.
/// # Settings
/// `from` 1e-7 and `to` 10, both above 0; `steps` 100, at least 3; `smoothing` β = 0.98, from 0 on and below 1; `diverged` 4, above 1.
/// # Source
/// Smith 2017, arXiv:1506.01186, section 3.3; the smoothing is that of fastai's `lr_find`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LrFinder {
    from: f64,
    to: f64,
    steps: usize,
    smoothing: f64,
    diverged: f64,
}

/// What [`Trainer::find_lr`] has seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LrSweep {
    /// The steps, from the smallest rate on.
    pub points: Vec<LrPoint>,
}

/// One step of a sweep over learning rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LrPoint {
    /// The learning rate.
    pub lr: f64,
    /// The mean loss of the batch before the update.
    pub loss: f64,
    /// The smoothed loss.
    pub smoothed: f64,
}

impl Default for LrFinder {
    fn default() -> Self {
        Self::new()
    }
}

impl LrFinder {
    /// With the settings above.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            from: 1e-7,
            to: 10.0,
            steps: 100,
            smoothing: 0.98,
            diverged: 4.0,
        }
    }

    /// Sets the smallest and the largest rate, 1e-7 and 10 by default.
    #[must_use]
    pub const fn rates(mut self, from: f64, to: f64) -> Self {
        self.from = from;
        self.to = to;
        self
    }

    /// Sets how many steps are made at most, 100 by default.
    #[must_use]
    pub const fn steps(mut self, steps: usize) -> Self {
        self.steps = steps;
        self
    }

    /// Sets β, how much of the smoothed loss stays at each step, 0.98 by default; 0 for none of it.
    #[must_use]
    pub const fn smoothing(mut self, beta: f64) -> Self {
        self.smoothing = beta;
        self
    }

    /// Sets how many times its least value the smoothed loss may be, 4 by default.
    #[must_use]
    pub const fn diverged(mut self, factor: f64) -> Self {
        self.diverged = factor;
        self
    }

    fn check(&self) -> Result<()> {
        let Self {
            from,
            to,
            steps,
            smoothing,
            diverged,
        } = *self;
        let above_zero = "a finite number above 0";
        let is_rate = |rate: f64| rate > 0.0 && rate.is_finite();
        for (valid, name, value, expected) in [
            (is_rate(from), "from", from, above_zero),
            (is_rate(to), "to", to, above_zero),
            (to > from, "to", to, "a number above `from`"),
            (
                steps >= 3,
                "steps",
                steps as f64,
                "a whole number from 3 on",
            ),
            (
                (0.0..1.0).contains(&smoothing),
                "smoothing",
                smoothing,
                "a number from 0 on, below 1",
            ),
            (diverged > 1.0, "diverged", diverged, "a number above 1"),
        ] {
            if !valid {
                return Err(Error::HyperParameter {
                    name,
                    value,
                    expected,
                });
            }
        }
        Ok(())
    }

    fn lr(&self, step: usize) -> f64 {
        let part = step as f64 / (self.steps - 1) as f64;
        self.from * libm::pow(self.to / self.from, part)
    }
}

impl LrSweep {
    /// The rate at which the smoothed loss falls fastest over the logarithm of the rate, by differences of neighbours; `None` if it never falls, or there
    /// are fewer than three steps. For a constant rate a good one to begin with; a schedule that comes down may begin with more.
    #[must_use]
    pub fn suggestion(&self) -> Option<f64> {
        // Rates are evenly spaced in logarithms, so that their distance is the same everywhere.
        let slopes = self.points.windows(3).map(|three| {
            let [before, at, after] = [three[0], three[1], three[2]];
            (at.lr, after.smoothed - before.smoothed)
        });
        let falling = slopes.filter(|(_, slope)| *slope < 0.0);
        let steepest = falling.min_by(|a, b| a.1.total_cmp(&b.1));
        steepest.map(|(lr, _)| lr)
    }

    /// The step with the least smoothed loss; `None` if there are no steps.
    #[must_use]
    pub fn lowest(&self) -> Option<LrPoint> {
        let points = self.points.iter().copied();
        points.min_by(|a, b| a.smoothed.total_cmp(&b.smoothed))
    }
}

impl<O, F, S, C, M> Trainer<O, F, S, C, M> {
    /// Looks for a learning rate: makes steps with ever larger ones, on batches of the training set and with the clipping that are set here, and says what became
    /// of the loss. Network, optimizer and trainer are then as they were. Callbacks and schedule have no part in it.
    ///
    /// ```
    /// use nn_core::prelude::*;
    ///
    /// network! { struct Net< Affine(1, 8) -> Tanh -> Affine(8, 1) -> MeanSquaredError >; }
    ///
    /// # fn main() -> nn_core::Result<()> {
    /// let x: Vec<[f32; 1]> = (0..64).map(|i| [i as f32 / 32.0 - 1.0]).collect();
    /// let t = x.iter().map(|[x]| [x * x]).collect();
    /// let train = Dataset { x, t };
    /// let mut net = Net::seeded(1);
    /// let mut trainer = Trainer::new(Adam::new(1e-3)).batch_size(16);
    /// let sweep = trainer.find_lr(&mut net, &train, &LrFinder::new().rates(1e-5, 1.0))?;
    /// if let Some(lr) = sweep.suggestion() {
    ///     Optimizer::<f32>::set_lr(trainer.optimizer_mut(), lr);
    /// }
    /// # assert!(sweep.suggestion().is_some());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Trainer::step`]; [`Error::HyperParameter`] for a setting of the finder out of its range; [`Error::NoState`] for an optimizer of one's own that
    /// does not say what it remembers, since it could not be put back. Nothing is changed then either.
    pub fn find_lr<N, Y>(
        &mut self,
        net: &mut N,
        train: &Dataset<N::Input, Y>,
        finder: &LrFinder,
    ) -> Result<LrSweep>
    where
        N: Trainable,
        N::Loss: Losses<N::Output, Y>,
        O: Optimizer<N::Element>,
        Y: Clone + Sync,
    {
        finder.check()?;
        non_empty(&train.x)?;
        let state = Parts::of(self.optimizer.state()?);
        let (lr, mut params) = (self.optimizer.lr(), Vec::new());
        snapshot::copy(net.params(), &mut params);
        let draws = net.draws();
        let sweep = self.with_threads(|trainer| trainer.sweep(net, train, finder));
        snapshot::restore(net.params_mut(), &params);
        net.set_draws(draws);
        self.optimizer.set_lr(lr);
        self.optimizer.load_state(net.params(), &state.borrowed())?;
        sweep
    }

    fn sweep<N, Y>(
        &mut self,
        net: &mut N,
        train: &Dataset<N::Input, Y>,
        finder: &LrFinder,
    ) -> Result<LrSweep>
    where
        N: Trainable,
        N::Loss: Losses<N::Output, Y>,
        O: Optimizer<N::Element>,
        Y: Clone + Sync,
    {
        super::fitting::check_set::<N, Y>(train)?;
        let iters = self.settings.steps_per_epoch(train.len())?;
        let batch_size = self.settings.samples_per_step();
        let mut batches = Batches::new(train, batch_size);
        let mut sweep = LrSweep::default();
        let (mut average, mut weight, mut least) = (0.0, 1.0, f64::INFINITY);
        for step in 0..finder.steps {
            let iter = step % iters;
            if iter == 0 {
                batches.shuffle(self.settings.seed, (step / iters) as u64);
            }
            let (x, t) = batches.gather(iter, batch_size);
            let lr = finder.lr(step);
            self.optimizer.set_lr(lr);
            let accept = |loss: N::Element| {
                let (is_finite, loss) = (loss.is_finite(), loss.as_f64());
                if is_finite {
                    Ok(())
                } else {
                    Err(Error::LossNotFinite { step, loss })
                }
            };
            let (rules, prepare) = (self.settings.rules(), |_: &mut N, _| Ok(()));
            let result = steps::step(net, &mut self.optimizer, rules, x, t, accept, prepare);
            let loss = match result {
                Err(Error::LossNotFinite { .. } | Error::GradientNotFinite { .. }) => break,
                result => result?.as_f64(),
            };
            average = finder.smoothing * average + (1.0 - finder.smoothing) * loss;
            weight *= finder.smoothing;
            let smoothed = average / (1.0 - weight);
            sweep.points.push(LrPoint { lr, loss, smoothed });
            least = least.min(smoothed);
            if smoothed - least > (finder.diverged - 1.0) * least.abs() {
                break;
            }
        }
        Ok(sweep)
    }
}

#[cfg(test)]
mod tests;
