//! All losses of a network: one, or a tuple of them, whose weighted sum is trained.

use crate::element::Element as _;
use crate::error::Result;
use crate::losses::{Amounts, Loss, Shares};
use crate::record::Record;
use crate::sample::Sample;

/// The losses of a network that gives `O`, for targets of type `Y`: a [`Loss`], or a tuple of losses in the order of the
/// declaration, with a tuple of targets in the same order for each sample.
#[diagnostic::on_unimplemented(
    message = "targets of type `{Y}` do not fit a network that gives `{O}`",
    note = "a network with several losses takes a tuple of targets for each sample, or a tuple of batches of targets, in the order of the losses"
)]
pub trait Losses<O: Record, Y> {
    /// Whether all losses are defined for all of these targets.
    ///
    /// # Errors
    /// As [`Loss::check`]; of several losses [`crate::Error::Part`] says which.
    fn check_targets(&self, targets: &[Y]) -> Result<()>;

    /// What the sum over these targets is divided by, for each loss.
    fn amounts(&self, targets: &[Y]) -> Amounts;

    /// What these samples contribute to the mean over their batch, of the weighted sum of the losses.
    fn mean(
        &self,
        scores: O::Columns<'_>,
        targets: &[Y],
        shares: &Shares,
        saved: O::ColumnsMut<'_>,
    ) -> f64;

    /// The gradient of that, with the weights in it.
    fn gradient(&self, saved: O::Columns<'_>, targets: &[Y], shares: &Shares, d: O::ColumnsMut<'_>);

    /// How many samples are right by the last loss whose targets name classes, and how many it looked at; `None` if there is none.
    fn count_right(&self, scores: O::Columns<'_>, targets: &[Y]) -> Option<Hits>;

    /// What each loss says of the batch.
    fn verdicts(&self, scores: O::Columns<'_>, targets: &[Y]) -> Vec<Verdict>;
}

/// How many samples are right, of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// Whose largest score is the target's.
    pub right: usize,
    /// Whose target counts.
    pub judged: usize,
}

impl std::ops::AddAssign for Hits {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.judged += other.judged;
    }
}

impl Hits {
    /// The accuracy; not a number if no target counts.
    pub(crate) fn share(self) -> f64 {
        self.right as f64 / self.judged as f64
    }
}

/// What one loss says of a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The weight of the loss.
    pub weight: f64,
    /// The mean over the batch, without the weight.
    pub loss: f64,
    /// How many samples are right; `None` if the targets name no classes.
    pub right: Option<Hits>,
}

impl<X: Sample, Y, L: Loss<X, Y>> Losses<X, Y> for L {
    fn check_targets(&self, targets: &[Y]) -> Result<()> {
        self.check(targets)
    }

    fn amounts(&self, targets: &[Y]) -> Amounts {
        Amounts::new([self.amount(targets)])
    }

    fn mean(&self, scores: &[X], targets: &[Y], shares: &Shares, saved: &mut [X]) -> f64 {
        let mean = self.forward(scores, targets, saved);
        contribution(self, mean, shares.of_loss(0))
    }

    fn gradient(&self, saved: &[X], targets: &[Y], shares: &Shares, d: &mut [X]) {
        let share = weighted(self, shares.of_loss(0));
        self.backward(saved, targets, share, d);
    }

    fn count_right(&self, scores: &[X], targets: &[Y]) -> Option<Hits> {
        hits(self, scores, targets)
    }

    fn verdicts(&self, scores: &[X], targets: &[Y]) -> Vec<Verdict> {
        vec![verdict(self, scores, targets)]
    }
}

/// What the mean of some samples is in the weighted sum over their batch.
pub(crate) fn contribution<X: Sample, Y, L: Loss<X, Y>>(
    loss: &L,
    mean: X::Element,
    share: f64,
) -> f64 {
    share * loss.weight() * mean.as_f64()
}

/// A share, times the weight of the loss.
pub(crate) fn weighted<X: Sample, Y, L: Loss<X, Y>>(loss: &L, share: f64) -> X::Element {
    X::Element::of(share) * X::Element::of(loss.weight())
}

/// How many samples are right by a loss, of how many.
pub(crate) fn hits<'t, X: Sample, Y: 't, L: Loss<X, Y>>(
    loss: &L,
    scores: &[X],
    targets: impl IntoIterator<Item = &'t Y> + Clone,
) -> Option<Hits> {
    let judged = loss.judged(targets.clone());
    let hits = loss.hits(scores, targets);
    hits.map(|right| Hits { right, judged })
}

/// What a loss says of a batch.
pub(crate) fn verdict<'t, X: Sample, Y: 't, L: Loss<X, Y>>(
    loss: &L,
    scores: &[X],
    targets: impl IntoIterator<Item = &'t Y> + Clone,
) -> Verdict {
    let mut saved = X::zeros(scores.len());
    Verdict {
        weight: loss.weight(),
        loss: loss.forward(scores, targets.clone(), &mut saved).as_f64(),
        right: hits(loss, scores, targets),
    }
}
