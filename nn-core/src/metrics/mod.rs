//! How good a network is, in the figures that people quote.

mod classes;
mod confusion;
mod value;
mod values;

pub use crate::losses::argmax;
#[cfg(feature = "plot")]
pub(crate) use classes::classes;
pub use classes::top_k_accuracy;
pub use confusion::{Average, ConfusionMatrix};
pub use value::MetricValue;
pub use values::{mean_absolute_error, r2};
