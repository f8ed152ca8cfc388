use std::io::Write as _;
use std::path::PathBuf;

use crate::error::Result;
use crate::files::atomic;
use crate::network::Trainable;
use crate::trainer::{Callback, Context};

/// Writes [`History::to_csv`](crate::History::to_csv) into a file after every epoch, and at the end. Whoever looks finds a whole table.
///
/// ```
/// use nn_core::logs::CsvLog;
/// use nn_core::{Sgd, Trainer};
///
/// let trainer = Trainer::new(Sgd::new(0.1)).callback(CsvLog::new("runs/history.csv"));
/// ```
#[derive(Clone, Debug)]
pub struct CsvLog {
    path: PathBuf,
}

impl CsvLog {
    /// Into this file, which is replaced. Its folder must be there.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn write(&self, at: &Context<'_>) -> Result<()> {
        let csv = at.history.to_csv();
        atomic::write(&self.path, |file| file.write_all(csv.as_bytes()))
    }
}

impl<N: Trainable> Callback<N> for CsvLog {
    /// A path that cannot be written is found out before the first step.
    fn before_training(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.write(at)
    }

    fn after_epoch(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.write(at)
    }

    fn after_training(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.write(at)
    }
}
