use crate::element::Element;
use crate::error::Result;
use crate::losses::{ClassTarget, Loss, count_hits};

/// Softmax and cross entropy over C classes, the loss of a classifier. Takes raw scores (logits).
///
/// Targets are labels from 0 to C − 1, one-hot rows, or rows of probabilities.
///
/// # Forward
/// ```text
/// loss = mean over n of ln Σⱼ exp(x[n, j]) − Σⱼ t[n, j]·x[n, j]        x [N, C]
/// ```
///
/// by log-sum-exp, which is exact and cannot overflow; saved: the probabilities p = softmax(x).
/// # Backward
/// ```text
/// dx = share·(p − t) / N
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Loss;
///
/// let (logits, mut probs, mut dx) = ([[0.0, 3.0_f64.ln()]], [[0.0; 2]], [[0.0; 2]]);
/// let loss = SoftmaxWithLoss.forward(&logits, &[1_u8], &mut probs);
/// assert!((loss - (4.0_f64 / 3.0).ln()).abs() < 1e-15); // −ln ¾
/// SoftmaxWithLoss.backward(&probs, &[1_u8], 1.0, &mut dx);
/// assert!((dx[0][0] - 0.25).abs() < 1e-15 && (dx[0][1] + 0.25).abs() < 1e-15); // ¼ − 0, ¾ − 1
/// ```
/// # Source
/// Goodfellow, Bengio and Courville 2016, "Deep Learning", section 6.2.2.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoftmaxWithLoss;

impl<T: Element, Y: ClassTarget<T, C>, const C: usize> Loss<[T; C], Y> for SoftmaxWithLoss {
    fn check<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> Result<()>
    where
        Y: 't,
    {
        targets
            .into_iter()
            .enumerate()
            .try_for_each(|(index, target)| target.check(index))
    }

    fn forward<'t>(
        &self,
        scores: &[[T; C]],
        targets: impl IntoIterator<Item = &'t Y>,
        saved: &mut [[T; C]],
    ) -> T
    where
        Y: 't,
    {
        saved.copy_from_slice(scores);
        let mut sum = 0.0;
        let mut rows = scores.iter().zip(targets);
        // Row by row, in order.
        T::softmax_forward(
            saved.as_flattened_mut(),
            C,
            false,
            &mut |_, largest, log_sum| {
                if let Some((scores, target)) = rows.next() {
                    sum += target.cross_entropy(scores, largest, log_sum).as_f64();
                }
            },
        );
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
        dx.copy_from_slice(saved);
        for (dx, target) in dx.iter_mut().zip(targets) {
            target.subtract_from(dx);
        }
        T::scale(
            dx.as_flattened_mut(),
            T::of(1.0 / saved.len() as f64) * share,
        );
    }

    fn hits<'t>(&self, scores: &[[T; C]], targets: impl IntoIterator<Item = &'t Y>) -> Option<usize>
    where
        Y: 't,
    {
        count_hits(scores, targets, Y::class)
    }
}
