//! Random numbers that are the same on every machine: initial parameters and the order of samples.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng};

/// A generator whose stream depends on its seed alone: xoshiro256++, seeded by SplitMix64 as its authors prescribe, and
/// floating-point functions from a software library, so that no platform's mathematics changes a bit.
///
/// # Source
/// Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4).
#[derive(Clone, Debug)]
pub struct Rng {
    bits: Xoshiro256PlusPlus,
    /// Box and Muller's method gives two numbers at a time.
    spare_normal: Option<f64>,
}

impl Rng {
    /// The generator of this seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self {
            bits: Xoshiro256PlusPlus::seed_from_u64(seed),
            spare_normal: None,
        }
    }

    /// One of 2⁶⁴ unrelated generators of this seed; `stream` is, for instance, the number of an epoch.
    #[must_use]
    pub fn stream(seed: u64, stream: u64) -> Self {
        // An odd multiplier spreads neighbouring streams over all seeds: 2⁶⁴ divided by the golden ratio.
        const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
        Self::seeded(Self::seeded(seed).bits.next_u64() ^ stream.wrapping_mul(SPREAD))
    }

    /// A generator that nobody can predict, seeded by the operating system.
    ///
    /// # Panics
    /// If the operating system has no random numbers to give, which no supported one does.
    #[must_use]
    pub fn from_os() -> Self {
        Self::seeded(getrandom::u64().expect("the operating system gives random numbers"))
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.bits.next_u64()
    }

    /// A number from [0, 1), 53 random bits.
    pub fn uniform(&mut self) -> f64 {
        (self.bits.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number from the normal distribution with mean 0 and standard deviation 1 (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        if let Some(normal) = self.spare_normal.take() {
            return normal;
        }
        // 1 − u lies in (0, 1], where the logarithm is finite.
        let radius = (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
        let angle = std::f64::consts::TAU * self.uniform();
        self.spare_normal = Some(radius * libm::sin(angle));
        radius * libm::cos(angle)
    }

    /// A whole number below `bound`, each equally likely; 0 if `bound` is 0.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the high half of a product by a usize is below that usize"
    )]
    pub fn below(&mut self, bound: usize) -> usize {
        // Lemire 2019, "Fast random integer generation in an interval", algorithm 5.
        let bound = bound as u64;
        let mut product = u128::from(self.bits.next_u64()) * u128::from(bound);
        if (product as u64) < bound {
            let threshold = bound.wrapping_neg() % bound;
            while (product as u64) < threshold {
                product = u128::from(self.bits.next_u64()) * u128::from(bound);
            }
        }
        (product >> 64) as usize
    }

    /// Puts the items into a random order, each order equally likely (Fisher and Yates).
    pub fn shuffle<I>(&mut self, items: &mut [I]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;

    /// The expected numbers are those of the authors' algorithms, SplitMix64 and xoshiro256++, written down in Python.
    #[test]
    fn the_stream_is_the_published_one() {
        use rand_xoshiro::rand_core::Rng as _;
        let mut rng = Rng::seeded(0);
        let drawn: Vec<u64> = (0..3).map(|_| rng.bits.next_u64()).collect();
        assert_eq!(
            drawn,
            [
                5_987_356_902_031_041_503,
                7_051_070_477_665_621_255,
                6_633_766_593_972_829_180
            ]
        );
    }

    #[test]
    fn normal_numbers_have_mean_0_deviation_1_and_the_right_tails() {
        let mut rng = Rng::seeded(7);
        let drawn: Vec<f64> = (0..200_000).map(|_| rng.normal()).collect();
        let count = drawn.len() as f64;
        let mean = drawn.iter().sum::<f64>() / count;
        let variance = drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
        let beyond_two = drawn.iter().filter(|x| x.abs() > 2.0).count() as f64 / count;
        // Four standard errors; P(|x| > 2) = 0.0455 from a table of the normal distribution.
        assert!(mean.abs() < 4.0 / count.sqrt(), "mean {mean}");
        assert!(
            (variance - 1.0).abs() < 4.0 * (2.0 / count).sqrt(),
            "variance {variance}"
        );
        assert!(
            (beyond_two - 0.0455).abs() < 4.0 * (0.0455 * 0.9545 / count).sqrt(),
            "tails {beyond_two}"
        );
    }

    #[test]
    fn every_number_below_a_bound_comes_up_equally_often() {
        let mut rng = Rng::seeded(3);
        let mut counts = [0_i32; 6];
        for _ in 0..60_000 {
            counts[rng.below(6)] += 1;
        }
        // 10,000 expected each, standard deviation √(60,000·1/6·5/6) = 91.
        assert!(
            counts.iter().all(|count| (count - 10_000).abs() < 4 * 91),
            "{counts:?}"
        );
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.below(1), 0);
    }

    #[test]
    fn a_shuffle_keeps_every_item_and_every_order_is_equally_likely() {
        let mut counts = std::collections::HashMap::<[u8; 3], i32>::new();
        let mut rng = Rng::seeded(11);
        for _ in 0..6_000 {
            let mut items = [1, 2, 3];
            rng.shuffle(&mut items);
            *counts.entry(items).or_default() += 1;
        }
        // 3! orders, 1,000 expected each, standard deviation √(6,000·1/6·5/6) = 29.
        assert_eq!(counts.len(), 6);
        assert!(
            counts.values().all(|count| (count - 1_000).abs() < 4 * 29),
            "{counts:?}"
        );
    }

    #[test]
    fn streams_of_a_seed_differ_and_repeat() {
        let first = |seed, stream| Rng::stream(seed, stream).uniform().to_bits();
        assert_eq!(first(1, 0), first(1, 0));
        assert_ne!(first(1, 0), first(1, 1));
        assert_ne!(first(1, 0), first(2, 0));
    }
}
