use crate::kernels::Kernels as _;
use crate::layers::{InPlace, in_place_layer};
use crate::sample::Sample;

/// How many numbers lie along an axis, and how many numbers one step along it is.
fn block<X: Sample>(axis: usize) -> (usize, usize) {
    let sizes = X::SHAPE;
    match sizes.sizes().get(axis..) {
        Some([count, inner @ ..]) => (*count, inner.iter().product()),
        _ => (1, 1),
    }
}

/// [`Softmax`](crate::Softmax) of deeper samples, along one of their axes: `Softmax(axis = 0)`.
///
/// Of images [C, H, W] axis 0 are the channels: at every place the probabilities of C classes, as PyTorch's `Softmax2d`, or `softmax`
/// with `dim=1`, which counts the samples of a batch too. Of rows [R, C] axis 1 is the innermost, as PyTorch's `dim=-1`.
///
/// # Forward
/// ```text
/// y[…, j, …] = exp(x[…, j, …]) / Σₖ exp(x[…, k, …])
/// ```
/// # Backward
/// ```text
/// dx = y ⊙ (dy − Σⱼ y[…, j, …]·dy[…, j, …])
/// ```
/// # Examples
/// ```
/// use nn_core::{Layer, SoftmaxOver};
///
/// // Two channels of three places.
/// let mut layer = SoftmaxOver::new().axis(0);
/// let (ln3, mut y) = (3.0_f64.ln(), [[[0.0; 3]; 2]]);
/// layer.forward(&[[[0.0, 0.0, ln3], [ln3, 0.0, 0.0]]], &mut y);
/// let expected = [[0.25, 0.5, 0.75], [0.75, 0.5, 0.25]];
/// assert!((0..6).all(|i| (y[0][i / 3][i % 3] - expected[i / 3][i % 3]).abs() < 1e-15));
///
/// let (dy, mut dx) = ([[[16.0, 0.0, 0.0], [0.0; 3]]], [[[0.0; 3]; 2]]);
/// layer.backward(&[], &y, &dy, Some(&mut dx), &mut layer.clone());
/// assert!((dx[0][0][0] - 3.0).abs() < 1e-14 && (dx[0][1][0] + 3.0).abs() < 1e-14); // ¼·(16 − 4), ¾·(0 − 4)
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoftmaxOver {
    axis: usize,
}

impl SoftmaxOver {
    /// Along the outermost axis.
    #[must_use]
    pub const fn new() -> Self {
        Self { axis: 0 }
    }

    /// Sets the axis, counted from 0, the outermost one. An axis that samples do not have holds a single number.
    #[must_use]
    pub const fn axis(mut self, axis: usize) -> Self {
        self.axis = axis;
        self
    }
}

impl<X: Sample> InPlace<X> for SoftmaxOver {
    fn forward_in_place(&self, y: &mut [X]) {
        match block::<X>(self.axis) {
            (count, 1) => {
                X::Element::softmax_forward(X::flat_mut(y), count, false, &mut |_, _, _| {});
            }
            block => X::Element::softmax_over_forward(X::flat_mut(y), block, false),
        }
    }

    fn backward_in_place(&self, y: &[X], d: &mut [X]) {
        match block::<X>(self.axis) {
            (count, 1) => X::Element::softmax_backward(X::flat(y), X::flat_mut(d), count),
            block => {
                X::Element::softmax_over_backward(X::flat(y), X::flat_mut(d), block, false);
            }
        }
    }
}

in_place_layer!({X: Sample} SoftmaxOver, X);

/// [`LogSoftmax`](crate::LogSoftmax) of deeper samples, along one of their axes as [`SoftmaxOver`]: `LogSoftmax(axis = 0)`.
///
/// # Forward
/// ```text
/// y[…, j, …] = x[…, j, …] − ln Σₖ exp(x[…, k, …])
/// ```
/// # Backward
/// ```text
/// dx[…, j, …] = dy[…, j, …] − exp(y[…, j, …])·Σₖ dy[…, k, …]
/// ```
/// # Examples
/// ```
/// use nn_core::{Layer, LogSoftmaxOver};
///
/// let mut y = [[[0.0; 1]; 2]];
/// LogSoftmaxOver::new().axis(0).forward(&[[[0.0], [3.0_f64.ln()]]], &mut y);
/// assert!((y[0][0][0] - 0.25_f64.ln()).abs() < 1e-15 && (y[0][1][0] - 0.75_f64.ln()).abs() < 1e-15); // 1 and 3 of 4
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogSoftmaxOver {
    axis: usize,
}

impl LogSoftmaxOver {
    /// Along the outermost axis.
    #[must_use]
    pub const fn new() -> Self {
        Self { axis: 0 }
    }

    /// Sets the axis, counted from 0, the outermost one. An axis that samples do not have holds a single number.
    #[must_use]
    pub const fn axis(mut self, axis: usize) -> Self {
        self.axis = axis;
        self
    }
}

impl<X: Sample> InPlace<X> for LogSoftmaxOver {
    fn forward_in_place(&self, y: &mut [X]) {
        match block::<X>(self.axis) {
            (count, 1) => {
                X::Element::softmax_forward(X::flat_mut(y), count, true, &mut |_, _, _| {});
            }
            block => X::Element::softmax_over_forward(X::flat_mut(y), block, true),
        }
    }

    fn backward_in_place(&self, y: &[X], d: &mut [X]) {
        match block::<X>(self.axis) {
            (count, 1) => X::Element::log_softmax_backward(X::flat(y), X::flat_mut(d), count),
            block => {
                X::Element::softmax_over_backward(X::flat(y), X::flat_mut(d), block, true);
            }
        }
    }
}

in_place_layer!({X: Sample} LogSoftmaxOver, X);
