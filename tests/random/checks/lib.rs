//! Random networks that `build.rs` has declared, and what is known of them.

mod erased;

pub use erased::{Erased, Single};

/// One network, and what the generator says of it beside what the macro made of it.
pub struct Case {
    /// The network follows from its number.
    pub number: u64,
    /// As it is written.
    pub declaration: &'static str,
    /// The generator's own table of layers.
    pub summary: &'static str,
    /// The network's.
    pub found_summary: &'static str,
    /// The generator's own count.
    pub parameters: usize,
    /// The network's.
    pub found_parameters: usize,
    /// The sizes of a sample.
    pub input: &'static [usize],
    /// The network's.
    pub found_input: &'static [usize],
    /// The sizes of the scores.
    pub output: &'static [usize],
    /// The network's.
    pub found_output: &'static [usize],
    /// What the loss compares scores with.
    pub targets: Targets,
    /// The network in `f64`.
    pub seeded: fn(u64) -> Box<dyn Erased>,
    /// The gradient of the network in `f32`.
    pub single: Single,
}

/// What a loss compares scores with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Targets {
    /// One class for each sample.
    Class,
    /// A number from 0 to 1 for each score.
    Probability,
    /// Any number for each score.
    Number,
}

/// What the declarations name.
mod prelude {
    pub(crate) use super::erased::{of_classes, of_rows, single_of_classes, single_of_rows};
    pub(crate) use super::{Case, Targets};
    pub(crate) use nn_core::prelude::*;

    pub(crate) const C1: usize = 1;
    pub(crate) const C2: usize = 2;
    pub(crate) const C3: usize = 3;
    pub(crate) const C4: usize = 4;
    pub(crate) const C5: usize = 5;
    pub(crate) const C6: usize = 6;
    pub(crate) const HALF: f64 = 0.5;
    pub(crate) const SIGMA: f64 = 0.4;
}

include!(concat!(env!("OUT_DIR"), "/networks.rs"));
