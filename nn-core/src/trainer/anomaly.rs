//! What has become infinite or not a number first, and where.

use std::fmt;

use crate::element::Element;
use crate::losses::Losses;
use crate::network::{Trainable, losses, watch};
use crate::params::{Parameters, Tensor};
use crate::record::Record as _;
use crate::summary::LayerSummary;

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
    /// What a layer gives, although sample and parameters are finite and so is what earlier layers give.
    Value {
        /// The layer.
        layer: LayerRow,
        /// The place of the sample in the batch, from 0.
        sample: usize,
        /// The place of the number in what the layer gives.
        index: Vec<usize>,
        /// The number.
        value: f64,
    },
    /// The loss of a sample, although its scores are finite.
    Loss {
        /// The layer that computes it.
        layer: Option<LayerRow>,
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
    /// The gradient of what a layer reads, although all that comes before it on the way back from the loss is finite.
    HandedBack {
        /// The layer.
        layer: LayerRow,
        /// The place of the sample in the batch, from 0.
        sample: usize,
        /// The place of the number in what the layer reads.
        index: Vec<usize>,
        /// The number.
        value: f64,
    },
    /// The gradient of a parameter; of several the last in the order of declaration, which is the first on the way back from the loss.
    Gradient(Culprit),
    /// A parameter, after the update.
    Update(Culprit),
}

/// A number of a parameter or its gradient.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Culprit {
    /// The key of the parameter, which begins with the label of the layer: `affine1.W`.
    pub key: &'static str,
    /// The layer; `None` if the table of layers has none of this label, which is so of no declared network.
    pub layer: Option<LayerRow>,
    /// The place of the number.
    pub index: Vec<usize>,
    /// The number.
    pub value: f64,
}

impl fmt::Display for Culprit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            key,
            layer,
            index,
            value,
        } = self;
        write!(f, "`{key}`")?;
        if let Some(layer) = layer {
            write!(f, " ({layer})")?;
        }
        write!(f, " is {value} at {index:?}")
    }
}

/// A layer, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct LayerRow {
    /// Its row in the table of layers, [`Network::SUMMARY`](crate::Network::SUMMARY), from 1.
    pub row: usize,
    /// What the table says of it.
    pub layer: &'static LayerSummary,
}

impl LayerRow {
    fn of(index: usize, layers: &'static [LayerSummary]) -> Option<Self> {
        let layer = layers.get(index)?;
        let row = index + 1;
        Some(Self { row, layer })
    }

    /// What the key of a parameter begins with, or an output is called.
    fn called(key: &str, layers: &'static [LayerSummary]) -> Option<Self> {
        let label = key.split('.').next();
        let index = layers.iter().position(|layer| label == Some(layer.label));
        Self::of(index?, layers)
    }
}

impl fmt::Display for LayerRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "layer {}, `{}`", self.row, self.layer.kind)
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
            Self::Value {
                layer,
                sample,
                index,
                value,
            } => write!(
                f,
                "`{}` ({layer}) gives {value} at {index:?} for sample {sample} of the batch, although what it reads and all parameters \
                 are finite",
                layer.layer.label
            ),
            Self::Loss {
                layer,
                sample,
                value,
            } => {
                write!(f, "the loss ")?;
                if let Some(layer) = layer {
                    write!(f, "`{}` ({layer}) ", layer.layer.label)?;
                }
                write!(
                    f,
                    "of sample {sample} of the batch is {value}, although its scores are finite: they are too far from its target"
                )
            }
            Self::Mean { value } => write!(
                f,
                "the loss is {value}, although that of each sample is finite"
            ),
            Self::HandedBack {
                layer,
                sample,
                index,
                value,
            } => write!(
                f,
                "the gradient of what `{}` ({layer}) reads is {value} at {index:?} for sample {sample} of the batch, although the loss and \
                 the gradients behind it are finite",
                layer.layer.label
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
fn culprit<T: Element>(tensor: &Tensor<'_, T>, layers: &'static [LayerSummary]) -> Option<Culprit> {
    // Without branches first: nearly all are finite.
    let numbers = tensor.numbers();
    if numbers
        .iter()
        .fold(true, |all, number| all & number.is_finite())
    {
        return None;
    }
    let place = numbers.iter().position(|number| !number.is_finite())?;
    let key = tensor.key();
    Some(Culprit {
        key,
        layer: LayerRow::called(key, layers),
        index: watch::index(place, tensor.shape().sizes()),
        value: numbers[place].as_f64(),
    })
}

/// The first parameter with such a number.
#[cold]
#[inline(never)]
pub(super) fn in_params<T: Element>(
    params: &dyn Parameters<T>,
    layers: &'static [LayerSummary],
) -> Option<Culprit> {
    let mut tensors = (0..params.count()).filter_map(|index| params.tensor(index));
    tensors.find_map(|tensor| culprit(&tensor, layers))
}

/// The last one, which in a gradient is the one that was computed first.
#[cold]
#[inline(never)]
pub(super) fn in_gradient<T: Element>(
    gradient: &dyn Parameters<T>,
    layers: &'static [LayerSummary],
) -> Option<Culprit> {
    let tensors = (0..gradient.count()).rev();
    let mut tensors = tensors.filter_map(|index| gradient.tensor(index));
    tensors.find_map(|tensor| culprit(&tensor, layers))
}

/// Why the gradient of a parameter is not finite: for itself, or for what a layer behind its own hands back.
#[cold]
pub(super) fn of_gradient<N: Trainable, Y>(
    net: &N,
    batch: &[N::Input],
    targets: &[Y],
    culprit: Culprit,
) -> Anomaly
where
    N::Loss: Losses<N::Output, Y>,
{
    let own = culprit.layer.map(|layer| layer.row);
    let seen = watch::backward(net, batch, targets);
    let seen = seen.and_then(|seen| Some((LayerRow::of(seen.row, N::LAYERS)?, seen)));
    match seen {
        // A layer whose parameters have such gradients too has got them from nobody.
        Some((layer, seen)) if own.is_none_or(|own| own < layer.row) => Anomaly::HandedBack {
            layer,
            sample: seen.sample,
            index: seen.index,
            value: seen.value,
        },
        _ => Anomaly::Gradient(culprit),
    }
}

/// Why the loss of a batch is not finite.
#[cold]
pub(super) fn of_loss<N: Trainable, Y: Sync>(
    net: &N,
    batch: &[N::Input],
    targets: &[Y],
    value: f64,
) -> Anomaly
where
    N::Loss: Losses<N::Output, Y>,
{
    if let Some(culprit) = in_params(net.params(), N::LAYERS) {
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
    }
    let seen = watch::forward(net, batch);
    if let Some((layer, seen)) =
        seen.and_then(|seen| Some((LayerRow::of(seen.row, N::LAYERS)?, seen)))
    {
        return Anomaly::Value {
            layer,
            sample: seen.sample,
            index: seen.index,
            value: seen.value,
        };
    }
    for (sample, x) in batch.iter().enumerate() {
        for loss in losses(net, std::array::from_ref(x), &targets[sample..=sample]) {
            // In the network's numbers, of which the mean is one.
            let value = N::Element::of(loss.loss).as_f64();
            if !value.is_finite() {
                return Anomaly::Loss {
                    layer: LayerRow::called(loss.name, N::LAYERS),
                    sample,
                    value,
                };
            }
        }
    }
    Anomaly::Mean { value }
}

#[cfg(test)]
mod tests;
