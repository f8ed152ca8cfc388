//! Activations, element by element, and the softmax of a row. Each backward pass needs only what forward gave.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where it is inlined"
)]

use super::math::Math;
use crate::element::Element;

/// y = f(x), element by element.
#[inline(always)]
fn map<T: Copy>(x: &[T], y: &mut [T], f: impl Fn(T) -> T) {
    assert_eq!(
        x.len(),
        y.len(),
        "a layer passed slices of different lengths"
    );
    for (y, &x) in y.iter_mut().zip(x) {
        *y = f(x);
    }
}

/// dx = f(y, dy), element by element.
#[inline(always)]
fn map_backward<T: Copy>(y: &[T], dy: &[T], dx: &mut [T], f: impl Fn(T, T) -> T) {
    assert!(
        y.len() == dy.len() && dy.len() == dx.len(),
        "a layer passed slices of different lengths"
    );
    for ((dx, &y), &dy) in dx.iter_mut().zip(y).zip(dy) {
        *dx = f(y, dy);
    }
}

/// Written so that a NaN stays a NaN: hiding it here would let a diverged training go on.
#[inline(always)]
pub(super) fn relu_forward<T: Element>(x: &[T], y: &mut [T]) {
    map(x, y, |x| if x <= T::zero() { T::zero() } else { x });
}

#[inline(always)]
pub(super) fn relu_backward<T: Element>(y: &[T], dy: &[T], dx: &mut [T]) {
    map_backward(
        y,
        dy,
        dx,
        |y, dy| if y <= T::zero() { T::zero() } else { dy },
    );
}

#[inline(always)]
pub(super) fn sigmoid_forward<T: Element + Math>(x: &[T], y: &mut [T]) {
    map(x, y, |x| T::one() / (T::one() + Math::exp(-x)));
}

#[inline(always)]
pub(super) fn sigmoid_backward<T: Element>(y: &[T], dy: &[T], dx: &mut [T]) {
    map_backward(y, dy, dx, |y, dy| dy * y * (T::one() - y));
}

#[inline(always)]
pub(super) fn tanh_forward<T: Element + Math>(x: &[T], y: &mut [T]) {
    map(x, y, Math::tanh);
}

#[inline(always)]
pub(super) fn tanh_backward<T: Element>(y: &[T], dy: &[T], dx: &mut [T]) {
    map_backward(y, dy, dx, |y, dy| dy * (T::one() - y * y));
}

/// Shifted by the largest score of its row, so that nothing overflows.
#[inline(always)]
pub(super) fn softmax_forward<T: Element + Math>(x: &[T], y: &mut [T], columns: usize) {
    assert_eq!(
        x.len(),
        y.len(),
        "a layer passed slices of different lengths"
    );
    for (x, y) in x.chunks_exact(columns).zip(y.chunks_exact_mut(columns)) {
        let largest = x.iter().copied().fold(T::neg_infinity(), T::max);
        map(x, y, |x| x - largest);
    }
    // All rows at once: a row alone hardly fills a register.
    for y in &mut *y {
        *y = Math::exp(*y);
    }
    for y in y.chunks_exact_mut(columns) {
        let sum: T = y.iter().copied().sum();
        for y in y {
            *y /= sum;
        }
    }
}

/// dx = y ⊙ (dy − y·dy) for each row, the product of dy with the Jacobian diag(y) − y·yᵀ.
#[inline(always)]
pub(super) fn softmax_backward<T: Element>(y: &[T], dy: &[T], dx: &mut [T], columns: usize) {
    let rows = y.chunks_exact(columns).zip(dy.chunks_exact(columns));
    for ((y, dy), dx) in rows.zip(dx.chunks_exact_mut(columns)) {
        let dot: T = y.iter().zip(dy).map(|(&y, &dy)| y * dy).sum();
        map_backward(y, dy, dx, |y, dy| y * (dy - dot));
    }
}

/// The large terms first: they cancel where the target is met, and leave the small one whole.
#[inline(always)]
pub(super) fn binary_cross_entropy<T: Element>(x: T, t: T) -> T {
    (x.max(T::zero()) - t * x) + (-x.abs()).exp().ln_1p()
}
