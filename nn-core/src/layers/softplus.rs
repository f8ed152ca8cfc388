use crate::element::Element as _;
use crate::kernels::Kernels as _;
use crate::layers::{InPlace, in_place_layer};
use crate::sample::Sample;

/// Softplus, a smooth Relu, on samples of any shape.
///
/// # Forward
/// ```text
/// y = ln(1 + exp(β·x)) / β
/// ```
///
/// in a form that cannot overflow. (PyTorch's gives x itself where β·x is above 20.)
/// # Backward
/// ```text
/// dx = dy / (1 + exp(−β·x)) = dy·(1 − exp(−β·y))
/// ```
/// # Hyper-parameters
/// `beta` above 0, 1 by default: `Softplus`, or `Softplus(2.0)`.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let mut layer = Softplus::new().beta(2.0);
/// let (x, mut y) = ([[0.0, 0.5 * 3.0_f64.ln()]], [[0.0; 2]]);
/// layer.forward(&x, &mut y);
/// assert!((y[0][0] - 0.5 * 2.0_f64.ln()).abs() < 1e-15); // ln(1 + 1) / 2
/// assert!((y[0][1] - 2.0_f64.ln()).abs() < 1e-15); // ln(1 + 3) / 2
///
/// let (dy, mut dx) = ([[2.0, 4.0]], [[0.0; 2]]);
/// layer.backward(&x, &y, &dy, Some(&mut dx), &mut layer.clone());
/// assert!((dx[0][0] - 1.0).abs() < 1e-15 && (dx[0][1] - 3.0).abs() < 1e-15); // ½ and ¾
/// ```
/// # Source
/// Dugas et al. 2001, "Incorporating second-order functional knowledge for better option pricing".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Softplus {
    beta: f64,
}

impl Softplus {
    /// With β = 1.
    #[must_use]
    pub const fn new() -> Self {
        Self { beta: 1.0 }
    }

    /// Sets β, above 0, 1 by default.
    #[must_use]
    pub const fn beta(mut self, beta: f64) -> Self {
        self.beta = beta;
        self
    }

    /// Whether β is in its range.
    #[doc(hidden)]
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        0.0 < self.beta && self.beta.is_finite()
    }
}

impl Default for Softplus {
    fn default() -> Self {
        Self::new()
    }
}

impl<X: Sample> InPlace<X> for Softplus {
    fn forward_in_place(&self, y: &mut [X]) {
        X::Element::softplus_forward(X::flat_mut(y), X::Element::of(self.beta));
    }

    fn backward_in_place(&self, y: &[X], d: &mut [X]) {
        X::Element::softplus_backward(X::flat(y), X::flat_mut(d), X::Element::of(self.beta));
    }
}

in_place_layer!({X: Sample} Softplus, X);
