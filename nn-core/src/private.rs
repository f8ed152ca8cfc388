//! What generated code calls and nobody else: may change in any version.

pub use crate::params::{get, get_mut, iter};
pub use crate::summary::{Text, parameters};
pub use crate::workspace::{
    Workspace, bytes_per_sample, largest, samples, samples_mut, slots, weigh,
};

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
