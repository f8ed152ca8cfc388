//! Activations, element by element. Backward passes look at what forward gave, or at what it read.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where it is inlined"
)]

use super::math::Math;
use crate::element::Element;

/// y = f(y), element by element.
#[inline(always)]
pub(super) fn map<T: Copy>(y: &mut [T], f: impl Fn(T) -> T) {
    for y in y {
        *y = f(*y);
    }
}

/// y = f(x), element by element.
#[inline(always)]
fn map_into<T: Copy>(x: &[T], y: &mut [T], f: impl Fn(T) -> T) {
    map_backward(x, y, |x, _| f(x));
}

/// d = f(y, d), element by element.
#[inline(always)]
pub(super) fn map_backward<T: Copy>(y: &[T], d: &mut [T], f: impl Fn(T, T) -> T) {
    for (d, &y) in pairs(y, d) {
        *d = f(y, *d);
    }
}

/// The numbers of both, side by side.
#[inline(always)]
fn pairs<'a, T>(y: &'a [T], d: &'a mut [T]) -> impl Iterator<Item = (&'a mut T, &'a T)> {
    assert_eq!(
        y.len(),
        d.len(),
        "a layer passed slices of different lengths"
    );
    d.iter_mut().zip(y)
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
pub(super) fn sigmoid_forward<T: Element + Math>(y: &mut [T], fused: bool) {
    map(y, |x| Math::sigmoid(x, fused));
}

#[inline(always)]
pub(super) fn sigmoid_backward<T: Element>(y: &[T], d: &mut [T]) {
    map_backward(y, d, |y, d| d * y * (T::one() - y));
}

#[inline(always)]
pub(super) fn tanh_forward<T: Element + Math>(y: &mut [T], fused: bool) {
    map(y, |x| Math::tanh(x, fused));
}

#[inline(always)]
pub(super) fn tanh_backward<T: Element>(y: &[T], d: &mut [T]) {
    map_backward(y, d, |y, d| d * (T::one() - y * y));
}

/// Up to 0 the slope is α.
#[inline(always)]
pub(super) fn leaky_relu_forward<T: Element>(y: &mut [T], alpha: T) {
    map(y, |x| if x > T::zero() { x } else { alpha * x });
}

/// As α is not below zero, y has the sign of x.
#[inline(always)]
pub(super) fn leaky_relu_backward<T: Element>(y: &[T], d: &mut [T], alpha: T) {
    map_backward(y, d, |y, d| if y > T::zero() { d } else { alpha * d });
}

/// Up to 0 the slope is one of `slopes`, which take turns: each for `len` numbers.
#[inline(always)]
pub(super) fn prelu_forward<T: Element>(x: &[T], slopes: &[T], y: &mut [T], len: usize) {
    assert_eq!(
        x.len(),
        y.len(),
        "a layer passed slices of different lengths"
    );
    let bend = |x: T, slope: T| if x > T::zero() { x } else { slope * x };
    if len == 1 {
        let rows = x.chunks_exact(slopes.len());
        for (x, y) in rows.zip(y.chunks_exact_mut(slopes.len())) {
            for ((y, &x), &slope) in y.iter_mut().zip(x).zip(slopes) {
                *y = bend(x, slope);
            }
        }
        return;
    }
    let runs = x.chunks_exact(len).zip(y.chunks_exact_mut(len));
    for ((x, y), &slope) in runs.zip(slopes.iter().cycle()) {
        map_into(x, y, |x| bend(x, slope));
    }
}

#[inline(always)]
pub(super) fn prelu_backward<T: Element>(
    x: &[T],
    dy: &[T],
    slopes: &[T],
    dx: &mut [T],
    len: usize,
) {
    assert_eq!(
        x.len(),
        dx.len(),
        "a layer passed slices of different lengths"
    );
    let bend = |x: T, d: T, slope: T| if x > T::zero() { d } else { slope * d };
    if len == 1 {
        let rows = x
            .chunks_exact(slopes.len())
            .zip(dy.chunks_exact(slopes.len()));
        for ((x, dy), dx) in rows.zip(dx.chunks_exact_mut(slopes.len())) {
            for (((dx, &x), &d), &slope) in dx.iter_mut().zip(x).zip(dy).zip(slopes) {
                *dx = bend(x, d, slope);
            }
        }
        return;
    }
    dx.copy_from_slice(dy);
    let runs = x.chunks_exact(len).zip(dx.chunks_exact_mut(len));
    for ((x, d), &slope) in runs.zip(slopes.iter().cycle()) {
        map_backward(x, d, |x, d| bend(x, d, slope));
    }
}

/// For each slope Σ dy·x over its numbers up to 0.
#[inline(always)]
pub(super) fn prelu_slopes<T: Element>(x: &[T], dy: &[T], sums: &mut [T], len: usize) {
    /// As many sums side by side as fill vectors.
    const LANES: usize = 16;
    assert_eq!(
        x.len(),
        dy.len(),
        "a layer passed slices of different lengths"
    );
    let part = |x: T, d: T| if x > T::zero() { T::zero() } else { d * x };
    sums.fill(T::zero());
    if len == 1 {
        let rows = x.chunks_exact(sums.len()).zip(dy.chunks_exact(sums.len()));
        for (x, dy) in rows {
            for ((sum, &x), &d) in sums.iter_mut().zip(x).zip(dy) {
                *sum += part(x, d);
            }
        }
        return;
    }
    for (x, dy) in x
        .chunks_exact(len * sums.len())
        .zip(dy.chunks_exact(len * sums.len()))
    {
        let runs = x.chunks_exact(len).zip(dy.chunks_exact(len));
        for ((x, dy), sum) in runs.zip(&mut *sums) {
            let mut lanes = [T::zero(); LANES];
            let ((x, x_rest), (dy, dy_rest)) = (x.as_chunks::<LANES>(), dy.as_chunks::<LANES>());
            for (x, dy) in x.iter().zip(dy) {
                for ((lane, &x), &d) in lanes.iter_mut().zip(x).zip(dy) {
                    *lane += part(x, d);
                }
            }
            for (&x, &d) in x_rest.iter().zip(dy_rest) {
                *sum += part(x, d);
            }
            for lane in lanes {
                *sum += lane;
            }
        }
    }
}

/// y = scale·x where x > 0, else scale·α·(eˣ − 1).
#[inline(always)]
pub(super) fn elu_forward<T: Element + Math>(y: &mut [T], alpha: T, scale: T, fused: bool) {
    let below = scale * alpha;
    map(y, |x| {
        if x > T::zero() {
            scale * x
        } else {
            below * Math::exp_m1(x, fused)
        }
    });
}

/// Where x ≤ 0 the derivative is scale·α·eˣ = y + scale·α.
#[inline(always)]
pub(super) fn elu_backward<T: Element>(y: &[T], d: &mut [T], alpha: T, scale: T) {
    let below = scale * alpha;
    map_backward(y, d, |y, d| {
        d * if y > T::zero() { scale } else { y + below }
    });
}

/// y = ln(1 + exp(β·x)) / β.
#[inline(always)]
pub(super) fn softplus_forward<T: Element + Math>(y: &mut [T], beta: T, fused: bool) {
    // No closure: one so large is not inlined, and its instructions become calls.
    for y in y {
        let x = *y;
        let above = if x > T::zero() { x } else { T::zero() };
        let edge = Math::ln_1p(Math::exp(-(beta * x).abs(), fused), fused);
        // A NaN compares as not above zero, and is in the edge.
        *y = above + edge / beta;
    }
}

/// The derivative is 1 / (1 + exp(−β·x)) = 1 − exp(−β·y).
#[inline(always)]
pub(super) fn softplus_backward<T: Element + Math>(y: &[T], d: &mut [T], beta: T, fused: bool) {
    for (d, &y) in pairs(y, d) {
        *d *= -Math::exp_m1(-(beta * y), fused);
    }
}

/// y = x·Φ(x).
#[inline(always)]
pub(super) fn gelu_forward<T: Element + Math>(x: &[T], y: &mut [T], fused: bool) {
    for (y, &x) in pairs(x, y) {
        *y = x * Math::normal(x, fused).0;
    }
}

#[inline(always)]
pub(super) fn gelu_backward<T: Element + Math>(x: &[T], d: &mut [T], fused: bool) {
    for (d, &x) in pairs(x, d) {
        let (cdf, density) = Math::normal(x, fused);
        *d *= cdf + bounded(x) * density;
    }
}

/// Further out nothing changes any more, and no square overflows.
#[inline(always)]
fn bounded<T: Element>(x: T) -> T {
    let bound = T::of(40.0);
    if x > bound {
        bound
    } else if x < -bound {
        -bound
    } else {
        x
    }
}

/// s = ½·(1 + tanh(√(2/π)·(x + 0.044715·x³))), which is the sigmoid of twice the angle, and the derivative of twice the angle.
#[inline(always)]
fn gelu_gate<T: Element + Math>(x: T, fused: bool) -> (T, T) {
    let (twice, cubic) = (T::of(1.595_769_121_605_731), T::of(0.044_715));
    let x = bounded(x);
    let square = cubic * x * x;
    let gate = Math::sigmoid(twice * (x + square * x), fused);
    (gate, twice * (T::one() + T::of(3.0) * square))
}

#[inline(always)]
pub(super) fn gelu_tanh_forward<T: Element + Math>(x: &[T], y: &mut [T], fused: bool) {
    for (y, &x) in pairs(x, y) {
        *y = x * gelu_gate(x, fused).0;
    }
}

#[inline(always)]
pub(super) fn gelu_tanh_backward<T: Element + Math>(x: &[T], d: &mut [T], fused: bool) {
    for (d, &x) in pairs(x, d) {
        let (gate, slope) = gelu_gate(x, fused);
        *d *= gate + bounded(x) * slope * (gate * (T::one() - gate));
    }
}

/// y = x / (1 + exp(−x)).
#[inline(always)]
pub(super) fn silu_forward<T: Element + Math>(x: &[T], y: &mut [T], fused: bool) {
    map_into(x, y, |x| x * Math::sigmoid(x, fused));
}

#[inline(always)]
pub(super) fn silu_backward<T: Element + Math>(x: &[T], d: &mut [T], fused: bool) {
    map_backward(x, d, |x, d| {
        let gate = Math::sigmoid(x, fused);
        d * (gate + x * gate * (T::one() - gate))
    });
}

/// y = x·min(max(x + 3, 0), 6) / 6.
#[inline(always)]
pub(super) fn hard_swish_forward<T: Element>(x: &[T], y: &mut [T]) {
    let (three, sixth) = (T::of(3.0), T::of(1.0 / 6.0));
    map_into(x, y, |x| {
        if x >= three {
            x
        } else if x <= -three {
            T::zero()
        } else {
            x * (x + three) * sixth
        }
    });
}

#[inline(always)]
pub(super) fn hard_swish_backward<T: Element>(x: &[T], d: &mut [T]) {
    let (three, third, half) = (T::of(3.0), T::of(1.0 / 3.0), T::of(0.5));
    map_backward(x, d, |x, d| {
        if x >= three {
            d
        } else if x <= -three {
            T::zero()
        } else {
            d * (x * third + half)
        }
    });
}

/// ln (1 + exp(−|x|)), in place of x.
#[inline(always)]
pub(super) fn soft_edge<T: Element + Math>(x: &mut [T], fused: bool) {
    map(x, |x| Math::ln_1p(Math::exp(-x.abs(), fused), fused));
}
