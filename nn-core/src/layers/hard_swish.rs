use crate::kernels::Kernels as _;
use crate::layers::{KeepsInput, keeping_layer};
use crate::sample::Sample;

/// Hard swish, on samples of any shape: [`Silu`](crate::Silu) with a straight line instead of the sigmoid, without an exponential.
///
/// # Forward
/// ```text
/// y = x·min(max(x + 3, 0), 6) / 6
/// ```
/// # Backward
/// ```text
/// dx = dy·(x / 3 + ½) where −3 < x < 3; dy above, 0 below
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[-4.0, 1.5, 5.0]], [[0.0; 3]]);
/// HardSwish.forward(&x, &mut y);
/// assert_eq!(y, [[0.0, 1.125, 5.0]]); // 1.5·4.5/6
///
/// let (dy, mut dx) = ([[8.0; 3]], [[0.0; 3]]);
/// HardSwish.backward(&x, &y, &dy, Some(&mut dx), &mut HardSwish);
/// assert_eq!(dx, [[0.0, 8.0, 8.0]]); // 1.5/3 + ½
/// ```
/// # Source
/// Howard et al. 2019, arXiv:1905.02244, section 5.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HardSwish;

impl<X: Sample> KeepsInput<X> for HardSwish {
    fn compute(&self, x: &[X], y: &mut [X]) {
        X::Element::hard_swish_forward(X::flat(x), X::flat_mut(y));
    }

    fn backward_in_place(&self, x: &[X], d: &mut [X]) {
        X::Element::hard_swish_backward(X::flat(x), X::flat_mut(d));
    }
}

keeping_layer!(HardSwish);
