//! Data made from a fixed seed, so that no download stands between a clone and a figure.

use nn_core::{Dataset, Rng};

/// How many samples jobs A, B and C have.
pub const DIGITS: usize = 60_000;

/// How many samples job D has.
pub const MATRICES: usize = 10_000;

const PIXELS: usize = 784;
const CLASSES: usize = 10;
const SEED: u64 = 1;

/// The first samples of a stand-in for MNIST: as many pixels and classes, grey values in 255ths, and as dark.
///
/// A grey value is u⁶ for a uniform u: its mean, 1/7, and its mean square, 1/13, are close to those of MNIST's pixels, 0.13
/// and 0.11. Brighter ones would make a learning rate of 0.1 chaotic, and programs that add in another order would end at
/// other losses. A sample's class is the largest of ten fixed random projections, so that there is something to learn.
#[must_use]
pub fn digits(samples: usize) -> Dataset<[f32; PIXELS], u8> {
    let projections = projections();
    let mut rng = Rng::stream(SEED, 0);
    let mut data = Dataset::empty();
    for _ in 0..samples {
        let image = std::array::from_fn(|_| grey(rng.uniform()));
        data.t.push(class(&image, &projections));
        data.x.push(image);
    }
    data
}

#[expect(clippy::cast_possible_truncation, reason = "a grey value needs 8 bits")]
fn grey(uniform: f64) -> f32 {
    ((uniform.powi(6) * 255.0).round() / 255.0) as f32
}

fn projections() -> Vec<[f64; CLASSES]> {
    let mut rng = Rng::stream(SEED, 1);
    let row = |_| std::array::from_fn(|_| rng.normal());
    (0..PIXELS).map(row).collect()
}

fn class(image: &[f32; PIXELS], projections: &[[f64; CLASSES]]) -> u8 {
    const MEAN: f64 = 1.0 / 7.0;
    let mut sums = [0.0; CLASSES];
    for (&pixel, row) in image.iter().zip(projections) {
        for (sum, weight) in sums.iter_mut().zip(row) {
            *sum += (f64::from(pixel) - MEAN) * weight;
        }
    }
    let largest = (0_u8..).zip(sums).max_by(|(_, a), (_, b)| a.total_cmp(b));
    largest.map_or(0, |(class, _)| class)
}

/// Job D's samples: 2 × 2 matrices of normal numbers, and their matrix exponentials to learn.
///
/// # Source
/// The example that the README of `SimpleChains.jl` times.
#[must_use]
pub fn matrices() -> Dataset<[f32; 4], [f32; 4]> {
    let mut rng = Rng::stream(SEED, 2);
    let mut data = Dataset::empty();
    for _ in 0..MATRICES {
        let matrix = std::array::from_fn(|_| rng.normal());
        data.x.push(single(matrix));
        data.t.push(single(exponential(matrix)));
    }
    data
}

#[expect(clippy::cast_possible_truncation, reason = "networks compute in f32")]
fn single(matrix: [f64; 4]) -> [f32; 4] {
    matrix.map(|number| number as f32)
}

/// exp of [[a, b], [c, d]]. The matrix is m·1 + S with m = (a + d)/2 and S² = q·1, so its exponential is
/// eᵐ·(cosh √q·1 + (sinh √q / √q)·S), with cos and sin for a negative q.
fn exponential([a, b, c, d]: [f64; 4]) -> [f64; 4] {
    let (mean, half) = (f64::midpoint(a, d), (a - d) / 2.0);
    let square = half * half + b * c;
    let root = square.abs().sqrt();
    let (even, odd) = if square >= 0.0 {
        (root.cosh(), root.sinh())
    } else {
        (root.cos(), root.sin())
    };
    let odd = if root == 0.0 { 1.0 } else { odd / root };
    [even + odd * half, odd * b, odd * c, even - odd * half].map(|entry| mean.exp() * entry)
}

#[cfg(test)]
mod tests {
    use super::{digits, exponential};

    #[test]
    fn digits_have_the_stated_moments_and_all_classes() {
        let data = digits(1_000);
        let pixels: Vec<f64> = data.x.as_flattened().iter().map(|&p| p.into()).collect();
        let mean = |f: fn(f64) -> f64| pixels.iter().map(|&p| f(p)).sum::<f64>() / 784_000.0;
        // Five standard errors of a mean of 784,000: 5·√((1/13 − 1/49)/784,000), 5·√((1/25 − 1/169)/784,000).
        assert!((mean(|p| p) - 1.0 / 7.0).abs() < 1.4e-3);
        assert!((mean(|p| p * p) - 1.0 / 13.0).abs() < 1.1e-3);
        assert!((0..10).all(|class| data.t.contains(&class)));
    }

    #[test]
    fn fewer_digits_are_the_first_of_more() {
        let (few, more) = (digits(3), digits(5));
        assert_eq!((few.x, few.t), (more.x[..3].into(), more.t[..3].into()));
    }

    /// By hand: a diagonal matrix, a nilpotent one, and a turn by a right angle.
    #[test]
    fn exponentials_of_matrices() {
        use std::f64::consts::{E, FRAC_PI_2};
        for (matrix, expected) in [
            ([1.0, 0.0, 0.0, 0.0], [E, 0.0, 0.0, 1.0]),
            ([0.0, 3.0, 0.0, 0.0], [1.0, 3.0, 0.0, 1.0]),
            ([0.0, FRAC_PI_2, -FRAC_PI_2, 0.0], [0.0, 1.0, -1.0, 0.0]),
            ([1.0, 3.0, 0.0, 1.0], [E, 3.0 * E, 0.0, E]),
        ] {
            let found = exponential(matrix);
            let close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-14 * 9.0;
            assert!(
                found.iter().zip(&expected).all(close),
                "{matrix:?}: {found:?}"
            );
        }
    }
}
