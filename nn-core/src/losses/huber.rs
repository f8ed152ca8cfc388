use num_traits::Float as _;

use crate::element::Element;
use crate::error::Result;
use crate::losses::differences::{check_finite, one_hot_hits, subtract};
use crate::losses::{Loss, ValueTarget};
use crate::sample::Sample;

/// Huber's loss: squared error near the target, absolute error further away. Targets have the shape of the output; for a single
/// output also bare numbers.
///
/// # Forward
/// ```text
/// loss = mean over all N·O outputs of ½·d² where |d| ≤ δ, else δ·(|d| − ½·δ)        d = x − t, saved   x [N, O], or deeper
/// ```
/// # Backward
/// ```text
/// dx = share·min(max(d, −δ), δ) / (N·O)
/// ```
/// # Hyper-parameters
/// `delta`, δ, above 0, 1 by default: `Huber`, or `Huber(0.5)`.
/// # Accuracy
/// As in [`MeanSquaredError`](crate::MeanSquaredError).
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Loss;
///
/// let (y, t) = ([[1.0, 2.0]], [[0.5, 5.0]]);
/// let (mut difference, mut dx) = ([[0.0; 2]], [[0.0; 2]]);
/// let huber = Huber::new().delta(2.0);
/// assert_eq!(huber.forward(&y, &t, &mut difference), 2.0625); // (½·0.25 + 2·(3 − 1)) / 2
/// huber.backward(&difference, &t, 1.0, &mut dx);
/// assert_eq!(dx, [[0.25, -1.0]]); // 0.5 / 2, −2 / 2
/// ```
/// # Source
/// Huber 1964, "Robust estimation of a location parameter".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Huber {
    delta: f64,
}

impl Huber {
    /// With δ = 1.
    #[must_use]
    pub const fn new() -> Self {
        Self { delta: 1.0 }
    }

    /// Sets δ, above 0, 1 by default.
    #[must_use]
    pub const fn delta(mut self, delta: f64) -> Self {
        self.delta = delta;
        self
    }

    /// Whether δ is in its range.
    #[doc(hidden)]
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        0.0 < self.delta && self.delta.is_finite()
    }
}

impl Default for Huber {
    fn default() -> Self {
        Self::new()
    }
}

impl<X: Sample, Y: ValueTarget<X>> Loss<X, Y> for Huber {
    fn check<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> Result<()>
    where
        Y: 't,
    {
        check_finite::<X, Y>(targets)
    }

    fn forward<'t>(
        &self,
        scores: &[X],
        targets: impl IntoIterator<Item = &'t Y>,
        saved: &mut [X],
    ) -> X::Element
    where
        Y: 't,
    {
        subtract(scores, targets, saved);
        let differences = X::flat(saved);
        let loss = |difference: &X::Element| {
            let size = difference.as_f64().abs();
            // Written so that NaN stays NaN.
            if size > self.delta {
                self.delta * (size - 0.5 * self.delta)
            } else {
                0.5 * size * size
            }
        };
        let sum: f64 = differences.iter().map(loss).sum();
        X::Element::of(sum / differences.len() as f64)
    }

    fn backward<'t>(
        &self,
        saved: &[X],
        _targets: impl IntoIterator<Item = &'t Y>,
        share: X::Element,
        dx: &mut [X],
    ) where
        Y: 't,
    {
        let delta = X::Element::of(self.delta);
        let mean = X::Element::of(1.0 / X::flat(saved).len() as f64) * share;
        for (dx, &difference) in X::flat_mut(dx).iter_mut().zip(X::flat(saved)) {
            let bounded = if difference.abs() > delta {
                difference.signum() * delta
            } else {
                difference
            };
            *dx = bounded * mean;
        }
    }

    fn hits<'t>(&self, scores: &[X], targets: impl IntoIterator<Item = &'t Y>) -> Option<usize>
    where
        Y: 't,
    {
        one_hot_hits(scores, targets)
    }
}
