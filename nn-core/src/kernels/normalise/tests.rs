//! Rows and channels of all lengths around those that registers have, against the definitions in f64.

use super::{ChannelGroups, Rows};
use crate::kernels::{Channels, Kernels as _, Moments};
use crate::rng::Rng;

fn draw(rng: &mut Rng, count: usize) -> Vec<f64> {
    (0..count).map(|_| rng.normal()).collect()
}

/// Mean and variance as they are defined.
fn moments(numbers: &[f64]) -> (f64, f64) {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let squares = numbers.iter().map(|x| (x - mean) * (x - mean));
    (mean, squares.sum::<f64>() / count)
}

fn assert_close(found: &[f64], expected: &[f64]) {
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() < 1e-12,
            "{found} instead of {expected}"
        );
    }
}

#[test]
fn rows_of_all_lengths() {
    let rng = &mut Rng::seeded(1);
    for len in (1..40).chain([63, 64, 65, 100, 257]) {
        for centred in [true, false] {
            let (x, gamma, beta) = (draw(rng, 3 * len), draw(rng, len), draw(rng, len));
            let mut y = vec![f64::NAN; x.len()];
            let eps = 0.25;
            f64::normalise_rows(&x, &gamma, &beta, &mut y, Rows { len, eps, centred });
            for (x, y) in x.chunks_exact(len).zip(y.chunks_exact(len)) {
                let (mean, variance) = moments(x);
                let (mean, square) = if centred {
                    (mean, variance)
                } else {
                    (0.0, variance + mean * mean)
                };
                let of = |j: usize| (x[j] - mean) / (square + eps).sqrt() * gamma[j] + beta[j];
                assert_close(y, &(0..len).map(of).collect::<Vec<_>>());
            }
        }
    }
}

#[test]
fn groups_of_all_sizes() {
    let rng = &mut Rng::seeded(2);
    for plane in (1..10).chain([31, 32, 33, 100]) {
        for (channels, groups) in [(1, 1), (6, 1), (6, 2), (6, 6), (40, 5)] {
            let (x, gamma, beta) = (
                draw(rng, 2 * channels * plane),
                draw(rng, channels),
                draw(rng, channels),
            );
            let mut y = vec![f64::NAN; x.len()];
            let sizes = ChannelGroups {
                channels,
                plane,
                groups,
                eps: 0.25,
            };
            f64::normalise_groups(&x, &gamma, &beta, &mut y, sizes);
            let len = channels / groups * plane;
            for (group, (x, y)) in x.chunks_exact(len).zip(y.chunks_exact(len)).enumerate() {
                let (mean, variance) = moments(x);
                let of = |j: usize| {
                    let channel = (group * len + j) / plane % channels;
                    (x[j] - mean) / (variance + 0.25).sqrt() * gamma[channel] + beta[channel]
                };
                assert_close(y, &(0..len).map(of).collect::<Vec<_>>());
            }
        }
    }
}

/// More channels than are worked on side by side, and planes of all lengths; numbers far from zero, which a difference of squares
/// would not survive.
#[test]
fn channels_are_measured_and_normalised() {
    let rng = &mut Rng::seeded(3);
    for plane in [1, 2, 7, 32, 50] {
        for channels in [1, 5, 64, 65, 130] {
            let samples = 3;
            let mut x = draw(rng, samples * channels * plane);
            for x in &mut x {
                *x += 1e6;
            }
            let mut found = vec![f64::NAN; 2 * channels];
            let sizes = Channels { channels, plane };
            f64::measure(&x, &mut found, sizes);
            let count = (samples * plane) as f64;
            let of = |channel: usize| -> Vec<f64> {
                let planes = x.chunks_exact(plane).skip(channel).step_by(channels);
                planes.flatten().copied().collect()
            };
            let expected: Vec<(f64, f64)> =
                (0..channels).map(|channel| moments(&of(channel))).collect();
            for (channel, &(mean, variance)) in expected.iter().enumerate() {
                assert!((found[channel] - mean).abs() < 1e-8);
                assert!((found[channels + channel] / count - variance).abs() < 1e-8);
            }
            let (mean, variance): (Vec<f64>, Vec<f64>) = expected.into_iter().unzip();
            let kept = Moments::Kept {
                mean: &mean,
                variance: &variance,
            };
            let (gamma, beta) = (draw(rng, channels), draw(rng, channels));
            let mut y = vec![f64::NAN; x.len()];
            f64::normalise(&x, kept, [&gamma, &beta], 0.25, &mut y, sizes);
            let mut in_place = x.clone();
            f64::normalise_in_place(&mut in_place, kept, [&gamma, &beta], 0.25, sizes);
            assert_eq!(y, in_place);
            for (place, (x, y)) in x.iter().zip(&y).enumerate() {
                let c = place / plane % channels;
                let expected = (x - mean[c]) / (variance[c] + 0.25).sqrt() * gamma[c] + beta[c];
                assert!((y - expected).abs() < 1e-8);
            }
        }
    }
}
