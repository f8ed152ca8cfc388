use crate::kernels::Kernels as _;
use crate::layers::images::Image;

/// Puts rows above and below images, and columns to their left and right, that all hold one number.
///
/// In a declaration: `Pad(2)` on all sides, `Pad((1, 2))` for one row above and below and two columns on the left and on the right,
/// `Pad(((0, 1), (2, 3)))` for each side, `Pad(2, value = -1.0)`; see [`network!`](crate::network).
///
/// The value is in the struct; TOP and LEFT are rows above and columns to the left. How many are below and to the right follows from
/// what y is.
///
/// # Forward
/// ```text
/// y[n, c, TOP + i, LEFT + j] = x[n, c, i, j], and the value elsewhere     x [N, C, IH, IW]   y [N, C, OH, OW]
/// ```
/// # Backward
/// ```text
/// dx[n, c, i, j] = dy[n, c, TOP + i, LEFT + j]
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let (x, mut y) = ([[[[1.0, 2.0]]]], [[[[0.0; 3]; 2]]]);
/// Pad::<1, 0>(9.0).forward(&x, &mut y);
/// assert_eq!(y, [[[[9.0, 9.0, 9.0], [1.0, 2.0, 9.0]]]]);
///
/// let (dy, mut dx) = ([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]], x);
/// Pad::<1, 0>(9.0).backward(&dy, &mut dx);
/// assert_eq!(dx, [[[[4.0, 5.0]]]]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pad<const TOP: usize, const LEFT: usize>(pub f64);

impl<const TOP: usize, const LEFT: usize> Pad<TOP, LEFT> {
    const fn assert_sizes<X: Image, Y: Image>() {
        assert!(X::CHANNELS == Y::CHANNELS, "padding keeps the channels");
        assert!(
            TOP + X::SIZE[0] <= Y::SIZE[0] && LEFT + X::SIZE[1] <= Y::SIZE[1],
            "the image does not fit"
        );
    }

    /// Computes y from x.
    pub fn forward<X: Image, Y: Image<Element = X::Element>>(&self, x: &[X], y: &mut [Y]) {
        const { Self::assert_sizes::<X, Y>() };
        let value = crate::Element::of(self.0);
        let (x, y) = (X::flat(x), Y::flat_mut(y));
        X::Element::pad(x, y, X::SIZE, Y::SIZE, [TOP, LEFT], value);
    }

    /// Computes dx from the upstream gradient dy.
    pub fn backward<X: Image, Y: Image<Element = X::Element>>(&self, dy: &[Y], dx: &mut [X]) {
        const { Self::assert_sizes::<X, Y>() };
        let (dy, dx) = (Y::flat(dy), X::flat_mut(dx));
        X::Element::crop(dy, dx, Y::SIZE, X::SIZE, [TOP, LEFT]);
    }
}
