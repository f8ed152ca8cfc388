//! Losses: the last layer of a chain that is trained. One per file, `forward` above `backward`.

mod class_target;
mod mean_squared_error;
mod sigmoid_with_loss;
mod softmax_with_loss;
mod value_target;

pub use class_target::ClassTarget;
pub use mean_squared_error::MeanSquaredError;
pub use sigmoid_with_loss::SigmoidWithLoss;
pub use softmax_with_loss::SoftmaxWithLoss;
pub use value_target::ValueTarget;

use crate::error::Result;
use crate::sample::Sample;

/// A loss that compares scores of type `X` with targets of type `Y`, sample by sample, and averages over the batch.
///
/// All slices are equally long. What backward needs is written to `saved`, which belongs to the caller.
#[diagnostic::on_unimplemented(
    message = "the loss `{Self}` cannot compare scores of type `{X}` with targets of type `{Y}`"
)]
pub trait Loss<X: Sample, Y> {
    /// Whether the loss is defined for all of these targets.
    ///
    /// # Errors
    /// [`crate::Error::LabelOutOfRange`] or [`crate::Error::Target`] for the first one that is not valid.
    fn check(&self, targets: &[Y]) -> Result<()>;

    /// The mean loss of the batch. The targets have passed [`Loss::check`].
    fn forward(&self, scores: &[X], targets: &[Y], saved: &mut [X]) -> X::Element;

    /// The gradient of the mean loss with respect to the scores.
    fn backward(&self, saved: &[X], targets: &[Y], dx: &mut [X]);

    /// How many samples have their largest score where the target is largest; `None` if the targets name no classes.
    fn hits(&self, scores: &[X], targets: &[Y]) -> Option<usize>;
}

/// The place of the largest number, the first of equals; `None` if one of them is not a number.
pub(crate) fn argmax<T: num_traits::Float>(numbers: &[T]) -> Option<usize> {
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
pub(crate) fn count_hits<X: Sample, Y>(
    scores: &[X],
    targets: &[Y],
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
