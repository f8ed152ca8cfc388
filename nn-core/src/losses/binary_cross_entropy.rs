use num_traits::{Float as _, One as _, Zero as _};

use crate::element::Element;
use crate::error::Result;
use crate::kernels::Kernels as _;
use crate::losses::{Loss, SigmoidWithLoss, ValueTarget};
use crate::sample::Sample;

/// [`SigmoidWithLoss`] in which a yes counts for more or less than a no: `SigmoidWithLoss(pos_weight = 3.0)`, where there are three
/// times as many noes, for instance.
///
/// # Forward
/// ```text
/// loss = mean over all N·O scores of w·t·ln(1 + exp(−x)) + (1 − t)·ln(1 + exp(x))        x [N, O], or deeper
/// ```
///
/// in a form that cannot overflow; saved: the probabilities p = 1 / (1 + exp(−x)).
/// # Backward
/// ```text
/// dx = share·((1 − t)·p − w·t·(1 − p)) / (N·O)
/// ```
/// # Hyper-parameters
/// `pos_weight`, w, above 0, 1 by default.
/// # Examples
/// ```
/// use nn_core::{BinaryCrossEntropy, Loss};
///
/// let loss = BinaryCrossEntropy::new().pos_weight(3.0);
/// let (logits, mut probs, mut dx) = ([[3.0_f64.ln()]], [[0.0]], [[0.0]]);
/// let mean = loss.forward(&logits, &[true], &mut probs);
/// assert!((mean - 3.0 * (4.0_f64 / 3.0).ln()).abs() < 1e-15); // −3·ln ¾
/// loss.backward(&probs, &[true], 1.0, &mut dx);
/// assert!((dx[0][0] + 0.75).abs() < 1e-15); // −3·¼
/// ```
/// # Source
/// As [`SigmoidWithLoss`]; the weight is that of PyTorch's `BCEWithLogitsLoss`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinaryCrossEntropy {
    pos_weight: f64,
}

impl BinaryCrossEntropy {
    /// With w = 1.
    #[must_use]
    pub const fn new() -> Self {
        Self { pos_weight: 1.0 }
    }

    /// Sets w, above 0, 1 by default.
    #[must_use]
    pub const fn pos_weight(mut self, weight: f64) -> Self {
        self.pos_weight = weight;
        self
    }

    /// Whether w is in its range.
    #[doc(hidden)]
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        0.0 < self.pos_weight && self.pos_weight.is_finite()
    }
}

impl Default for BinaryCrossEntropy {
    fn default() -> Self {
        Self::new()
    }
}

impl<X: Sample, Y: ValueTarget<X>> Loss<X, Y> for BinaryCrossEntropy {
    fn check<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> Result<()>
    where
        Y: 't,
    {
        Loss::<X, Y>::check(&SigmoidWithLoss, targets)
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
        saved.copy_from_slice(scores);
        X::Element::soft_edge(X::flat_mut(saved));
        let (zero, one) = (X::Element::zero(), X::Element::one());
        let weight = X::Element::of(self.pos_weight);
        let mut sum = 0.0;
        let rows = X::flat(scores)
            .chunks_exact(X::LEN)
            .zip(X::flat(saved).chunks_exact(X::LEN));
        for ((scores, edges), target) in rows.zip(targets) {
            for (j, (&x, &edge)) in scores.iter().zip(edges).enumerate() {
                let t = target.value(j);
                // What grows with x, and is nothing where the target is met; the small term stays whole beside it.
                let factor = if x < zero { weight * t } else { one - t };
                let large = if factor == zero {
                    zero
                } else {
                    factor * x.abs()
                };
                let small = (one - t + weight * t) * edge;
                sum += (large + small).as_f64();
            }
        }
        saved.copy_from_slice(scores);
        X::Element::sigmoid_forward(X::flat_mut(saved));
        X::Element::of(sum / X::flat(scores).len() as f64)
    }

    fn backward<'t>(
        &self,
        saved: &[X],
        targets: impl IntoIterator<Item = &'t Y>,
        share: X::Element,
        dx: &mut [X],
    ) where
        Y: 't,
    {
        let (one, weight) = (X::Element::one(), X::Element::of(self.pos_weight));
        let mean = X::Element::of(1.0 / X::flat(saved).len() as f64) * share;
        let rows = X::flat(saved)
            .chunks_exact(X::LEN)
            .zip(X::flat_mut(dx).chunks_exact_mut(X::LEN));
        for ((probs, dx), target) in rows.zip(targets) {
            for (j, (dx, &p)) in dx.iter_mut().zip(probs).enumerate() {
                let t = target.value(j);
                *dx = ((one - t) * p - weight * t * (one - p)) * mean;
            }
        }
    }

    fn hits<'t>(&self, scores: &[X], targets: impl IntoIterator<Item = &'t Y>) -> Option<usize>
    where
        Y: 't,
    {
        Loss::<X, Y>::hits(&SigmoidWithLoss, scores, targets)
    }
}
