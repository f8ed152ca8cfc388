//! Pooling: the largest number of each window, or the mean of its numbers.
//!
//! Windows of any sizes are computed by plain loops; the largest of 2 × 2 that lie side by side, which is what nearly every network
//! has, in registers (`pairs`).

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where it is inlined"
)]

mod pairs;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::simd::Level;
use crate::element::Element;
use pairs::Compiled;

/// The sizes of a pooling, of planes that are pooled each by itself.
#[derive(Clone, Copy, Debug)]
pub struct Pooling {
    /// Rows and columns, as in all pairs.
    pub image: [usize; 2],
    /// How many windows lie below each other and beside each other.
    pub windows: [usize; 2],
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    /// Rows above the image and columns left of it that are no numbers.
    pub padding: [usize; 2],
}

impl Pooling {
    /// The images and their windows, plane by plane.
    fn planes<'s, A, B>(
        &self,
        x: &'s [A],
        y: &'s [B],
    ) -> impl Iterator<Item = (&'s [A], &'s [B])> + use<'s, A, B> {
        let (image, map) = self.numbers(x.len(), y.len());
        x.chunks_exact(image).zip(y.chunks_exact(map))
    }

    /// The numbers of an image and of its windows, after slices of so many were measured.
    fn numbers(&self, x: usize, y: usize) -> (usize, usize) {
        let image = (self.image[0] * self.image[1]).max(1);
        let map = (self.windows[0] * self.windows[1]).max(1);
        assert!(
            x.is_multiple_of(image) && x / image * map == y,
            "a layer passed slices that do not fit its sizes"
        );
        (image, map)
    }

    /// The rows or columns of a window that lie in the image.
    fn inside(&self, axis: usize, window: usize) -> Range<usize> {
        let start = window * self.stride[axis];
        let end = (start + self.kernel[axis]).saturating_sub(self.padding[axis]);
        let end = end.min(self.image[axis]);
        start.saturating_sub(self.padding[axis]).min(end)..end
    }

    /// Whether windows of 2 × 2 numbers lie side by side, all of them inside of the image.
    fn is_of_pairs(&self) -> bool {
        let is_inside = |axis: usize| 2 * self.windows[axis] <= self.image[axis];
        let are_pairs = self.kernel == [2, 2] && self.stride == [2, 2] && self.padding == [0, 0];
        are_pairs && is_inside(0) && is_inside(1)
    }
}

/// y: the largest number of each window; NaN, if one is.
pub(super) fn maxima<T: Compiled>(x: &[T], y: &mut [T], sizes: &Pooling) {
    if sizes.is_of_pairs() {
        return T::maxima_of_pairs(Level::of_this_machine(), x, y, sizes);
    }
    let (image, map) = sizes.numbers(x.len(), y.len());
    for (x, y) in x.chunks_exact(image).zip(y.chunks_exact_mut(map)) {
        for (i, y) in y.chunks_exact_mut(sizes.windows[1]).enumerate() {
            for (j, y) in y.iter_mut().enumerate() {
                *y = largest(x, i, j, sizes).0;
            }
        }
    }
}

/// The largest number of a window, the first one of several, and its place.
#[inline(always)]
fn largest<T: Element>(x: &[T], i: usize, j: usize, sizes: &Pooling) -> (T, usize) {
    let (rows, columns) = (sizes.inside(0, i), sizes.inside(1, j));
    let mut best = rows.start * sizes.image[1] + columns.start;
    let mut most = T::neg_infinity();
    for row in rows {
        let start = row * sizes.image[1];
        let places = start + columns.start..start + columns.end;
        for (place, &number) in places.clone().zip(&x[places]) {
            if number > most || number.is_nan() {
                (most, best) = (number, place);
            }
        }
    }
    (most, best)
}

/// dx: each dy goes to where the largest number of its window is; nowhere if that is not above zero, with `relu`.
pub(super) fn maxima_backward<T: Compiled>(
    x: &[T],
    dy: &[T],
    relu: bool,
    dx: &mut [T],
    sizes: &Pooling,
) {
    if sizes.is_of_pairs() {
        return T::maxima_of_pairs_backward(Level::of_this_machine(), x, dy, relu, dx, sizes);
    }
    dx.fill(T::zero());
    let (image, _) = sizes.numbers(dx.len(), dy.len());
    let planes = sizes.planes(x, dy).zip(dx.chunks_exact_mut(image));
    for ((x, dy), dx) in planes {
        for (i, dy) in dy.chunks_exact(sizes.windows[1]).enumerate() {
            for (j, &dy) in dy.iter().enumerate() {
                let (most, place) = largest(x, i, j, sizes);
                let is_cut = relu && most <= T::zero();
                if !is_cut {
                    dx[place] += dy;
                }
            }
        }
    }
}

/// How many numbers a window's sum is divided by: those that lie in the image, or all of its places.
#[inline(always)]
fn share<T: Element>(i: usize, j: usize, counts_padding: bool, sizes: &Pooling) -> T {
    let count = if counts_padding {
        sizes.kernel[0] * sizes.kernel[1]
    } else {
        sizes.inside(0, i).len() * sizes.inside(1, j).len()
    };
    T::one() / T::of(count as f64)
}

/// y: the mean of each window. Padding counts as zeros, or not at all.
#[inline(always)]
pub(super) fn means<T: Element>(x: &[T], y: &mut [T], counts_padding: bool, sizes: &Pooling) {
    let (image, map) = sizes.numbers(x.len(), y.len());
    let width = sizes.image[1];
    for (x, y) in x.chunks_exact(image).zip(y.chunks_exact_mut(map)) {
        for (i, y) in y.chunks_exact_mut(sizes.windows[1]).enumerate() {
            for (j, y) in y.iter_mut().enumerate() {
                let (rows, columns) = (sizes.inside(0, i), sizes.inside(1, j));
                let mut sum = T::zero();
                for row in rows {
                    for &number in &x[row * width + columns.start..row * width + columns.end] {
                        sum += number;
                    }
                }
                *y = sum * share(i, j, counts_padding, sizes);
            }
        }
    }
}

/// dx: each dy goes to all numbers of its window, in equal parts.
#[inline(always)]
pub(super) fn means_backward<T: Element>(
    dy: &[T],
    dx: &mut [T],
    counts_padding: bool,
    sizes: &Pooling,
) {
    dx.fill(T::zero());
    let (image, map) = sizes.numbers(dx.len(), dy.len());
    let width = sizes.image[1];
    for (dx, dy) in dx.chunks_exact_mut(image).zip(dy.chunks_exact(map)) {
        for (i, dy) in dy.chunks_exact(sizes.windows[1]).enumerate() {
            for (j, &dy) in dy.iter().enumerate() {
                let part = dy * share(i, j, counts_padding, sizes);
                let (rows, columns) = (sizes.inside(0, i), sizes.inside(1, j));
                for row in rows {
                    for number in &mut dx[row * width + columns.start..row * width + columns.end] {
                        *number += part;
                    }
                }
            }
        }
    }
}
