use std::path::Path;

use crate::error::{Error, Result};
use crate::metrics::MetricValue;
use crate::optim::EpochOutcome;
use crate::trainer::Event;

/// What one call of [`Trainer::fit`](crate::Trainer::fit) did: losses, accuracies, learning rates, times.
///
/// ```
/// use nn_core::{EpochRecord, History, LossRecord};
///
/// let history = History {
///     losses: vec![LossRecord { step: 1, epoch: 1, loss: 2.5, lr: 0.1, seconds: 0.25 }],
///     epochs: vec![EpochRecord { epoch: 1, step: 2, lr: 0.05, loss: 2.25, train_accuracy: Some(0.75), seconds: 0.5, ..EpochRecord::default() }],
///     ..History::default()
/// };
/// let csv = "kind,step,epoch,seconds,loss,train_accuracy,test_accuracy,lr,test_loss\n\
///            interval,1,1,0.25,2.5,,,0.1,\n\
///            epoch,2,1,0.5,2.25,0.75,,0.05,\n";
/// assert_eq!(history.to_csv(), csv);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The mean loss of each interval of `eval_interval` steps.
    pub losses: Vec<LossRecord>,
    /// Losses, accuracies and metrics of each epoch.
    pub epochs: Vec<EpochRecord>,
    /// How many steps were made.
    pub steps: usize,
    /// Seconds of training, evaluation left out.
    pub seconds: f64,
    /// Seconds of training and evaluation.
    pub total_seconds: f64,
    /// Whether it was interrupted, so that it can go on: by Ctrl-C, see [`Trainer::stop_on_ctrl_c`](crate::Trainer::stop_on_ctrl_c), or by a
    /// callback.
    pub stopped: bool,
    /// Why a callback has ended or interrupted it, see [`Context::stop`](crate::Context::stop).
    pub stop_reason: Option<String>,
}

/// The mean loss of the steps since the record before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossRecord {
    /// The last of these steps, from 1, counted over all epochs and all calls on the trainer.
    pub step: usize,
    /// The epoch of that step, from 1.
    pub epoch: usize,
    /// The mean of their losses.
    pub loss: f64,
    /// The learning rate of the last of these steps.
    pub lr: f64,
    /// Seconds since the start of `fit`.
    pub seconds: f64,
}

/// What an epoch came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EpochRecord {
    /// The epoch, from 1, counted over all calls on the trainer.
    pub epoch: usize,
    /// The last step of the epoch, from 1, counted over all epochs and all calls on the trainer.
    pub step: usize,
    /// The learning rate of that step.
    pub lr: f64,
    /// The mean of the losses of its steps, each before its update.
    pub loss: f64,
    /// The mean loss of the test samples; `None` if there are none.
    pub test_loss: Option<f64>,
    /// The share of training samples that are classified correctly, from 0 to 1, if it was computed.
    pub train_accuracy: Option<f64>,
    /// The share of test samples that are classified correctly, from 0 to 1, if it was computed.
    pub test_accuracy: Option<f64>,
    /// What [`Trainer::metric`](crate::Trainer::metric) has asked for, of the test samples; none if there are none.
    pub metrics: Vec<MetricValue>,
    /// Seconds since the start of `fit`.
    pub seconds: f64,
}

impl EpochRecord {
    /// The value of a metric, by its name; `None` if it was not computed.
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<f64> {
        let metric = self.metrics.iter().find(|metric| metric.name == name);
        metric.map(|metric| metric.value)
    }
}

/// What schedules are told.
impl From<&EpochRecord> for EpochOutcome {
    fn from(record: &EpochRecord) -> Self {
        Self {
            loss: record.loss,
            test_loss: record.test_loss,
            train_accuracy: record.train_accuracy,
            test_accuracy: record.test_accuracy,
            metrics: record.metrics.clone(),
        }
    }
}

impl History {
    /// Keeps what an event reports.
    pub(super) fn record(&mut self, event: &Event) {
        match event {
            Event::Step { .. } => self.steps += 1,
            &Event::Interval {
                epoch,
                step,
                loss,
                lr,
                seconds,
                ..
            } => self.losses.push(LossRecord {
                step,
                epoch,
                loss,
                lr,
                seconds,
            }),
            &Event::Epoch {
                epoch,
                step,
                lr,
                loss,
                test_loss,
                train_accuracy,
                test_accuracy,
                ref metrics,
                seconds,
            } => self.epochs.push(EpochRecord {
                epoch,
                step,
                lr,
                loss,
                test_loss,
                train_accuracy,
                test_accuracy,
                metrics: metrics.clone(),
                seconds,
            }),
            Event::Ended { reason, .. } => self.stop_reason = Some(reason.clone()),
            Event::Stopped { reason, .. } => {
                self.stopped = true;
                self.stop_reason.clone_from(reason);
            }
        }
    }

    /// The names of all metrics, in the order in which they come.
    pub(crate) fn metric_names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for MetricValue { name, .. } in self.epochs.iter().flat_map(|record| &record.metrics) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    /// The history as one table of comma-separated values, in the order of steps.
    ///
    /// The columns are `kind`, `step`, `epoch`, `seconds`, `loss`, `train_accuracy`, `test_accuracy`, `lr`, `test_loss`, and one for each
    /// metric. A row of kind `interval` has the mean loss of some steps, a row of kind `epoch` that of the epoch and what it was evaluated to; a
    /// cell without a value is empty. Numbers are written with as many digits as it takes to read the same number back.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let names = self.metric_names();
        let losses = self.losses.iter().map(|record| {
            let LossRecord {
                step,
                epoch,
                loss,
                lr,
                seconds,
            } = record;
            let none = ",".repeat(names.len());
            (
                *step,
                format!("interval,{step},{epoch},{seconds},{loss},,,{lr},{none}\n"),
            )
        });
        let epochs = self.epochs.iter().map(|record| {
            let [train, test, test_loss] = [
                record.train_accuracy,
                record.test_accuracy,
                record.test_loss,
            ]
            .map(cell);
            let EpochRecord {
                step,
                epoch,
                lr,
                loss,
                seconds,
                ..
            } = record;
            let metrics = names.iter().map(|name| cell(record.metric(name)));
            let metrics = [String::new()].into_iter().chain(metrics);
            let metrics = metrics.collect::<Vec<_>>().join(",");
            (
                *step,
                format!(
                    "epoch,{step},{epoch},{seconds},{loss},{train},{test},{lr},{test_loss}{metrics}\n"
                ),
            )
        });
        let mut rows: Vec<(usize, String)> = losses.chain(epochs).collect();
        // Stable: the last interval of an epoch stays before the end of that epoch.
        rows.sort_by_key(|&(step, _)| step);
        let mut csv =
            String::from("kind,step,epoch,seconds,loss,train_accuracy,test_accuracy,lr,test_loss");
        csv.extend(names.iter().map(|name| format!(",{}", quoted(name))));
        csv.push('\n');
        csv.extend(rows.into_iter().map(|(_, row)| row));
        csv
    }

    /// Writes [`History::to_csv`] to a file.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be written.
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        write(path.as_ref(), &self.to_csv())
    }
}

/// A text that is one cell, whatever is in it.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn cell(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|source| Error::Io {
        path: path.to_path_buf(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::{EpochRecord, History, LossRecord};
    use crate::error::Error;
    use crate::metrics::MetricValue;

    fn history() -> History {
        let loss = |step, epoch, loss| LossRecord {
            step,
            epoch,
            loss,
            lr: loss / 7.0,
            seconds: step as f64 / 3.0,
        };
        let metric = |name: &str, value| MetricValue {
            name: name.to_owned(),
            value,
        };
        let epoch = |epoch, step, train_accuracy, test_accuracy: Option<f64>, metrics: &[f64]| {
            EpochRecord {
                epoch,
                step,
                lr: step as f64 / 7.0,
                loss: 1.0 / step as f64,
                test_loss: test_accuracy.map(|accuracy| 1.1 - accuracy),
                train_accuracy,
                test_accuracy,
                metrics: ["f1", "top, \"5\""]
                    .into_iter()
                    .zip(metrics)
                    .map(|(name, &value)| metric(name, value))
                    .collect(),
                seconds: step as f64 / 3.0,
            }
        };
        History {
            losses: vec![
                loss(1, 1, 2.3),
                loss(3, 1, 1.0 / 3.0),
                loss(4, 2, 1e-9),
                loss(6, 2, 0.0),
            ],
            epochs: vec![
                epoch(1, 3, Some(0.1), None, &[1.0 / 3.0]),
                epoch(2, 6, Some(2.0 / 3.0), Some(1.0), &[0.25, 0.5]),
            ],
            steps: 6,
            seconds: 1.0,
            total_seconds: 2.0,
            ..History::default()
        }
    }

    /// Reads a table back; knows nothing of how it was written but its columns.
    fn parse(csv: &str) -> History {
        let mut lines = csv.lines();
        assert_eq!(
            lines.next(),
            Some(
                "kind,step,epoch,seconds,loss,train_accuracy,test_accuracy,lr,test_loss,f1,\"top, \"\"5\"\"\""
            )
        );
        let mut history = History::default();
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            let number = |column: usize| cells[column].parse::<f64>().ok();
            let [step, epoch] = [1, 2].map(|column| cells[column].parse().unwrap());
            let seconds = number(3).unwrap();
            let lr = number(7).unwrap();
            assert_eq!(cells.len(), 11);
            match cells[0] {
                "interval" => {
                    assert_eq!(cells[5..7], ["", ""]);
                    assert_eq!(cells[8..], ["", "", ""]);
                    history.losses.push(LossRecord {
                        step,
                        epoch,
                        loss: number(4).unwrap(),
                        lr,
                        seconds,
                    });
                }
                "epoch" => {
                    let metrics = [("f1", 9), ("top, \"5\"", 10)];
                    history.epochs.push(EpochRecord {
                        epoch,
                        step,
                        lr,
                        loss: number(4).unwrap(),
                        test_loss: number(8),
                        metrics: metrics
                            .into_iter()
                            .filter_map(|(name, column)| {
                                Some(MetricValue {
                                    name: name.to_owned(),
                                    value: number(column)?,
                                })
                            })
                            .collect(),
                        train_accuracy: number(5),
                        test_accuracy: number(6),
                        seconds,
                    });
                }
                kind => panic!("{kind}"),
            }
        }
        history
    }

    #[test]
    fn the_table_reads_back_bit_by_bit_and_is_in_the_order_of_steps() {
        let (history, csv) = (history(), history().to_csv());
        let found = parse(&csv);
        assert_eq!(found.losses, history.losses);
        assert_eq!(found.epochs, history.epochs);
        let kinds: Vec<&str> = csv.lines().skip(1).map(|line| &line[..2]).collect();
        assert_eq!(kinds, ["in", "in", "ep", "in", "in", "ep"]);
    }

    #[test]
    fn files_are_written_or_the_error_names_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.csv");
        history().write_csv(&path).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), history().to_csv());
        let missing = folder.path().join("missing").join("history.csv");
        let error = history().write_csv(&missing).unwrap_err();
        assert!(matches!(error, Error::Io { path, .. } if path == missing));
    }
}
