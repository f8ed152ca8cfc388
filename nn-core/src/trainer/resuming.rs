//! Going on with a training that was stopped, in this process or in another one.

use std::path::Path;

use super::run::{Order, Run};
use super::{Callback, Trainer};
use crate::error::{Error, Result};
use crate::network::{Network, Trainable};
use crate::optim::{Optimizer, Schedule};

impl<O, F, S: Schedule, C, M> Trainer<O, F, S, C, M> {
    /// Reads the newest checkpoint of the folder of [`Trainer::checkpoint`] into this trainer and this network, and says after which step it
    /// was written; `None` if there is none yet, or no folder was named.
    ///
    /// The next `fit` then goes on with the call that was interrupted, of the same data: it ends with the same bits, and with the same
    /// history, as if there had been no interruption. Of a call that was finished it makes only the steps that a larger number of epochs
    /// or steps adds. Hyper-parameters are those of this trainer, save for the learning rate.
    ///
    /// # Errors
    /// [`Error::Load`] if the checkpoint is damaged or that of another network; [`Error::State`] if it is that of another optimizer or
    /// schedule, or if callbacks remember other things; [`Error::Io`] if it cannot be read. Nothing is changed then.
    pub fn resume<N: Trainable>(&mut self, net: &mut N) -> Result<Option<usize>>
    where
        O: Optimizer<N::Element>,
        C: Callback<N>,
    {
        let Some(checkpoints) = &self.checkpoints else {
            return Ok(None);
        };
        let Some(path) = checkpoints.newest()? else {
            return Ok(None);
        };
        self.resume_from(net, path)?;
        Ok(Some(self.progress.steps))
    }

    /// [`Trainer::resume`] from a certain checkpoint.
    ///
    /// # Errors
    /// As [`Trainer::resume`].
    pub fn resume_from<N: Trainable>(&mut self, net: &mut N, path: impl AsRef<Path>) -> Result<()>
    where
        O: Optimizer<N::Element>,
        C: Callback<N>,
    {
        self.read_checkpoint(net, path.as_ref())
    }

    /// Whether checkpoints can be written; before the first step, for an hour later it would be too late.
    pub(super) fn check_checkpoints<N: Network>(&self) -> Result<()>
    where
        O: Optimizer<N::Element>,
    {
        let Some(checkpoints) = &self.checkpoints else {
            return Ok(());
        };
        checkpoints.check_interval()?;
        self.optimizer.state()?;
        checkpoints.make_ready(self.progress.steps)
    }

    /// The call that was stopped, or a new one.
    pub(super) fn take_run(&mut self, order: Order) -> Result<Run> {
        Run::take(&mut self.unfinished, self.progress.steps, order)
    }

    pub(super) fn is_checkpoint_due(&self) -> bool {
        let checkpoints = self.checkpoints.as_ref();
        checkpoints.is_some_and(|it| self.progress.steps.is_multiple_of(it.every))
    }

    /// Writes a checkpoint, if there is a place for it, and removes the oldest.
    pub(super) fn save_run<N: Trainable>(&self, net: &N, run: &Run) -> Result<()>
    where
        O: Optimizer<N::Element>,
        C: Callback<N>,
    {
        let Some(checkpoints) = &self.checkpoints else {
            return Ok(());
        };
        self.write_checkpoint(net, run, &checkpoints.path(self.progress.steps))?;
        checkpoints.remove_surplus()
    }
}

impl Run {
    fn take(unfinished: &mut Option<Self>, steps: usize, order: Order) -> Result<Self> {
        if let Some(before) = unfinished.as_ref().and_then(|run| run.order) {
            before.check(&order)?;
        }
        let run = unfinished.take();
        let mut run = run.unwrap_or_else(|| Self::after(steps));
        run.order = Some(order);
        run.history.stopped = false;
        run.history.stop_reason = None;
        Ok(run)
    }
}

impl Order {
    /// The steps of a run take the same samples as before.
    fn check(&self, now: &Self) -> Result<()> {
        let pairs = [
            ("seed", self.seed.to_string(), now.seed.to_string()),
            (
                "batch_size",
                self.batch_size.to_string(),
                now.batch_size.to_string(),
            ),
            (
                "drop_last",
                self.drop_last.to_string(),
                now.drop_last.to_string(),
            ),
            (
                "samples of training",
                self.samples.to_string(),
                now.samples.to_string(),
            ),
        ];
        match pairs.into_iter().find(|(_, saved, found)| saved != found) {
            Some((name, saved, found)) => Err(Error::Resumed { name, saved, found }),
            None => Ok(()),
        }
    }
}
