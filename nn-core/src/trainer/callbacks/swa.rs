use super::average::Average;
use crate::element::Element;
use crate::error::Result;
use crate::network::Trainable;
use crate::optim::StatePart;
use crate::trainer::{Callback, Context};

/// Stochastic weight averaging: the mean of the parameters after each epoch from a certain one on.
///
/// # Average
/// a ← a + (p − a) / (n + 1) after an epoch, where n of them have gone into a before: a is the mean of all n + 1. As PyTorch's
/// `AveragedModel`. What layers keep that is no parameter, such as the running mean and variance of [`BatchNorm`](crate::BatchNorm), is
/// averaged too, as there with `use_buffers = True`.
///
/// It wants a learning rate that stays high enough for the epochs to differ. [`Swa::apply_to`] writes the mean into a network, and
/// [`Swa::at_end`] does so when the training ends. It is part of checkpoints, and goes on from one call of `fit` to the next.
///
/// ```
/// use nn_core::prelude::*;
///
/// # network! { struct Net< Affine(2, 2) -> SoftmaxWithLoss >; }
/// # fn main() -> nn_core::Result<()> {
/// # let (train, test) = (Dataset { x: vec![[0.0; 2]], t: vec![1_u8] }, Dataset { x: vec![[0.0; 2]], t: vec![1_u8] });
/// # let mut net = Net::seeded(1);
/// let mut trainer = Trainer::new(Sgd::new(0.1)).epochs(20).callback(Swa::new(15).at_end(true));
/// trainer.fit(&mut net, &train, &test)?; // the mean of epochs 15 to 20
/// # assert_eq!(trainer.callbacks().1.count(), 6);
/// # Ok(())
/// # }
/// ```
/// # Source
/// Izmailov et al. 2018, arXiv:1803.05407, algorithm 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Swa<T = f32> {
    from_epoch: usize,
    at_end: bool,
    average: Average<T>,
}

impl<T: Element> Swa<T> {
    /// From this epoch on, of which the first is 1.
    #[must_use]
    pub const fn new(from_epoch: usize) -> Self {
        Self {
            from_epoch,
            at_end: false,
            average: Average::new(),
        }
    }

    /// Sets whether the network has the mean in the end, if the training is not only interrupted; by default it keeps the last parameters.
    #[must_use]
    pub const fn at_end(mut self, apply: bool) -> Self {
        self.at_end = apply;
        self
    }

    /// Of how many epochs it is the mean.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.average.count()
    }

    /// Writes the mean into a network; before the first epoch that counts there is none, and nothing is changed.
    pub fn apply_to<N: Trainable<Element = T>>(&self, net: &mut N) {
        self.average.apply_to(net.params_mut());
    }
}

impl<N: Trainable> Callback<N> for Swa<N::Element> {
    fn name(&self) -> &'static str {
        "swa"
    }

    fn after_epoch(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        if at.epoch >= self.from_epoch {
            let share = |count| 1.0 / (count as f64 + 1.0);
            self.average.add(net.params(), share);
        }
        Ok(())
    }

    fn after_training(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        if self.at_end && !at.paused {
            self.apply_to(net);
        }
        Ok(())
    }

    fn state(&self) -> Vec<StatePart<'_, N::Element>> {
        self.average.state()
    }

    fn load_state(&mut self, net: &N, state: &[StatePart<'_, N::Element>]) -> Result<()> {
        self.average.load_state(net, state)
    }
}
