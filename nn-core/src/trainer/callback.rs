//! What a training tells those who watch it, and how they steer it.

use super::{Clock, EpochRecord, History};
use crate::error::{Error, Result};
use crate::network::Trainable;
use crate::optim::{StatePart, StateProblem};

/// Watches a training of a network `N`, and steers it: [`Trainer::callback`](crate::Trainer::callback) hands one over.
///
/// Every method has a default that does nothing, so that one writes only what one needs. `&mut C` and `Box<dyn Callback<N>>` are
/// callbacks where `C` is one, which lets one read results afterwards, and choose at run time; a pair of callbacks is one, too. An error
/// ends the training; [`Error::callback`] makes one of anything.
///
/// ```
/// use nn_core::prelude::*;
/// use nn_core::{Callback, Context};
///
/// network! { struct Line< Affine(1, 1) -> MeanSquaredError >; }
///
/// /// Notes the largest weight of each epoch, and ends a training whose loss is small enough.
/// #[derive(Default)]
/// struct Watcher(Vec<f32>);
///
/// impl Callback<Line> for Watcher {
///     fn after_epoch(&mut self, net: &mut Line, at: &mut Context<'_>) -> nn_core::Result<()> {
///         self.0.push(net.params.affine1.W[0][0]);
///         if at.epoch_record().is_some_and(|epoch| epoch.loss < 1e-4) {
///             at.stop("the loss is small enough");
///         }
///         Ok(())
///     }
/// }
///
/// # fn main() -> nn_core::Result<()> {
/// let line = Dataset { x: vec![[0.0], [1.0], [2.0]], t: vec![[1.0], [3.0], [5.0]] };
/// let (mut net, mut watcher) = (Line::seeded(1), Watcher::default());
/// let mut trainer = Trainer::new(Sgd::new(0.1)).epochs(10_000).silent().callback(&mut watcher);
/// let history = trainer.fit(&mut net, &line, &line)?;
/// assert_eq!(history.stop_reason.as_deref(), Some("the loss is small enough"));
/// assert!((watcher.0.last().unwrap() - 2.0).abs() < 0.1);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no callback for a training of `{N}`",
    label = "not a callback for `{N}`",
    note = "implement `Callback<{N}>` for it, or hand over `&mut` one that does"
)]
pub trait Callback<N: Trainable> {
    /// Under which name checkpoints keep what [`Callback::state`] gives. Several of one name get ordinals, in the order in which they were
    /// handed over.
    fn name(&self) -> &'static str {
        "callback"
    }

    /// Before the first step of a call of `fit`; [`Context::resumed`] says whether it goes on with one that was interrupted.
    ///
    /// # Errors
    /// Whatever should end the training.
    fn before_training(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        let _ = (net, at);
        Ok(())
    }

    /// Whether [`Callback::before_update`] is to be called. Asked before every step: a step of plain gradient descent that need not keep its
    /// gradient moves parameters while it computes them, which is faster.
    fn wants_gradient(&self) -> bool {
        false
    }

    /// When the gradient of a step is known, and before clipping and the update: both can be changed, see
    /// [`Trainable::params_and_gradient`]. [`Context::step`] and [`Context::loss`] are those of this step. Only called if somebody
    /// [wants](Callback::wants_gradient) it.
    ///
    /// # Errors
    /// Whatever should end the training.
    fn before_update(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        let _ = (net, at);
        Ok(())
    }

    /// After every step.
    ///
    /// # Errors
    /// Whatever should end the training.
    fn after_step(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        let _ = (net, at);
        Ok(())
    }

    /// After every epoch and its evaluation, whose record is [`Context::epoch_record`].
    ///
    /// # Errors
    /// Whatever should end the training.
    fn after_epoch(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        let _ = (net, at);
        Ok(())
    }

    /// At the end of a call of `fit`, unless there was an error; [`Context::paused`] says whether it was only interrupted.
    ///
    /// # Errors
    /// Those that `fit` should return.
    fn after_training(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        let _ = (net, at);
        Ok(())
    }

    /// What must not be lost when a training is resumed from a checkpoint: the same names at all times. Lists of numbers are of the type that
    /// the network computes with; single numbers are `f64`.
    fn state(&self) -> Vec<StatePart<'_, N::Element>> {
        Vec::new()
    }

    /// Goes on from what [`Callback::state`] gave.
    ///
    /// # Errors
    /// [`Error::State`] if a part is missing, unknown or out of its range; nothing is changed then.
    fn load_state(&mut self, net: &N, state: &[StatePart<'_, N::Element>]) -> Result<()> {
        let _ = net;
        match state.first() {
            Some(part) => Err(unknown(&part.name)),
            None => Ok(()),
        }
    }

    /// The state of this callback, or of all that it stands for, under prefixes.
    #[doc(hidden)]
    fn save_to<'s>(&'s self, states: &mut States<'s, N::Element>) {
        states.add(self.name(), self.state());
    }

    /// The reverse.
    #[doc(hidden)]
    fn load_from(&mut self, net: &N, states: &mut States<'_, N::Element>) -> Result<()> {
        if self.state().is_empty() {
            return Ok(());
        }
        let (prefix, own) = states.take(self.name());
        let loaded = self.load_state(net, &own);
        loaded.map_err(|error| within(&prefix, error))
    }
}

/// Where a training is.
#[derive(Debug)]
#[non_exhaustive]
pub struct Context<'a> {
    /// The epoch, from 1, counted over all calls on the trainer: the one that has just ended, that a step belongs to, or that comes next.
    pub epoch: usize,
    /// How many steps of the epoch have been made; in [`Callback::before_update`] with the one that is being made.
    pub iter: usize,
    /// How many steps a whole epoch has.
    pub iters: usize,
    /// The last step, from 1, counted over all epochs and all calls on the trainer; 0 before the first. In [`Callback::before_update`] the one
    /// that is being made.
    pub step: usize,
    /// The last step that this call of `fit` will make, counted alike.
    pub last_step: usize,
    /// How many samples a step takes, save for the last of an epoch.
    pub batch_size: usize,
    /// How many samples the training set has.
    pub samples: usize,
    /// The mean loss of the batch of the last step, before its update; NaN before the first step of a call.
    pub loss: f64,
    /// The learning rate of the last step; NaN before the first.
    pub lr: f64,
    /// Everything that has been recorded so far.
    pub history: &'a History,
    /// Whether this call of `fit` goes on with one that was interrupted, in this process or in another one.
    pub resumed: bool,
    /// In [`Callback::after_training`]: whether the training was interrupted, by Ctrl-C or [`Context::pause`], and can go on.
    pub paused: bool,
    pub(super) clock: &'a Clock,
    pub(super) wish: Option<Wish>,
}

/// What a callback wants of the loop.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    Stop(String),
    Pause(String),
}

impl Context<'_> {
    /// Ends the training: after this step with the evaluation that every epoch ends with, or after this epoch. The reason is printed and
    /// is the history's [`stop_reason`](History::stop_reason). A callback that comes later cannot take it back.
    ///
    /// A training that is resumed from the checkpoint of its end goes on, unless the callback remembers that it has ended it and says so in
    /// [`Callback::before_training`].
    pub fn stop(&mut self, reason: impl Into<String>) {
        // To end is more than to interrupt.
        if !matches!(self.wish, Some(Wish::Stop(_))) {
            self.wish = Some(Wish::Stop(reason.into()));
        }
    }

    /// Interrupts the training after this step or epoch, as Ctrl-C does: a checkpoint is written, if the trainer writes any, and the next
    /// `fit`, or one of another process, goes on from here to the same bits.
    pub fn pause(&mut self, reason: impl Into<String>) {
        self.wish.get_or_insert_with(|| Wish::Pause(reason.into()));
    }

    /// Whether some callback has asked for an end.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.wish.is_some()
    }

    /// Seconds since the start of `fit`, with those before it was interrupted.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.clock.total().as_secs_f64()
    }

    /// The record of the last epoch that has been evaluated; in [`Callback::after_epoch`] the one that has just ended.
    #[must_use]
    pub fn epoch_record(&self) -> Option<&EpochRecord> {
        self.history.epochs.last()
    }
}

/// The states of several callbacks, each under a prefix of its own.
#[doc(hidden)]
#[derive(Debug)]
pub struct States<'s, T> {
    pub(super) parts: Vec<StatePart<'s, T>>,
    /// What has been added or taken.
    names: Vec<String>,
}

impl<'s, T: Copy> States<'s, T> {
    pub(super) fn new(parts: Vec<StatePart<'s, T>>) -> Self {
        Self {
            parts,
            names: Vec::new(),
        }
    }

    fn prefix(&mut self, name: &str) -> String {
        self.names.push(name.to_owned());
        match self.names.iter().filter(|other| *other == name).count() {
            1 => format!("{name}/"),
            ordinal => format!("{name}{ordinal}/"),
        }
    }

    fn add(&mut self, name: &str, state: Vec<StatePart<'s, T>>) {
        if state.is_empty() {
            return;
        }
        let prefix = self.prefix(name);
        self.parts.extend(state.into_iter().map(|part| StatePart {
            name: format!("{prefix}{}", part.name).into(),
            ..part
        }));
    }

    fn take(&mut self, name: &str) -> (String, Vec<StatePart<'s, T>>) {
        let prefix = self.prefix(name);
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for part in self.parts.drain(..) {
            match part.name.strip_prefix(&prefix) {
                Some(name) => own.push(StatePart {
                    name: name.to_owned().into(),
                    ..part
                }),
                None => others.push(part),
            }
        }
        self.parts = others;
        (prefix, own)
    }

    /// Everything has been taken.
    pub(super) fn finish(self) -> Result<()> {
        match self.parts.first() {
            Some(part) => Err(unknown(&part.name)),
            None => Ok(()),
        }
    }
}

/// The error of a callback, with the name that its state has beside others.
fn within(prefix: &str, error: Error) -> Error {
    match error {
        Error::State { part, problem } => Error::State {
            part: format!("{prefix}{part}"),
            problem,
        },
        other => other,
    }
}

fn unknown(part: &str) -> Error {
    Error::State {
        part: part.to_owned(),
        problem: StateProblem::Unknown,
    }
}

/// Nobody watches.
impl<N: Trainable> Callback<N> for () {}

/// Both, the first one first.
impl<N: Trainable, C: Callback<N>, D: Callback<N>> Callback<N> for (C, D) {
    fn before_training(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.0.before_training(net, at)?;
        self.1.before_training(net, at)
    }

    fn wants_gradient(&self) -> bool {
        self.0.wants_gradient() || self.1.wants_gradient()
    }

    fn before_update(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        if self.0.wants_gradient() {
            self.0.before_update(net, at)?;
        }
        if self.1.wants_gradient() {
            self.1.before_update(net, at)?;
        }
        Ok(())
    }

    fn after_step(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.0.after_step(net, at)?;
        self.1.after_step(net, at)
    }

    fn after_epoch(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.0.after_epoch(net, at)?;
        self.1.after_epoch(net, at)
    }

    fn after_training(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.0.after_training(net, at)?;
        self.1.after_training(net, at)
    }

    fn save_to<'s>(&'s self, states: &mut States<'s, N::Element>) {
        self.0.save_to(states);
        self.1.save_to(states);
    }

    fn load_from(&mut self, net: &N, states: &mut States<'_, N::Element>) -> Result<()> {
        self.0.load_from(net, states)?;
        self.1.load_from(net, states)
    }
}

/// It watches where there is one.
impl<N: Trainable, C: Callback<N>> Callback<N> for Option<C> {
    fn before_training(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.iter_mut()
            .try_for_each(|it| it.before_training(net, at))
    }

    fn wants_gradient(&self) -> bool {
        self.as_ref().is_some_and(Callback::wants_gradient)
    }

    fn before_update(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.iter_mut().try_for_each(|it| it.before_update(net, at))
    }

    fn after_step(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.iter_mut().try_for_each(|it| it.after_step(net, at))
    }

    fn after_epoch(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.iter_mut().try_for_each(|it| it.after_epoch(net, at))
    }

    fn after_training(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.iter_mut()
            .try_for_each(|it| it.after_training(net, at))
    }

    fn save_to<'s>(&'s self, states: &mut States<'s, N::Element>) {
        if let Some(it) = self {
            it.save_to(states);
        }
    }

    fn load_from(&mut self, net: &N, states: &mut States<'_, N::Element>) -> Result<()> {
        self.iter_mut().try_for_each(|it| it.load_from(net, states))
    }
}

/// A callback behind a pointer is a callback.
macro_rules! pass_on {
    ($pointer:ty) => {
        impl<N: Trainable, C: Callback<N> + ?Sized> Callback<N> for $pointer {
            fn name(&self) -> &'static str {
                (**self).name()
            }

            fn before_training(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
                (**self).before_training(net, at)
            }

            fn wants_gradient(&self) -> bool {
                (**self).wants_gradient()
            }

            fn before_update(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
                (**self).before_update(net, at)
            }

            fn after_step(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
                (**self).after_step(net, at)
            }

            fn after_epoch(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
                (**self).after_epoch(net, at)
            }

            fn after_training(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
                (**self).after_training(net, at)
            }

            fn state(&self) -> Vec<StatePart<'_, N::Element>> {
                (**self).state()
            }

            fn load_state(&mut self, net: &N, state: &[StatePart<'_, N::Element>]) -> Result<()> {
                (**self).load_state(net, state)
            }

            fn save_to<'s>(&'s self, states: &mut States<'s, N::Element>) {
                (**self).save_to(states);
            }

            fn load_from(&mut self, net: &N, states: &mut States<'_, N::Element>) -> Result<()> {
                (**self).load_from(net, states)
            }
        }
    };
}
pass_on!(Box<C>);
pass_on!(&mut C);

#[cfg(test)]
mod tests;
