use crate::kernels::Kernels as _;
use crate::layers::{InPlace, in_place_layer};
use crate::sample::Sample;

/// Rectified linear unit, on samples of any shape.
///
/// # Forward
/// ```text
/// y = x where x > 0, else 0
/// ```
/// # Backward
/// ```text
/// dx = dy where x > 0, else 0
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[2.0, -3.0, 0.0]], [[0.0; 3]]);
/// Relu.forward(&x, &mut y);
/// assert_eq!(y, [[2.0, 0.0, 0.0]]);
///
/// let (dy, mut dx) = ([[5.0, 6.0, 7.0]], [[0.0; 3]]);
/// Relu.backward(&x, &y, &dy, Some(&mut dx), &mut Relu);
/// assert_eq!(dx, [[5.0, 0.0, 0.0]]);
/// ```
/// # Source
/// Nair and Hinton 2010, "Rectified linear units improve restricted Boltzmann machines".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relu;

impl<X: Sample> InPlace<X> for Relu {
    fn forward_in_place(&self, y: &mut [X]) {
        X::Element::relu_forward(X::flat_mut(y));
    }

    fn backward_in_place(&self, y: &[X], d: &mut [X]) {
        X::Element::relu_backward(X::flat(y), X::flat_mut(d));
    }
}

in_place_layer!({X: Sample} Relu, X);
