use crate::element::Element as _;
use crate::kernels::Kernels as _;
use crate::layers::{InPlace, in_place_layer};
use crate::sample::Sample;

/// Adds a constant c, on samples of any shape.
///
/// # Forward
/// ```text
/// y = x + c
/// ```
/// # Backward
/// ```text
/// dx = dy
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[2.0, -3.0]], [[0.0; 2]]);
/// Shift(0.5).forward(&x, &mut y);
/// assert_eq!(y, [[2.5, -2.5]]);
///
/// let (dy, mut dx) = ([[8.0, 6.0]], [[0.0; 2]]);
/// Shift(0.5).backward(&x, &y, &dy, Some(&mut dx), &mut Shift(0.5));
/// assert_eq!(dx, dy);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift(
    /// What is added.
    pub f64,
);

impl<X: Sample> InPlace<X> for Shift {
    fn forward_in_place(&self, y: &mut [X]) {
        X::Element::shift(X::flat_mut(y), X::Element::of(self.0));
    }

    fn backward_in_place(&self, _y: &[X], _d: &mut [X]) {}
}

in_place_layer!({X: Sample} Shift, X);
