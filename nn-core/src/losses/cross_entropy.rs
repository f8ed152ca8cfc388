use crate::element::Element;
use crate::error::Result;
use crate::losses::counting::Counting;
use crate::losses::{ClassTarget, Loss};

/// [`SoftmaxWithLoss`](crate::SoftmaxWithLoss) with options: `SoftmaxWithLoss(smoothing = 0.1, ignore = 255, weights = [1.0, 4.0])`.
///
/// Targets are labels from 0 to C − 1, one-hot rows, or rows of probabilities.
///
/// # Forward
/// ```text
/// q[n, j] = w[j]·((1 − ε)·t[n, j] + ε / C)
/// loss = Σₙⱼ q[n, j]·(ln Σₖ exp(x[n, k]) − x[n, j]) / Σₙⱼ w[j]·t[n, j]        x [N, C]
/// ```
///
/// over the samples whose label is not ignored; saved: the probabilities p = softmax(x).
///
/// The mean is divided by the weights of the targets, as that of PyTorch's `CrossEntropyLoss`: the sum of one weight for each label. A row
/// counts as much as its classes weigh, so that a one-hot row is what its label is; PyTorch counts every row as 1.
/// # Backward
/// ```text
/// dx = share·(p·Σₖ q[n, k] − q) / Σₙⱼ w[j]·t[n, j]        0 where the label is ignored
/// ```
/// # Hyper-parameters
/// `smoothing`, ε, from 0 to 1, 0 by default; `ignore`, a label, none by default; `weights`, w, C numbers from 0 on, 1 by default.
/// # Accuracy
/// Of the samples whose label is not ignored.
/// # Errors
/// [`Error::NothingCounts`](crate::Error::NothingCounts) if all labels of a batch are ignored, or their classes weigh nothing: there is no mean. (PyTorch's is NaN.)
/// # Examples
/// ```
/// use nn_core::{CrossEntropy, Loss};
///
/// let loss = CrossEntropy::new().ignore(255).weights([1.0, 3.0]);
/// let (x, targets) = ([[0.0, 3.0_f64.ln()]; 3], [0_u8, 1, 255]);
/// let (mut probs, mut dx) = ([[0.0; 2]; 3], [[0.0; 2]; 3]);
/// let mean = loss.forward(&x, &targets, &mut probs);
/// // (1·ln 4 + 3·ln 4/3) / (1 + 3)
/// assert!((mean - 0.25 * (4.0_f64.ln() + 3.0 * (4.0_f64 / 3.0).ln())).abs() < 1e-15);
/// loss.backward(&probs, &targets, 1.0, &mut dx);
/// assert!((dx[0][0] + 0.1875).abs() < 1e-15); // 1·(¼ − 1) / 4
/// assert!((dx[1][1] + 0.1875).abs() < 1e-15); // 3·(¾ − 1) / 4
/// assert_eq!(dx[2], [0.0, 0.0]);
/// ```
/// # Source
/// As [`SoftmaxWithLoss`](crate::SoftmaxWithLoss); smoothing by Szegedy et al. 2016, arXiv:1512.00567, section 7.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrossEntropy<const C: usize> {
    smoothing: f64,
    counting: Counting<C>,
}

impl<const C: usize> CrossEntropy<C> {
    /// Without smoothing, ignored label or weights.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            smoothing: 0.0,
            counting: Counting::ALL,
        }
    }

    /// Sets ε, from 0 to 1, 0 by default.
    #[must_use]
    pub const fn smoothing(mut self, smoothing: f64) -> Self {
        self.smoothing = smoothing;
        self
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
        self.counting.is_valid() && 0.0 <= self.smoothing && self.smoothing <= 1.0
    }

    /// q[j], for a target that counts.
    fn smoothed<T: Element>(&self, target: &impl ClassTarget<T, C>, class: usize) -> f64 {
        let t = target.probability(class).as_f64();
        self.counting.weights[class] * ((1.0 - self.smoothing) * t + self.smoothing / C as f64)
    }
}

impl<const C: usize> Default for CrossEntropy<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Element, Y: ClassTarget<T, C>, const C: usize> Loss<[T; C], Y> for CrossEntropy<C> {
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
        saved: &mut [[T; C]],
    ) -> T
    where
        Y: 't,
    {
        saved.copy_from_slice(scores);
        let (mut sum, mut amount) = (0.0, 0.0);
        let mut rows = scores.iter().zip(targets);
        // Row by row, in order.
        T::softmax_forward(
            saved.as_flattened_mut(),
            C,
            false,
            &mut |_, largest, log_sum| {
                let Some((scores, target)) = rows.next() else {
                    return;
                };
                amount += self.counting.weight_of(target);
                if !self.counting.counts(target) {
                    return;
                }
                for (j, &score) in scores.iter().enumerate() {
                    let q = self.smoothed(target, j);
                    // 0·ln 0 counts as 0.
                    if q > 0.0 {
                        sum += q * (log_sum + (largest - score)).as_f64();
                    }
                }
            },
        );
        T::of(if amount == 0.0 { 0.0 } else { sum / amount })
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
        let mut amount = 0.0;
        for ((probs, dx), target) in saved.iter().zip(&mut *dx).zip(targets) {
            amount += self.counting.weight_of(target);
            if !self.counting.counts(target) {
                dx.fill(T::zero());
                continue;
            }
            let all: f64 = (0..C).map(|j| self.smoothed(target, j)).sum();
            for (j, (dx, &p)) in dx.iter_mut().zip(probs).enumerate() {
                *dx = T::of(all * p.as_f64() - self.smoothed(target, j));
            }
        }
        let mean = if amount == 0.0 { 0.0 } else { 1.0 / amount };
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
