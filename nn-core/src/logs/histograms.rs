use super::Histogram;
use crate::element::Element;
use crate::error::Result;
use crate::network::Trainable;
use crate::params::Parameters;
use crate::trainer::{Callback, Context};

/// Notes how the numbers of each parameter, and of its gradient if asked for, are spread: before the first step, and after every so many epochs.
///
/// ```
/// use nn_core::logs::Histograms;
/// use nn_core::prelude::*;
///
/// network! { struct Line< Affine(1, 1) -> MeanSquaredError >; }
///
/// # fn main() -> nn_core::Result<()> {
/// let line = Dataset { x: vec![[0.0], [1.0], [2.0]], t: vec![[1.0], [3.0], [5.0]] };
/// let mut spread = Histograms::new().gradients();
/// let mut trainer = Trainer::new(Sgd::new(0.1)).epochs(3).silent().callback(&mut spread);
/// trainer.fit(&mut Line::seeded(1), &line, &line)?;
/// // W and b, at the start and after three epochs.
/// assert_eq!(spread.records().len(), 2 * 4);
/// # Ok(())
/// # }
/// ```
///
/// They are kept in memory and are no part of checkpoints: of a training that is resumed they are those since then.
/// [`TensorBoard::histograms`](super::TensorBoard::histograms) keeps them on disk.
#[derive(Clone, Debug)]
pub struct Histograms {
    every: usize,
    bins: usize,
    gradients: bool,
    /// Of the last step of an epoch, until its end.
    last_gradients: Vec<Histogram>,
    records: Vec<HistogramRecord>,
}

/// How the numbers of a parameter are spread.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HistogramRecord {
    /// After this step.
    pub step: usize,
    /// After this epoch; 0 before the first.
    pub epoch: usize,
    /// The parameter: `affine1.W`.
    pub key: &'static str,
    /// Its numbers.
    pub values: Histogram,
    /// The gradient of the last step, before it is clipped, if it was asked for.
    pub gradient: Option<Histogram>,
}

impl Default for Histograms {
    fn default() -> Self {
        Self::new()
    }
}

impl Histograms {
    /// After every epoch, in 64 bins, of parameters alone.
    #[must_use]
    pub fn new() -> Self {
        Self {
            every: 1,
            bins: 64,
            gradients: false,
            last_gradients: Vec::new(),
            records: Vec::new(),
        }
    }

    /// After every so many epochs; at least one.
    #[must_use]
    pub fn every(mut self, epochs: usize) -> Self {
        self.every = epochs.max(1);
        self
    }

    /// In so many bins; at least one.
    #[must_use]
    pub fn bins(mut self, bins: usize) -> Self {
        self.bins = bins.max(1);
        self
    }

    /// Of gradients, too.
    #[must_use]
    pub fn gradients(mut self) -> Self {
        self.gradients = true;
        self
    }

    /// What has been noted, in the order of steps, and of each step in the order of parameters.
    #[must_use]
    pub fn records(&self) -> &[HistogramRecord] {
        &self.records
    }

    /// Before the first step there is nothing but parameters.
    pub(super) fn begin<N: Trainable>(&mut self, net: &N, at: &Context<'_>) {
        self.last_gradients.clear();
        if at.step == 0 {
            self.records.clear();
            self.note(net, 0, 0);
        }
    }

    pub(super) fn take_gradients<N: Trainable>(&mut self, net: &mut N, at: &Context<'_>) {
        if self.gradients && (at.iter == at.iters || at.step == at.last_step) {
            let gradients = spread(net.params_and_gradient().1, self.bins).into_iter();
            self.last_gradients = gradients.map(|(_, histogram)| histogram).collect();
        }
    }

    pub(super) fn end_epoch<N: Trainable>(&mut self, net: &N, at: &Context<'_>) {
        if at.epoch.is_multiple_of(self.every) {
            self.note(net, at.step, at.epoch);
        }
        self.last_gradients.clear();
    }

    /// The same for an epoch that has ended before the training was resumed. Its gradient is gone.
    #[cfg(feature = "tensorboard")]
    pub(super) fn note_again<N: Trainable>(&mut self, net: &N, step: usize, epoch: usize) {
        if epoch.is_multiple_of(self.every) {
            self.note(net, step, epoch);
        }
    }

    fn note<N: Trainable>(&mut self, net: &N, step: usize, epoch: usize) {
        let values = spread(net.params(), self.bins);
        self.note_values(values, step, epoch);
    }

    fn note_values(&mut self, of_all: Vec<(&'static str, Histogram)>, step: usize, epoch: usize) {
        let mut gradients = std::mem::take(&mut self.last_gradients).into_iter();
        for (key, values) in of_all {
            self.records.push(HistogramRecord {
                step,
                epoch,
                key,
                values,
                gradient: gradients.next(),
            });
        }
    }

    #[cfg(feature = "tensorboard")]
    pub(super) fn forget(&mut self) {
        self.records.clear();
    }

    #[cfg(feature = "tensorboard")]
    pub(super) fn has_gradients(&self) -> bool {
        self.gradients
    }
}

fn spread<T: Element>(params: &dyn Parameters<T>, bins: usize) -> Vec<(&'static str, Histogram)> {
    let tensors = (0..).map_while(|index| params.tensor(index));
    tensors
        .map(|tensor| (tensor.key(), Histogram::of(tensor.numbers(), bins)))
        .collect()
}

impl<N: Trainable> Callback<N> for Histograms {
    fn before_training(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.begin(net, at);
        Ok(())
    }

    fn wants_gradient(&self) -> bool {
        self.gradients
    }

    fn before_update(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.take_gradients(net, at);
        Ok(())
    }

    fn after_epoch(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.end_epoch(net, at);
        Ok(())
    }
}
