//! What generated code calls and nobody else: may change in any version.

use crate::losses::Weighted;

pub use crate::__probe as probe;
pub use crate::arithmetic::{reach, same_padding, same_windows, spread, windows, windows_fit};
pub use crate::budget::{Budget, check_budget};
pub use crate::layers::normalising::{EPS, Normalising};
pub use crate::network::phases::{Barrier, Pass};
pub use crate::network::watch::Watch;
pub use crate::own::{
    Alike, Checked, EndsInLoss, First, HasSeveralPorts, If, LearnsOtherwise, Probe, Set, Shapes,
    Unproven, Vector, backward, features, features_or, forward, names, numbers_of, tensor_of,
};
pub use crate::params::{get, get_mut, iter, state};
pub use crate::summary::{Text, macs, parameters};
pub use crate::workspace::{
    Workspace, bytes_per_sample, column, largest, samples, samples_mut, slots, total,
};

/// Whether a loss can be multiplied by its weight: a finite number above 0.
#[must_use]
pub const fn is_weight<L>(loss: &Weighted<L>) -> bool {
    0.0 < loss.weight && loss.weight.is_finite()
}

/// Two sizes that the compiler compares.
#[derive(Debug)]
pub struct Sizes<const GIVEN: usize, const TAKEN: usize>;

/// Two sizes are equal.
pub trait Equal {}

impl<const SIZE: usize> Equal for Sizes<SIZE, SIZE> {}

/// A condition that the compiler works out.
#[derive(Debug)]
pub struct Condition<const YES: bool>;

/// A condition holds.
pub trait True {}

impl True for Condition<true> {}
