use crate::sample::Sample;

/// The numbers of a sample in another shape, in the same order.
///
/// In a declaration: `Reshape(16, 4, 4)`. In a network it costs nothing: what comes before it and what comes behind it read and write the
/// same memory.
///
/// # Forward
/// ```text
/// y = x, in the shape of y     x [N, …]   y [N, …], with as many numbers
/// ```
/// # Backward
/// ```text
/// dx = dy, in the shape of x
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let (x, mut y) = ([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]], [[[0.0; 3]; 2]]);
/// Reshape.forward(&x, &mut y);
/// assert_eq!(y, [[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]);
///
/// let (dy, mut dx) = (y, x);
/// Reshape.backward(&dy, &mut dx);
/// assert_eq!(dx, [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]);
/// ```
/// Shapes of other numbers are refused by the compiler:
/// ```compile_fail
/// nn_core::Reshape.forward(&[[1.0, 2.0, 3.0]], &mut [[[0.0; 2]; 2]]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reshape;

/// Refuses, while compiling, shapes of different numbers.
pub(super) fn same_numbers<X: Sample, Y: Sample>() {
    const {
        assert!(X::LEN == Y::LEN, "both shapes have as many numbers");
    };
}

impl Reshape {
    /// Copies x to y, which has as many numbers.
    pub fn forward<X: Sample, Y: Sample<Element = X::Element>>(&self, x: &[X], y: &mut [Y]) {
        same_numbers::<X, Y>();
        Y::flat_mut(y).copy_from_slice(X::flat(x));
    }

    /// Copies dy to dx, which has as many numbers.
    pub fn backward<X: Sample, Y: Sample<Element = X::Element>>(&self, dy: &[Y], dx: &mut [X]) {
        same_numbers::<X, Y>();
        X::flat_mut(dx).copy_from_slice(Y::flat(dy));
    }
}
