use crate::kernels::Kernels as _;
use crate::layers::{InPlace, in_place_layer};
use crate::sample::Sample;

/// Logistic sigmoid, on samples of any shape.
///
/// # Forward
/// ```text
/// y = 1 / (1 + exp(−x))
/// ```
/// # Backward
/// ```text
/// dx = dy·y·(1 − y)
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[0.0, 3.0_f64.ln()]], [[0.0; 2]]);
/// Sigmoid.forward(&x, &mut y);
/// assert!((y[0][0] - 0.5).abs() < 1e-15 && (y[0][1] - 0.75).abs() < 1e-15); // 1 / (1 + 1/3)
///
/// let (dy, mut dx) = ([[4.0, 16.0]], [[0.0; 2]]);
/// Sigmoid.backward(&x, &y, &dy, Some(&mut dx), &mut Sigmoid);
/// assert!((dx[0][0] - 1.0).abs() < 1e-14 && (dx[0][1] - 3.0).abs() < 1e-14); // 4·½·½, 16·¾·¼
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sigmoid;

impl<X: Sample> InPlace<X> for Sigmoid {
    fn forward_in_place(&self, y: &mut [X]) {
        X::Element::sigmoid_forward(X::flat_mut(y));
    }

    fn backward_in_place(&self, y: &[X], d: &mut [X]) {
        X::Element::sigmoid_backward(X::flat(y), X::flat_mut(d));
    }
}

in_place_layer!({X: Sample} Sigmoid, X);
