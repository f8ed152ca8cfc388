//! All losses of a network: one, or a tuple of them, whose weighted sum is trained.

use crate::element::Element as _;
use crate::error::Result;
use crate::losses::Loss;
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

    /// The mean over the batch of the weighted sum of the losses.
    fn mean(&self, scores: O::Columns<'_>, targets: &[Y], saved: O::ColumnsMut<'_>) -> O::Element;

    /// The gradient of `share` times the mean, with the weights in it.
    fn gradient(
        &self,
        saved: O::Columns<'_>,
        targets: &[Y],
        share: O::Element,
        d: O::ColumnsMut<'_>,
    );

    /// How many samples are right by the last loss whose targets name classes; `None` if there is none.
    fn count_right(&self, scores: O::Columns<'_>, targets: &[Y]) -> Option<usize>;

    /// What each loss says of the batch.
    fn verdicts(&self, scores: O::Columns<'_>, targets: &[Y]) -> Vec<Verdict>;
}

/// What one loss says of a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The weight of the loss.
    pub weight: f64,
    /// The mean over the batch, without the weight.
    pub loss: f64,
    /// How many samples are right; `None` if the targets name no classes.
    pub right: Option<usize>,
}

impl<X: Sample, Y, L: Loss<X, Y>> Losses<X, Y> for L {
    fn check_targets(&self, targets: &[Y]) -> Result<()> {
        self.check(targets)
    }

    fn mean(&self, scores: &[X], targets: &[Y], saved: &mut [X]) -> X::Element {
        weighted(self, self.forward(scores, targets, saved))
    }

    fn gradient(&self, saved: &[X], targets: &[Y], share: X::Element, d: &mut [X]) {
        self.backward(saved, targets, weighted(self, share), d);
    }

    fn count_right(&self, scores: &[X], targets: &[Y]) -> Option<usize> {
        self.hits(scores, targets)
    }

    fn verdicts(&self, scores: &[X], targets: &[Y]) -> Vec<Verdict> {
        vec![verdict(self, scores, targets)]
    }
}

/// A number times the weight of a loss.
pub(crate) fn weighted<X: Sample, Y, L: Loss<X, Y>>(loss: &L, number: X::Element) -> X::Element {
    number * X::Element::of(loss.weight())
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
        right: loss.hits(scores, targets),
    }
}
