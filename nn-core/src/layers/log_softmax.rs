use crate::element::Element;
use crate::layers::{InPlace, in_place_layer};

/// The logarithm of the softmax of each sample's C numbers: what [`NegativeLogLikelihood`](crate::NegativeLogLikelihood) and
/// [`KlDivergence`](crate::KlDivergence) take.
///
/// # Forward
/// ```text
/// y[j] = x[j] − ln Σₖ exp(x[k])
/// ```
/// # Backward
/// ```text
/// dx[j] = dy[j] − exp(y[j])·Σₖ dy[k]
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[0.0, 3.0_f64.ln()]], [[0.0; 2]]);
/// LogSoftmax.forward(&x, &mut y);
/// assert!((y[0][0] - 0.25_f64.ln()).abs() < 1e-15 && (y[0][1] - 0.75_f64.ln()).abs() < 1e-15); // 1 and 3 of 4
///
/// let (dy, mut dx) = ([[16.0, 0.0]], [[0.0; 2]]);
/// LogSoftmax.backward(&x, &y, &dy, Some(&mut dx), &mut LogSoftmax);
/// assert!((dx[0][0] - 12.0).abs() < 1e-14 && (dx[0][1] + 12.0).abs() < 1e-14); // 16 − ¼·16, 0 − ¾·16
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogSoftmax;

impl<const C: usize, T: Element> InPlace<[T; C]> for LogSoftmax {
    fn forward_in_place(&self, y: &mut [[T; C]]) {
        T::softmax_forward(y.as_flattened_mut(), C, true, &mut |_, _, _| {});
    }

    fn backward_in_place(&self, y: &[[T; C]], d: &mut [[T; C]]) {
        T::log_softmax_backward(y.as_flattened(), d.as_flattened_mut(), C);
    }
}

in_place_layer!({const C: usize, T: Element} LogSoftmax, [T; C]);
