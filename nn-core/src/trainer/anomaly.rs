//! What has become infinite or not a number first, and where.

use std::fmt;

use crate::element::Element;
use crate::losses::Losses;
use crate::network::{Trainable, loss_of_one};
use crate::params::{Parameters, Tensor};
use crate::record::Record as _;

/// What [`Trainer::detect_anomaly`](crate::Trainer::detect_anomaly) has found: the first number that is infinite or not a number.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Anomaly {
    /// A parameter, before the step.
    Parameter(Culprit),
    /// A sample of the batch.
    Sample {
        /// Its place in the batch, from 0.
        sample: usize,
        /// The place of the number in the sample, from 0, in row-major order; of several inputs, one behind the other.
        place: usize,
        /// The number.
        value: f64,
    },
    /// The loss of a sample, although sample and parameters are finite: what lies between the layers, or the loss itself, has overflowed.
    Loss {
        /// The place of the sample in the batch, from 0.
        sample: usize,
        /// Its loss.
        value: f64,
    },
    /// The loss of a batch, although that of each sample is finite.
    Mean {
        /// The loss.
        value: f64,
    },
    /// The gradient of a parameter; of several the last in the order of declaration, which is the first on the way back from the loss.
    Gradient(Culprit),
    /// A parameter, after the update.
    Update(Culprit),
}

/// A number of a parameter or its gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct Culprit {
    /// The key of the parameter, which begins with the label of the layer: `affine1.W`.
    pub key: &'static str,
    /// The place of the number.
    pub index: Vec<usize>,
    /// The number.
    pub value: f64,
}

impl fmt::Display for Culprit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, index, value } = self;
        write!(f, "`{key}` is {value} at {index:?}")
    }
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(culprit) => write!(f, "the parameter {culprit} before it"),
            Self::Sample {
                sample,
                place,
                value,
            } => write!(
                f,
                "sample {sample} of the batch has {value} as number {place}, expected finite numbers"
            ),
            Self::Loss { sample, value } => write!(
                f,
                "the loss of sample {sample} of the batch is {value}, although sample and parameters are finite: \
                 values between the layers have overflowed"
            ),
            Self::Mean { value } => write!(
                f,
                "the loss is {value}, although that of each sample is finite"
            ),
            Self::Gradient(culprit) => write!(f, "the gradient of {culprit}"),
            Self::Update(culprit) => write!(
                f,
                "the parameter {culprit} after the update: try a smaller learning rate, or `max_grad`"
            ),
        }
    }
}

/// The first number of a parameter that is not finite.
fn culprit<T: Element>(tensor: &Tensor<'_, T>) -> Option<Culprit> {
    // Without branches first: nearly all are finite.
    let numbers = tensor.numbers();
    if numbers
        .iter()
        .fold(true, |all, number| all & number.is_finite())
    {
        return None;
    }
    let mut place = numbers.iter().position(|number| !number.is_finite())?;
    let value = numbers[place].as_f64();
    let mut index: Vec<usize> = Vec::new();
    for &size in tensor.shape().sizes().iter().rev() {
        index.push(place % size.max(1));
        place /= size.max(1);
    }
    index.reverse();
    let key = tensor.key();
    Some(Culprit { key, index, value })
}

/// The first parameter with such a number.
pub(super) fn in_params<T: Element>(params: &impl Parameters<T>) -> Option<Culprit> {
    params.tensors().find_map(|tensor| culprit(&tensor))
}

/// The last one, which in a gradient is the one that was computed first.
pub(super) fn in_gradient<T: Element>(gradient: &impl Parameters<T>) -> Option<Culprit> {
    let tensors = (0..gradient.count()).rev();
    let mut tensors = tensors.filter_map(|index| gradient.tensor(index));
    tensors.find_map(|tensor| culprit(&tensor))
}

/// Why the loss of a batch is not finite.
pub(super) fn of_loss<N: Trainable, Y: Sync>(
    net: &N,
    batch: &[N::Input],
    targets: &[Y],
    value: f64,
) -> Anomaly
where
    N::Loss: Losses<N::Output, Y>,
{
    if let Some(culprit) = in_params(net.params()) {
        return Anomaly::Parameter(culprit);
    }
    for (sample, x) in batch.iter().enumerate() {
        if let Some((place, value)) = x.first_not_finite() {
            return Anomaly::Sample {
                sample,
                place,
                value: value.as_f64(),
            };
        }
        let value = loss_of_one(net, std::array::from_ref(x), &targets[sample..=sample]);
        if !value.is_finite() {
            return Anomaly::Loss { sample, value };
        }
    }
    Anomaly::Mean { value }
}
