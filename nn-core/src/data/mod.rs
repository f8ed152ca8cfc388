//! Data sets: samples and their targets, and the files that they come from.

#[cfg(feature = "csv")]
mod csv;
#[cfg(feature = "csv")]
mod csv_problem;
mod dataset;
#[cfg(feature = "mnist")]
mod file_problem;
#[cfg(feature = "mnist")]
pub mod idx;
#[cfg(feature = "image-folder")]
mod image_problem;
#[cfg(feature = "image-folder")]
mod images;
mod loader;
#[cfg(feature = "mnist")]
pub mod mnist;
mod normalisation;
#[cfg(feature = "npz")]
mod numpy;
mod sequences;
mod split;

#[cfg(any(feature = "csv", feature = "npz"))]
pub use crate::files::Item;
#[cfg(feature = "csv")]
pub use csv::{Column, Csv};
#[cfg(feature = "csv")]
pub use csv_problem::CsvProblem;
pub use dataset::{Dataset, one_hot};
#[cfg(feature = "mnist")]
pub use file_problem::FileProblem;
#[cfg(feature = "image-folder")]
pub use image_problem::ImageProblem;
#[cfg(feature = "image-folder")]
pub use images::{Images, Resize};
pub use loader::{DataLoader, Epoch};
pub use normalisation::Normalisation;
#[cfg(feature = "npz")]
pub use numpy::{read_npy, read_npz};
pub use sequences::{Keep, Padded};
pub use split::Folds;
