//! Exponential functions without branches, so that loops over them become vector code. Errors are measured against f64 in
//! the tests below.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where its body is inlined"
)]

use num_traits::Float;

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
    /// eˣ − 1, for x up to 0.
    fn exp_m1(self, fused: bool) -> Self;
    /// The normal distribution Φ(x) = ½·(1 + erf(x/√2)), and its density φ(x) = exp(−x²/2) / √(2π).
    fn normal(self, fused: bool) -> (Self, Self)
    where
        Self: Sized;
}

/// Adding and subtracting 1.5·2²³ rounds a small f32 to a whole number, which then stands in the lowest bits of the sum.
const ROUNDER: f32 = 12_582_912.0;

/// The exponent of 1 as it stands in an f32, and the bits behind it.
const BIAS: i32 = 127;
const MANTISSA: u32 = 23;

/// a·b + c.
#[inline(always)]
fn mul_add<T: Float>(a: T, b: T, c: T, fused: bool) -> T {
    if fused { a.mul_add(b, c) } else { a * b + c }
}

/// The polynomial with these coefficients, the highest power first.
#[inline(always)]
fn polynomial<T: Float, const N: usize>(x: T, coefficients: [T; N], fused: bool) -> T {
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

/// x = k·ln 2 + r with |r| ≤ ½·ln 2; k and eʳ − 1, for |x| below 2²¹.
///
/// # Source
/// The polynomial and the two parts of ln 2 are those of Moshier's Cephes library, `expf`.
#[inline(always)]
fn reduced_exp_m1(x: f32, fused: bool) -> (i32, f32) {
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
    (k, mul_add(p, r * r, r, fused))
}

/// The same, with eʳ.
#[inline(always)]
fn reduced_exp(x: f32, fused: bool) -> (i32, f32) {
    let (k, exp_r) = reduced_exp_m1(x, fused);
    (k, exp_r + 1.0)
}

/// eˣ for x from −700 to 0, to 6e-9 of it: x = k·ln 2 + r, and Taylor's polynomial for eʳ.
#[inline(always)]
fn exp_of_little(x: f64, fused: bool) -> f64 {
    /// As [`ROUNDER`], for an f64.
    const ROUNDER: f64 = 6_755_399_441_055_744.0;
    const BIAS: u64 = 1023;
    const MANTISSA: u32 = 52;
    let rounded = mul_add(x, std::f64::consts::LOG2_E, ROUNDER, fused);
    let r = mul_add(rounded - ROUNDER, -std::f64::consts::LN_2, x, fused);
    let coefficients = [
        1.0 / 5040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ];
    // What is not k in the lowest bits is shifted out.
    let power = rounded.to_bits().wrapping_add(BIAS) << MANTISSA;
    polynomial(r, coefficients, fused) * f64::from_bits(power)
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

    /// At most 2 ulp off. eˣ − 1 = 2ᵏ·(eʳ − 1) + (2ᵏ − 1), where nothing cancels.
    #[inline(always)]
    fn exp_m1(self, fused: bool) -> Self {
        // Below this bound the result is −1 anyway.
        let x = if self < -87.0 { -87.0 } else { self };
        let x = if x > 0.0 { 0.0 } else { x };
        let (k, small) = reduced_exp_m1(x, fused);
        let power = power_of_two(k);
        mul_add(power, small, power - 1.0, fused)
    }

    /// At most 0.7 ulp off, also where Φ is nearly 0. Φ(−a) = φ(a)·M(a) with Mills' ratio M, and M / t is a polynomial in
    /// t = 1 / (1 + 0.35·a), fitted to 3e-9 for a up to 14.5; beyond, Φ(−a) is 0. In f64, half as many numbers at a time: of so small
    /// numbers the last place of the exponent counts, and taking it apart takes as long.
    #[inline(always)]
    fn normal(self, fused: bool) -> (Self, Self) {
        const PER_ROOT_OF_TWO_PI: f64 = 0.398_942_280_401_432_7;
        let x = f64::from(self);
        let size = x.abs();
        let a = if size > 14.5 { 14.5 } else { size };
        let exp = exp_of_little(-0.5 * a * a, fused);
        let t = 1.0 / mul_add(a, 0.35, 1.0, fused);
        let coefficients = [
            1.865_163_962_817_531e-2,
            9.133_759_426_855_265e-3,
            -3.591_588_828_566_603e-2,
            7.872_332_426_521_096e-4,
            5.600_881_137_571_772e-2,
            -2.512_860_675_698_612e-2,
            -1.024_696_839_309_923_2e-1,
            4.450_655_613_273_104_4e-2,
            3.035_630_002_930_03e-1,
            4.019_748_797_442_17e-1,
            2.904_605_766_470_082_5e-1,
        ];
        let tail = exp * (polynomial(t - 0.6, coefficients, fused) * t);
        let cdf = if x < 0.0 { tail } else { 1.0 - tail };
        #[expect(clippy::cast_possible_truncation, reason = "rounding is meant")]
        let rounded = (cdf as Self, (exp * PER_ROOT_OF_TWO_PI) as Self);
        rounded
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

    #[inline(always)]
    fn exp_m1(self, _: bool) -> Self {
        self.exp_m1()
    }

    #[inline(always)]
    fn normal(self, _: bool) -> (Self, Self) {
        let cdf = 0.5 * libm::erfc(-self * std::f64::consts::FRAC_1_SQRT_2);
        let density = (-0.5 * self * self).exp() / (2.0 * std::f64::consts::PI).sqrt();
        (cdf, density)
    }
}

#[cfg(test)]
mod tests;
