use crate::element::Element;
use crate::error::Result;
use crate::losses::counting::Counting;
use crate::losses::{ClassTarget, Loss};

/// [`NegativeLogLikelihood`](crate::NegativeLogLikelihood) with options: `NegativeLogLikelihood(ignore = 255, weights = [1.0, 4.0])`.
///
/// Targets are labels from 0 to C − 1, one-hot rows, or rows of probabilities.
///
/// # Forward
/// ```text
/// loss = −Σₙⱼ w[j]·t[n, j]·x[n, j] / Σₙⱼ w[j]·t[n, j]        x [N, C]
/// ```
///
/// over the samples whose label is not ignored. The mean is divided by the weights of the targets, as that of PyTorch's `NLLLoss`.
/// # Backward
/// ```text
/// dx[n, j] = −share·w[j]·t[n, j] / Σₙⱼ w[j]·t[n, j]        0 where the label is ignored
/// ```
/// # Hyper-parameters
/// `ignore`, a label, none by default; `weights`, w, C numbers from 0 on, 1 by default.
/// # Accuracy
/// Of the samples whose label is not ignored.
/// # Errors
/// [`Error::NothingCounts`](crate::Error::NothingCounts) if all labels of a batch are ignored, or their classes weigh nothing: there is
/// no mean. (PyTorch's is NaN.)
/// # Examples
/// ```
/// use nn_core::{LogLikelihood, Loss};
///
/// let loss = LogLikelihood::new().ignore(255).weights([1.0, 3.0]);
/// let (x, targets) = ([[-2.0, -0.5], [-3.0, -1.0], [-1.0, -1.0]], [0_u8, 1, 255]);
/// let (mut saved, mut dx) = ([[0.0; 2]; 3], [[0.0; 2]; 3]);
/// assert_eq!(loss.forward(&x, &targets, &mut saved), 1.25); // (1·2 + 3·1) / (1 + 3)
/// loss.backward(&saved, &targets, 1.0, &mut dx);
/// assert_eq!(dx, [[-0.25, 0.0], [0.0, -0.75], [0.0, 0.0]]);
/// ```
/// # Source
/// As [`NegativeLogLikelihood`](crate::NegativeLogLikelihood).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogLikelihood<const C: usize> {
    counting: Counting<C>,
}

impl<const C: usize> LogLikelihood<C> {
    /// Without ignored label or weights.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            counting: Counting::ALL,
        }
    }

    /// Sets the label whose samples do not count, also one that is no class.
    #[must_use]
    pub const fn ignore(mut self, label: i128) -> Self {
        self.counting.ignore = Some(label);
        self
    }

    /// Sets w, numbers from 0 on, 1 by default.
    #[must_use]
    pub const fn weights(mut self, weights: [f64; C]) -> Self {
        self.counting.weights = weights;
        self
    }

    /// Whether all options are in their ranges.
    #[doc(hidden)]
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        self.counting.is_valid()
    }

    /// w[j]·t[j]; 0 of an ignored label.
    fn weighted<T: Element>(&self, target: &impl ClassTarget<T, C>, class: usize) -> f64 {
        if self.counting.counts(target) {
            self.counting.weights[class] * target.probability(class).as_f64()
        } else {
            0.0
        }
    }
}

impl<const C: usize> Default for LogLikelihood<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Element, Y: ClassTarget<T, C>, const C: usize> Loss<[T; C], Y> for LogLikelihood<C> {
    fn check<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> Result<()>
    where
        Y: 't,
    {
        self.counting.check(targets)
    }

    fn amount<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> f64
    where
        Y: 't,
    {
        self.counting.amount(targets)
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
        let (mut sum, mut amount) = (0.0, 0.0);
        for (scores, target) in scores.iter().zip(targets) {
            for (j, score) in scores.iter().enumerate() {
                let q = self.weighted(target, j);
                amount += q;
                // A class that cannot be may have the logarithm −∞.
                if q > 0.0 {
                    sum -= q * score.as_f64();
                }
            }
        }
        T::of(if amount == 0.0 { 0.0 } else { sum / amount })
    }

    fn backward<'t>(
        &self,
        _saved: &[[T; C]],
        targets: impl IntoIterator<Item = &'t Y>,
        share: T,
        dx: &mut [[T; C]],
    ) where
        Y: 't,
    {
        let mut amount = 0.0;
        for (dx, target) in dx.iter_mut().zip(targets) {
            for (j, dx) in dx.iter_mut().enumerate() {
                let q = self.weighted(target, j);
                amount += q;
                *dx = T::of(q);
            }
        }
        let mean = if amount == 0.0 { 0.0 } else { -1.0 / amount };
        T::scale(dx.as_flattened_mut(), T::of(mean) * share);
    }

    fn judged<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> usize
    where
        Y: 't,
    {
        self.counting.judged(targets)
    }

    fn hits<'t>(&self, scores: &[[T; C]], targets: impl IntoIterator<Item = &'t Y>) -> Option<usize>
    where
        Y: 't,
    {
        Some(self.counting.hits(scores, targets))
    }
}
