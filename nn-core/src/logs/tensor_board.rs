//! Event files as TensorBoard reads them: records with checksums, each a message of `tensorflow/core/util/event.proto`.

mod event;
mod records;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::follower::{Entry, Follower, cut};
use super::{Histogram, HistogramRecord, Histograms};
use crate::error::{Error, Result};
use crate::network::Trainable;
use crate::trainer::{Callback, Context};
use event::Event;

/// Writes scalars, and histograms if asked for, into a folder that `tensorboard --logdir` shows.
///
/// | tag | what | at |
/// |---|---|---|
/// | `loss/training` | the mean loss of an interval | its last step |
/// | `learning rate` | the learning rate | its last step |
/// | `loss/test`, `accuracy/training`, `accuracy/test`, `metrics/…` | what an epoch was evaluated to | its last step |
/// | `parameters/affine1.W`, `gradients/affine1.W` | histograms, see [`TensorBoard::histograms`] | the last step of an epoch |
///
/// ```
/// use nn_core::logs::TensorBoard;
/// use nn_core::{Sgd, Trainer};
///
/// let trainer = Trainer::new(Sgd::new(0.1)).callback(TensorBoard::new("runs/mnist").histograms(1));
/// ```
#[derive(Debug)]
pub struct TensorBoard {
    folder: PathBuf,
    file: Option<(PathBuf, File)>,
    follower: Follower,
    histograms: Option<Histograms>,
}

/// How the names of files end that are written here.
const SUFFIX: &str = ".nn-core";

impl TensorBoard {
    /// Into a file in this folder, which is made if it is not there. See the [module](super) for what becomes of an earlier one.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            file: None,
            follower: Follower::default(),
            histograms: None,
        }
    }

    /// Histograms of all parameters, after every so many epochs; at least one.
    #[must_use]
    pub fn histograms(mut self, epochs: usize) -> Self {
        let histograms = self.histograms.take().unwrap_or_default();
        self.histograms = Some(histograms.every(epochs));
        self
    }

    /// Histograms of their gradients, too; after every epoch, unless [`TensorBoard::histograms`] says otherwise.
    #[must_use]
    pub fn gradients(mut self) -> Self {
        let histograms = self.histograms.take().unwrap_or_default();
        self.histograms = Some(histograms.gradients());
        self
    }

    /// Writes a number of one's own, while a training runs.
    ///
    /// ```no_run
    /// # use nn_core::{Callback, Context, Trainable};
    /// # use nn_core::logs::TensorBoard;
    /// struct Mine(TensorBoard);
    ///
    /// impl<N: Trainable> Callback<N> for Mine {
    ///     fn before_training(&mut self, net: &mut N, at: &mut Context<'_>) -> nn_core::Result<()> {
    ///         self.0.before_training(net, at)
    ///     }
    ///
    ///     fn after_epoch(&mut self, net: &mut N, at: &mut Context<'_>) -> nn_core::Result<()> {
    ///         self.0.after_epoch(net, at)?;
    ///         self.0.scalar("seconds", at.step, at.seconds())
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be written. Before a training nothing is open, and nothing is written.
    pub fn scalar(&mut self, tag: &str, step: usize, value: f64) -> Result<()> {
        self.write(&[Event::scalar(now(), step, tag, value)])
    }

    /// Writes a histogram of one's own, while a training runs.
    ///
    /// # Errors
    /// As [`TensorBoard::scalar`].
    pub fn histogram(&mut self, tag: &str, step: usize, histogram: &Histogram) -> Result<()> {
        self.write(&[Event::histogram(now(), step, tag, histogram)])
    }

    fn write(&mut self, events: &[Event]) -> Result<()> {
        let Some((path, file)) = &mut self.file else {
            return Ok(());
        };
        let mut bytes = Vec::new();
        for event in events {
            records::append(&mut bytes, event.bytes());
        }
        // One call, so that a process that is killed leaves at most one record torn.
        let written = file.write_all(&bytes);
        written.map_err(|source| Error::io(path, source))
    }

    fn catch_up(&mut self, at: &Context<'_>) -> Result<()> {
        while let Some(entry) = self.follower.next(at.history) {
            let (step, mut scalars) = match entry {
                Entry::Interval(record) => (
                    record.step,
                    vec![
                        ("loss/training".to_owned(), record.loss),
                        ("learning rate".to_owned(), record.lr),
                    ],
                ),
                Entry::Epoch(record) => {
                    let optional = [
                        ("loss/test", record.test_loss),
                        ("accuracy/training", record.train_accuracy),
                        ("accuracy/test", record.test_accuracy),
                    ];
                    let some = optional
                        .into_iter()
                        .filter_map(|(tag, value)| Some((tag.to_owned(), value?)));
                    let metrics = record.metrics.iter();
                    let metrics =
                        metrics.map(|metric| (format!("metrics/{}", metric.name), metric.value));
                    (record.step, some.chain(metrics).collect())
                }
            };
            let events = scalars
                .drain(..)
                .map(|(tag, value)| Event::scalar(now(), step, &tag, value));
            self.write(&events.collect::<Vec<_>>())?;
        }
        Ok(())
    }

    /// What has been noted since the last time.
    fn write_histograms(&mut self) -> Result<()> {
        let Some(histograms) = &mut self.histograms else {
            return Ok(());
        };
        let mut events = Vec::new();
        for HistogramRecord {
            step,
            key,
            values,
            gradient,
            ..
        } in histograms.records()
        {
            events.push(Event::histogram(
                now(),
                *step,
                &format!("parameters/{key}"),
                values,
            ));
            if let Some(gradient) = gradient {
                events.push(Event::histogram(
                    now(),
                    *step,
                    &format!("gradients/{key}"),
                    gradient,
                ));
            }
        }
        histograms.forget();
        self.write(&events)
    }

    /// Opens the newest file of the folder behind the last record that stays, or a new file; and what it is cut at.
    fn open(&self, at: &Context<'_>) -> Result<(PathBuf, File, usize)> {
        fs::create_dir_all(&self.folder).map_err(|source| Error::io(&self.folder, source))?;
        let mut earlier =
            own_files(&self.folder).map_err(|source| Error::io(&self.folder, source))?;
        if at.step > 0
            && let Some(path) = earlier.pop()
        {
            let (file, cut) = go_on(&path, at).map_err(|source| Error::io(&path, source))?;
            return Ok((path, file, cut));
        }
        for path in earlier {
            fs::remove_file(&path).map_err(|source| Error::io(&path, source))?;
        }
        let seconds = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let path = self
            .folder
            .join(format!("events.out.tfevents.{seconds:010}{SUFFIX}"));
        let created = File::create(&path).and_then(|mut file| {
            let mut bytes = Vec::new();
            records::append(&mut bytes, Event::version(now()).bytes());
            file.write_all(&bytes)?;
            Ok(file)
        });
        let file = created.map_err(|source| Error::io(&path, source))?;
        Ok((path, file, 0))
    }
}

/// Seconds since 1970.
fn now() -> f64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default().as_secs_f64()
}

/// Event files that were written here, the newest last.
fn own_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("events.out.tfevents.") && name.ends_with(SUFFIX) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn go_on(path: &Path, at: &Context<'_>) -> io::Result<(File, usize)> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let found = records::read(&mut file)?;
    let steps: Vec<(usize, u64)> = found
        .iter()
        .map(|record| (event::step(&record.content), record.end))
        .collect();
    let last = steps.last().map(|record| record.0);
    let cut = cut(at, last.filter(|step| *step > 0));
    // The version, at step 0, stays.
    let is_kept = |(index, record): &(usize, &(usize, u64))| *index == 0 || record.0 < cut;
    let kept = steps.iter().enumerate().take_while(is_kept).last();
    let end = kept.map_or(0, |(_, record)| record.1);
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    let mut bytes = Vec::new();
    if end == 0 {
        records::append(&mut bytes, Event::version(now()).bytes());
    }
    // A TensorBoard that has read what is cut off here forgets it.
    records::append(&mut bytes, Event::restart(now(), cut).bytes());
    file.write_all(&bytes)?;
    Ok((file, cut))
}

impl<N: Trainable> Callback<N> for TensorBoard {
    fn before_training(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        let (path, file, cut) = self.open(at)?;
        self.file = Some((path, file));
        self.follower = Follower::from_step(at.history, cut);
        if let Some(histograms) = &mut self.histograms {
            histograms.begin(net, at);
            // The last step has been cut off; if it ended an epoch, that is written again, with the parameters as they still are.
            let ended = at
                .epoch_record()
                .filter(|epoch| at.resumed && epoch.step == at.step);
            if let Some(epoch) = ended {
                histograms.note_again(net, epoch.step, epoch.epoch);
            }
        }
        self.write_histograms()?;
        self.catch_up(at)
    }

    fn wants_gradient(&self) -> bool {
        self.histograms
            .as_ref()
            .is_some_and(Histograms::has_gradients)
    }

    fn before_update(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        if let Some(histograms) = &mut self.histograms {
            histograms.take_gradients(net, at);
        }
        Ok(())
    }

    fn after_step(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.catch_up(at)
    }

    fn after_epoch(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.catch_up(at)?;
        if let Some(histograms) = &mut self.histograms {
            histograms.end_epoch(net, at);
        }
        self.write_histograms()
    }

    fn after_training(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.catch_up(at)?;
        if let Some((path, file)) = self.file.take() {
            file.sync_all().map_err(|source| Error::io(&path, source))?;
        }
        Ok(())
    }
}
