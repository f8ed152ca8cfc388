use crate::element::Element as _;
use crate::kernels::Kernels as _;
use crate::layers::{InPlace, in_place_layer};
use crate::sample::Sample;

/// Leaky rectified linear unit, on samples of any shape: a small slope α below zero instead of none.
///
/// # Forward
/// ```text
/// y = x where x > 0, else α·x
/// ```
/// # Backward
/// ```text
/// dx = dy where x > 0, else α·dy
/// ```
/// # Hyper-parameters
/// `alpha` from 0 on, 0.01 by default: `LeakyRelu`, or `LeakyRelu(0.2)`.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let mut layer = LeakyRelu::new().alpha(0.5);
/// let (x, mut y) = ([[2.0, -3.0, 0.0]], [[0.0; 3]]);
/// layer.forward(&x, &mut y);
/// assert_eq!(y, [[2.0, -1.5, 0.0]]);
///
/// let (dy, mut dx) = ([[5.0, 6.0, 7.0]], [[0.0; 3]]);
/// layer.backward(&x, &y, &dy, Some(&mut dx), &mut layer.clone());
/// assert_eq!(dx, [[5.0, 3.0, 3.5]]);
/// ```
/// # Source
/// Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic models".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeakyRelu {
    alpha: f64,
}

impl LeakyRelu {
    /// With α = 0.01.
    #[must_use]
    pub const fn new() -> Self {
        Self { alpha: 0.01 }
    }

    /// Sets α, from 0 on, 0.01 by default.
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

impl Default for LeakyRelu {
    fn default() -> Self {
        Self::new()
    }
}

impl<X: Sample> InPlace<X> for LeakyRelu {
    fn forward_in_place(&self, y: &mut [X]) {
        X::Element::leaky_relu_forward(X::flat_mut(y), X::Element::of(self.alpha));
    }

    fn backward_in_place(&self, y: &[X], d: &mut [X]) {
        X::Element::leaky_relu_backward(X::flat(y), X::flat_mut(d), X::Element::of(self.alpha));
    }
}

in_place_layer!({X: Sample} LeakyRelu, X);
