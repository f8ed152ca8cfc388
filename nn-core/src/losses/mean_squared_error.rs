use crate::element::Element;
use crate::error::Result;
use crate::kernels::Kernels as _;
use crate::losses::differences::{check_finite, one_hot_hits, subtract};
use crate::losses::{Loss, ValueTarget};
use crate::sample::Sample;

/// Mean squared error: the loss of a regression. Targets have the shape of the output; for a single output also bare
/// numbers.
///
/// # Forward
/// ```text
/// loss = mean over all N·O outputs of (x − t)²        x [N, O], or deeper; saved: x − t
/// ```
/// # Backward
/// ```text
/// dx = share·2·(x − t) / (N·O)
/// ```
/// # Accuracy
/// Defined for one-hot targets only: the share of samples whose largest output is at the one.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Loss;
///
/// let (y, t) = ([[1.0, 2.0], [3.0, 4.0]], [[1.0, 0.0], [3.0, 8.0]]);
/// let (mut difference, mut dx) = ([[0.0; 2]; 2], [[0.0; 2]; 2]);
/// assert_eq!(MeanSquaredError.forward(&y, &t, &mut difference), 5.0); // (0 + 4 + 0 + 16) / 4
/// MeanSquaredError.backward(&difference, &t, 1.0, &mut dx);
/// assert_eq!(dx, [[0.0, 1.0], [0.0, -2.0]]); // 2·(y − t) / 4
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanSquaredError;

impl<X: Sample, Y: ValueTarget<X>> Loss<X, Y> for MeanSquaredError {
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
        let sum = X::Element::sum_of_squares(X::flat(saved));
        X::Element::of(sum / X::flat(scores).len() as f64)
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
        dx.copy_from_slice(saved);
        let factor = X::Element::of(2.0 / X::flat(saved).len() as f64) * share;
        X::Element::scale(X::flat_mut(dx), factor);
    }

    fn hits<'t>(&self, scores: &[X], targets: impl IntoIterator<Item = &'t Y>) -> Option<usize>
    where
        Y: 't,
    {
        one_hot_hits(scores, targets)
    }
}
