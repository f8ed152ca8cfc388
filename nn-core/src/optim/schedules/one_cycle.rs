use std::f64::consts::PI;

use crate::error::Result;
use crate::optim::Schedule;
use crate::optim::check::{check, check_from_zero, check_positive};

/// Up to the optimizer's rate, and down to next to nothing, in one cycle: made for large rates and short training.
///
/// # Rate
/// From base·start up to base at the step `peak_at`·steps − 1, then down to base·end at the last step, along half a cosine each;
/// after the last step it stays there. As PyTorch's `OneCycleLR`, which moves the momentum too.
///
/// With [`OneCycle::three_phases`] it comes down as it went up, and in the remaining steps from base·start to base·end.
/// # Hyper-parameters
/// `steps` from 1 on; `start` from 0 on, 1/25 by default; `end` from 0 on, 4e-6 by default (`PyTorch`: `div_factor` 25 and
/// `final_div_factor` 1e4); `peak_at` from 0 to 1, 0.3 by default.
/// # Examples
/// ```
/// use nn_core::{OneCycle, Schedule};
///
/// let schedule = OneCycle::new(100);
/// assert!((schedule.lr(0.5, 0)? - 0.02).abs() < 1e-15);
/// assert_eq!(schedule.lr(0.5, 29)?, 0.5);
/// assert!((schedule.lr(0.5, 99)? - 2e-6).abs() < 1e-15);
/// # Ok::<(), nn_core::Error>(())
/// ```
/// # Source
/// Smith and Topin 2018, arXiv:1708.07120.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneCycle {
    steps: usize,
    start: f64,
    end: f64,
    peak_at: f64,
    linear: bool,
    three_phases: bool,
}

impl OneCycle {
    /// A cycle of so many steps.
    #[must_use]
    pub const fn new(steps: usize) -> Self {
        Self {
            steps,
            start: 0.04,
            end: 4e-6,
            peak_at: 0.3,
            linear: false,
            three_phases: false,
        }
    }

    /// Sets where it begins, as a multiple of the optimizer's rate, 1/25 by default.
    #[must_use]
    pub const fn start(mut self, start: f64) -> Self {
        self.start = start;
        self
    }

    /// Sets where it ends, as a multiple of the optimizer's rate, 4e-6 by default.
    #[must_use]
    pub const fn end(mut self, end: f64) -> Self {
        self.end = end;
        self
    }

    /// Sets the share of steps that it goes up, 0.3 by default.
    #[must_use]
    pub const fn peak_at(mut self, share: f64) -> Self {
        self.peak_at = share;
        self
    }

    /// Lets it go up and down along straight lines.
    #[must_use]
    pub const fn linear(mut self) -> Self {
        self.linear = true;
        self
    }

    /// Lets it come down as it went up, before the end.
    #[must_use]
    pub const fn three_phases(mut self) -> Self {
        self.three_phases = true;
        self
    }

    fn check(&self) -> Result<()> {
        check_positive("steps", self.steps)?;
        check_from_zero("start", self.start)?;
        check_from_zero("end", self.end)?;
        let valid = (0.0..=1.0).contains(&self.peak_at);
        check(valid, "peak_at", self.peak_at, "a number from 0 to 1")
    }

    /// From one multiple to the other, where this part of the way is behind.
    fn between(&self, from: f64, to: f64, part: f64) -> f64 {
        if self.linear {
            from + (to - from) * part
        } else {
            to + (from - to) * (1.0 + libm::cos(PI * part)) / 2.0
        }
    }
}

impl Schedule for OneCycle {
    fn lr(&self, base: f64, at: usize) -> Result<f64> {
        self.check()?;
        let steps = self.steps as f64;
        let (peak, last) = (self.peak_at * steps - 1.0, steps - 1.0);
        // Where each phase ends, and at which multiple.
        let phases = if self.three_phases {
            [(peak, 1.0), (2.0 * peak, self.start), (last, self.end)]
        } else {
            [(peak, 1.0), (peak, 1.0), (last, self.end)]
        };
        let at = (at as f64).min(last);
        let (mut begin, mut from) = (0.0, self.start);
        for (end, to) in phases {
            if at <= end {
                let part = if end > begin {
                    (at - begin) / (end - begin)
                } else {
                    1.0
                };
                return Ok(base * self.between(from, to, part));
            }
            (begin, from) = (end, to);
        }
        Ok(base * self.end)
    }
}
