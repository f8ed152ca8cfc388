use crate::element::Element as _;
use crate::kernels::Kernels as _;
use crate::layers::{InPlace, in_place_layer};
use crate::sample::Sample;

/// Exponential linear unit, on samples of any shape.
///
/// # Forward
/// ```text
/// y = x where x > 0, else α·(exp(x) − 1)
/// ```
/// # Backward
/// ```text
/// dx = dy where x > 0, else dy·(y + α)
/// ```
/// # Hyper-parameters
/// `alpha` from 0 on, 1 by default: `Elu`, or `Elu(0.5)`.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let mut layer = Elu::new().alpha(4.0);
/// let (x, mut y) = ([[2.0, 0.5_f64.ln()]], [[0.0; 2]]);
/// layer.forward(&x, &mut y);
/// assert!(y[0][0] == 2.0 && (y[0][1] + 2.0).abs() < 1e-15); // 4·(½ − 1)
///
/// let (dy, mut dx) = ([[5.0, 6.0]], [[0.0; 2]]);
/// layer.backward(&x, &y, &dy, Some(&mut dx), &mut layer.clone());
/// assert!(dx[0][0] == 5.0 && (dx[0][1] - 12.0).abs() < 1e-14); // 6·4·½
/// ```
/// # Source
/// Clevert, Unterthiner and Hochreiter 2016, arXiv:1511.07289, equation 15.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elu {
    alpha: f64,
}

impl Elu {
    /// With α = 1.
    #[must_use]
    pub const fn new() -> Self {
        Self { alpha: 1.0 }
    }

    /// Sets α, from 0 on, 1 by default.
    #[must_use]
    pub const fn alpha(mut self, alpha: f64) -> Self {
        self.alpha = alpha;
        self
    }

    /// Whether α is in its range.
    #[doc(hidden)]
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        0.0 <= self.alpha && self.alpha.is_finite()
    }
}

impl Default for Elu {
    fn default() -> Self {
        Self::new()
    }
}

impl<X: Sample> InPlace<X> for Elu {
    fn forward_in_place(&self, y: &mut [X]) {
        let (alpha, scale) = (X::Element::of(self.alpha), X::Element::of(1.0));
        X::Element::elu_forward(X::flat_mut(y), alpha, scale);
    }

    fn backward_in_place(&self, y: &[X], d: &mut [X]) {
        let (alpha, scale) = (X::Element::of(self.alpha), X::Element::of(1.0));
        X::Element::elu_backward(X::flat(y), X::flat_mut(d), alpha, scale);
    }
}

in_place_layer!({X: Sample} Elu, X);
