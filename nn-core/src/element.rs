//! The numbers that networks compute with: `f32`, and `f64` for gradient checks.

use std::fmt;
use std::iter::Sum;
use std::ops::{AddAssign, DivAssign, MulAssign, SubAssign};

use crate::files::{Compiled, FileNumber};
use crate::kernels::Kernels;
use crate::sample::Sample;

/// A floating-point type that networks compute with: `f32` or `f64`.
///
/// The trait is sealed: its arithmetic is compiled once, in this crate, for these two types.
pub trait Element:
    Kernels
    + FileNumber
    + Compiled
    + num_traits::Float
    + Sample<Element = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Sum
    + Default
    + fmt::Debug
    + fmt::Display
    + fmt::LowerExp
{
    /// The nearest number of this type.
    fn of(value: f64) -> Self;

    /// The same number as an `f64`.
    fn as_f64(self) -> f64;
}

impl Element for f32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "rounding to the nearest f32 is what the function is for"
    )]
    fn of(value: f64) -> Self {
        value as Self
    }

    fn as_f64(self) -> f64 {
        f64::from(self)
    }
}

impl Element for f64 {
    fn of(value: f64) -> Self {
        value
    }

    fn as_f64(self) -> f64 {
        self
    }
}
