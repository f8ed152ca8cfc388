use crate::batch::check_pairs;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::losses::ClassTarget;

/// The share of samples whose class is among the `k` largest of its C scores, from 0 to 1.
///
/// Equal scores are ranked by their class, the smaller one first, as the accuracy does; a sample with a score that is NaN counts as wrong.
///
/// ```
/// use nn_core::metrics::top_k_accuracy;
///
/// let scores = [[0.1, 0.7, 0.2], [0.5, 0.2, 0.3], [0.2, 0.1, 0.7]];
/// assert_eq!(top_k_accuracy(&scores, &[1_u8, 2, 1], 1)?, 1.0 / 3.0);
/// assert_eq!(top_k_accuracy(&scores, &[1_u8, 2, 1], 2)?, 2.0 / 3.0);
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::Empty`], [`Error::LengthMismatch`], [`Error::LabelOutOfRange`] or [`Error::Target`] for what is wrong with scores and targets;
/// [`Error::HyperParameter`] for a `k` that is not from 1 to C.
pub fn top_k_accuracy<T: Element, const C: usize, Y: ClassTarget<T, C>>(
    scores: &[[T; C]],
    targets: &[Y],
    k: usize,
) -> Result<f64> {
    if !(1..=C).contains(&k) {
        return Err(Error::HyperParameter {
            name: "k",
            value: k as f64,
            expected: "from 1 to the number of classes",
        });
    }
    let mut hits = 0_usize;
    for (scores, class) in scores.iter().zip(classes(scores, targets)?) {
        let own = scores[class];
        let is_ahead = |(other, score): (usize, &T)| {
            *score > own || (*score == own && other < class) || score.is_nan()
        };
        let ahead = scores.iter().enumerate().filter(|&place| is_ahead(place));
        hits += usize::from(!own.is_nan() && ahead.count() < k);
    }
    Ok(hits as f64 / scores.len() as f64)
}

/// The class of each target, after all have been checked.
pub(crate) fn classes<T: Element, const C: usize, Y: ClassTarget<T, C>>(
    scores: &[[T; C]],
    targets: &[Y],
) -> Result<Vec<usize>> {
    check_pairs(scores, targets)?;
    let mut classes = Vec::with_capacity(targets.len());
    for (index, target) in targets.iter().enumerate() {
        target.check(index)?;
        classes.push(target.class().ok_or(Error::NoClasses)?);
    }
    Ok(classes)
}
