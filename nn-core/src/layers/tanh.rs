use crate::kernels::Kernels as _;
use crate::layers::{InPlace, in_place_layer};
use crate::sample::Sample;

/// Hyperbolic tangent, on samples of any shape.
///
/// # Forward
/// ```text
/// y = tanh(x)
/// ```
/// # Backward
/// ```text
/// dx = dy·(1 − y²)
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[0.0, 3.0_f64.sqrt().ln()]], [[0.0; 2]]);
/// Tanh.forward(&x, &mut y);
/// assert!(y[0][0] == 0.0 && (y[0][1] - 0.5).abs() < 1e-15); // (3 − 1) / (3 + 1)
///
/// let (dy, mut dx) = ([[2.0, 4.0]], [[0.0; 2]]);
/// Tanh.backward(&x, &y, &dy, Some(&mut dx), &mut Tanh);
/// assert!(dx[0][0] == 2.0 && (dx[0][1] - 3.0).abs() < 1e-14); // 2·(1 − 0), 4·(1 − ¼)
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tanh;

impl<X: Sample> InPlace<X> for Tanh {
    fn forward_in_place(&self, y: &mut [X]) {
        X::Element::tanh_forward(X::flat_mut(y));
    }

    fn backward_in_place(&self, y: &[X], d: &mut [X]) {
        X::Element::tanh_backward(X::flat(y), X::flat_mut(d));
    }
}

in_place_layer!({X: Sample} Tanh, X);
