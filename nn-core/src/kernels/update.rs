//! The optimizers' update rules, and what gradient clipping needs, each in one pass over a parameter.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where it is inlined"
)]

use super::{AdamStep, Scaled};
use crate::element::Element;

fn assert_equal_lengths<const N: usize>(lengths: [usize; N]) {
    assert!(
        lengths.iter().all(|&length| length == lengths[0]),
        "an optimizer passed slices of different lengths"
    );
}

#[inline(always)]
pub(super) fn sgd<T: Element>(p: &mut [T], (g, scale): Scaled<'_, T>, lr: T) {
    assert_equal_lengths([p.len(), g.len()]);
    for (p, &g) in p.iter_mut().zip(g) {
        *p -= lr * (scale * g);
    }
}

#[inline(always)]
pub(super) fn momentum<T: Element>(
    p: &mut [T],
    (g, scale): Scaled<'_, T>,
    velocity: &mut [T],
    lr: T,
    momentum: T,
) {
    assert_equal_lengths([p.len(), g.len(), velocity.len()]);
    for ((p, &g), v) in p.iter_mut().zip(g).zip(velocity) {
        *v = momentum * *v - lr * (scale * g);
        *p += *v;
    }
}

#[inline(always)]
pub(super) fn ada_grad<T: Element>(
    p: &mut [T],
    (g, scale): Scaled<'_, T>,
    h: &mut [T],
    lr: T,
    eps: T,
) {
    assert_equal_lengths([p.len(), g.len(), h.len()]);
    for ((p, &g), h) in p.iter_mut().zip(g).zip(h) {
        let g = scale * g;
        *h += g * g;
        *p -= lr * g / (h.sqrt() + eps);
    }
}

#[inline(always)]
pub(super) fn rms_prop<T: Element>(
    p: &mut [T],
    (g, scale): Scaled<'_, T>,
    h: &mut [T],
    lr: T,
    (decay_rate, one_minus_decay_rate): (T, T),
    eps: T,
) {
    assert_equal_lengths([p.len(), g.len(), h.len()]);
    for ((p, &g), h) in p.iter_mut().zip(g).zip(h) {
        let g = scale * g;
        *h *= decay_rate;
        *h += one_minus_decay_rate * g * g;
        *p -= lr * g / (h.sqrt() + eps);
    }
}

#[inline(always)]
pub(super) fn adam<T: Element>(
    p: &mut [T],
    (g, scale): Scaled<'_, T>,
    m: &mut [T],
    v: &mut [T],
    step: AdamStep<T>,
) {
    assert_equal_lengths([p.len(), g.len(), m.len(), v.len()]);
    for (((p, &g), m), v) in p.iter_mut().zip(g).zip(m).zip(v) {
        let g = scale * g;
        *m += step.one_minus_beta1 * (g - *m);
        *v += step.one_minus_beta2 * (g * g - *v);
        *p -= step.lr_t * *m / (v.sqrt() + step.eps);
    }
}

/// In how many places a sum is made side by side: more than wait for each other's additions in the widest registers.
const PLACES: usize = 32;

/// The sum of f of all numbers: every 32nd in a place of its own, then the places.
#[inline(always)]
fn sum_of<N: Copy, S: Copy + Default + std::ops::AddAssign>(
    numbers: &[N],
    f: impl Fn(N) -> S,
) -> S {
    let (blocks, rest) = numbers.as_chunks::<PLACES>();
    let mut places = [S::default(); PLACES];
    for block in blocks {
        for (place, &number) in places.iter_mut().zip(block) {
            *place += f(number);
        }
    }
    for (place, &number) in places.iter_mut().zip(rest) {
        *place += f(number);
    }
    let mut sum = S::default();
    for place in places {
        sum += place;
    }
    sum
}

#[inline(always)]
pub(super) fn sum<T: Element>(numbers: &[T]) -> T {
    sum_of(numbers, |number| number)
}

#[inline(always)]
pub(super) fn sum_of_squares<T: Element>(g: &[T]) -> f64 {
    sum_of(g, |g| g.as_f64() * g.as_f64())
}

#[inline(always)]
pub(super) fn scale<T: Element>(g: &mut [T], factor: T) {
    for g in g {
        *g *= factor;
    }
}
