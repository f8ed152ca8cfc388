use crate::error::Result;
use crate::losses::Loss;
use crate::sample::Sample;

/// A loss that counts for more or less than 1 in the sum of a network's losses: `SigmoidWithLoss(weight = 0.3)`.
///
/// It is the loss itself in everything but its [`Loss::weight`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighted<L> {
    loss: L,
    pub(crate) weight: f64,
}

impl<L> Weighted<L> {
    /// A loss, and what it is multiplied by: a finite number above 0.
    #[must_use]
    pub const fn new(loss: L, weight: f64) -> Self {
        Self { loss, weight }
    }
}

impl<X: Sample, Y, L: Loss<X, Y>> Loss<X, Y> for Weighted<L> {
    fn check<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> Result<()>
    where
        Y: 't,
    {
        self.loss.check(targets)
    }

    fn amount<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> f64
    where
        Y: 't,
    {
        self.loss.amount(targets)
    }

    fn forward<'t>(
        &self,
        scores: &[X],
        targets: impl IntoIterator<Item = &'t Y>,
        saved: &mut [X],
    ) -> X::Element
    where
        Y: 't,
    {
        self.loss.forward(scores, targets, saved)
    }

    fn backward<'t>(
        &self,
        saved: &[X],
        targets: impl IntoIterator<Item = &'t Y>,
        share: X::Element,
        dx: &mut [X],
    ) where
        Y: 't,
    {
        self.loss.backward(saved, targets, share, dx);
    }

    fn judged<'t>(&self, targets: impl IntoIterator<Item = &'t Y>) -> usize
    where
        Y: 't,
    {
        self.loss.judged(targets)
    }

    fn hits<'t>(&self, scores: &[X], targets: impl IntoIterator<Item = &'t Y>) -> Option<usize>
    where
        Y: 't,
    {
        self.loss.hits(scores, targets)
    }

    fn weight(&self) -> f64 {
        self.weight
    }
}
