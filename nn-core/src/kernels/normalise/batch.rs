//! Channels that are normalised over a whole batch, which comes in parts.
//!
//! Each part is measured by itself, in f64; what they have in common is worked out between two passes over them. So no bit depends on
//! who measures, and the variance of numbers far from zero is as exact as that of others.

use std::ops::Range;

use super::assert_fits;
use crate::element::Element;
use crate::kernels::update::{sum, sum_of};

/// Samples of channels of `plane` numbers.
#[derive(Clone, Copy, Debug)]
pub struct Channels {
    pub channels: usize,
    pub plane: usize,
}

/// Mean and variance of each channel.
#[derive(Clone, Copy, Debug)]
pub enum Moments<'a, T> {
    /// Of a batch, in f64.
    Batch {
        mean: &'a [f64],
        variance: &'a [f64],
    },
    /// That have been kept.
    Kept { mean: &'a [T], variance: &'a [T] },
}

impl<T: Element> Moments<'_, T> {
    #[inline(always)]
    fn of(&self, channel: usize) -> (f64, f64) {
        match self {
            Self::Batch { mean, variance } => (mean[channel], variance[channel]),
            Self::Kept { mean, variance } => (mean[channel].as_f64(), variance[channel].as_f64()),
        }
    }
}

/// How many channels are worked on side by side.
const BLOCK: usize = 64;

/// A few channels, and three numbers for each.
struct Block<T> {
    channels: Range<usize>,
    constants: [[T; BLOCK]; 3],
}

/// Blocks of channels with the constants that `of` gives for each.
#[inline(always)]
fn blocks<T: Element>(
    channels: usize,
    of: impl Fn(usize) -> [f64; 3],
) -> impl Iterator<Item = Block<T>> {
    (0..channels).step_by(BLOCK).map(move |start| {
        let channels = start..(start + BLOCK).min(channels);
        let mut constants = [[T::zero(); BLOCK]; 3];
        for (index, channel) in channels.clone().enumerate() {
            for (list, constant) in constants.iter_mut().zip(of(channel)) {
                list[index] = T::of(constant);
            }
        }
        Block {
            channels,
            constants,
        }
    })
}

/// The mean of each channel of a part of a batch, then the sums of squared differences from it.
#[inline(always)]
pub(in crate::kernels) fn measure<T: Element>(x: &[T], found: &mut [f64], sizes: Channels) {
    let (channels, plane) = (sizes.channels, sizes.plane);
    assert_fits(x, x, channels * plane);
    let count = (x.len() / channels) as f64;
    let (means, squares) = found[..2 * channels].split_at_mut(channels);
    means.fill(0.0);
    squares.fill(0.0);
    if plane == 1 {
        for x in x.chunks_exact(channels) {
            for (mean, &x) in means.iter_mut().zip(x) {
                *mean += x.as_f64();
            }
        }
        for mean in &mut *means {
            *mean /= count;
        }
        for x in x.chunks_exact(channels) {
            for ((square, &mean), &x) in squares.iter_mut().zip(&*means).zip(x) {
                let difference = x.as_f64() - mean;
                *square += difference * difference;
            }
        }
        return;
    }
    for x in x.chunks_exact(channels * plane) {
        for (mean, x) in means.iter_mut().zip(x.chunks_exact(plane)) {
            *mean += sum(x).as_f64();
        }
    }
    for mean in &mut *means {
        *mean /= count;
    }
    for x in x.chunks_exact(channels * plane) {
        for ((square, &mean), x) in squares.iter_mut().zip(&*means).zip(x.chunks_exact(plane)) {
            let mean = T::of(mean);
            *square += sum_of(x, |x| (x - mean) * (x - mean)).as_f64();
        }
    }
    for (square, mean) in squares.iter_mut().zip(means) {
        // The mean that was subtracted is a rounded one; and so was the one that sums of planes make.
        let off = T::of(*mean).as_f64() - *mean;
        *square = (*square - count * off * off).max(0.0);
    }
}

/// y = (x − mean) / √(variance + ε) · gamma + beta, with a gamma and a beta for each channel if they are not empty.
#[inline(always)]
pub(in crate::kernels) fn normalise<T: Element>(
    x: &[T],
    moments: Moments<'_, T>,
    [gamma, beta]: [&[T]; 2],
    eps: f64,
    y: &mut [T],
    sizes: Channels,
) {
    let sample = sizes.channels * sizes.plane;
    assert_fits(x, y, sample);
    for block in blocks::<T>(
        sizes.channels,
        forward_constants(moments, [gamma, beta], eps),
    ) {
        let [mean, factor, beta] = &block.constants;
        let part = block.channels.start * sizes.plane..block.channels.end * sizes.plane;
        for (x, y) in x.chunks_exact(sample).zip(y.chunks_exact_mut(sample)) {
            let (x, y) = (&x[part.clone()], &mut y[part.clone()]);
            if sizes.plane == 1 {
                let constants = mean.iter().zip(factor).zip(beta);
                for ((y, &x), ((&mean, &factor), &beta)) in y.iter_mut().zip(x).zip(constants) {
                    *y = (x - mean) * factor + beta;
                }
                continue;
            }
            let planes = x
                .chunks_exact(sizes.plane)
                .zip(y.chunks_exact_mut(sizes.plane));
            for (index, (x, y)) in planes.enumerate() {
                let (mean, factor, beta) = (mean[index], factor[index], beta[index]);
                for (y, &x) in y.iter_mut().zip(x) {
                    *y = (x - mean) * factor + beta;
                }
            }
        }
    }
}

/// The same over x.
#[inline(always)]
pub(in crate::kernels) fn normalise_in_place<T: Element>(
    y: &mut [T],
    moments: Moments<'_, T>,
    [gamma, beta]: [&[T]; 2],
    eps: f64,
    sizes: Channels,
) {
    let sample = sizes.channels * sizes.plane;
    assert_fits(y, y, sample);
    for block in blocks::<T>(
        sizes.channels,
        forward_constants(moments, [gamma, beta], eps),
    ) {
        let [mean, factor, beta] = &block.constants;
        let part = block.channels.start * sizes.plane..block.channels.end * sizes.plane;
        for y in y.chunks_exact_mut(sample) {
            let y = &mut y[part.clone()];
            if sizes.plane == 1 {
                let constants = mean.iter().zip(factor).zip(beta);
                for (y, ((&mean, &factor), &beta)) in y.iter_mut().zip(constants) {
                    *y = (*y - mean) * factor + beta;
                }
                continue;
            }
            for (index, y) in y.chunks_exact_mut(sizes.plane).enumerate() {
                let (mean, factor, beta) = (mean[index], factor[index], beta[index]);
                for y in y {
                    *y = (*y - mean) * factor + beta;
                }
            }
        }
    }
}

/// What is subtracted, what is multiplied by, and what is added.
#[inline(always)]
fn forward_constants<T: Element>(
    moments: Moments<'_, T>,
    [gamma, beta]: [&[T]; 2],
    eps: f64,
) -> impl Fn(usize) -> [f64; 3] {
    move |channel| {
        let (mean, variance) = moments.of(channel);
        let gamma = gamma.get(channel).map_or(1.0, |gamma| gamma.as_f64());
        let beta = beta.get(channel).map_or(0.0, |beta| beta.as_f64());
        [mean, gamma / (variance + eps).sqrt(), beta]
    }
}

/// For each channel of a part of a batch the sum of dy, then the sum of dy·x̂, with x̂ = (x − mean) / √(variance + ε).
#[inline(always)]
pub(in crate::kernels) fn sum_gradients<T: Element>(
    x: &[T],
    dy: &[T],
    moments: Moments<'_, T>,
    eps: f64,
    found: &mut [f64],
    sizes: Channels,
) {
    let (channels, plane) = (sizes.channels, sizes.plane);
    assert_fits(x, dy, channels * plane);
    let (sums, products) = found[..2 * channels].split_at_mut(channels);
    sums.fill(0.0);
    products.fill(0.0);
    let all = x
        .chunks_exact(channels * plane)
        .zip(dy.chunks_exact(channels * plane));
    for (x, dy) in all {
        if plane == 1 {
            for ((sum, &dy), (product, (channel, &x))) in sums
                .iter_mut()
                .zip(dy)
                .zip(products.iter_mut().zip(x.iter().enumerate()))
            {
                let dy = dy.as_f64();
                *sum += dy;
                *product += dy * (x.as_f64() - moments.of(channel).0);
            }
            continue;
        }
        let planes = x.chunks_exact(plane).zip(dy.chunks_exact(plane));
        for (channel, (x, dy)) in planes.enumerate() {
            let mean = T::of(moments.of(channel).0);
            sums[channel] += sum(dy).as_f64();
            let product = super::sum_of_all([dy, x], |[dy, x]| dy * (x - mean));
            products[channel] += product.as_f64();
        }
    }
    for (channel, product) in products.iter_mut().enumerate() {
        *product /= (moments.of(channel).1 + eps).sqrt();
    }
}

/// dx = gamma / √(variance + ε) · (dy − Σdy / M − x̂ · Σ(dy·x̂) / M), with both sums over the whole batch of M numbers for each channel.
#[inline(always)]
pub(in crate::kernels) fn spread_gradients<T: Element>(
    x: &[T],
    [gamma, dy]: [&[T]; 2],
    moments: Moments<'_, T>,
    (sums, eps, count): (&[f64], f64, f64),
    dx: &mut [T],
    sizes: Channels,
) {
    let sample = sizes.channels * sizes.plane;
    assert_fits(x, dy, sample);
    assert_fits(x, dx, sample);
    let (sums, products) = sums.split_at(sizes.channels);
    let of = |channel: usize| {
        let (mean, variance) = moments.of(channel);
        let factor = 1.0 / (variance + eps).sqrt();
        let gamma = gamma.get(channel).map_or(1.0, |gamma| gamma.as_f64()) * factor;
        let along = products[channel] / count * factor;
        let all = sums[channel] / count;
        ([mean, along, all], gamma)
    };
    for start in (0..sizes.channels).step_by(BLOCK) {
        let end = (start + BLOCK).min(sizes.channels);
        let mut constants = [[T::zero(); BLOCK]; 4];
        for (index, channel) in (start..end).enumerate() {
            let ([mean, along, all], gamma) = of(channel);
            for (list, constant) in constants.iter_mut().zip([mean, along, all, gamma]) {
                list[index] = T::of(constant);
            }
        }
        let [mean, along, all, gamma] = &constants;
        let part = start * sizes.plane..end * sizes.plane;
        let samples = x.chunks_exact(sample).zip(dy.chunks_exact(sample));
        for ((x, dy), dx) in samples.zip(dx.chunks_exact_mut(sample)) {
            let (x, dy, dx) = (&x[part.clone()], &dy[part.clone()], &mut dx[part.clone()]);
            if sizes.plane == 1 {
                let constants = mean.iter().zip(along).zip(all).zip(gamma);
                let numbers = dx.iter_mut().zip(x).zip(dy).zip(constants);
                for (((dx, &x), &dy), (((&mean, &along), &all), &gamma)) in numbers {
                    *dx = gamma * (dy - all - (x - mean) * along);
                }
                continue;
            }
            let planes = x
                .chunks_exact(sizes.plane)
                .zip(dy.chunks_exact(sizes.plane));
            let planes = planes.zip(dx.chunks_exact_mut(sizes.plane));
            for (index, ((x, dy), dx)) in planes.enumerate() {
                let (mean, along, all, gamma) =
                    (mean[index], along[index], all[index], gamma[index]);
                for ((dx, &x), &dy) in dx.iter_mut().zip(x).zip(dy) {
                    *dx = gamma * (dy - all - (x - mean) * along);
                }
            }
        }
    }
}

/// dx = gamma / √(variance + ε) · dy, where mean and variance are constants.
#[inline(always)]
pub(in crate::kernels) fn scale_gradients<T: Element>(
    moments: Moments<'_, T>,
    [gamma, dy]: [&[T]; 2],
    eps: f64,
    dx: &mut [T],
    sizes: Channels,
) {
    let sample = sizes.channels * sizes.plane;
    assert_fits(dy, dx, sample);
    for block in blocks::<T>(
        sizes.channels,
        forward_constants(moments, [gamma, &[]], eps),
    ) {
        let [_, factor, _] = &block.constants;
        let part = block.channels.start * sizes.plane..block.channels.end * sizes.plane;
        for (dy, dx) in dy.chunks_exact(sample).zip(dx.chunks_exact_mut(sample)) {
            let planes = dy[part.clone()].chunks_exact(sizes.plane);
            let planes = planes.zip(dx[part.clone()].chunks_exact_mut(sizes.plane));
            for ((dy, dx), &factor) in planes.zip(factor) {
                for (dx, &dy) in dx.iter_mut().zip(dy) {
                    *dx = factor * dy;
                }
            }
        }
    }
}
