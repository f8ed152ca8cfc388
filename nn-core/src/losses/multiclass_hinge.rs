use crate::element::Element;
use crate::error::Result;
use crate::losses::{ClassTarget, Loss, SoftmaxWithLoss, count_hits};

/// Hinge loss over C classes: the score of the right one is asked to be above all others by a margin.
///
/// Targets are labels from 0 to C − 1, or one-hot rows; of a row of probabilities the largest is the class.
///
/// # Forward
/// ```text
/// loss = mean over n of Σⱼ max(0, margin − x[n, t] + x[n, j]) / C, for j other than the class t        x [N, C]; saved: x
/// ```
///
/// As PyTorch's `MultiMarginLoss`.
/// # Backward
/// ```text
/// dx[n, j] = share / (N·C) where that is above 0, and dx[n, t] = −Σⱼ dx[n, j]
/// ```
/// # Hyper-parameters
/// `margin` above 0, 1 by default.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Loss;
///
/// let (x, mut saved, mut dx) = ([[2.0, 0.5, 1.5, 3.0]], [[0.0; 4]], [[0.0; 4]]);
/// let hinge = MulticlassHinge::new();
/// assert_eq!(hinge.forward(&x, &[0_u8], &mut saved), 0.625); // (0 + 0.5 + 2) / 4
/// hinge.backward(&saved, &[0_u8], 1.0, &mut dx);
/// assert_eq!(dx, [[-0.5, 0.0, 0.25, 0.25]]);
/// ```
/// # Source
/// Weston and Watkins 1999, "Support vector machines for multi-class pattern recognition".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MulticlassHinge {
    margin: f64,
}

impl MulticlassHinge {
    /// With a margin of 1.
    #[must_use]
    pub const fn new() -> Self {
        Self { margin: 1.0 }
    }

    /// Sets the margin, above 0, 1 by default.
    #[must_use]
    pub const fn margin(mut self, margin: f64) -> Self {
        self.margin = margin;
        self
    }

    /// Whether the margin is in its range.
    #[doc(hidden)]
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        0.0 < self.margin && self.margin.is_finite()
    }
}

impl Default for MulticlassHinge {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Element, Y: ClassTarget<T, C>, const C: usize> Loss<[T; C], Y> for MulticlassHinge {
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
        saved: &mut [[T; C]],
    ) -> T
    where
        Y: 't,
    {
        saved.copy_from_slice(scores);
        let margin = T::of(self.margin);
        let mut sum = 0.0;
        for (scores, target) in scores.iter().zip(targets) {
            let class = target.class();
            let own = class.and_then(|class| scores.get(class).copied());
            let own = own.unwrap_or_else(T::nan);
            for (j, &score) in scores.iter().enumerate() {
                let below = (margin - own + score).as_f64();
                // Written so that NaN stays NaN.
                sum += if class == Some(j) || below <= 0.0 {
                    0.0
                } else {
                    below
                };
            }
        }
        T::of(sum / (scores.len() * C) as f64)
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
        let margin = T::of(self.margin);
        let mean = T::of(1.0 / (saved.len() * C) as f64) * share;
        for ((scores, dx), target) in saved.iter().zip(dx).zip(targets) {
            dx.fill(T::zero());
            let Some(class) = target.class().filter(|&class| class < C) else {
                continue;
            };
            let (own, mut of_class) = (scores[class], T::zero());
            for (j, (dx, &score)) in dx.iter_mut().zip(scores).enumerate() {
                if j != class && margin - own + score > T::zero() {
                    *dx = mean;
                    of_class -= mean;
                }
            }
            dx[class] = of_class;
        }
    }

    fn hits<'t>(&self, scores: &[[T; C]], targets: impl IntoIterator<Item = &'t Y>) -> Option<usize>
    where
        Y: 't,
    {
        count_hits(scores, targets, Y::class)
    }
}
