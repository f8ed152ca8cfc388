//! Exponential functions without branches, so that loops over them become vector code. Errors are measured against f64 in
//! the tests below.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where its body is inlined"
)]

/// Functions that kernels apply to every number of a slice.
pub(super) trait Math {
    /// eˣ.
    fn exp(self) -> Self;
    /// (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).
    fn tanh(self) -> Self;
}

/// Adding and subtracting 1.5·2²³ rounds a small f32 to a whole number, which then stands in the lowest bits of the sum.
const ROUNDER: f32 = 12_582_912.0;

/// 2ᵏ for −127 < k < 128.
#[inline(always)]
fn power_of_two(k: i32) -> f32 {
    f32::from_bits((k + 127).cast_unsigned() << 23)
}

impl Math for f32 {
    /// At most 2 ulp off. x = k·ln 2 + r with |r| ≤ ½·ln 2, and eˣ = 2ᵏ·eʳ with a polynomial for eʳ.
    ///
    /// # Source
    /// The polynomial and the two parts of ln 2 are those of Moshier's Cephes library, `expf`.
    #[inline(always)]
    fn exp(self) -> Self {
        // Beyond these bounds the result is infinite or zero anyway. A NaN passes through both comparisons.
        let x = if self > 89.0 { 89.0 } else { self };
        let x = if x < -104.0 { -104.0 } else { x };
        let rounded = x * std::f32::consts::LOG2_E + ROUNDER;
        let k = rounded
            .to_bits()
            .cast_signed()
            .wrapping_sub(ROUNDER.to_bits().cast_signed());
        let whole = rounded - ROUNDER;
        let r = x - whole * 0.693_359_4 - whole * -2.121_944_4e-4;
        let p = 1.987_569_1e-4;
        let p = p * r + 1.398_199_9e-3;
        let p = p * r + 8.333_452e-3;
        let p = p * r + 4.166_579_6e-2;
        let p = p * r + 1.666_666_5e-1;
        let p = p * r + 0.5;
        let exp_r = p * r * r + r + 1.0;
        // In two halves, so that neither is out of range where the result is not.
        let half = k >> 1;
        exp_r * power_of_two(half) * power_of_two(k.wrapping_sub(half))
    }

    /// At most 2 ulp off: a polynomial below 0.625, where the formula would cancel, and 1 − 2 / (e²ˣ + 1) above.
    ///
    /// # Source
    /// Moshier's Cephes library, `tanhf`.
    #[inline(always)]
    fn tanh(self) -> Self {
        let size = self.abs();
        let z = self * self;
        let p = -5.704_988_7e-3;
        let p = p * z + 2.063_909e-2;
        let p = p * z - 5.373_971_6e-2;
        let p = p * z + 1.333_144_2e-1;
        let p = p * z - 3.333_328e-1;
        let small = p * z * self + self;
        // tanh(10) is 1 to eight digits.
        let bounded = if size > 10.0 { 10.0 } else { size };
        let large = 1.0 - 2.0 / (Math::exp(2.0 * bounded) + 1.0);
        let value = if size < 0.625 { small } else { large };
        value.copysign(self)
    }
}

/// The standard library's: `f64` is there for checks, where accuracy counts and speed does not.
impl Math for f64 {
    #[inline(always)]
    fn exp(self) -> Self {
        self.exp()
    }

    #[inline(always)]
    fn tanh(self) -> Self {
        self.tanh()
    }
}

#[cfg(test)]
mod tests {
    use super::Math;

    /// The largest error in units of the last place of the expected number, over f32 numbers of all sizes and signs.
    fn largest_error(function: fn(f32) -> f32, expected: fn(f64) -> f64) -> f64 {
        let mut largest = 0.0_f64;
        // An odd step visits all mantissas and exponents evenly.
        for bits in (0..=u32::MAX).step_by(1_021) {
            let x = f32::from_bits(bits);
            if x.is_nan() {
                continue;
            }
            let (found, exact) = (function(x), expected(f64::from(x)));
            #[expect(clippy::cast_possible_truncation, reason = "rounding is meant")]
            let rounded = exact as f32;
            if found.to_bits() == rounded.to_bits() {
                continue;
            }
            let ulp = f64::from(rounded.abs().next_up()) - f64::from(rounded.abs());
            let error = (f64::from(found) - exact).abs() / ulp;
            assert!(error.is_finite(), "{x:e}: {found:e} for {exact:e}");
            largest = largest.max(error);
        }
        largest
    }

    #[test]
    fn exp_is_within_two_units_in_the_last_place() {
        let error = largest_error(Math::exp, f64::exp);
        assert!(error <= 2.0, "{error}");
    }

    #[test]
    fn tanh_is_within_two_units_in_the_last_place() {
        let error = largest_error(Math::tanh, f64::tanh);
        assert!(error <= 2.0, "{error}");
    }

    #[test]
    fn special_numbers() {
        assert!(Math::exp(f32::NAN).is_nan());
        assert!(Math::tanh(f32::NAN).is_nan());
        assert_eq!(Math::exp(f32::INFINITY), f32::INFINITY);
        assert_eq!(Math::exp(f32::NEG_INFINITY), 0.0);
        assert_eq!(Math::exp(0.0_f32), 1.0);
        assert_eq!(Math::tanh(f32::INFINITY), 1.0);
        assert_eq!(Math::tanh(f32::NEG_INFINITY), -1.0);
        assert_eq!(Math::tanh(-0.0_f32).to_bits(), (-0.0_f32).to_bits());
    }
}
