//! Numbers that are shifted and scaled to mean 0 and variance 1: rows, groups of channels, or channels over a whole batch (`batch`).
//!
//! The backward passes of rows and groups compute mean and variance again instead of keeping them: they read x in any case.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where it is inlined"
)]

pub(super) mod batch;
#[cfg(test)]
mod tests;

use std::array;

use super::update::{sum, sum_of};
use crate::element::Element;

/// Rows of numbers that are normalised each by itself.
#[derive(Clone, Copy, Debug)]
pub struct Rows<T> {
    pub len: usize,
    pub eps: T,
    /// Whether their mean is subtracted; else they are only divided by the root of their mean square.
    pub centred: bool,
}

/// Samples of channels of `plane` numbers, of which groups of channels are normalised each by itself.
#[derive(Clone, Copy, Debug)]
pub struct ChannelGroups<T> {
    pub channels: usize,
    pub plane: usize,
    pub groups: usize,
    pub eps: T,
}

/// In how many places a sum is made side by side.
const PLACES: usize = 32;

/// The sum of f over several slices of one length: every 32nd in a place of its own, then the places.
#[inline(always)]
fn sum_of_all<T: Element, const K: usize>(slices: [&[T]; K], f: impl Fn([T; K]) -> T) -> T {
    let len = slices[0].len();
    let parts = slices.map(|slice| slice[..len].as_chunks::<PLACES>());
    let mut sum = T::zero();
    if len >= PLACES {
        let mut places = [T::zero(); PLACES];
        for index in 0..len / PLACES {
            let block: [&[T; PLACES]; K] = array::from_fn(|slice| &parts[slice].0[index]);
            for place in 0..PLACES {
                places[place] += f(array::from_fn(|slice| block[slice][place]));
            }
        }
        for place in places {
            sum += place;
        }
    }
    for index in 0..len % PLACES {
        sum += f(array::from_fn(|slice| parts[slice].1[index]));
    }
    sum
}

/// The mean of some numbers, or 0, and 1 / √(their variance + ε), or of their mean square.
#[inline(always)]
fn mean_and_factor<T: Element>(x: &[T], eps: T, centred: bool) -> (T, T) {
    let count = T::of(x.len() as f64);
    let mean = if centred { sum(x) / count } else { T::zero() };
    let variance = sum_of(x, |x| (x - mean) * (x - mean)) / count;
    (mean, T::one() / (variance + eps).sqrt())
}

fn assert_fits<T>(x: &[T], y: &[T], sample: usize) {
    assert!(
        sample > 0 && x.len().is_multiple_of(sample) && x.len() == y.len(),
        "a layer passed slices that do not fit its sizes"
    );
}

/// y = (x − mean) / √(variance + ε) ⊙ gamma + beta in each row; without gamma or beta, if they are empty.
#[inline(always)]
pub(super) fn rows<T: Element>(x: &[T], gamma: &[T], beta: &[T], y: &mut [T], rows: Rows<T>) {
    assert_fits(x, y, rows.len);
    for (x, y) in x.chunks_exact(rows.len).zip(y.chunks_exact_mut(rows.len)) {
        let (mean, factor) = mean_and_factor(x, rows.eps, rows.centred);
        if gamma.is_empty() {
            for (y, &x) in y.iter_mut().zip(x) {
                *y = (x - mean) * factor;
            }
        } else if beta.is_empty() {
            for ((y, &x), &gamma) in y.iter_mut().zip(x).zip(gamma) {
                *y = (x - mean) * factor * gamma;
            }
        } else {
            for (((y, &x), &gamma), &beta) in y.iter_mut().zip(x).zip(gamma).zip(beta) {
                *y = (x - mean) * factor * gamma + beta;
            }
        }
    }
}

/// dgamma and dbeta, over what is there, unless they are empty.
#[inline(always)]
pub(super) fn rows_gradient<T: Element>(
    x: &[T],
    dy: &[T],
    dgamma: &mut [T],
    dbeta: &mut [T],
    rows: Rows<T>,
) {
    assert_fits(x, dy, rows.len);
    dgamma.fill(T::zero());
    dbeta.fill(T::zero());
    for (x, dy) in x.chunks_exact(rows.len).zip(dy.chunks_exact(rows.len)) {
        let (mean, factor) = mean_and_factor(x, rows.eps, rows.centred);
        for ((dgamma, &x), &dy) in dgamma.iter_mut().zip(x).zip(dy) {
            *dgamma += dy * ((x - mean) * factor);
        }
        for (dbeta, &dy) in dbeta.iter_mut().zip(dy) {
            *dbeta += dy;
        }
    }
}

/// dx: with x̂ = (x − mean)·f, f = 1 / √(variance + ε) and g = gamma ⊙ dy, f·(g − mean of g − x̂ ⊙ mean of g·x̂); without the mean of g
/// where rows are not centred.
#[inline(always)]
pub(super) fn rows_backward<T: Element>(
    x: &[T],
    gamma: &[T],
    dy: &[T],
    dx: &mut [T],
    rows: Rows<T>,
) {
    assert_fits(x, dy, rows.len);
    assert_fits(x, dx, rows.len);
    let count = T::of(rows.len as f64);
    let all = x.chunks_exact(rows.len).zip(dy.chunks_exact(rows.len));
    for ((x, dy), dx) in all.zip(dx.chunks_exact_mut(rows.len)) {
        let (mean, factor) = mean_and_factor(x, rows.eps, rows.centred);
        if gamma.is_empty() {
            dx.copy_from_slice(dy);
        } else {
            for ((dx, &dy), &gamma) in dx.iter_mut().zip(dy).zip(gamma) {
                *dx = dy * gamma;
            }
        }
        let along = sum_of_all([&*dx, x], |[g, x]| g * (x - mean)) / count;
        let all = if rows.centred {
            sum(dx) / count
        } else {
            T::zero()
        };
        let along = along * factor * factor;
        for (dx, &x) in dx.iter_mut().zip(x) {
            *dx = factor * (*dx - all - (x - mean) * along);
        }
    }
}

impl<T: Element> ChannelGroups<T> {
    /// The numbers of a sample, and of a group.
    fn numbers(&self) -> (usize, usize) {
        let sample = self.channels * self.plane;
        assert!(
            self.groups > 0 && self.channels.is_multiple_of(self.groups),
            "channels are cut into groups of one size"
        );
        (sample, sample / self.groups)
    }
}

/// The number that belongs to a channel, or another one if there is none.
#[inline(always)]
fn of_channel<T: Element>(numbers: &[T], channel: usize, other: T) -> T {
    numbers.get(channel).copied().unwrap_or(other)
}

/// y = (x − mean) / √(variance + ε) · gamma + beta in each group, with a gamma and a beta for each channel if they are not empty.
#[inline(always)]
pub(super) fn groups<T: Element>(
    x: &[T],
    gamma: &[T],
    beta: &[T],
    y: &mut [T],
    sizes: ChannelGroups<T>,
) {
    let (sample, len) = sizes.numbers();
    assert_fits(x, y, sample);
    let groups = x.chunks_exact(len).zip(y.chunks_exact_mut(len));
    for (group, (x, y)) in groups.enumerate() {
        let (mean, factor) = mean_and_factor(x, sizes.eps, true);
        let first = group % sizes.groups * (len / sizes.plane);
        let planes = x.chunks_exact(sizes.plane);
        for (channel, (x, y)) in (first..).zip(planes.zip(y.chunks_exact_mut(sizes.plane))) {
            let gamma = of_channel(gamma, channel, T::one()) * factor;
            let beta = of_channel(beta, channel, T::zero());
            for (y, &x) in y.iter_mut().zip(x) {
                *y = (x - mean) * gamma + beta;
            }
        }
    }
}

/// dx, unless it is empty; dgamma and dbeta over what is there, unless they are empty.
#[inline(always)]
pub(super) fn groups_backward<T: Element>(
    x: &[T],
    gamma: &[T],
    dy: &[T],
    dx: &mut [T],
    [dgamma, dbeta]: [&mut [T]; 2],
    sizes: ChannelGroups<T>,
) {
    let (sample, len) = sizes.numbers();
    assert_fits(x, dy, sample);
    dgamma.fill(T::zero());
    dbeta.fill(T::zero());
    let count = T::of(len as f64);
    for (group, (x, dy)) in x.chunks_exact(len).zip(dy.chunks_exact(len)).enumerate() {
        let (mean, factor) = mean_and_factor(x, sizes.eps, true);
        let first = group % sizes.groups * (len / sizes.plane);
        let (mut all, mut along) = (T::zero(), T::zero());
        let planes = || {
            x.chunks_exact(sizes.plane)
                .zip(dy.chunks_exact(sizes.plane))
        };
        for (channel, (x, dy)) in (first..).zip(planes()) {
            let of_dy = sum(dy);
            let of_both = sum_of_all([dy, x], |[dy, x]| dy * (x - mean)) * factor;
            let gamma = of_channel(gamma, channel, T::one());
            all += gamma * of_dy;
            along += gamma * of_both;
            if let (Some(dgamma), Some(dbeta)) = (dgamma.get_mut(channel), dbeta.get_mut(channel)) {
                *dgamma += of_both;
                *dbeta += of_dy;
            }
        }
        let (all, along) = (all / count, along / count * factor);
        let Some(dx) = dx.get_mut(group * len..(group + 1) * len) else {
            continue;
        };
        let dx = dx.chunks_exact_mut(sizes.plane);
        for ((channel, (x, dy)), dx) in (first..).zip(planes()).zip(dx) {
            let gamma = of_channel(gamma, channel, T::one());
            for ((dx, &x), &dy) in dx.iter_mut().zip(x).zip(dy) {
                *dx = factor * (gamma * dy - all - (x - mean) * along);
            }
        }
    }
}
