//! What every declared network is, and what can be done with any of them. The `network!` macro writes the
//! implementations; the loops over chunks of a batch are here, once.

use crate::batch::{check_pairs, non_empty};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::losses::Loss;
use crate::optim::Optimizer;
use crate::params::Parameters;
use crate::sample::Sample;
use crate::summary::LayerSummary;

/// A network that `network!` declared.
///
/// The types and constants of `Mnist<f32>` are also there as `Mnist::INPUT` and so on, without the trait.
pub trait Network: Sized {
    /// The type of number that the network computes with.
    type Element: Element;
    /// One sample of what the network reads.
    type Input: Sample<Element = Self::Element>;
    /// One sample of what the network gives: scores, before the loss.
    type Output: Sample<Element = Self::Element>;
    /// The parameters, and the type of their gradient.
    type Params: Parameters<Self::Element>;
    /// Buffers for the value of each layer.
    #[doc(hidden)]
    type Values;

    /// The sizes of a sample that the network reads.
    const INPUT: &'static [usize];
    /// The sizes of a sample that the network gives.
    const OUTPUT: &'static [usize];
    /// How many numbers all parameters hold.
    const PARAMETERS: usize;
    /// The layers, one by one.
    const LAYERS: &'static [LayerSummary];
    /// The layers as a table: label, layer, shapes, parameters.
    const SUMMARY: &'static str;

    /// A network with initialised parameters, the same on every machine for a seed.
    fn seeded(seed: u64) -> Self;

    /// A network with initialised parameters, other ones each time.
    fn new() -> Self;

    /// The parameters.
    fn params(&self) -> &Self::Params;

    /// The parameters, to be changed.
    fn params_mut(&mut self) -> &mut Self::Params;

    /// Computes the value of each layer for the samples `x`.
    #[doc(hidden)]
    fn forward<'v>(&self, x: &[Self::Input], values: &'v mut Self::Values) -> &'v [Self::Output];

    /// Lends buffers.
    #[doc(hidden)]
    fn with_values<R>(&self, compute: impl FnOnce(&mut Self::Values) -> R) -> R;
}

/// A network whose chain ends in a loss.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no loss, so it cannot be trained",
    label = "a network without a loss",
    note = "end its chain in a loss, for instance `-> SoftmaxWithLoss`"
)]
pub trait Trainable: Network {
    /// The loss at the end of the chain.
    type Loss;

    /// The loss at the end of the chain.
    #[doc(hidden)]
    const LOSS: Self::Loss;

    /// The parameters, to be changed, and the gradient that the last step computed, zero before the first.
    fn params_and_gradient(&mut self) -> (&mut Self::Params, &mut Self::Params);

    /// The mean loss of a batch that has been checked.
    #[doc(hidden)]
    fn forward_loss<Y>(
        &self,
        x: &[Self::Input],
        targets: &[Y],
        values: &mut Self::Values,
    ) -> Self::Element
    where
        Self::Loss: Loss<Self::Output, Y>;

    /// The mean loss of a batch that has been checked; leaves its gradient in the network.
    #[doc(hidden)]
    fn backpropagate<Y>(&mut self, x: &[Self::Input], targets: &[Y]) -> Self::Element
    where
        Self::Loss: Loss<Self::Output, Y>;
}

/// Samples that go through a network at once when nothing is learnt: large batches need no more memory than this.
const CHUNK: usize = 256;

/// The scores of a batch.
///
/// # Errors
/// [`Error::Empty`] for a batch without samples.
pub fn predict<N: Network>(net: &N, batch: &[N::Input]) -> Result<Vec<N::Output>> {
    non_empty(batch)?;
    let mut scores = Vec::with_capacity(batch.len());
    net.with_values(|values| {
        for x in batch.chunks(CHUNK) {
            scores.extend_from_slice(net.forward(x, values));
        }
    });
    Ok(scores)
}

/// The mean loss of a batch.
///
/// # Errors
/// [`Error::Empty`], [`Error::LengthMismatch`], or what [`Loss::check`] finds wrong with the targets.
pub fn loss<N: Trainable, Y>(net: &N, batch: &[N::Input], targets: &[Y]) -> Result<N::Element>
where
    N::Loss: Loss<N::Output, Y>,
{
    check::<N, Y>(batch, targets)?;
    let sum: f64 = net.with_values(|values| {
        let chunks = batch.chunks(CHUNK).zip(targets.chunks(CHUNK));
        chunks
            .map(|(x, t)| net.forward_loss(x, t, values).as_f64() * x.len() as f64)
            .sum()
    });
    Ok(N::Element::of(sum / batch.len() as f64))
}

/// The share of samples whose largest score is the target's.
///
/// # Errors
/// As [`loss`], and [`Error::NoClasses`] if the targets name no classes.
pub fn accuracy<N: Trainable, Y>(net: &N, batch: &[N::Input], targets: &[Y]) -> Result<f64>
where
    N::Loss: Loss<N::Output, Y>,
{
    check::<N, Y>(batch, targets)?;
    let hits = net.with_values(|values| {
        let chunks = batch.chunks(CHUNK).zip(targets.chunks(CHUNK));
        chunks
            .map(|(x, t)| N::LOSS.hits(net.forward(x, values), t))
            .sum::<Option<usize>>()
    });
    Ok(hits.ok_or(Error::NoClasses)? as f64 / batch.len() as f64)
}

/// The mean loss of a batch; its gradient is then in [`Trainable::params_and_gradient`].
///
/// # Errors
/// As [`loss`].
pub fn gradient<N: Trainable, Y>(
    net: &mut N,
    batch: &[N::Input],
    targets: &[Y],
) -> Result<N::Element>
where
    N::Loss: Loss<N::Output, Y>,
{
    check::<N, Y>(batch, targets)?;
    Ok(net.backpropagate(batch, targets))
}

/// One step of training: the gradient of the mean loss of a batch, and the optimizer's update. Returns the loss.
///
/// # Errors
/// As [`loss`], and what the optimizer finds wrong.
pub fn step<N: Trainable, Y, O>(
    net: &mut N,
    optimizer: &mut O,
    batch: &[N::Input],
    targets: &[Y],
) -> Result<N::Element>
where
    N::Loss: Loss<N::Output, Y>,
    O: Optimizer<N::Element> + ?Sized,
{
    let loss = gradient(net, batch, targets)?;
    let (params, gradient) = net.params_and_gradient();
    optimizer.step(params, gradient)?;
    Ok(loss)
}

fn check<N: Trainable, Y>(batch: &[N::Input], targets: &[Y]) -> Result<()>
where
    N::Loss: Loss<N::Output, Y>,
{
    check_pairs(batch, targets)?;
    N::LOSS.check(targets)
}
