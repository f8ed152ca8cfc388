//! Activations, element by element, and the softmax of a row. Each backward pass needs only what forward gave.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where it is inlined"
)]

use super::math::Math;
use crate::element::Element;

/// y = f(y), element by element.
#[inline(always)]
fn map<T: Copy>(y: &mut [T], f: impl Fn(T) -> T) {
    for y in y {
        *y = f(*y);
    }
}

/// d = f(y, d), element by element.
#[inline(always)]
fn map_backward<T: Copy>(y: &[T], d: &mut [T], f: impl Fn(T, T) -> T) {
    assert_eq!(
        y.len(),
        d.len(),
        "a layer passed slices of different lengths"
    );
    for (d, &y) in d.iter_mut().zip(y) {
        *d = f(y, *d);
    }
}

/// Written so that a NaN stays a NaN: hiding it here would let a diverged training go on.
#[inline(always)]
pub(super) fn relu_forward<T: Element>(y: &mut [T]) {
    map(y, |x| if x <= T::zero() { T::zero() } else { x });
}

#[inline(always)]
pub(super) fn relu_backward<T: Element>(y: &[T], d: &mut [T]) {
    map_backward(y, d, |y, d| if y <= T::zero() { T::zero() } else { d });
}

#[inline(always)]
pub(super) fn sigmoid_forward<T: Element + Math>(y: &mut [T]) {
    map(y, |x| T::one() / (T::one() + Math::exp(-x)));
}

#[inline(always)]
pub(super) fn sigmoid_backward<T: Element>(y: &[T], d: &mut [T]) {
    map_backward(y, d, |y, d| d * y * (T::one() - y));
}

#[inline(always)]
pub(super) fn tanh_forward<T: Element + Math>(y: &mut [T]) {
    map(y, Math::tanh);
}

#[inline(always)]
pub(super) fn tanh_backward<T: Element>(y: &[T], d: &mut [T]) {
    map_backward(y, d, |y, d| d * (T::one() - y * y));
}

/// Shifted by the largest score of its row, so that nothing overflows.
#[inline(always)]
pub(super) fn softmax_forward<T: Element + Math>(y: &mut [T], columns: usize) {
    for row in y.chunks_exact_mut(columns) {
        let largest = row.iter().copied().fold(T::neg_infinity(), T::max);
        map(row, |x| x - largest);
    }
    // All rows at once: a row alone hardly fills a register.
    map(y, Math::exp);
    for row in y.chunks_exact_mut(columns) {
        let sum: T = row.iter().copied().sum();
        map(row, |y| y / sum);
    }
}

/// d = y ⊙ (d − y·d) for each row, the product of d with the Jacobian diag(y) − y·yᵀ.
#[inline(always)]
pub(super) fn softmax_backward<T: Element>(y: &[T], d: &mut [T], columns: usize) {
    for (y, d) in y.chunks_exact(columns).zip(d.chunks_exact_mut(columns)) {
        let dot: T = y.iter().zip(&*d).map(|(&y, &d)| y * d).sum();
        map_backward(y, d, |y, d| y * (d - dot));
    }
}

/// The large terms first: they cancel where the target is met, and leave the small one whole.
#[inline(always)]
pub(super) fn binary_cross_entropy<T: Element>(x: T, t: T) -> T {
    (x.max(T::zero()) - t * x) + (-x.abs()).exp().ln_1p()
}
