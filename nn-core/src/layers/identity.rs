use crate::layers::Layer;
use crate::sample::Sample;

/// Gives what it reads: a branch that changes nothing. In a network it costs nothing.
///
/// # Forward
/// ```text
/// y = x
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
/// Identity.forward(&x, &mut y);
/// assert_eq!(y, x);
///
/// let (dy, mut dx) = ([[5.0, 6.0]], [[0.0; 2]]);
/// Identity.backward(&x, &y, &dy, Some(&mut dx), &mut Identity);
/// assert_eq!(dx, dy);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity;

impl<X: Sample> Layer<X> for Identity {
    type Output = X;

    fn forward(&self, x: &[X], y: &mut [X]) {
        y.copy_from_slice(x);
    }

    fn backward(&self, _x: &[X], _y: &[X], dy: &[X], dx: Option<&mut [X]>, _gradient: &mut Self) {
        if let Some(dx) = dx {
            dx.copy_from_slice(dy);
        }
    }
}
