//! Where batches come from.

use std::ops::Range;

use super::batches::Batches;
use super::course::Halt;
use super::run::Order;
use super::settings::Settings;
use crate::batch::non_empty;
use crate::data::{DataLoader, Dataset};
use crate::error::Result;

type Outcome = std::result::Result<(), Halt>;

/// Gives the batches of an epoch, the same ones whenever it is asked for them.
pub(super) trait Source<X, Y> {
    /// What it takes them from.
    fn data(&self) -> &Dataset<X, Y>;

    /// What says which samples a step takes.
    fn order(&self) -> Order;

    /// How many batches an epoch has, at least one.
    fn batches(&self) -> Result<usize>;

    /// Hands over some of the batches of an epoch.
    fn run(
        &mut self,
        epoch: usize,
        batches: Range<usize>,
        step: impl FnMut(&[X], &[Y]) -> Outcome,
    ) -> Outcome;
}

/// A data set, shuffled and cut as the trainer is told.
pub(super) struct Shuffled<'d, X, Y> {
    data: &'d Dataset<X, Y>,
    settings: Settings,
    batches: Batches<'d, X, Y>,
}

impl<'d, X: Copy + Send + Sync, Y: Clone> Shuffled<'d, X, Y> {
    pub(super) fn new(data: &'d Dataset<X, Y>, settings: Settings) -> Self {
        let batches = Batches::new(data, settings.samples_per_step());
        Self {
            data,
            settings,
            batches,
        }
    }
}

impl<X: Copy + Send + Sync, Y: Clone> Source<X, Y> for Shuffled<'_, X, Y> {
    fn data(&self) -> &Dataset<X, Y> {
        self.data
    }

    fn order(&self) -> Order {
        Order {
            seed: self.settings.seed,
            batch_size: self.settings.samples_per_step(),
            drop_last: self.settings.drop_last,
            samples: self.data.len(),
        }
    }

    fn batches(&self) -> Result<usize> {
        non_empty(&self.data.x)?;
        self.settings.steps_per_epoch(self.data.len())
    }

    fn run(
        &mut self,
        epoch: usize,
        batches: Range<usize>,
        mut step: impl FnMut(&[X], &[Y]) -> Outcome,
    ) -> Outcome {
        self.batches.shuffle(self.settings.seed, epoch as u64);
        for batch in batches {
            let (x, t) = self.batches.gather(batch, self.settings.samples_per_step());
            step(x, t)?;
        }
        Ok(())
    }
}

impl<X: Clone + Send + Sync, Y: Clone + Send + Sync> Source<X, Y> for &mut DataLoader<'_, X, Y> {
    fn data(&self) -> &Dataset<X, Y> {
        DataLoader::data(self)
    }

    fn order(&self) -> Order {
        let (seed, batch_size, drop_last) = self.settings();
        Order {
            seed,
            batch_size,
            drop_last,
            samples: DataLoader::data(self).len(),
        }
    }

    fn batches(&self) -> Result<usize> {
        self.check()
    }

    fn run(
        &mut self,
        epoch: usize,
        batches: Range<usize>,
        mut step: impl FnMut(&[X], &[Y]) -> Outcome,
    ) -> Outcome {
        let mut left = batches.len();
        if left == 0 {
            return Ok(());
        }
        let epoch = self.epoch(epoch as u64)?.skip(batches.start);
        let outcome = epoch.for_each(|x, t| {
            step(x, t)?;
            left -= 1;
            if left == 0 { Err(Halt::Enough) } else { Ok(()) }
        });
        match outcome {
            Err(Halt::Enough) => Ok(()),
            outcome => outcome,
        }
    }
}
