//! Activations, element by element, and the softmax of a row. Each backward pass needs only what forward gave.

use crate::element::Element;

/// y = f(x), element by element.
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
pub(super) fn relu_forward<T: Element>(x: &[T], y: &mut [T]) {
    map(x, y, |x| if x <= T::zero() { T::zero() } else { x });
}

pub(super) fn relu_backward<T: Element>(y: &[T], dy: &[T], dx: &mut [T]) {
    map_backward(
        y,
        dy,
        dx,
        |y, dy| if y <= T::zero() { T::zero() } else { dy },
    );
}

pub(super) fn sigmoid_forward<T: Element>(x: &[T], y: &mut [T]) {
    map(x, y, |x| T::one() / (T::one() + (-x).exp()));
}

pub(super) fn sigmoid_backward<T: Element>(y: &[T], dy: &[T], dx: &mut [T]) {
    map_backward(y, dy, dx, |y, dy| dy * y * (T::one() - y));
}

pub(super) fn tanh_forward<T: Element>(x: &[T], y: &mut [T]) {
    map(x, y, T::tanh);
}

pub(super) fn tanh_backward<T: Element>(y: &[T], dy: &[T], dx: &mut [T]) {
    map_backward(y, dy, dx, |y, dy| dy * (T::one() - y * y));
}

/// Shifted by the largest score, so that nothing overflows; returns that score and ln Σⱼ exp(x[j] − largest). Their sum is
/// ln Σⱼ exp(x[j]), but would round the small one away beside a large one.
pub(super) fn softmax_forward<T: Element>(x: &[T], y: &mut [T]) -> (T, T) {
    let largest = x.iter().copied().fold(T::neg_infinity(), T::max);
    map(x, y, |x| (x - largest).exp());
    let sum: T = y.iter().copied().sum();
    for y in y {
        *y /= sum;
    }
    (largest, sum.ln())
}

/// dx = y ⊙ (dy − y·dy), the product of dy with the Jacobian diag(y) − y·yᵀ.
pub(super) fn softmax_backward<T: Element>(y: &[T], dy: &[T], dx: &mut [T]) {
    let dot: T = y.iter().zip(dy).map(|(&y, &dy)| y * dy).sum();
    map_backward(y, dy, dx, |y, dy| y * (dy - dot));
}

/// The large terms first: they cancel where the target is met, and leave the small one whole.
pub(super) fn binary_cross_entropy<T: Element>(x: T, t: T) -> T {
    (x.max(T::zero()) - t * x) + (-x.abs()).exp().ln_1p()
}
