//! Random numbers of the generator's own, so that it does not depend on what it tests.

/// `SplitMix64` (Steele, Lea and Flood 2014).
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = Self(seed ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        rng.next();
        rng
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number from `least` to `most`.
    pub(super) fn from(&mut self, least: usize, most: usize) -> usize {
        let count = u64::try_from(most - least + 1).expect("small numbers");
        least + usize::try_from(self.next() % count).expect("below the number of choices")
    }

    /// True once in so many times.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.from(1, times) == 1
    }

    pub(super) fn choose<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.from(0, choices.len() - 1)]
    }
}
