//! What losses of x − t have in common.

use num_traits::Float as _;

use crate::element::Element as _;
use crate::error::{Error, Result};
use crate::losses::{ValueTarget, count_hits};
use crate::sample::Sample;

/// Targets are finite.
pub(super) fn check_finite<'t, X: Sample, Y: ValueTarget<X> + 't>(
    targets: impl IntoIterator<Item = &'t Y>,
) -> Result<()> {
    let valid = |target: &Y| (0..X::LEN).all(|j| target.value(j).is_finite());
    match targets.into_iter().position(|target| !valid(target)) {
        Some(index) => Err(Error::Target {
            index,
            reason: "targets are finite numbers",
        }),
        None => Ok(()),
    }
}

/// Writes x − t.
pub(super) fn subtract<'t, X: Sample, Y: ValueTarget<X> + 't>(
    scores: &[X],
    targets: impl IntoIterator<Item = &'t Y>,
    differences: &mut [X],
) {
    let rows = X::flat(scores)
        .chunks_exact(X::LEN)
        .zip(X::flat_mut(differences).chunks_exact_mut(X::LEN));
    for ((scores, differences), target) in rows.zip(targets) {
        for (j, (difference, &x)) in differences.iter_mut().zip(scores).enumerate() {
            *difference = x - target.value(j);
        }
    }
}

/// How many samples have their largest score at the one of a one-hot target.
pub(super) fn one_hot_hits<'t, X: Sample, Y: ValueTarget<X> + 't>(
    scores: &[X],
    targets: impl IntoIterator<Item = &'t Y>,
) -> Option<usize> {
    count_hits(scores, targets, one_hot_class::<X, Y>)
}

/// The place of the one in a row of zeros with one one; a single number is no class.
fn one_hot_class<X: Sample, Y: ValueTarget<X>>(target: &Y) -> Option<usize> {
    let (zero, one) = (X::Element::of(0.0), X::Element::of(1.0));
    let mut ones = (0..X::LEN).filter(|&j| target.value(j) == one);
    let class = ones.next()?;
    let others_are_zero = (0..X::LEN).all(|j| j == class || target.value(j) == zero);
    (X::LEN > 1 && others_are_zero).then_some(class)
}
