use crate::layers::reshape::same_numbers;
use crate::sample::Sample;

/// Samples of any shape as vectors of all their numbers, row by row.
///
/// In a network it costs nothing: what comes before it and what comes behind it read and write the same memory.
///
/// # Forward
/// ```text
/// y[n, (c·H + i)·W + j] = x[n, c, i, j]     x [N, C, H, W]   y [N, C·H·W]
/// ```
/// # Backward
/// ```text
/// dx = dy, in the shape of x
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let (x, mut y) = ([[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]], [[0.0; 6]]);
/// Flatten.forward(&x, &mut y);
/// assert_eq!(y, [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]);
///
/// let (dy, mut dx) = ([[6.0, 5.0, 4.0, 3.0, 2.0, 1.0]], x);
/// Flatten.backward(&dy, &mut dx);
/// assert_eq!(dx, [[[6.0, 5.0], [4.0, 3.0], [2.0, 1.0]]]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flatten;

impl Flatten {
    /// Copies x to y, which has as many numbers.
    pub fn forward<X: Sample, const L: usize>(&self, x: &[X], y: &mut [[X::Element; L]]) {
        same_numbers::<X, [X::Element; L]>();
        y.as_flattened_mut().copy_from_slice(X::flat(x));
    }

    /// Copies dy to dx, which has as many numbers.
    pub fn backward<X: Sample, const L: usize>(&self, dy: &[[X::Element; L]], dx: &mut [X]) {
        same_numbers::<X, [X::Element; L]>();
        X::flat_mut(dx).copy_from_slice(dy.as_flattened());
    }
}
