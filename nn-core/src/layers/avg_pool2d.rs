use crate::kernels::Kernels as _;
use crate::layers::images::{Image, pooling};

/// The mean of each window of KH × KW numbers of a channel.
///
/// In a declaration: `AvgPool2d(2)` for windows of 2 × 2 that lie side by side, `AvgPool2d((3, 2), stride = 2, padding = 1)`. Its options
/// are `stride`, which is the kernel if it is not given, `padding`, `count_include_pad` and `floor`; see [`network!`](crate::network).
///
/// # Forward
/// ```text
/// y[n, c, i, j] = 1/M · Σ_k Σ_l x[n, c, i·SH + k − PT, j·SW + l − PL]   over k < KH, l < KW
///
/// x [N, C, IH, IW]   y [N, C, OH, OW]
/// ```
/// Outside of the image x is zero. M is KH·KW, as in `PyTorch` unless told otherwise: padding counts. With
/// `count_include_pad = false` (the parameter PAD) it is the number of places that lie in the image.
/// # Backward
/// ```text
/// dx[n, c, r, s] = Σ dy[n, c, i, j] / M   over all windows that x[n, c, r, s] lies in
/// ```
/// Like [`MaxPool2d`](crate::MaxPool2d) it is no [`Layer`](crate::Layer), and has the two passes as methods.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let pool: AvgPool2d<2, 2> = AvgPool2d;
/// let (x, mut y) = ([[[[1.0, 5.0, 2.0, 2.0], [3.0, 3.0, 1.0, 0.0]]]], [[[[0.0; 2]; 1]; 1]]);
/// pool.forward(&x, &mut y);
/// assert_eq!(y, [[[[3.0, 1.25]]]]); // 12/4, 5/4
///
/// let (dy, mut dx) = ([[[[4.0, 8.0]]]], x);
/// pool.backward(&dy, &mut dx);
/// assert_eq!(dx, [[[[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]]]);
/// ```
/// With a column of padding on the left, which counts or not:
/// ```
/// # use nn_core::prelude::*;
/// let (x, mut y) = ([[[[6.0, 4.0, 2.0]]]], [[[[0.0; 2]]]]);
/// let pool: AvgPool2d<1, 2, 1, 2, 0, 1> = AvgPool2d;
/// pool.forward(&x, &mut y);
/// assert_eq!(y, [[[[3.0, 3.0]]]]); // 6/2, (4 + 2)/2
/// let pool: AvgPool2d<1, 2, 1, 2, 0, 1, false> = AvgPool2d;
/// pool.forward(&x, &mut y);
/// assert_eq!(y, [[[[6.0, 3.0]]]]); // 6/1, (4 + 2)/2
/// ```
/// # Source
/// `LeCun` et al. 1998, "Gradient-based learning applied to document recognition".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AvgPool2d<
    const KH: usize,
    const KW: usize,
    const SH: usize = KH,
    const SW: usize = KW,
    const PT: usize = 0,
    const PL: usize = 0,
    const PAD: bool = true,
>;

impl<
    const KH: usize,
    const KW: usize,
    const SH: usize,
    const SW: usize,
    const PT: usize,
    const PL: usize,
    const PAD: bool,
> AvgPool2d<KH, KW, SH, SW, PT, PL, PAD>
{
    /// Computes y from x.
    pub fn forward<X: Image, Y: Image<Element = X::Element>>(&self, x: &[X], y: &mut [Y]) {
        let sizes = const { &pooling::<X, Y>([KH, KW], [SH, SW], [PT, PL]) };
        X::Element::means(X::flat(x), Y::flat_mut(y), PAD, sizes);
    }

    /// Computes dx from the upstream gradient dy.
    pub fn backward<X: Image, Y: Image<Element = X::Element>>(&self, dy: &[Y], dx: &mut [X]) {
        let sizes = const { &pooling::<X, Y>([KH, KW], [SH, SW], [PT, PL]) };
        X::Element::means_backward(Y::flat(dy), X::flat_mut(dx), PAD, sizes);
    }
}
