use crate::kernels::Kernels as _;
use crate::layers::{KeepsInput, keeping_layer};
use crate::sample::Sample;

/// Sigmoid linear unit, also called swish, on samples of any shape.
///
/// # Forward
/// ```text
/// y = x·σ(x)        σ(x) = 1 / (1 + exp(−x))
/// ```
/// # Backward
/// ```text
/// dx = dy·(σ(x) + x·σ(x)·(1 − σ(x)))
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[0.0, 3.0_f64.ln()]], [[0.0; 2]]);
/// Silu.forward(&x, &mut y);
/// assert!(y[0][0] == 0.0 && (y[0][1] - 0.75 * 3.0_f64.ln()).abs() < 1e-15); // σ(ln 3) = ¾
///
/// let (dy, mut dx) = ([[2.0, 16.0]], [[0.0; 2]]);
/// Silu.backward(&x, &y, &dy, Some(&mut dx), &mut Silu);
/// assert!(dx[0][0] == 1.0 && (dx[0][1] - (12.0 + 3.0 * 3.0_f64.ln())).abs() < 1e-14); // 16·(¾ + ln 3·¾·¼)
/// ```
/// # Source
/// Elfwing, Uchibe and Doya 2018, arXiv:1702.03118, equation 5; Ramachandran, Zoph and Le 2017, arXiv:1710.05941.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silu;

impl<X: Sample> KeepsInput<X> for Silu {
    fn compute(&self, x: &[X], y: &mut [X]) {
        X::Element::silu_forward(X::flat(x), X::flat_mut(y));
    }

    fn backward_in_place(&self, x: &[X], d: &mut [X]) {
        X::Element::silu_backward(X::flat(x), X::flat_mut(d));
    }
}

keeping_layer!(Silu);
