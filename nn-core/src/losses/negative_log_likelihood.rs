use crate::element::Element;
use crate::error::Result;
use crate::losses::{ClassTarget, Loss, SoftmaxWithLoss, count_hits};

/// The negative logarithm of the probability of the right one of C classes. Takes logarithms of probabilities, such as
/// [`LogSoftmax`](crate::LogSoftmax) gives; both together are [`SoftmaxWithLoss`], which is faster.
///
/// `NegativeLogLikelihood(ignore = 255, weights = [1.0, 4.0])` is [`LogLikelihood`](crate::LogLikelihood).
///
/// Targets are labels from 0 to C − 1, one-hot rows, or rows of probabilities.
///
/// # Forward
/// ```text
/// loss = mean over n of −Σⱼ t[n, j]·x[n, j]        x [N, C]
/// ```
/// # Backward
/// ```text
/// dx = −share·t / N
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Loss;
///
/// let (x, mut saved, mut dx) = ([[-2.0, -0.5], [-3.0, -1.0]], [[0.0; 2]; 2], [[0.0; 2]; 2]);
/// let loss = NegativeLogLikelihood.forward(&x, &[0_u8, 1], &mut saved);
/// assert_eq!(loss, 1.5); // (2 + 1) / 2
/// NegativeLogLikelihood.backward(&saved, &[0_u8, 1], 1.0, &mut dx);
/// assert_eq!(dx, [[-0.5, 0.0], [0.0, -0.5]]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NegativeLogLikelihood;

impl<T: Element, Y: ClassTarget<T, C>, const C: usize> Loss<[T; C], Y> for NegativeLogLikelihood {
    fn check<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> Result<()>
    where
        Y: 't,
    {
        Loss::<[T; C], Y>::check(&SoftmaxWithLoss, targets)
    }

    fn forward<'t>(
        &self,
        scores: &[[T; C]],
        targets: impl IntoIterator<Item = &'t Y>,
        _saved: &mut [[T; C]],
    ) -> T
    where
        Y: 't,
    {
        let mut sum = 0.0;
        for (scores, target) in scores.iter().zip(targets) {
            for (j, score) in scores.iter().enumerate() {
                let t = target.probability(j).as_f64();
                // A class that cannot be may have the logarithm −∞.
                if t > 0.0 {
                    sum -= t * score.as_f64();
                }
            }
        }
        T::of(sum / scores.len() as f64)
    }

    fn backward<'t>(
        &self,
        saved: &[[T; C]],
        targets: impl IntoIterator<Item = &'t Y>,
        share: T,
        dx: &mut [[T; C]],
    ) where
        Y: 't,
    {
        let mean = T::of(1.0 / saved.len() as f64) * share;
        for (dx, target) in dx.iter_mut().zip(targets) {
            for (j, dx) in dx.iter_mut().enumerate() {
                *dx = -(target.probability(j) * mean);
            }
        }
    }

    fn hits<'t>(&self, scores: &[[T; C]], targets: impl IntoIterator<Item = &'t Y>) -> Option<usize>
    where
        Y: 't,
    {
        count_hits(scores, targets, Y::class)
    }
}
