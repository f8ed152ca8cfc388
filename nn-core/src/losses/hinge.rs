use num_traits::{One as _, Zero as _};

use crate::element::Element;
use crate::error::{Error, Result};
use crate::losses::{Loss, SigmoidWithLoss, ValueTarget};
use crate::sample::Sample;

/// Hinge loss: each output decides one question, and is asked to be above 1 or below −1. For one of several classes see
/// [`MulticlassHinge`](crate::MulticlassHinge).
///
/// Targets have the shape of the output and are −1 or 1, or 0 and 1; for a single output also `bool`s.
///
/// # Forward
/// ```text
/// loss = mean over all N·O scores of max(0, 1 − s·x)        s = 1 where t > 0, else −1   x [N, O], or deeper; saved: x
/// ```
/// # Backward
/// ```text
/// dx = −share·s / (N·O) where s·x < 1, else 0
/// ```
/// # Accuracy
/// As in [`SigmoidWithLoss`], with 0 between both sides.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Loss;
///
/// let (x, t) = ([[0.5], [2.0], [0.5]], [true, true, false]);
/// let (mut saved, mut dx) = ([[0.0]; 3], [[0.0]; 3]);
/// assert_eq!(Hinge.forward(&x, &t, &mut saved), 2.0 / 3.0); // (0.5 + 0 + 1.5) / 3
/// Hinge.backward(&saved, &t, 3.0, &mut dx);
/// assert_eq!(dx, [[-1.0], [0.0], [1.0]]);
/// ```
/// # Source
/// Cortes and Vapnik 1995, "Support-vector networks".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hinge;

/// −1 or 1.
fn side<X: Sample>(target: &impl ValueTarget<X>, index: usize) -> X::Element {
    let one = X::Element::one();
    if target.value(index) > X::Element::zero() {
        one
    } else {
        -one
    }
}

impl<X: Sample, Y: ValueTarget<X>> Loss<X, Y> for Hinge {
    fn check<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> Result<()>
    where
        Y: 't,
    {
        let allowed = [-1.0, 0.0, 1.0].map(X::Element::of);
        let valid = |target: &Y| (0..X::LEN).all(|j| allowed.contains(&target.value(j)));
        match targets.into_iter().position(|target| !valid(target)) {
            Some(index) => Err(Error::Target {
                index,
                reason: "targets of a hinge loss are −1 or 1, or 0 and 1",
            }),
            None => Ok(()),
        }
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
        let mut sum = 0.0;
        for (scores, target) in X::flat(scores).chunks_exact(X::LEN).zip(targets) {
            for (j, &x) in scores.iter().enumerate() {
                let below = (X::Element::one() - side(target, j) * x).as_f64();
                // Written so that NaN stays NaN.
                sum += if below <= 0.0 { 0.0 } else { below };
            }
        }
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
        let mean = X::Element::of(1.0 / X::flat(saved).len() as f64) * share;
        let rows = X::flat(saved)
            .chunks_exact(X::LEN)
            .zip(X::flat_mut(dx).chunks_exact_mut(X::LEN));
        for ((scores, dx), target) in rows.zip(targets) {
            for (j, (dx, &x)) in dx.iter_mut().zip(scores).enumerate() {
                let side = side(target, j);
                *dx = if side * x < X::Element::one() {
                    -side * mean
                } else {
                    X::Element::zero()
                };
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
