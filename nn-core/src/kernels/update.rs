//! The optimizers' update rules, and what gradient clipping needs, each in one pass over a parameter.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where it is inlined"
)]

use super::AdamStep;
use crate::element::Element;

fn assert_equal_lengths<const N: usize>(lengths: [usize; N]) {
    assert!(
        lengths.iter().all(|&length| length == lengths[0]),
        "an optimizer passed slices of different lengths"
    );
}

#[inline(always)]
pub(super) fn sgd<T: Element>(p: &mut [T], g: &[T], lr: T) {
    assert_equal_lengths([p.len(), g.len()]);
    for (p, &g) in p.iter_mut().zip(g) {
        *p -= lr * g;
    }
}

#[inline(always)]
pub(super) fn momentum<T: Element>(p: &mut [T], g: &[T], velocity: &mut [T], lr: T, momentum: T) {
    assert_equal_lengths([p.len(), g.len(), velocity.len()]);
    for ((p, &g), v) in p.iter_mut().zip(g).zip(velocity) {
        *v = momentum * *v - lr * g;
        *p += *v;
    }
}

#[inline(always)]
pub(super) fn ada_grad<T: Element>(p: &mut [T], g: &[T], h: &mut [T], lr: T, eps: T) {
    assert_equal_lengths([p.len(), g.len(), h.len()]);
    for ((p, &g), h) in p.iter_mut().zip(g).zip(h) {
        *h += g * g;
        *p -= lr * g / (h.sqrt() + eps);
    }
}

#[inline(always)]
pub(super) fn rms_prop<T: Element>(
    p: &mut [T],
    g: &[T],
    h: &mut [T],
    lr: T,
    (decay_rate, one_minus_decay_rate): (T, T),
    eps: T,
) {
    assert_equal_lengths([p.len(), g.len(), h.len()]);
    for ((p, &g), h) in p.iter_mut().zip(g).zip(h) {
        *h *= decay_rate;
        *h += one_minus_decay_rate * g * g;
        *p -= lr * g / (h.sqrt() + eps);
    }
}

#[inline(always)]
pub(super) fn adam<T: Element>(p: &mut [T], g: &[T], m: &mut [T], v: &mut [T], step: AdamStep<T>) {
    assert_equal_lengths([p.len(), g.len(), m.len(), v.len()]);
    for (((p, &g), m), v) in p.iter_mut().zip(g).zip(m).zip(v) {
        *m += step.one_minus_beta1 * (g - *m);
        *v += step.one_minus_beta2 * (g * g - *v);
        *p -= step.lr_t * *m / (v.sqrt() + step.eps);
    }
}

#[inline(always)]
pub(super) fn sum_of_squares<T: Element>(g: &[T]) -> f64 {
    g.iter().map(|g| g.as_f64() * g.as_f64()).sum()
}

#[inline(always)]
pub(super) fn scale<T: Element>(g: &mut [T], factor: T) {
    for g in g {
        *g *= factor;
    }
}
