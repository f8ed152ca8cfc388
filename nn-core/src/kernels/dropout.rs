//! Numbers that are left out at random, by a generator that counts: nothing is remembered, and every part of a batch can draw by itself.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where it is inlined"
)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "words are the low halves of products and counts, and a probability is positive"
)]

use crate::element::Element;

/// What decides which numbers are left out.
#[derive(Clone, Copy, Debug)]
pub struct Mask {
    pub seed: u64,
    pub step: u64,
    pub layer: u32,
    /// The number of the first sample.
    pub first: u64,
    /// The probability.
    pub p: f64,
}

/// How many counters are computed side by side; each gives four words.
const LANES: usize = 8;

/// Philox4x32-10 of counters whose first words follow each other: word by word, the four words of all of them.
///
/// # Source
/// Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3; constants from Random123.
#[expect(
    clippy::needless_range_loop,
    reason = "a lane is a place in all four words"
)]
#[inline(always)]
fn philox([first, second, third, fourth]: [u32; 4], key: [u32; 2]) -> [[u32; LANES]; 4] {
    const ROUNDS: usize = 10;
    const FACTORS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
    const STEPS: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
    let mut x = [
        [first; LANES],
        [second; LANES],
        [third; LANES],
        [fourth; LANES],
    ];
    for (lane, word) in (0..).zip(&mut x[0]) {
        *word = word.wrapping_add(lane);
    }
    let mut key = key;
    for _ in 0..ROUNDS {
        for lane in 0..LANES {
            let [a, b] = [
                u64::from(x[0][lane]) * u64::from(FACTORS[0]),
                u64::from(x[2][lane]) * u64::from(FACTORS[1]),
            ];
            let [high_a, high_b] = [a, b].map(|product| (product >> 32) as u32);
            x[0][lane] = high_b ^ x[1][lane] ^ key[0];
            x[2][lane] = high_a ^ x[3][lane] ^ key[1];
            x[1][lane] = b as u32;
            x[3][lane] = a as u32;
        }
        key = [key[0].wrapping_add(STEPS[0]), key[1].wrapping_add(STEPS[1])];
    }
    x
}

/// Each number of samples of `len` becomes 0 with probability p, else it is divided by 1 − p.
#[inline(always)]
pub(super) fn drop_out<T: Element>(y: &mut [T], len: usize, mask: Mask) {
    let key = words(mask.seed);
    let [step, steps] = words(mask.step);
    // 2³² times the probability; a number is kept from there on.
    let threshold = (mask.p * 4_294_967_296.0).round().min(4_294_967_295.0) as u32;
    let factor = T::of(1.0 / (1.0 - mask.p));
    for (sample, y) in (mask.first..).zip(y.chunks_exact_mut(len.max(1))) {
        let [sample, samples] = words(sample);
        // Of the large counts only the low words are expected to differ.
        let layer = mask.layer ^ steps.rotate_left(16) ^ samples.rotate_left(24);
        for (block, y) in (0_u32..).zip(y.chunks_mut(4 * LANES)) {
            let first = block.wrapping_mul(LANES as u32);
            let drawn = philox([first, sample, step, layer], key);
            for (y, &bits) in y.iter_mut().zip(drawn.as_flattened()) {
                *y = if bits < threshold {
                    T::zero()
                } else {
                    *y * factor
                };
            }
        }
    }
}

#[inline(always)]
fn words(number: u64) -> [u32; 2] {
    [number as u32, (number >> 32) as u32]
}

#[cfg(test)]
mod tests {
    use super::{LANES, Mask, drop_out, philox};

    /// The known answers that Random123 ships, `kat_vectors`: counter and key of zeros, of ones, and of digits of π.
    #[test]
    fn known_answers() {
        let of = |counter, key| philox(counter, key).map(|words| words[0]);
        assert_eq!(
            of([0; 4], [0; 2]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            of([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            of(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn lanes_are_counters_that_follow_each_other() {
        let together = philox([7, 1, 2, 3], [4, 5]);
        for lane in 0..LANES {
            let alone = philox([7 + lane as u32, 1, 2, 3], [4, 5]);
            let lane = together.map(|words| words[lane]);
            assert_eq!(alone.map(|words| words[0]), lane);
        }
    }

    fn mask(p: f64) -> Mask {
        Mask {
            seed: 1,
            step: 2,
            layer: 3,
            first: 0,
            p,
        }
    }

    /// Of n numbers n·p are zero, give or take 4·√(n·p·(1 − p)): so far off one in 16,000 would be.
    #[test]
    fn as_many_are_left_out_as_should_be() {
        for p in [0.0, 0.1, 0.5, 0.9, 0.999] {
            let (len, samples) = (1_003, 200);
            let mut y = vec![1.0_f64; len * samples];
            drop_out(&mut y, len, mask(p));
            let zeros = y.iter().filter(|y| **y == 0.0).count() as f64;
            let count = (len * samples) as f64;
            assert!((zeros - count * p).abs() <= 4.0 * (count * p * (1.0 - p)).sqrt());
            assert!(
                y.iter()
                    .all(|&y| y == 0.0 || (y - 1.0 / (1.0 - p)).abs() < 1e-12)
            );
        }
    }

    /// Neighbours, in a sample and from sample to sample, are left out together as often as any two: p².
    #[test]
    fn neighbours_have_nothing_to_do_with_each_other() {
        let (len, samples) = (256, 1_000);
        let mut y = vec![1.0_f64; len * samples];
        drop_out(&mut y, len, mask(0.5));
        for distance in [1, 2, 4, 8, 16, 32, len, 2 * len] {
            let pairs = y.iter().zip(&y[distance..]);
            let both = pairs.filter(|(a, b)| **a == 0.0 && **b == 0.0).count() as f64;
            let count = (y.len() - distance) as f64;
            assert!(
                (both - count / 4.0).abs() <= 4.0 * (count * 3.0 / 16.0).sqrt(),
                "{distance}"
            );
        }
    }

    #[test]
    fn seeds_steps_layers_and_samples_differ_and_parts_are_those_of_the_whole() {
        let (len, samples) = (70, 6);
        let draw = |mask: Mask, samples: usize| {
            let mut y = vec![1.0_f32; len * samples];
            drop_out(&mut y, len, mask);
            y
        };
        let whole = draw(mask(0.5), samples);
        let last = draw(
            Mask {
                first: 4,
                ..mask(0.5)
            },
            2,
        );
        assert_eq!(whole[4 * len..], last);
        assert_ne!(whole[..len], whole[len..2 * len]);
        let high = 1 << 40;
        for other in [
            Mask {
                seed: 9,
                ..mask(0.5)
            },
            Mask {
                seed: 1 + high,
                ..mask(0.5)
            },
            Mask {
                step: 9,
                ..mask(0.5)
            },
            Mask {
                step: 2 + high,
                ..mask(0.5)
            },
            Mask {
                layer: 9,
                ..mask(0.5)
            },
        ] {
            assert_ne!(draw(other, samples), whole, "{other:?}");
        }
    }
}
