//! Where losses stand on their axis, and what is written beside it.

use std::ops::Range;

/// How losses are placed on their axis, which plotters divides well only where numbers are neither huge nor tiny.
#[derive(Clone, Copy)]
pub(super) enum Scale {
    /// In multiples of a power of ten. Losses above the limit are drawn at the upper end of the axis.
    Linear { exponent: i32, cut: Option<Cut> },
    /// The decimal logarithm.
    Logarithmic,
}

#[derive(Clone, Copy)]
pub(super) struct Cut {
    limit: f64,
    largest: f64,
}

impl Scale {
    /// The largest loss that leaves the others readable on a linear axis, in multiples of the middle one.
    const MOST: f64 = 30.0;

    pub(super) fn of(losses: &[(f64, f64)]) -> Self {
        let mut sorted: Vec<f64> = losses.iter().map(|point| point.1).collect();
        sorted.sort_by(f64::total_cmp);
        // Losses below 0 count by how far they are from it.
        let mut magnitudes: Vec<f64> = sorted.iter().map(|loss| loss.abs()).collect();
        magnitudes.sort_by(f64::total_cmp);
        let (Some(&smallest), Some(&largest)) = (sorted.first(), sorted.last()) else {
            return Self::linear(1.0, None);
        };
        let middle = magnitudes[magnitudes.len() / 2];
        if largest / Self::MOST <= middle {
            return Self::linear(smallest.abs().max(largest.abs()), None);
        }
        if smallest > 0.0 {
            return Self::Logarithmic;
        }
        // What stands far out of nine in ten losses is cut off.
        let limit = 3.0 * magnitudes[(magnitudes.len() - 1) * 9 / 10];
        let cut = (limit < largest).then_some(Cut { limit, largest });
        Self::linear(smallest.abs().max(limit.abs()), cut)
    }

    fn linear(largest: f64, cut: Option<Cut>) -> Self {
        let exponent = exponent_of(largest);
        Self::Linear { exponent, cut }
    }

    pub(super) fn place(self, loss: f64) -> f64 {
        match self {
            Self::Linear { exponent, cut } => {
                cut.map_or(loss, |cut| loss.min(cut.limit)) / 10_f64.powi(exponent)
            }
            Self::Logarithmic => loss.log10(),
        }
    }

    pub(super) fn tick(self, place: f64, digits: usize) -> String {
        match self {
            Self::Linear { exponent, .. } => significant(place, exponent, digits),
            Self::Logarithmic => {
                let whole = place.floor();
                significant(10_f64.powf(place - whole), whole_number(whole), 2)
            }
        }
    }

    pub(super) fn label(self) -> String {
        match self {
            Self::Linear { cut: None, .. } => "loss".to_owned(),
            Self::Linear {
                cut: Some(Cut { limit, largest }),
                ..
            } => format!(
                "loss (cut off at {}, largest {})",
                significant(limit, 0, 3),
                significant(largest, 0, 3)
            ),
            Self::Logarithmic => "loss (logarithmic)".to_owned(),
        }
    }
}

/// The power of ten below a magnitude; such that a division by 10 to that power neither overflows nor divides by 0.
fn exponent_of(magnitude: f64) -> i32 {
    whole_number(magnitude.log10().floor().clamp(-300.0, 300.0))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "exponents of f64 are small whole numbers"
)]
fn whole_number(exponent: f64) -> i32 {
    exponent as i32
}

/// `number`·10^`exponent` in so many significant digits without trailing zeros; with an exponent where plain digits would
/// be long.
pub(super) fn significant(number: f64, exponent: i32, digits: usize) -> String {
    let text = format!("{number:.*e}", digits.saturating_sub(1));
    let Some((mantissa, power)) = text.split_once('e') else {
        return text;
    };
    let mantissa = if mantissa.contains('.') {
        mantissa.trim_end_matches('0').trim_end_matches('.')
    } else {
        mantissa
    };
    let power = power.parse::<i32>().unwrap_or(0) + exponent;
    let short = format!("{mantissa}e{power}");
    match short.parse::<f64>() {
        Ok(number) if number == 0.0 || (-4..6).contains(&power) => number.to_string(),
        _ => short,
    }
}

/// How many digits tell the ticks of an axis apart.
pub(super) fn digits_for(range: &Range<f64>) -> usize {
    let magnitude = range.start.abs().max(range.end.abs());
    let span = range.end - range.start;
    // Ticks are at least a fortieth of the axis apart: two digits more than the span has.
    usize::try_from(exponent_of(magnitude) - exponent_of(span) + 3)
        .unwrap_or(3)
        .max(3)
}

/// From the smallest to the largest coordinate and a little beyond; never empty.
pub(super) fn range(points: &[(f64, f64)], coordinate: impl Fn(&(f64, f64)) -> f64) -> Range<f64> {
    let coordinates = points.iter().map(coordinate);
    let (low, high) = coordinates.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if low > high {
        return 0.0..1.0;
    }
    // Differences in the last digits of an f64 are no reason for an axis of their own.
    let magnitude = low.abs().max(high.abs());
    let margin = if high - low > 1e-9 * magnitude {
        0.05 * (high - low)
    } else {
        0.5 * magnitude.max(1.0)
    };
    low - margin..high + margin
}

#[cfg(test)]
mod tests {
    use super::{Scale, digits_for, range, significant};

    #[test]
    fn ticks_are_short() {
        for (number, exponent, digits, expected) in [
            (0.0, 0, 3, "0"),
            (0.5, 0, 3, "0.5"),
            (0.1 + 0.2, 0, 3, "0.3"),
            (123.456, 0, 3, "123"),
            (123.456, 0, 5, "123.46"),
            (-2.0, -2, 3, "-0.02"),
            (1.5, 5, 3, "150000"),
            (1.0, 6, 3, "1e6"),
            (2.5, -7, 3, "2.5e-7"),
            (1.98, 308, 3, "1.98e308"),
        ] {
            assert_eq!(significant(number, exponent, digits), expected);
        }
        assert_eq!(Scale::Logarithmic.tick(-1.0, 3), "0.1");
        assert_eq!(Scale::Logarithmic.tick(-0.5, 3), "0.32"); // 1/√10
        assert_eq!(Scale::Logarithmic.tick(320.0, 3), "1e320");
    }

    #[test]
    fn neighbouring_ticks_of_a_narrow_axis_differ() {
        let axis = 0.593_10..0.593_18;
        let digits = digits_for(&axis);
        let ticks = [0.593_12, 0.593_122].map(|tick| significant(tick, 0, digits));
        assert_eq!(ticks, ["0.59312", "0.593122"]);
        assert_eq!(digits_for(&(0.0..10.0)), 3);
    }

    #[test]
    fn an_axis_is_never_empty() {
        let of = |values: &[f64]| {
            let points: Vec<(f64, f64)> = values.iter().map(|&value| (value, 0.0)).collect();
            range(&points, |point| point.0)
        };
        assert_eq!(of(&[]), 0.0..1.0);
        assert_eq!(of(&[1.0]), 0.5..1.5);
        assert_eq!(of(&[0.0, 0.0]), -0.5..0.5);
        assert_eq!(of(&[1.0, 3.0]), 0.9..3.1);
    }
}
