use crate::element::Element;
use crate::layers::{InPlace, in_place_layer};

/// Softmax of each sample's C numbers: positive, and their sum is 1.
///
/// For training a classifier end the chain with [`crate::SoftmaxWithLoss`] instead, which takes raw scores.
///
/// # Forward
/// ```text
/// y[j] = exp(x[j]) / Σₖ exp(x[k])
/// ```
/// # Backward
/// ```text
/// dx = y ⊙ (dy − Σⱼ y[j]·dy[j]), the product of dy with the Jacobian diag(y) − y·yᵀ
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[0.0, 3.0_f64.ln()]], [[0.0; 2]]);
/// Softmax.forward(&x, &mut y);
/// assert!((y[0][0] - 0.25).abs() < 1e-15 && (y[0][1] - 0.75).abs() < 1e-15); // 1 and 3 of 4
///
/// let (dy, mut dx) = ([[16.0, 0.0]], [[0.0; 2]]);
/// Softmax.backward(&x, &y, &dy, Some(&mut dx), &mut Softmax);
/// assert!((dx[0][0] - 3.0).abs() < 1e-14 && (dx[0][1] + 3.0).abs() < 1e-14); // ¼·(16 − 4), ¾·(0 − 4)
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Softmax;

impl<const C: usize, T: Element> InPlace<[T; C]> for Softmax {
    fn forward_in_place(&self, y: &mut [[T; C]]) {
        T::softmax_forward(y.as_flattened_mut(), C, false, &mut |_, _, _| {});
    }

    fn backward_in_place(&self, y: &[[T; C]], d: &mut [[T; C]]) {
        T::softmax_backward(y.as_flattened(), d.as_flattened_mut(), C);
    }
}

in_place_layer!({const C: usize, T: Element} Softmax, [T; C]);
