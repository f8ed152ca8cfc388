use num_traits::{Float as _, Zero as _};

use crate::element::Element;
use crate::error::{Error, Result};
use crate::kernels::Kernels as _;
use crate::losses::{Loss, ValueTarget, argmax};
use crate::sample::Sample;

/// Sigmoid and binary cross entropy: each output decides one question. Takes raw scores (logits).
///
/// Targets have the shape of the output and lie between 0 and 1; for a single output also `bool`s or labels 0 and 1.
///
/// # Forward
/// ```text
/// loss = mean over all N·O scores of ln(1 + exp(x)) − t·x        x [N, O], or deeper
/// ```
///
/// in a form that cannot overflow; saved: the probabilities p = 1 / (1 + exp(−x)).
/// # Backward
/// ```text
/// dx = share·(p − t) / (N·O)
/// ```
/// # Accuracy
/// For a single output: the share of samples whose probability is on the target's side of ½. For several: the share of
/// samples whose largest score is where the target is largest.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Loss;
///
/// let (logits, mut probs, mut dx) = ([[3.0_f64.ln()]], [[0.0]], [[0.0]]);
/// let loss = SigmoidWithLoss.forward(&logits, &[true], &mut probs);
/// assert!((loss - (4.0_f64 / 3.0).ln()).abs() < 1e-15); // −ln ¾
/// SigmoidWithLoss.backward(&probs, &[true], 1.0, &mut dx);
/// assert!((dx[0][0] + 0.25).abs() < 1e-15); // ¾ − 1
/// ```
/// # Source
/// Goodfellow, Bengio and Courville 2016, "Deep Learning", section 6.2.2.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SigmoidWithLoss;

impl<X: Sample, Y: ValueTarget<X>> Loss<X, Y> for SigmoidWithLoss {
    fn check<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> Result<()>
    where
        Y: 't,
    {
        let (zero, one) = (X::Element::of(0.0), X::Element::of(1.0));
        let valid = |target: &Y| (0..X::LEN).all(|j| (zero..=one).contains(&target.value(j)));
        match targets.into_iter().position(|target| !valid(target)) {
            Some(index) => Err(Error::Target {
                index,
                reason: "binary targets lie between 0 and 1",
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
        X::Element::soft_edge(X::flat_mut(saved));
        let mut sum = 0.0;
        let rows = X::flat(scores)
            .chunks_exact(X::LEN)
            .zip(X::flat(saved).chunks_exact(X::LEN));
        for ((scores, edges), target) in rows.zip(targets) {
            for (j, (&x, &edge)) in scores.iter().zip(edges).enumerate() {
                // The large terms first: they cancel where the target is met, and leave the small one whole.
                let large = x.max(X::Element::zero()) - target.value(j) * x;
                sum += (large + edge).as_f64();
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
        let mean = X::Element::of(1.0 / X::flat(saved).len() as f64) * share;
        let rows = X::flat(saved)
            .chunks_exact(X::LEN)
            .zip(X::flat_mut(dx).chunks_exact_mut(X::LEN));
        for ((probs, dx), target) in rows.zip(targets) {
            for (j, (dx, &p)) in dx.iter_mut().zip(probs).enumerate() {
                *dx = (p - target.value(j)) * mean;
            }
        }
    }

    fn hits<'t>(&self, scores: &[X], targets: impl IntoIterator<Item = &'t Y>) -> Option<usize>
    where
        Y: 't,
    {
        let half = X::Element::of(0.5);
        let zero = X::Element::of(0.0);
        let rows = X::flat(scores).chunks_exact(X::LEN).zip(targets);
        let hit = |(scores, target): (&[X::Element], &Y)| match scores {
            [score] => (*score > zero) == (target.value(0) > half) && !score.is_nan(),
            scores => argmax(scores).is_some_and(|largest| {
                (0..X::LEN).all(|j| target.value(j) <= target.value(largest))
            }),
        };
        Some(rows.filter(|&row| hit(row)).count())
    }
}
