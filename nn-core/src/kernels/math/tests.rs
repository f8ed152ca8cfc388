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
fn exp_m1_is_within_two_units_in_the_last_place() {
    let error = largest_error(Math::exp_m1, f64::exp_m1, [(-0.0_f32).to_bits(), u32::MAX]);
    assert!(error <= 2.0, "{error}");
}

/// Against libm's erfc in f64, whose error is below 1e-15 of it.
#[test]
fn the_normal_distribution_is_within_one_unit_in_the_last_place() {
    let cdf = |x: f64| 0.5 * libm::erfc(-x / 2.0_f64.sqrt());
    let density = |x: f64| (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
    // Up to ±13 the density is no subnormal number.
    for sign in [0, 1 << 31] {
        let range = [sign, 13.0_f32.to_bits() | sign];
        let error = largest_error(|x, fused| Math::normal(x, fused).0, cdf, range);
        assert!(error <= 0.7, "{error}");
        let error = largest_error(|x, fused| Math::normal(x, fused).1, density, range);
        assert!(error <= 0.7, "{error}");
    }
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
        assert_eq!(Math::exp_m1(f32::NEG_INFINITY, fused), -1.0);
        assert_eq!(Math::exp_m1(0.0_f32, fused), 0.0);
        assert!(Math::exp_m1(f32::NAN, fused).is_nan());
        assert!(Math::normal(f32::NAN, fused).0.is_nan());
        for large in [15.0_f32, 1e4, f32::MAX, f32::INFINITY] {
            assert_eq!(Math::normal(large, fused), (1.0, 0.0));
            assert_eq!(Math::normal(-large, fused), (0.0, 0.0));
        }
    }
}
