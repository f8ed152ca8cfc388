use num_traits::{Float as _, Zero as _};

use crate::element::Element;
use crate::error::Result;
use crate::losses::differences::{check_finite, one_hot_hits, subtract};
use crate::losses::{Loss, ValueTarget};
use crate::sample::Sample;

/// Mean absolute error: a regression that outliers move less than in [`MeanSquaredError`](crate::MeanSquaredError). Targets have the
/// shape of the output; for a single output also bare numbers.
///
/// # Forward
/// ```text
/// loss = mean over all N·O outputs of |x − t|        x [N, O], or deeper; saved: x − t
/// ```
/// # Backward
/// ```text
/// dx = share·sign(x − t) / (N·O)        sign(0) = 0
/// ```
/// # Accuracy
/// As in [`MeanSquaredError`](crate::MeanSquaredError).
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Loss;
///
/// let (y, t) = ([[1.0, 2.0], [3.0, 4.0]], [[1.0, 0.0], [3.0, 8.0]]);
/// let (mut difference, mut dx) = ([[0.0; 2]; 2], [[0.0; 2]; 2]);
/// assert_eq!(MeanAbsoluteError.forward(&y, &t, &mut difference), 1.5); // (0 + 2 + 0 + 4) / 4
/// MeanAbsoluteError.backward(&difference, &t, 1.0, &mut dx);
/// assert_eq!(dx, [[0.0, 0.25], [0.0, -0.25]]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanAbsoluteError;

impl<X: Sample, Y: ValueTarget<X>> Loss<X, Y> for MeanAbsoluteError {
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
        let sum: f64 = differences.iter().map(|d| d.as_f64().abs()).sum();
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
        let step = X::Element::of(1.0 / X::flat(saved).len() as f64) * share;
        for (dx, &difference) in X::flat_mut(dx).iter_mut().zip(X::flat(saved)) {
            *dx = if difference.is_zero() {
                difference
            } else {
                difference.signum() * step
            };
        }
    }

    fn hits<'t>(&self, scores: &[X], targets: impl IntoIterator<Item = &'t Y>) -> Option<usize>
    where
        Y: 't,
    {
        one_hot_hits(scores, targets)
    }
}
