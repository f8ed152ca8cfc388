//! Exponential functions without branches, so that loops over them become vector code. Errors are measured against f64 in
//! the tests below.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where its body is inlined"
)]

/// Functions that kernels apply to every number of a slice. `fused` says whether the machine has an instruction for a·b + c;
/// elsewhere that is a slow library call.
pub(super) trait Math {
    /// eˣ.
    fn exp(self, fused: bool) -> Self;
    /// ln x, for x that are not subnormal.
    fn ln(self, fused: bool) -> Self;
    /// ln (1 + x), for x from 0 to 1.
    fn ln_1p(self, fused: bool) -> Self;
    /// 1 / (1 + e⁻ˣ).
    fn sigmoid(self, fused: bool) -> Self;
    /// (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).
    fn tanh(self, fused: bool) -> Self;
}

/// Adding and subtracting 1.5·2²³ rounds a small f32 to a whole number, which then stands in the lowest bits of the sum.
const ROUNDER: f32 = 12_582_912.0;

/// The exponent of 1 as it stands in an f32, and the bits behind it.
const BIAS: i32 = 127;
const MANTISSA: u32 = 23;

/// a·b + c.
#[inline(always)]
fn mul_add(a: f32, b: f32, c: f32, fused: bool) -> f32 {
    if fused { a.mul_add(b, c) } else { a * b + c }
}

/// The polynomial with these coefficients, the highest power first.
#[inline(always)]
fn polynomial<const N: usize>(x: f32, coefficients: [f32; N], fused: bool) -> f32 {
    let mut sum = coefficients[0];
    for coefficient in &coefficients[1..] {
        sum = mul_add(sum, x, *coefficient, fused);
    }
    sum
}

/// 2ᵏ for −127 < k < 128.
#[inline(always)]
fn power_of_two(k: i32) -> f32 {
    f32::from_bits((k + BIAS).cast_unsigned() << MANTISSA)
}

/// x = k·ln 2 + r with |r| ≤ ½·ln 2; k and eʳ, for |x| below 2²¹.
///
/// # Source
/// The polynomial and the two parts of ln 2 are those of Moshier's Cephes library, `expf`.
#[inline(always)]
fn reduced_exp(x: f32, fused: bool) -> (i32, f32) {
    let rounded = mul_add(x, std::f32::consts::LOG2_E, ROUNDER, fused);
    let k = rounded
        .to_bits()
        .cast_signed()
        .wrapping_sub(ROUNDER.to_bits().cast_signed());
    let whole = rounded - ROUNDER;
    let r = mul_add(whole, -0.693_359_4, x, fused);
    let r = mul_add(whole, 2.121_944_4e-4, r, fused);
    let coefficients = [
        1.987_569_1e-4,
        1.398_199_9e-3,
        8.333_452e-3,
        4.166_579_6e-2,
        1.666_666_5e-1,
        0.5,
    ];
    let p = polynomial(r, coefficients, fused);
    (k, mul_add(p, r * r, r, fused) + 1.0)
}

impl Math for f32 {
    /// At most 2 ulp off.
    #[inline(always)]
    fn exp(self, fused: bool) -> Self {
        // Beyond these bounds the result is infinite or zero anyway. A NaN passes through both comparisons.
        let x = if self > 89.0 { 89.0 } else { self };
        let x = if x < -104.0 { -104.0 } else { x };
        let (k, exp_r) = reduced_exp(x, fused);
        // In two halves, so that neither is out of range where the result is not.
        let half = k >> 1;
        exp_r * power_of_two(half) * power_of_two(k.wrapping_sub(half))
    }

    /// At most 2 ulp off. x = 2ᵏ·m with ½·√2 ≤ m < √2, and ln x = k·ln 2 + ln m with a polynomial for ln m.
    ///
    /// # Source
    /// Moshier's Cephes library, `logf`.
    #[inline(always)]
    fn ln(self, fused: bool) -> Self {
        const SQRT_HALF: u32 = std::f32::consts::FRAC_1_SQRT_2.to_bits();
        // So that the exponent counts from √½ on.
        let shifted = self.to_bits().wrapping_sub(SQRT_HALF).cast_signed();
        let k = shifted >> MANTISSA;
        let m = Self::from_bits(self.to_bits().wrapping_sub((k << MANTISSA).cast_unsigned()));
        let r = m - 1.0;
        let coefficients = [
            7.037_683_6e-2,
            -1.151_461e-1,
            1.167_699_9e-1,
            -1.242_014_1e-1,
            1.424_932_3e-1,
            -1.666_805_8e-1,
            2.000_071_5e-1,
            -2.499_999_4e-1,
            3.333_333e-1,
        ];
        let square = r * r;
        let tail = polynomial(r, coefficients, fused) * r * square;
        #[expect(clippy::cast_precision_loss, reason = "an exponent has 8 bits")]
        let k = k as Self;
        let tail = mul_add(k, -2.121_944_4e-4, tail, fused);
        let tail = mul_add(square, -0.5, tail, fused);
        let ln = mul_add(k, 0.693_359_4, r + tail, fused);
        let ln = if self == 0.0 { Self::NEG_INFINITY } else { ln };
        let ln = if self == Self::INFINITY { self } else { ln };
        if self >= 0.0 { ln } else { Self::NAN }
    }

    /// At most 2 ulp off: what 1 + x loses by rounding is made up for.
    #[inline(always)]
    fn ln_1p(self, fused: bool) -> Self {
        let sum = 1.0 + self;
        let lost = self - (sum - 1.0);
        // ln (sum + lost) = ln sum + lost / sum, but for terms that no f32 can hold.
        Math::ln(sum, fused) + lost / sum
    }

    /// At most 2 ulp off. Of e^|x| only the inverse is needed, which cannot overflow; what 1 + e^−|x| loses by rounding is made
    /// up for.
    #[inline(always)]
    fn sigmoid(self, fused: bool) -> Self {
        let inverse = Math::exp(-self.abs(), fused);
        let below = 1.0 + inverse;
        let lost = inverse - (below - 1.0);
        let above = if self < 0.0 { inverse } else { 1.0 };
        let sigmoid = above / below;
        // 1 / below, which is one of the two results for x and −x.
        let other = if self < 0.0 { 1.0 - sigmoid } else { sigmoid };
        mul_add(sigmoid * other, -lost, sigmoid, fused)
    }

    /// At most 2 ulp off: a polynomial below 0.625, where the formula would cancel, and 1 − 2 / (e²ˣ + 1) above.
    ///
    /// # Source
    /// Moshier's Cephes library, `tanhf`.
    #[inline(always)]
    fn tanh(self, fused: bool) -> Self {
        let size = self.abs();
        let z = self * self;
        let coefficients = [
            -5.704_988_7e-3,
            2.063_909e-2,
            -5.373_971_6e-2,
            1.333_144_2e-1,
            -3.333_328e-1,
        ];
        let small = mul_add(polynomial(z, coefficients, fused) * z, size, size, fused);
        // tanh(10) is 1 to eight digits.
        let bounded = if size > 10.0 { 10.0 } else { size };
        let (k, exp_r) = reduced_exp(2.0 * bounded, fused);
        let large = 1.0 - 2.0 / mul_add(exp_r, power_of_two(k), 1.0, fused);
        let value = if size < 0.625 { small } else { large };
        value.copysign(self)
    }
}

/// The standard library's: `f64` is there for checks, where accuracy counts and speed does not.
impl Math for f64 {
    #[inline(always)]
    fn exp(self, _: bool) -> Self {
        self.exp()
    }

    #[inline(always)]
    fn ln(self, _: bool) -> Self {
        self.ln()
    }

    #[inline(always)]
    fn ln_1p(self, _: bool) -> Self {
        self.ln_1p()
    }

    #[inline(always)]
    fn sigmoid(self, _: bool) -> Self {
        let inverse = (-self.abs()).exp();
        let above = if self < 0.0 { inverse } else { 1.0 };
        above / (1.0 + inverse)
    }

    #[inline(always)]
    fn tanh(self, _: bool) -> Self {
        self.tanh()
    }
}

#[cfg(test)]
mod tests {
    use super::Math;

    /// The largest error in units of the last place of the expected number, over the f32 numbers from `first` to `last` in
    /// the order of their bits, with and without a fused multiply-add.
    fn largest_error(
        function: fn(f32, bool) -> f32,
        expected: fn(f64) -> f64,
        [first, last]: [u32; 2],
    ) -> f64 {
        let mut largest = 0.0_f64;
        // An odd step visits all mantissas and exponents evenly.
        for bits in (first..=last).step_by(1_021) {
            let x = f32::from_bits(bits);
            if x.is_nan() {
                continue;
            }
            for fused in [false, true] {
                let (found, exact) = (function(x, fused), expected(f64::from(x)));
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
        }
        largest
    }

    const ALL: [u32; 2] = [0, u32::MAX];

    #[test]
    fn exp_is_within_two_units_in_the_last_place() {
        let error = largest_error(Math::exp, f64::exp, ALL);
        assert!(error <= 2.0, "{error}");
    }

    #[test]
    fn ln_is_within_two_units_in_the_last_place() {
        let normal = [f32::MIN_POSITIVE.to_bits(), f32::MAX.to_bits()];
        let error = largest_error(Math::ln, f64::ln, normal);
        assert!(error <= 2.0, "{error}");
    }

    #[test]
    fn ln_1p_is_within_two_units_in_the_last_place() {
        let error = largest_error(Math::ln_1p, f64::ln_1p, [0, 1.0_f32.to_bits()]);
        assert!(error <= 2.0, "{error}");
    }

    #[test]
    fn sigmoid_is_within_two_units_in_the_last_place() {
        let error = largest_error(Math::sigmoid, |x| 1.0 / (1.0 + (-x).exp()), ALL);
        assert!(error <= 2.0, "{error}");
    }

    #[test]
    fn tanh_is_within_two_units_in_the_last_place() {
        let error = largest_error(Math::tanh, f64::tanh, ALL);
        assert!(error <= 2.0, "{error}");
    }

    #[test]
    fn special_numbers() {
        for fused in [false, true] {
            for function in [Math::exp, Math::ln, Math::sigmoid, Math::tanh] {
                let function: fn(f32, bool) -> f32 = function;
                assert!(function(f32::NAN, fused).is_nan());
            }
            assert_eq!(Math::exp(f32::INFINITY, fused), f32::INFINITY);
            assert_eq!(Math::exp(f32::NEG_INFINITY, fused), 0.0);
            assert_eq!(Math::exp(0.0_f32, fused), 1.0);
            assert_eq!(Math::ln(0.0_f32, fused), f32::NEG_INFINITY);
            assert_eq!(Math::ln(1.0_f32, fused), 0.0);
            assert_eq!(Math::ln(f32::INFINITY, fused), f32::INFINITY);
            assert!(Math::ln(-1.0_f32, fused).is_nan());
            assert_eq!(Math::ln_1p(0.0_f32, fused), 0.0);
            assert_eq!(Math::sigmoid(f32::INFINITY, fused), 1.0);
            assert_eq!(Math::sigmoid(f32::NEG_INFINITY, fused), 0.0);
            assert_eq!(Math::sigmoid(0.0_f32, fused), 0.5);
            assert_eq!(Math::tanh(f32::INFINITY, fused), 1.0);
            assert_eq!(Math::tanh(f32::NEG_INFINITY, fused), -1.0);
            assert_eq!(Math::tanh(-0.0_f32, fused).to_bits(), (-0.0_f32).to_bits());
        }
    }
}
