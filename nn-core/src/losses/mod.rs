//! Losses: the last layer of a chain that is trained. One per file, `forward` above `backward`.

mod binary_cross_entropy;
mod class_target;
mod counting;
mod cross_entropy;
mod differences;
mod hinge;
mod huber;
mod kl_divergence;
mod log_likelihood;
mod mean_absolute_error;
mod mean_squared_error;
mod multiclass_hinge;
mod negative_log_likelihood;
mod shares;
mod sigmoid_with_loss;
mod softmax_with_loss;
mod together;
mod value_target;
mod weighted;

pub use binary_cross_entropy::BinaryCrossEntropy;
pub use class_target::ClassTarget;
pub use cross_entropy::CrossEntropy;
pub use hinge::Hinge;
pub use huber::Huber;
pub use kl_divergence::KlDivergence;
pub use log_likelihood::LogLikelihood;
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_squared_error::MeanSquaredError;
pub use multiclass_hinge::MulticlassHinge;
pub use negative_log_likelihood::NegativeLogLikelihood;
pub use shares::{Amounts, Shares};
pub use sigmoid_with_loss::SigmoidWithLoss;
pub use softmax_with_loss::SoftmaxWithLoss;
pub use together::{Hits, Losses, Verdict};
pub(crate) use together::{contribution, hits, verdict, weighted};
pub use value_target::ValueTarget;
pub use weighted::Weighted;

use crate::element::Element;
use crate::error::Result;
use crate::sample::Sample;

/// A loss that compares scores of type `X` with targets of type `Y`, sample by sample, and averages over the batch.
///
/// There is a target for every sample, in a slice or wherever else they come from in order. What backward needs is written to
/// `saved`, which belongs to the caller.
#[diagnostic::on_unimplemented(
    message = "the loss `{Self}` cannot compare scores of type `{X}` with targets of type `{Y}`"
)]
pub trait Loss<X: Sample, Y> {
    /// Whether the loss is defined for all of these targets.
    ///
    /// # Errors
    /// [`crate::Error::LabelOutOfRange`] or [`crate::Error::Target`] for the first one that is not valid.
    fn check<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> Result<()>
    where
        Y: 't;

    /// What the sum over these targets is divided by for the mean: how many there are, unless some of them count for more or less
    /// than others.
    fn amount<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> f64
    where
        Y: 't,
    {
        targets.into_iter().count() as f64
    }

    /// The mean loss of the batch: the sum, divided by [`Loss::amount`]; 0 if that is 0. The targets have passed [`Loss::check`].
    fn forward<'t>(
        &self,
        scores: &[X],
        targets: impl IntoIterator<Item = &'t Y>,
        saved: &mut [X],
    ) -> X::Element
    where
        Y: 't;

    /// The gradient of `share` times the mean loss with respect to the scores: 1 for the loss itself; less where it is one of
    /// several losses, or where the batch is a part of a larger one.
    fn backward<'t>(
        &self,
        saved: &[X],
        targets: impl IntoIterator<Item = &'t Y>,
        share: X::Element,
        dx: &mut [X],
    ) where
        Y: 't;

    /// How many samples [`Loss::hits`] looks at: all of them, unless some do not count.
    fn judged<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> usize
    where
        Y: 't,
    {
        targets.into_iter().count()
    }

    /// How many samples have their largest score where the target is largest; `None` if the targets name no classes.
    fn hits<'t>(&self, scores: &[X], targets: impl IntoIterator<Item = &'t Y>) -> Option<usize>
    where
        Y: 't;

    /// What the loss is multiplied by where a network adds up several.
    fn weight(&self) -> f64 {
        1.0
    }
}

/// The place of the largest number, the first of equals: the class that a network's scores name. `None` where one of them is not a number, or there
/// is none.
///
/// ```
/// use nn_core::metrics::argmax;
///
/// let species = ["setosa", "versicolor", "virginica"];
/// let scores = [-1.2, 3.4, 0.5]; // as `Network::predict_one` gives them
/// assert_eq!(argmax(&scores).map(|class| species[class]), Some("versicolor"));
/// assert_eq!(argmax(&[0.1, f32::NAN]), None);
/// ```
#[must_use]
pub fn argmax<T: Element>(numbers: &[T]) -> Option<usize> {
    let mut largest = 0;
    for (index, number) in numbers.iter().enumerate() {
        if number.is_nan() {
            return None;
        }
        if *number > numbers[largest] {
            largest = index;
        }
    }
    (!numbers.is_empty()).then_some(largest)
}

/// How many samples have their largest score at the target's class; `None` if a target names no class.
pub(crate) fn count_hits<'t, X: Sample, Y: 't>(
    scores: &[X],
    targets: impl IntoIterator<Item = &'t Y>,
    class: impl Fn(&Y) -> Option<usize>,
) -> Option<usize> {
    let mut hits = 0;
    for (score, target) in scores.iter().zip(targets) {
        let class = class(target)?;
        hits += usize::from(argmax(X::flat(std::slice::from_ref(score))) == Some(class));
    }
    Some(hits)
}

#[cfg(test)]
mod tests {
    use super::argmax;

    #[test]
    fn argmax_takes_the_first_of_equals_and_refuses_nan() {
        assert_eq!(argmax(&[1.0, 3.0, 3.0]), Some(1));
        assert_eq!(argmax(&[f64::NEG_INFINITY; 2]), Some(0));
        assert_eq!(argmax(&[1.0, f64::NAN]), None);
        assert_eq!(argmax(&[f64::NAN, 1.0]), None);
        assert_eq!(argmax::<f32>(&[]), None);
    }
}
