use crate::element::Element;
use crate::error::Result;
use crate::losses::{ClassTarget, Loss, NegativeLogLikelihood, SoftmaxWithLoss, count_hits};

/// The Kullback-Leibler divergence of the distribution that the scores are from that of the targets. Takes logarithms of
/// probabilities, such as [`LogSoftmax`](crate::LogSoftmax) gives.
///
/// Targets are rows of probabilities; labels and one-hot rows too, for which it is
/// [`NegativeLogLikelihood`](crate::NegativeLogLikelihood).
///
/// # Forward
/// ```text
/// loss = mean over n of Σⱼ t[n, j]·(ln t[n, j] − x[n, j])        x [N, C]; 0·ln 0 = 0
/// ```
///
/// As PyTorch's `KLDivLoss` with `reduction='batchmean'`.
/// # Backward
/// ```text
/// dx = −share·t / N
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Loss;
///
/// let (x, t) = ([[0.5_f64.ln(), 0.5_f64.ln()]], [[0.25, 0.75]]);
/// let (mut saved, mut dx) = ([[0.0; 2]], [[0.0; 2]]);
/// let loss = KlDivergence.forward(&x, &t, &mut saved);
/// assert!((loss - (0.25 * 0.5_f64.ln() + 0.75 * 1.5_f64.ln())).abs() < 1e-15); // ¼·ln(¼/½) + ¾·ln(¾/½)
/// KlDivergence.backward(&saved, &t, 1.0, &mut dx);
/// assert_eq!(dx, [[-0.25, -0.75]]);
/// ```
/// # Source
/// Kullback and Leibler 1951, "On information and sufficiency".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KlDivergence;

impl<T: Element, Y: ClassTarget<T, C>, const C: usize> Loss<[T; C], Y> for KlDivergence {
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
                if t > 0.0 {
                    sum += t * (t.ln() - score.as_f64());
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
        NegativeLogLikelihood.backward(saved, targets, share, dx);
    }

    fn hits<'t>(&self, scores: &[[T; C]], targets: impl IntoIterator<Item = &'t Y>) -> Option<usize>
    where
        Y: 't,
    {
        count_hits(scores, targets, Y::class)
    }
}
