use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;

use serde_json::Value;

use super::follower::{Entry, Follower, cut};
use crate::error::{Error, Result};
use crate::network::Trainable;
use crate::trainer::{Callback, Context, EpochRecord, LossRecord};

/// Appends a line of JSON to a file for every interval and every epoch.
///
/// ```text
/// {"kind":"interval","step":21,"epoch":1,"seconds":0.02,"loss":2.25,"lr":0.1}
/// {"kind":"epoch","step":600,"epoch":1,"seconds":0.4,"loss":0.9,"lr":0.1,"test_loss":0.4,"train_accuracy":null,"test_accuracy":0.88,"metrics":{"f1":0.87}}
/// ```
///
/// Numbers have as many digits as it takes to read the same number back; what is not finite, or was not computed, is `null`. Lines are handed to the operating
/// system one by one, so that they are there when the process is killed.
///
/// ```
/// use nn_core::logs::JsonLines;
/// use nn_core::{Sgd, Trainer};
///
/// let trainer = Trainer::new(Sgd::new(0.1)).callback(JsonLines::new("runs/log.jsonl"));
/// ```
#[derive(Debug)]
pub struct JsonLines {
    path: PathBuf,
    file: Option<File>,
    follower: Follower,
}

impl JsonLines {
    /// Into this file, see the [module](super) for what becomes of one that is there. Its folder must be.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            file: None,
            follower: Follower::default(),
        }
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::Io {
            path: self.path.clone(),
            source,
        }
    }

    fn catch_up(&mut self, at: &Context<'_>) -> Result<()> {
        while let Some(entry) = self.follower.next(at.history) {
            let line = match entry {
                Entry::Interval(record) => interval(record),
                Entry::Epoch(record) => epoch(record),
            };
            if let Some(file) = &mut self.file {
                let written = file.write_all(line.as_bytes());
                written.map_err(|source| self.failed(source))?;
            }
        }
        Ok(())
    }

    /// Opens the file behind the last line that stays; what it is cut at.
    fn open(&self, at: &Context<'_>) -> io::Result<(File, usize)> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&self.path)?;
        // The steps of all lines that are whole, and where they end.
        let mut lines: Vec<(usize, u64)> = Vec::new();
        let mut end = 0;
        if at.step > 0 {
            let (mut reader, mut line) = (BufReader::new(&mut file), Vec::new());
            while reader.read_until(b'\n', &mut line)? > 0 {
                let Some(step) = step(&line) else { break };
                end += line.len() as u64;
                lines.push((step, end));
                line.clear();
            }
        }
        let cut = cut(at, lines.last().map(|line| line.0));
        let kept = lines.iter().take_while(|line| line.0 < cut).last();
        let end = kept.map_or(0, |line| line.1);
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        Ok((file, cut))
    }
}

/// The step of a line that is whole; of a line of somebody else's the step is 0.
fn step(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"\n")?;
    let value: Value = serde_json::from_slice(line).ok()?;
    let step = value.get("step").and_then(Value::as_u64).unwrap_or(0);
    Some(usize::try_from(step).unwrap_or(usize::MAX))
}

impl<N: Trainable> Callback<N> for JsonLines {
    fn before_training(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        let (file, cut) = self.open(at).map_err(|source| self.failed(source))?;
        self.file = Some(file);
        self.follower = Follower::from_step(at.history, cut);
        self.catch_up(at)
    }

    fn after_step(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.catch_up(at)
    }

    fn after_epoch(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.catch_up(at)
    }

    fn after_training(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.catch_up(at)?;
        self.file = None;
        Ok(())
    }
}

fn interval(record: &LossRecord) -> String {
    let LossRecord {
        step,
        epoch,
        loss,
        lr,
        seconds,
    } = *record;
    let [loss, lr, seconds] = [loss, lr, seconds].map(number);
    format!(
        "{{\"kind\":\"interval\",\"step\":{step},\"epoch\":{epoch},\"seconds\":{seconds},\"loss\":{loss},\"lr\":{lr}}}\n"
    )
}

fn epoch(record: &EpochRecord) -> String {
    let mut line = format!(
        "{{\"kind\":\"epoch\",\"step\":{},\"epoch\":{}",
        record.step, record.epoch
    );
    let optional = |value: Option<f64>| value.map_or_else(|| "null".to_owned(), number);
    for (name, value) in [
        ("seconds", number(record.seconds)),
        ("loss", number(record.loss)),
        ("lr", number(record.lr)),
        ("test_loss", optional(record.test_loss)),
        ("train_accuracy", optional(record.train_accuracy)),
        ("test_accuracy", optional(record.test_accuracy)),
    ] {
        let _ = write!(line, ",\"{name}\":{value}");
    }
    line.push_str(",\"metrics\":{");
    for (place, metric) in record.metrics.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        let name = Value::from(metric.name.as_str());
        let _ = write!(line, "{comma}{name}:{}", number(metric.value));
    }
    line.push_str("}}\n");
    line
}

fn number(value: f64) -> String {
    if value.is_finite() {
        value.to_string()
    } else {
        "null".to_owned()
    }
}
