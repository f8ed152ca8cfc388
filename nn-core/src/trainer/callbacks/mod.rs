//! Callbacks that come with the library, one per file.

mod average;
mod early_stopping;
mod ema;
mod gradient_norms;
mod save_best;
pub(super) mod snapshot;
mod swa;
#[cfg(test)]
mod tests;
mod time_limit;

pub use early_stopping::EarlyStopping;
pub use ema::Ema;
pub use gradient_norms::{GradientNorms, NormRecord};
pub use save_best::SaveBest;
pub use swa::Swa;
pub use time_limit::TimeLimit;
