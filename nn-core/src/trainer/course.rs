//! Where a call of `fit` is, whom it reports to, and why it ends.

use super::callback::{Context, Wish};
use super::ctrl_c::CtrlC;
use super::run::{Order, Run};
use super::screen::Screen;
use super::settings::Settings;
use super::{Clock, Event, History, Progress};
use crate::error::Error;

/// Where a call of `fit` is, beside what outlives it.
pub(super) struct Course {
    pub(super) iters: usize,
    pub(super) last_step: usize,
    pub(super) order: Order,
    pub(super) resumed: bool,
    pub(super) paused: bool,
    /// What callbacks are told: the epoch, its steps, and the loss of the last one.
    pub(super) epoch: usize,
    pub(super) iter: usize,
    pub(super) loss: f64,
    pub(super) clock: Clock,
    pub(super) ctrl_c: Option<CtrlC>,
    /// What callbacks have asked for.
    pub(super) wish: Option<Wish>,
}

/// Why no more steps are made.
pub(super) enum Halt {
    Failed(Error),
    /// There are more batches than are wanted.
    Enough,
    /// For good.
    Stopped(String),
    /// To go on later; by a callback if there is a reason, otherwise by Ctrl-C.
    Paused(Option<String>),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Whom events are reported to. It knows no network, so that users' programs do not compile it once more for each of theirs.
pub(super) struct Reporter<'t> {
    pub(super) screen: &'t mut Screen,
    pub(super) on_event: &'t mut dyn FnMut(&Event),
}

impl Reporter<'_> {
    pub(super) fn report(&mut self, history: &mut History, event: &Event) {
        history.record(event);
        self.screen.show(event);
        (self.on_event)(event);
    }

    pub(super) fn step(
        &mut self,
        settings: Settings,
        progress: Progress,
        lr: f64,
        run: &mut Run,
        course: &Course,
    ) {
        let &Course {
            epoch,
            iter,
            iters,
            last_step,
            loss,
            ..
        } = course;
        let step = progress.steps;
        let event = Event::Step {
            epoch,
            iter,
            iters,
            step,
            last_step,
            loss,
            lr,
        };
        self.report(&mut run.history, &event);
        if settings.reports_at(iter) {
            let event = Event::Interval {
                epoch,
                iter,
                iters,
                step,
                loss: run.mean.take(),
                lr,
                seconds: course.clock.total().as_secs_f64(),
            };
            self.report(&mut run.history, &event);
        }
    }
}

impl Course {
    pub(super) fn context<'a>(&'a self, step: usize, lr: f64, history: &'a History) -> Context<'a> {
        Context {
            epoch: self.epoch,
            iter: self.iter,
            iters: self.iters,
            step,
            last_step: self.last_step,
            batch_size: self.order.batch_size,
            samples: self.order.samples,
            loss: self.loss,
            lr,
            history,
            resumed: self.resumed,
            paused: self.paused,
            clock: &self.clock,
            wish: None,
        }
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.ctrl_c.as_ref().is_some_and(CtrlC::is_pressed)
    }
}
