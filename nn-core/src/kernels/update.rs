//! The optimizers' update rules, and what gradient clipping needs, each in one pass over a parameter.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where it is inlined"
)]

use super::{AdaDeltaStep, AdamStep, AdamWStep, Gradient, LionStep, NadamStep};
use crate::element::Element;

fn assert_equal_lengths<const N: usize>(lengths: [usize; N]) {
    assert!(
        lengths.iter().all(|&length| length == lengths[0]),
        "an optimizer passed slices of different lengths"
    );
}

/// Calls a rule with each number, its gradient, and what is remembered of it. Without a decay nothing is added to the gradient,
/// not even zero.
macro_rules! each {
    ($name:ident($($state:ident),*): |$p:ident, $g:ident| $zipped:pat) => {
        #[inline(always)]
        fn $name<T: Element>(
            p: &mut [T],
            gradient: Gradient<'_, T>,
            $($state: &mut [T],)*
            rule: impl Fn(&mut T, T, $(each!(@type $state)),*),
        ) {
            let Gradient { numbers, scale, decay } = gradient;
            assert_equal_lengths([p.len(), numbers.len(), $($state.len()),*]);
            let all = p.iter_mut().zip(numbers)$(.zip($state))*;
            if decay == T::zero() {
                for $zipped in all {
                    rule($p, scale * $g, $($state),*);
                }
            } else {
                for $zipped in all {
                    let g = scale * $g + decay * *$p;
                    rule($p, g, $($state),*);
                }
            }
        }
    };
    (@type $state:ident) => { &mut T };
}
each!(each(): |p, g| (p, &g));
each!(each_with_one(a): |p, g| ((p, &g), a));
each!(each_with_two(a, b): |p, g| (((p, &g), a), b));

#[inline(always)]
pub(super) fn sgd<T: Element>(p: &mut [T], g: Gradient<'_, T>, lr: T) {
    each(p, g, |p, g| *p -= lr * g);
}

/// A number that decays for ever, or zero once it is below `least`. Without this it would end as a denormal, with which processors
/// calculate a hundred times as slowly: after 4,000 steps of Adam on MNIST, whose outer pixels are seldom lit, a step of a wide network
/// took 4.2 ms instead of 3.3.
#[inline(always)]
fn settled<T: Element>(number: T, least: T) -> T {
    if number.abs() < least {
        T::zero()
    } else {
        number
    }
}

/// For means of gradients, and for velocities: so far above denormals that neither a small factor of it is one, and so far below
/// the smallest ε in use that a step of it moves nothing: 8e-31 in `f32`.
#[inline(always)]
fn least_mean<T: Element>() -> T {
    T::min_positive_value() * T::of(67_108_864.0)
}

/// For means of squares: the same, since ε is added to the root of it, 3e-17 in `f32`. Without an ε, none is too small.
#[inline(always)]
fn least_square<T: Element>(eps: T) -> T {
    if eps > T::zero() {
        T::min_positive_value() * T::of(65_536.0)
    } else {
        T::zero()
    }
}

#[inline(always)]
pub(super) fn momentum<T: Element>(
    p: &mut [T],
    g: Gradient<'_, T>,
    velocity: &mut [T],
    lr: T,
    momentum: T,
) {
    each_with_one(p, g, velocity, |p, g, v| {
        *v = settled(momentum * *v - lr * g, least_mean());
        *p += *v;
    });
}

#[inline(always)]
pub(super) fn nesterov<T: Element>(
    p: &mut [T],
    g: Gradient<'_, T>,
    velocity: &mut [T],
    lr: T,
    momentum: T,
) {
    each_with_one(p, g, velocity, |p, g, v| {
        let step = lr * g;
        *v = settled(momentum * *v - step, least_mean());
        *p += momentum * *v - step;
    });
}

#[inline(always)]
pub(super) fn ada_grad<T: Element>(p: &mut [T], g: Gradient<'_, T>, h: &mut [T], lr: T, eps: T) {
    each_with_one(p, g, h, |p, g, h| {
        *h += g * g;
        *p -= lr * g / (h.sqrt() + eps);
    });
}

#[inline(always)]
pub(super) fn rms_prop<T: Element>(
    p: &mut [T],
    g: Gradient<'_, T>,
    h: &mut [T],
    lr: T,
    (decay_rate, one_minus_decay_rate): (T, T),
    eps: T,
) {
    let least = least_square(eps);
    each_with_one(p, g, h, |p, g, h| {
        *h *= decay_rate;
        *h = settled(*h + one_minus_decay_rate * g * g, least);
        *p -= lr * g / (h.sqrt() + eps);
    });
}

#[inline(always)]
pub(super) fn ada_delta<T: Element>(
    p: &mut [T],
    g: Gradient<'_, T>,
    h: &mut [T],
    u: &mut [T],
    step: AdaDeltaStep<T>,
) {
    let least = least_square(step.eps);
    each_with_two(p, g, h, u, |p, g, h, u| {
        *h = settled(*h + step.one_minus_decay_rate * (g * g - *h), least);
        let delta = (*u + step.eps).sqrt() / (*h + step.eps).sqrt() * g;
        *u = settled(*u + step.one_minus_decay_rate * (delta * delta - *u), least);
        *p -= step.lr * delta;
    });
}

/// Moves the running means of Adam and its kin.
macro_rules! moments {
    ($step:expr, $g:ident, $m:ident, $v:ident) => {
        *$m = settled(*$m + $step.one_minus_beta1 * ($g - *$m), least_mean());
        *$v = settled(
            *$v + $step.one_minus_beta2 * ($g * $g - *$v),
            least_square($step.eps),
        );
    };
}

#[inline(always)]
pub(super) fn adam<T: Element>(
    p: &mut [T],
    g: Gradient<'_, T>,
    m: &mut [T],
    v: &mut [T],
    step: AdamStep<T>,
) {
    each_with_two(p, g, m, v, |p, g, m, v| {
        moments!(step, g, m, v);
        *p -= step.lr_t * *m / (v.sqrt() + step.eps);
    });
}

#[inline(always)]
pub(super) fn adam_w<T: Element>(
    p: &mut [T],
    g: Gradient<'_, T>,
    m: &mut [T],
    v: &mut [T],
    AdamWStep { adam, keep }: AdamWStep<T>,
) {
    each_with_two(p, g, m, v, |p, g, m, v| {
        moments!(adam, g, m, v);
        *p = keep * *p - adam.lr_t * *m / (v.sqrt() + adam.eps);
    });
}

#[inline(always)]
pub(super) fn nadam<T: Element>(
    p: &mut [T],
    g: Gradient<'_, T>,
    m: &mut [T],
    v: &mut [T],
    NadamStep { adam, lr_g }: NadamStep<T>,
) {
    each_with_two(p, g, m, v, |p, g, m, v| {
        moments!(adam, g, m, v);
        *p -= (lr_g * g + adam.lr_t * *m) / (v.sqrt() + adam.eps);
    });
}

#[inline(always)]
pub(super) fn mean_step<T: Element>(
    p: &mut [T],
    g: Gradient<'_, T>,
    m: &mut [T],
    v: &mut [T],
    step: AdamStep<T>,
) {
    each_with_two(p, g, m, v, |p, g, m, v| {
        moments!(step, g, m, v);
        *p -= step.lr_t * *m;
    });
}

#[inline(always)]
pub(super) fn lion<T: Element>(p: &mut [T], g: Gradient<'_, T>, m: &mut [T], step: LionStep<T>) {
    each_with_one(p, g, m, |p, g, m| {
        let c = *m + step.one_minus_beta1 * (g - *m);
        // lr times the sign of c; zero and NaN are their own signs.
        let signed = if c > T::zero() {
            step.lr
        } else if c < T::zero() {
            -step.lr
        } else {
            c
        };
        *p = step.keep * *p - signed;
        *m += step.one_minus_beta2 * (g - *m);
    });
}

/// In how many places a sum is made side by side: more than wait for each other's additions in the widest registers.
const PLACES: usize = 32;

/// The sum of f of all numbers: every 32nd in a place of its own, then the places.
#[inline(always)]
pub(super) fn sum_of<N: Copy, S: Copy + Default + std::ops::AddAssign>(
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

/// The sum of each of the maps of `len` numbers, over all samples in their order; or what sums become when they descend at a rate.
#[inline(always)]
pub(super) fn sum_maps<T: Element>(y: &[T], sums: &mut [T], len: usize, descend: Option<T>) {
    if descend.is_none() {
        sums.fill(T::zero());
    }
    let factor = descend.map_or(T::one(), |rate| -rate);
    for y in y.chunks_exact(sums.len() * len) {
        for (total, map) in sums.iter_mut().zip(y.chunks_exact(len)) {
            *total += factor * sum(map);
        }
    }
}

#[inline(always)]
pub(super) fn sum_of_squares<T: Element>(g: &[T]) -> f64 {
    sum_of(g, |g| g.as_f64() * g.as_f64())
}

#[inline(always)]
pub(super) fn clip<T: Element>(g: &mut [T], limit: T) {
    for g in g {
        let clamped = if *g > limit { limit } else { *g };
        *g = if clamped < -limit { -limit } else { clamped };
    }
}

#[inline(always)]
pub(super) fn approach<T: Element>(average: &mut [T], p: &[T], share: T) {
    assert_equal_lengths([average.len(), p.len()]);
    for (average, &p) in average.iter_mut().zip(p) {
        *average += share * (p - *average);
    }
}

#[inline(always)]
pub(super) fn scale<T: Element>(g: &mut [T], factor: T) {
    for g in g {
        *g *= factor;
    }
}
