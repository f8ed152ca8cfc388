use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::network::Trainable;
use crate::optim::{EpochOutcome, Watch};
use crate::trainer::{Callback, Context, EpochRecord};

/// Saves the parameters of the best epochs.
///
/// After each epoch that is among the best so far by the value that is watched, they are written to `epoch-00012.safetensors` in a folder, and the file of the
/// epoch that no longer is among them is removed. Of equal values the earlier epoch counts as better, and NaN is never saved.
/// [`Network::load`](crate::Network::load) reads the files; to go on with a training takes a checkpoint, of which
/// [`Trainer::checkpoint`](crate::Trainer::checkpoint) keeps the last few. A training that is resumed knows from its history which epochs were the best.
///
/// ```no_run
/// use nn_core::prelude::*;
///
/// # network! { struct Net< Affine(2, 2) -> SoftmaxWithLoss >; }
/// # fn main() -> nn_core::Result<()> {
/// # let (train, test) = (Dataset { x: vec![[0.0; 2]], t: vec![1_u8] }, Dataset { x: vec![[0.0; 2]], t: vec![1_u8] });
/// # let mut net = Net::seeded(1);
/// let mut best = SaveBest::new("runs/best", Watch::TestAccuracy).keep(3);
/// Trainer::new(Adam::new(1e-3)).callback(&mut best).fit(&mut net, &train, &test)?;
/// if let Some(path) = best.best_path() {
///     net = Net::load(path)?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SaveBest {
    folder: PathBuf,
    watch: Watch,
    keep: usize,
    /// Epochs and their values, the best first.
    kept: Vec<(usize, f64)>,
}

impl SaveBest {
    /// Into this folder, which is created, the best epoch by this value.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, watch: Watch) -> Self {
        Self {
            folder: folder.into(),
            watch,
            keep: 1,
            kept: Vec::new(),
        }
    }

    /// Sets how many of the best epochs are kept, 1 by default and at least.
    #[must_use]
    pub const fn keep(mut self, count: usize) -> Self {
        self.keep = count;
        self
    }

    /// The epochs that are kept and their values, the best first.
    #[must_use]
    pub fn epochs(&self) -> &[(usize, f64)] {
        &self.kept
    }

    /// The file of the best epoch; `None` if there is none yet.
    #[must_use]
    pub fn best_path(&self) -> Option<PathBuf> {
        self.kept.first().map(|&(epoch, _)| self.path(epoch))
    }

    fn path(&self, epoch: usize) -> PathBuf {
        self.folder.join(format!("epoch-{epoch:05}.safetensors"))
    }

    /// Whether an epoch is among the best now, and which one no longer is.
    pub(super) fn rank(&mut self, epoch: usize, value: f64) -> (bool, Option<usize>) {
        if value.is_nan() {
            return (false, None);
        }
        let is_worse = |other: f64| {
            if self.watch.larger_is_better() {
                other < value
            } else {
                other > value
            }
        };
        let place = self.kept.iter().position(|&(_, other)| is_worse(other));
        let place = place.unwrap_or(self.kept.len());
        self.kept.insert(place, (epoch, value));
        let surplus = if self.kept.len() > self.keep.max(1) {
            self.kept.pop().map(|(epoch, _)| epoch)
        } else {
            None
        };
        (
            surplus != Some(epoch),
            surplus.filter(|&other| other != epoch),
        )
    }

    fn value(&self, record: &EpochRecord) -> Result<f64> {
        self.watch.value(&EpochOutcome::from(record))
    }
}

impl<N: Trainable> Callback<N> for SaveBest {
    fn before_training(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        if at.resumed && self.kept.is_empty() {
            for record in &at.history.epochs {
                let value = self.value(record)?;
                self.rank(record.epoch, value);
            }
        }
        fs::create_dir_all(&self.folder).map_err(|source| Error::io(&self.folder, source))
    }

    fn after_epoch(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        let Some(record) = at.epoch_record() else {
            return Ok(());
        };
        let value = self.value(record)?;
        let (is_kept, surplus) = self.rank(at.epoch, value);
        if is_kept {
            net.save(self.path(at.epoch))?;
        }
        // After the new one is there, so that there is always one.
        match surplus.map(|epoch| self.path(epoch)) {
            Some(path) => remove(&path),
            None => Ok(()),
        }
    }
}

/// Removes a file, unless a process that was killed has done so before.
fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(path, error)),
        _ => Ok(()),
    }
}
