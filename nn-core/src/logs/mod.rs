//! Logs of a training for the tools that people have: JSON lines, a CSV file, TensorBoard's event files, and, behind the feature `tracing`, spans.
//!
//! Each is a [`Callback`](crate::Callback), handed over by [`Trainer::callback`](crate::Trainer::callback). They write what goes into the
//! [`History`](crate::History), as it comes: every interval of [`Trainer::eval_interval`](crate::Trainer::eval_interval) and every epoch. Where a training is
//! resumed after it was killed, some of its steps are made again: a log then drops what it has of them, with a torn record at its end, and goes on, so that
//! nothing is there twice and nothing is missing. A training that begins at step 0 begins its logs anew.

mod csv;
mod follower;
mod histogram;
mod histograms;
mod json_lines;
#[cfg(feature = "tensorboard")]
mod tensor_board;
#[cfg(feature = "tracing")]
mod tracing;

pub use csv::CsvLog;
pub use histogram::Histogram;
pub use histograms::{HistogramRecord, Histograms};
pub use json_lines::JsonLines;
#[cfg(feature = "tensorboard")]
pub use tensor_board::TensorBoard;
#[cfg(feature = "tracing")]
pub use tracing::Tracing;
