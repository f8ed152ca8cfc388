use std::f64::consts::PI;

use super::part;
use crate::error::Result;
use crate::optim::Schedule;
use crate::optim::check::{check_from_zero, check_positive};

/// Comes down along half a cosine; again and again with [`Cosine::restarts`].
///
/// # Rate
/// base·(floor + (1 − floor)·(1 + cos(π·at / steps)) / 2), and base·floor from `steps` on. PyTorch's `CosineAnnealingLR` goes the
/// same way down, and up again behind it. With restarts `at` counts from the last one, as in PyTorch's
/// `CosineAnnealingWarmRestarts`.
/// # Hyper-parameters
/// `steps` from 1 on; `floor` from 0 on, 0 by default; `restarts` from 1 on, none by default.
/// # Examples
/// ```
/// use nn_core::{Cosine, Schedule};
///
/// let schedule = Cosine::new(100);
/// assert_eq!(schedule.lr(0.8, 0)?, 0.8);
/// assert!((schedule.lr(0.8, 50)? - 0.4).abs() < 1e-15);
/// assert_eq!(schedule.lr(0.8, 100)?, 0.0);
///
/// // 100 steps down, 200 steps down, 400 steps down, …
/// let restarting = Cosine::new(100).restarts(2);
/// assert_eq!(restarting.lr(0.8, 100)?, 0.8);
/// assert!((restarting.lr(0.8, 200)? - 0.4).abs() < 1e-15);
/// assert_eq!(restarting.lr(0.8, 300)?, 0.8);
/// # Ok::<(), nn_core::Error>(())
/// ```
/// # Source
/// Loshchilov and Hutter 2017, arXiv:1608.03983, equation 5.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cosine {
    steps: usize,
    floor: f64,
    restarts: Option<usize>,
}

impl Cosine {
    /// Down in so many steps, or epochs; those of a warm-up before it are not among them.
    #[must_use]
    pub const fn new(steps: usize) -> Self {
        Self {
            steps,
            floor: 0.0,
            restarts: None,
        }
    }

    /// Sets where it ends, as a multiple of the optimizer's rate, 0 by default.
    #[must_use]
    pub const fn floor(mut self, floor: f64) -> Self {
        self.floor = floor;
        self
    }

    /// Begins again when it is down, each time with `factor` times as many steps as the last time; 1 for equal periods.
    #[must_use]
    pub const fn restarts(mut self, factor: usize) -> Self {
        self.restarts = Some(factor);
        self
    }

    /// The step within its period, and how long that is.
    fn place(&self, at: usize) -> (usize, usize) {
        match self.restarts {
            None => (at, self.steps),
            Some(1) => (at % self.steps, self.steps),
            Some(factor) => {
                let (mut at, mut steps) = (at, self.steps);
                while at >= steps {
                    at -= steps;
                    steps = steps.saturating_mul(factor);
                }
                (at, steps)
            }
        }
    }
}

impl Schedule for Cosine {
    fn lr(&self, base: f64, at: usize) -> Result<f64> {
        check_positive("steps", self.steps)?;
        check_from_zero("floor", self.floor)?;
        check_positive("restarts", self.restarts.unwrap_or(1))?;
        let (at, steps) = self.place(at);
        let height = 0.5 + 0.5 * libm::cos(PI * part(at, steps));
        Ok(base * (self.floor + (1.0 - self.floor) * height))
    }
}
