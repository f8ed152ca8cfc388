use crate::kernels::Kernels as _;
use crate::layers::{KeepsInput, keeping_layer};
use crate::sample::Sample;

/// Gaussian error linear unit, on samples of any shape.
///
/// # Forward
/// ```text
/// y = x·Φ(x)        Φ(x) = ½·(1 + erf(x/√2)), the normal distribution
/// ```
///
/// As `Gelu(tanh)` the authors' approximation: Φ(x) ≈ ½·(1 + tanh(√(2/π)·(x + 0.044715·x³))).
/// # Backward
/// ```text
/// dx = dy·(Φ(x) + x·φ(x))        φ(x) = exp(−x²/2) / √(2π); of the approximation, its own derivative
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[0.0, 1.0]], [[0.0_f64; 2]]);
/// Gelu::new().forward(&x, &mut y);
/// assert!(y[0][0] == 0.0 && (y[0][1] - 0.841_344_746_068_543).abs() < 1e-14); // Φ(1), of any table
/// Gelu::new().tanh().forward(&x, &mut y);
/// assert!((y[0][1] - 0.841_191_990_608_276).abs() < 1e-14);
///
/// let (dy, mut dx) = ([[2.0, 1.0]], [[0.0; 2]]);
/// Gelu::new().backward(&x, &y, &dy, Some(&mut dx), &mut Gelu::new());
/// assert!(dx[0][0] == 1.0 && (dx[0][1] - 1.083_315_470_587_686).abs() < 1e-14); // Φ(1) + φ(1) = 0.84134… + 0.24197…
/// ```
/// # Source
/// Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gelu {
    tanh: bool,
}

impl Gelu {
    /// The exact function.
    #[must_use]
    pub const fn new() -> Self {
        Self { tanh: false }
    }

    /// The approximation by tanh.
    #[must_use]
    pub const fn tanh(mut self) -> Self {
        self.tanh = true;
        self
    }
}

impl<X: Sample> KeepsInput<X> for Gelu {
    fn compute(&self, x: &[X], y: &mut [X]) {
        let forward = if self.tanh {
            X::Element::gelu_tanh_forward
        } else {
            X::Element::gelu_forward
        };
        forward(X::flat(x), X::flat_mut(y));
    }

    fn backward_in_place(&self, x: &[X], d: &mut [X]) {
        let backward = if self.tanh {
            X::Element::gelu_tanh_backward
        } else {
            X::Element::gelu_backward
        };
        backward(X::flat(x), X::flat_mut(d));
    }
}

keeping_layer!(Gelu);
