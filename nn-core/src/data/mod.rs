//! Data sets: samples and their targets, and the files that they come from.

mod dataset;
#[cfg(feature = "mnist")]
mod file_problem;
#[cfg(feature = "mnist")]
pub mod idx;
#[cfg(feature = "mnist")]
pub mod mnist;

pub use dataset::{Dataset, one_hot};
#[cfg(feature = "mnist")]
pub use file_problem::FileProblem;
