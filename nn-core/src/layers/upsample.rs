use crate::kernels::Kernels as _;
use crate::layers::images::Image;

/// Enlarges images: each number becomes FH × FW numbers.
///
/// In a declaration: `Upsample(2)`, `Upsample((2, 3))`, `Upsample(2, mode = bilinear)`; without a mode it is `nearest`.
///
/// # Forward
/// ```text
/// y[n, c, i, j] = x[n, c, ⌊i/FH⌋, ⌊j/FW⌋]     x [N, C, H, W]   y [N, C, FH·H, FW·W]
/// ```
/// With `mode = bilinear` (the parameter BILINEAR) numbers are the means of the nearest ones of x, weighted by how near they are, where
/// the numbers of x are the middles of their FH × FW places: `PyTorch` calls it `align_corners=False`, ONNX `half_pixel`.
/// ```text
/// u = max(0, (i + ½)/FH − ½), a = ⌊u⌋, p = u − a; in the same way v, b, q of j and FW
/// y[n, c, i, j] = (1 − p)·(1 − q)·x[n, c, a, b] + (1 − p)·q·x[n, c, a, b + 1] + p·(1 − q)·x[n, c, a + 1, b] + p·q·x[n, c, a + 1, b + 1]
/// ```
/// where the last row and the last column are repeated.
/// # Backward
/// Each dy goes to where its y came from, in the same parts.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let (x, mut y) = ([[[[1.0, 3.0]]]], [[[[0.0; 4]; 2]]]);
/// let nearest: Upsample<2, 2> = Upsample;
/// nearest.forward(&x, &mut y);
/// assert_eq!(y, [[[[1.0, 1.0, 3.0, 3.0], [1.0, 1.0, 3.0, 3.0]]]]);
///
/// let bilinear: Upsample<2, 2, true> = Upsample;
/// bilinear.forward(&x, &mut y);
/// assert_eq!(y, [[[[1.0, 1.5, 2.5, 3.0], [1.0, 1.5, 2.5, 3.0]]]]);
///
/// let (dy, mut dx) = ([[[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]]], x);
/// nearest.backward(&dy, &mut dx);
/// assert_eq!(dx, [[[[14.0, 22.0]]]]); // 1 + 2 + 5 + 6, 3 + 4 + 7 + 8
/// bilinear.backward(&dy, &mut dx);
/// assert_eq!(dx, [[[[14.5, 21.5]]]]); // 6 + ¾·8 + ¼·10, ¼·8 + ¾·10 + 12
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Upsample<const FH: usize, const FW: usize, const BILINEAR: bool = false>;

impl<const FH: usize, const FW: usize, const BILINEAR: bool> Upsample<FH, FW, BILINEAR> {
    const fn assert_sizes<X: Image, Y: Image>() {
        assert!(X::CHANNELS == Y::CHANNELS, "enlarging keeps the channels");
        assert!(
            FH * X::SIZE[0] == Y::SIZE[0] && FW * X::SIZE[1] == Y::SIZE[1],
            "images are enlarged by FH and FW"
        );
    }

    /// Computes y from x.
    pub fn forward<X: Image, Y: Image<Element = X::Element>>(&self, x: &[X], y: &mut [Y]) {
        const { Self::assert_sizes::<X, Y>() };
        let (x, y) = (X::flat(x), Y::flat_mut(y));
        X::Element::enlarge(x, y, X::SIZE, [FH, FW], BILINEAR);
    }

    /// Computes dx from the upstream gradient dy.
    pub fn backward<X: Image, Y: Image<Element = X::Element>>(&self, dy: &[Y], dx: &mut [X]) {
        const { Self::assert_sizes::<X, Y>() };
        let (dy, dx) = (Y::flat(dy), X::flat_mut(dx));
        X::Element::enlarge_backward(dy, dx, X::SIZE, [FH, FW], BILINEAR);
    }
}
