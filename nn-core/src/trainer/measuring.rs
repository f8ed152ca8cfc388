//! Metrics that are computed after every epoch.

use crate::error::Result;
use crate::metrics::MetricValue;

/// What is computed after every epoch of the scores and the targets of the test set: `()`, or what
/// [`Trainer::metric`](crate::Trainer::metric) makes of closures.
#[diagnostic::on_unimplemented(
    message = "the metrics do not fit a network that gives `{O}` and targets of type `{Y}`",
    note = "a metric is a closure over slices of what the network gives and of targets, for instance \
            `|scores: &[[f32; 10]], targets: &[u8]| top_k_accuracy(scores, targets, 5)`"
)]
pub trait Metrics<O, Y> {
    /// Whether there are none, so that nobody needs the scores.
    fn is_empty(&self) -> bool;

    /// Computes all of them.
    ///
    /// # Errors
    /// The first one that a metric returns.
    fn compute(&mut self, scores: &[O], targets: &[Y], values: &mut Vec<MetricValue>)
    -> Result<()>;
}

/// A closure over scores and targets, and the name of what it computes.
#[derive(Clone, Debug)]
pub struct Metric<G> {
    pub(super) name: String,
    pub(super) measure: G,
}

impl<O, Y> Metrics<O, Y> for () {
    fn is_empty(&self) -> bool {
        true
    }

    fn compute(&mut self, _: &[O], _: &[Y], _: &mut Vec<MetricValue>) -> Result<()> {
        Ok(())
    }
}

impl<O, Y, M, G> Metrics<O, Y> for (M, Metric<G>)
where
    M: Metrics<O, Y>,
    G: FnMut(&[O], &[Y]) -> Result<f64>,
{
    fn is_empty(&self) -> bool {
        false
    }

    fn compute(
        &mut self,
        scores: &[O],
        targets: &[Y],
        values: &mut Vec<MetricValue>,
    ) -> Result<()> {
        let (others, Metric { name, measure }) = self;
        others.compute(scores, targets, values)?;
        values.push(MetricValue {
            name: name.clone(),
            value: measure(scores, targets)?,
        });
        Ok(())
    }
}
