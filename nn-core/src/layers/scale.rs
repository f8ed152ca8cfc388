use crate::element::Element as _;
use crate::kernels::Kernels as _;
use crate::layers::{InPlace, in_place_layer};
use crate::sample::Sample;

/// Multiplies by a constant c, on samples of any shape.
///
/// # Forward
/// ```text
/// y = c·x
/// ```
/// # Backward
/// ```text
/// dx = c·dy
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[2.0, -3.0]], [[0.0; 2]]);
/// Scale(0.5).forward(&x, &mut y);
/// assert_eq!(y, [[1.0, -1.5]]);
///
/// let (dy, mut dx) = ([[8.0, 6.0]], [[0.0; 2]]);
/// Scale(0.5).backward(&x, &y, &dy, Some(&mut dx), &mut Scale(0.5));
/// assert_eq!(dx, [[4.0, 3.0]]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale(
    /// The factor.
    pub f64,
);

impl<X: Sample> InPlace<X> for Scale {
    fn forward_in_place(&self, y: &mut [X]) {
        X::Element::scale(X::flat_mut(y), X::Element::of(self.0));
    }

    fn backward_in_place(&self, _y: &[X], d: &mut [X]) {
        X::Element::scale(X::flat_mut(d), X::Element::of(self.0));
    }
}

in_place_layer!({X: Sample} Scale, X);
