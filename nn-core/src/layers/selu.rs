use crate::element::Element as _;
use crate::kernels::Kernels as _;
use crate::layers::{InPlace, in_place_layer};
use crate::sample::Sample;

/// Scaled exponential linear unit, on samples of any shape: keeps mean 0 and variance 1 from layer to layer, behind weights that
/// start with `init = lecun`.
///
/// # Forward
/// ```text
/// y = λ·x where x > 0, else λ·α·(exp(x) − 1)        λ = 1.0507009873554805   α = 1.6732632423543772
/// ```
/// # Backward
/// ```text
/// dx = λ·dy where x > 0, else dy·(y + λ·α)
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[2.0, 0.5_f64.ln()]], [[0.0; 2]]);
/// Selu.forward(&x, &mut y);
/// assert!((y[0][0] - 2.101_402).abs() < 1e-6); // 2λ
/// assert!((y[0][1] + 0.879_050).abs() < 1e-6); // λα·(½ − 1)
///
/// let (dy, mut dx) = ([[1.0, 1.0]], [[0.0; 2]]);
/// Selu.backward(&x, &y, &dy, Some(&mut dx), &mut Selu);
/// assert!((dx[0][0] - 1.050_701).abs() < 1e-6 && (dx[0][1] - 0.879_050).abs() < 1e-6); // λ, λα·½
/// ```
/// # Source
/// Klambauer et al. 2017, arXiv:1706.02515, equation 2 and appendix A1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selu;

const ALPHA: f64 = 1.673_263_242_354_377_2;
const LAMBDA: f64 = 1.050_700_987_355_480_5;

impl<X: Sample> InPlace<X> for Selu {
    fn forward_in_place(&self, y: &mut [X]) {
        let (alpha, scale) = (X::Element::of(ALPHA), X::Element::of(LAMBDA));
        X::Element::elu_forward(X::flat_mut(y), alpha, scale);
    }

    fn backward_in_place(&self, y: &[X], d: &mut [X]) {
        let (alpha, scale) = (X::Element::of(ALPHA), X::Element::of(LAMBDA));
        X::Element::elu_backward(X::flat(y), X::flat_mut(d), alpha, scale);
    }
}

in_place_layer!({X: Sample} Selu, X);
