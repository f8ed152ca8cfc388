use std::fmt;

use super::EpochRecord;
use crate::metrics::MetricValue;

/// What a [`Trainer`](crate::Trainer) reports while it trains. Its `Display` is the line that the trainer prints.
///
/// ```
/// use nn_core::Event;
///
/// let event = Event::Interval { epoch: 1, iter: 21, iters: 600, step: 21, loss: 2.291, lr: 0.1, seconds: 0.4 };
/// assert_eq!(event.to_string(), "| epoch 1 |  iter 21 / 600 | time 0[s] | loss 2.29");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// After every step. Nothing is printed.
    Step {
        /// The epoch, from 1.
        epoch: usize,
        /// The step within the epoch, from 1.
        iter: usize,
        /// How many steps a whole epoch has.
        iters: usize,
        /// The step, from 1, counted over all epochs and all calls on the trainer.
        step: usize,
        /// The last step that this call of `fit` will make, counted alike.
        last_step: usize,
        /// The mean loss of the batch, before the update.
        loss: f64,
        /// The learning rate of the step.
        lr: f64,
    },

    /// At the first step of an epoch, and then every `eval_interval` steps.
    Interval {
        /// The epoch, from 1.
        epoch: usize,
        /// The step within the epoch, from 1.
        iter: usize,
        /// How many steps a whole epoch has.
        iters: usize,
        /// The step, from 1, counted over all epochs and all calls on the trainer.
        step: usize,
        /// The mean of the losses of all steps since the last such event.
        loss: f64,
        /// The learning rate of the last of these steps.
        lr: f64,
        /// Seconds since the start of `fit`.
        seconds: f64,
    },

    /// At the end of an epoch, and at the end of training.
    Epoch {
        /// The epoch, from 1.
        epoch: usize,
        /// The step that the epoch ended with, counted over all epochs and all calls on the trainer.
        step: usize,
        /// The learning rate of that step.
        lr: f64,
        /// The mean of the losses of its steps, each before its update.
        loss: f64,
        /// The mean loss of the test samples; `None` if there are none.
        test_loss: Option<f64>,
        /// The share of training samples that are classified correctly, from 0 to 1; `None` if there are no classes or it
        /// was not asked for.
        train_accuracy: Option<f64>,
        /// The share of test samples that are classified correctly, from 0 to 1; `None` if there are no classes or no test
        /// samples.
        test_accuracy: Option<f64>,
        /// What [`Trainer::metric`](crate::Trainer::metric) has asked for, of the test samples; none if there are none.
        metrics: Vec<MetricValue>,
        /// Seconds since the start of `fit`.
        seconds: f64,
    },

    /// A callback has ended the training before its time, see [`Context::stop`](crate::Context::stop).
    Ended {
        /// The last epoch that was evaluated.
        epoch: usize,
        /// The last step, counted over all epochs and all calls on the trainer.
        step: usize,
        /// What the callback gave as the reason.
        reason: String,
    },

    /// Ctrl-C was pressed, or a callback has asked for a pause; the step is finished, and a checkpoint is written if the trainer writes any.
    Stopped {
        /// The epoch, from 1.
        epoch: usize,
        /// How many steps of the epoch have been made.
        iter: usize,
        /// How many steps a whole epoch has.
        iters: usize,
        /// The last step, counted over all epochs and all calls on the trainer.
        step: usize,
        /// Whether there is a checkpoint of it.
        saved: bool,
        /// What the callback gave as the reason; `None` for Ctrl-C.
        reason: Option<String>,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step {
                epoch,
                iter,
                iters,
                loss,
                ..
            } => write!(
                f,
                "| epoch {epoch} |  iter {iter} / {iters} | loss {loss:.2}"
            ),
            Self::Interval {
                epoch,
                iter,
                iters,
                loss,
                seconds,
                ..
            } => {
                let seconds = seconds.trunc();
                write!(
                    f,
                    "| epoch {epoch} |  iter {iter} / {iters} | time {seconds}[s] | loss {loss:.2}"
                )
            }
            Self::Epoch {
                epoch,
                loss,
                test_loss,
                train_accuracy,
                test_accuracy,
                metrics,
                seconds,
                ..
            } => {
                write!(f, "| epoch {epoch} | ")?;
                if let Some(accuracy) = train_accuracy {
                    write!(f, "train accuracy {accuracy:.4} | ")?;
                }
                if let Some(accuracy) = test_accuracy {
                    write!(f, "test accuracy {accuracy:.4} | ")?;
                }
                // Without classes, losses are all that there is.
                if train_accuracy.is_none() && test_accuracy.is_none() {
                    write!(f, "loss {loss:.4} | ")?;
                    if let Some(loss) = test_loss {
                        write!(f, "test loss {loss:.4} | ")?;
                    }
                }
                for MetricValue { name, value } in metrics {
                    write!(f, "{name} {value:.4} | ")?;
                }
                write!(f, "time {}[s]", seconds.trunc())
            }
            Self::Stopped {
                epoch,
                iter,
                iters,
                step,
                saved,
                reason,
            } => {
                let saved = if *saved { "saved" } else { "not saved" };
                write!(
                    f,
                    "| epoch {epoch} |  iter {iter} / {iters} | stopped after step {step}, {saved}"
                )?;
                match reason {
                    Some(reason) => write!(f, ": {reason}"),
                    None => Ok(()),
                }
            }
            Self::Ended {
                epoch,
                step,
                reason,
            } => write!(f, "| epoch {epoch} | ended after step {step}: {reason}"),
        }
    }
}

impl From<EpochRecord> for Event {
    fn from(record: EpochRecord) -> Self {
        let EpochRecord {
            epoch,
            step,
            lr,
            loss,
            test_loss,
            train_accuracy,
            test_accuracy,
            metrics,
            seconds,
        } = record;
        Self::Epoch {
            epoch,
            step,
            lr,
            loss,
            test_loss,
            train_accuracy,
            test_accuracy,
            metrics,
            seconds,
        }
    }
}
