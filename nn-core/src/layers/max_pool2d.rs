use crate::kernels::Kernels as _;
use crate::layers::images::{Image, pooling};

/// The largest number of each window of KH × KW numbers of a channel.
///
/// In a declaration: `MaxPool2d(2)` for windows of 2 × 2 that lie side by side, `MaxPool2d((3, 2), stride = 2, padding = 1)`. Its options
/// are `stride`, which is the kernel if it is not given, `padding` and `floor`; see [`network!`](crate::network).
///
/// # Forward
/// ```text
/// y[n, c, i, j] = max over k < KH, l < KW of x[n, c, i·SH + k − PT, j·SW + l − PL]
///
/// x [N, C, IH, IW]   y [N, C, OH, OW]
/// ```
/// Places outside of the image do not count. A NaN is larger than any number.
/// # Backward
/// ```text
/// dx[n, c, r, s] = Σ dy[n, c, i, j]   over all windows whose largest number is x[n, c, r, s]
/// ```
/// Of several largest numbers in a window the first one counts, row by row, as in `PyTorch`.
///
/// It is no [`Layer`](crate::Layer), because stable Rust cannot compute the size of what it gives in a type; it has the same two passes
/// as methods, which work on images of any size.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let pool: MaxPool2d<2, 2> = MaxPool2d;
/// let (x, mut y) = ([[[[1.0, 5.0, 2.0, 2.0], [3.0, 4.0, 1.0, 0.0]]]], [[[[0.0; 2]; 1]; 1]]);
/// pool.forward(&x, &mut y);
/// assert_eq!(y, [[[[5.0, 2.0]]]]);
///
/// let (dy, mut dx) = ([[[[10.0, 20.0]]]], x);
/// pool.backward(&x, &dy, &mut dx);
/// assert_eq!(dx, [[[[0.0, 10.0, 20.0, 0.0], [0.0, 0.0, 0.0, 0.0]]]]);
/// ```
/// Where windows overlap, gradients are added:
/// ```
/// # use nn_core::prelude::*;
/// let pool: MaxPool2d<1, 2, 1, 1> = MaxPool2d;
/// let (x, dy) = ([[[[1.0, 5.0, 2.0]]]], [[[[10.0, 20.0]]]]);
/// let mut dx = [[[[0.0; 3]]]];
/// pool.backward(&x, &dy, &mut dx);
/// assert_eq!(dx, [[[[0.0, 30.0, 0.0]]]]);
/// ```
/// # Source
/// Riesenhuber and Poggio 1999, "Hierarchical models of object recognition in cortex".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MaxPool2d<
    const KH: usize,
    const KW: usize,
    const SH: usize = KH,
    const SW: usize = KW,
    const PT: usize = 0,
    const PL: usize = 0,
>;

impl<
    const KH: usize,
    const KW: usize,
    const SH: usize,
    const SW: usize,
    const PT: usize,
    const PL: usize,
> MaxPool2d<KH, KW, SH, SW, PT, PL>
{
    /// Computes y from x.
    pub fn forward<X: Image, Y: Image<Element = X::Element>>(&self, x: &[X], y: &mut [Y]) {
        let sizes = const { &pooling::<X, Y>([KH, KW], [SH, SW], [PT, PL]) };
        X::Element::maxima(X::flat(x), Y::flat_mut(y), sizes);
    }

    /// Computes dx from the x of the forward pass and the upstream gradient dy.
    pub fn backward<X: Image, Y: Image<Element = X::Element>>(
        &self,
        x: &[X],
        dy: &[Y],
        dx: &mut [X],
    ) {
        let sizes = const { &pooling::<X, Y>([KH, KW], [SH, SW], [PT, PL]) };
        X::Element::maxima_backward(X::flat(x), Y::flat(dy), false, X::flat_mut(dx), sizes);
    }

    /// Backward with a `Relu` in front, in one pass: `x` is what that gave, and `dx` the gradient of what it read.
    pub fn backward_relu<X: Image, Y: Image<Element = X::Element>>(
        &self,
        x: &[X],
        dy: &[Y],
        dx: &mut [X],
    ) {
        let sizes = const { &pooling::<X, Y>([KH, KW], [SH, SW], [PT, PL]) };
        X::Element::maxima_backward(X::flat(x), Y::flat(dy), true, X::flat_mut(dx), sizes);
    }
}
