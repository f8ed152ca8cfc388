//! The nodes of a computation graph, element by element: what several values are merged by, and what repeats and sums.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where it is inlined"
)]

use crate::element::Element;

fn check_lengths(one: usize, other: usize) {
    assert_eq!(one, other, "a layer passed slices of different lengths");
}

/// y = f(y, x), element by element.
#[inline(always)]
fn zip<T: Copy>(y: &mut [T], x: &[T], f: impl Fn(T, T) -> T) {
    check_lengths(x.len(), y.len());
    for (y, &x) in y.iter_mut().zip(x) {
        *y = f(*y, x);
    }
}

/// y = f(a, b), element by element.
#[inline(always)]
fn zip_into<T: Copy>(a: &[T], b: &[T], y: &mut [T], f: impl Fn(T, T) -> T) {
    check_lengths(a.len(), y.len());
    check_lengths(b.len(), y.len());
    for ((y, &a), &b) in y.iter_mut().zip(a).zip(b) {
        *y = f(a, b);
    }
}

/// y = y + x
#[inline(always)]
pub(super) fn add_to<T: Element>(y: &mut [T], x: &[T]) {
    zip(y, x, |y, x| y + x);
}

/// y = a + b
#[inline(always)]
pub(super) fn add<T: Element>(a: &[T], b: &[T], y: &mut [T]) {
    zip_into(a, b, y, |a, b| a + b);
}

/// y = y·x
#[inline(always)]
pub(super) fn multiply_by<T: Element>(y: &mut [T], x: &[T]) {
    zip(y, x, |y, x| y * x);
}

/// y = a·b
#[inline(always)]
pub(super) fn multiply<T: Element>(a: &[T], b: &[T], y: &mut [T]) {
    zip_into(a, b, y, |a, b| a * b);
}

/// y = y + c
#[inline(always)]
pub(super) fn shift<T: Element>(y: &mut [T], c: T) {
    for y in y {
        *y += c;
    }
}

/// Each sample of `len` numbers, `times` times in a row.
#[inline(always)]
pub(super) fn repeat<T: Element>(x: &[T], y: &mut [T], len: usize, times: usize) {
    check_lengths(x.len() * times, y.len());
    for (x, y) in x.chunks_exact(len).zip(y.chunks_exact_mut(len * times)) {
        for y in y.chunks_exact_mut(len) {
            y.copy_from_slice(x);
        }
    }
}

/// The sum of each `times` items of `len` numbers, first item first.
#[inline(always)]
pub(super) fn sum<T: Element>(x: &[T], y: &mut [T], len: usize, times: usize) {
    check_lengths(x.len(), y.len() * times);
    for (x, y) in x.chunks_exact(len * times).zip(y.chunks_exact_mut(len)) {
        for (item, x) in x.chunks_exact(len).enumerate() {
            if item == 0 {
                y.copy_from_slice(x);
            } else {
                add_to(y, x);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{add, multiply, multiply_by, repeat, shift, sum};

    /// Powers of two, so that sums and products are exact and none is like another.
    #[test]
    fn element_by_element() {
        let (a, b, mut y) = ([1.0, 2.0, -4.0], [8.0, 16.0, 32.0], [0.0_f32; 3]);
        add(&a, &b, &mut y);
        assert_eq!(y, [9.0, 18.0, 28.0]);
        multiply(&a, &b, &mut y);
        assert_eq!(y, [8.0, 32.0, -128.0]);
        multiply_by(&mut y, &a);
        assert_eq!(y, [8.0, 64.0, 512.0]);
        shift(&mut y, -8.0);
        assert_eq!(y, [0.0, 56.0, 504.0]);
    }

    #[test]
    fn each_sample_by_itself() {
        let mut y = [0.0_f64; 12];
        repeat(&[1.0, 2.0, 3.0, 4.0], &mut y, 2, 3);
        assert_eq!(y, [1., 2., 1., 2., 1., 2., 3., 4., 3., 4., 3., 4.]);
        let (x, mut y) = (
            [1., 2., 10., 20., 100., 200., 1., 1., 2., 2., 4., 4.],
            [0.0; 4],
        );
        sum(&x, &mut y, 2, 3);
        assert_eq!(y, [111., 222., 7., 7.]);
    }

    #[test]
    #[should_panic(expected = "different lengths")]
    fn lengths_that_do_not_fit_are_noticed() {
        add(&[1.0_f32], &[1.0, 2.0], &mut [0.0]);
    }
}
