//! Where numbers stand on an axis, and what is written beside it.

use std::ops::Range;

use nn_picture::grouped;

/// How numbers are placed on an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scale {
    /// Linear; where a few numbers dwarf the rest, logarithmic, or cut off if some are not above 0. The axis then says so.
    #[default]
    Automatic,
    /// By differences.
    Linear,
    /// By ratios; numbers that are not above 0 are left out.
    Logarithmic,
}

#[derive(Clone, Copy)]
enum Spacing {
    /// In multiples of a power of ten. Numbers above the limit are drawn at the upper end of the axis.
    Linear { exponent: i32, cut: Option<Cut> },
    /// The decimal logarithm.
    Logarithmic,
}

#[derive(Clone, Copy)]
struct Cut {
    limit: f64,
    largest: f64,
}

pub(super) struct Axis {
    spacing: Spacing,
    /// In the coordinates of the spacing.
    range: Range<f64>,
    /// Whether there is nothing between whole numbers.
    whole: bool,
}

impl Axis {
    /// For these numbers, with a little room at both ends, but none beyond `within`.
    pub(super) fn of(numbers: &[f64], scale: Scale, within: Option<(f64, f64)>) -> Self {
        let spacing = Spacing::of(numbers, scale);
        let mut places: Vec<f64> = numbers
            .iter()
            .filter_map(|&number| spacing.place(number))
            .collect();
        let mut range = range(&places);
        if let Some((low, high)) = within {
            places = [low, high]
                .into_iter()
                .filter_map(|end| spacing.place(end))
                .collect();
            if let [low, high] = places[..] {
                range = range.start.max(low)..range.end.min(high);
            }
        }
        Self {
            spacing,
            range,
            whole: false,
        }
    }

    /// For steps and epochs, from the first to the last.
    pub(super) fn whole(numbers: &[f64]) -> Self {
        let Range { start, end } = range(numbers);
        let margin = if end - start > 2.0 {
            (end - start) * 0.03
        } else {
            0.0
        };
        Self {
            spacing: Spacing::Linear {
                exponent: 0,
                cut: None,
            },
            range: start + margin..end - margin,
            whole: true,
        }
    }

    /// From the first to the last number, without room at the ends.
    pub(super) fn exact(numbers: &[f64]) -> Self {
        let mut axis = Self::of(numbers, Scale::Linear, None);
        let places = numbers
            .iter()
            .filter_map(|&number| axis.spacing.place(number));
        let (low, high) = ends(places);
        if low < high {
            axis.range = low..high;
        }
        axis
    }

    /// From 0 to 1; beyond that for what lies outside, and nothing for what the axis has no place for.
    pub(super) fn place(&self, number: f64) -> Option<f64> {
        let place = self.spacing.place(number)?;
        Some((place - self.range.start) / (self.range.end - self.range.start))
    }

    /// At most so many places between 0 and 1, and what stands there.
    pub(super) fn ticks(&self, most: usize) -> Vec<(f64, String)> {
        let Range { start, end } = self.range;
        let digits = digits_for(&self.range);
        match self.spacing {
            Spacing::Linear { exponent, .. } => {
                let write = |place: f64| {
                    if self.whole {
                        whole_text(place)
                    } else {
                        significant(place, exponent, digits)
                    }
                };
                let ticks = round_places(start, end, most, self.whole);
                let ticks = ticks.into_iter().map(|place| (place, write(place)));
                self.scaled(ticks)
            }
            // Within one power of ten there are round numbers, beyond it powers.
            Spacing::Logarithmic if end - start < 1.0 => {
                let (low, high) = (10_f64.powf(start), 10_f64.powf(end));
                let digits = digits_for(&(low..high));
                let ticks = round_places(low, high, most, false);
                let ticks = ticks.into_iter().filter(|number| *number > 0.0);
                self.scaled(ticks.map(|number| (number.log10(), significant(number, 0, digits))))
            }
            Spacing::Logarithmic => {
                let (first, last) = (whole_number(start.ceil()), whole_number(end.floor()));
                let decades = usize::try_from(last - first + 1).unwrap_or(0);
                let factors: &[f64] = match most / decades.max(1) {
                    0..2 => &[1.0],
                    2 => &[1.0, 3.0],
                    _ => &[1.0, 2.0, 5.0],
                };
                let stride = decades.div_ceil(most.max(1)).max(1);
                let powers = (first - 1..=last)
                    .filter(|power| power.rem_euclid(i32::try_from(stride).unwrap_or(1)) == 0);
                let ticks = powers.flat_map(|power| {
                    let place = move |factor: &f64| {
                        (
                            f64::from(power) + factor.log10(),
                            significant(*factor, power, 2),
                        )
                    };
                    factors.iter().map(place)
                });
                self.scaled(ticks.filter(|(place, _)| (start..=end).contains(place)))
            }
        }
    }

    fn scaled(&self, ticks: impl Iterator<Item = (f64, String)>) -> Vec<(f64, String)> {
        let Range { start, end } = self.range;
        ticks
            .map(|(place, text)| ((place - start) / (end - start), text))
            .collect()
    }

    /// What the name of the axis has to say of it: nothing, ` (logarithmic)`, or where it is cut off.
    pub(super) fn note(&self) -> String {
        match self.spacing {
            Spacing::Linear { cut: None, .. } => String::new(),
            Spacing::Linear {
                cut: Some(Cut { limit, largest }),
                ..
            } => {
                let [limit, largest] = [limit, largest].map(|number| significant(number, 0, 3));
                format!(" (cut off at {limit}, largest {largest})")
            }
            Spacing::Logarithmic => " (logarithmic)".to_owned(),
        }
    }
}

/// Round numbers from `start` to `end`, at most so many.
fn round_places(start: f64, end: f64, most: usize, whole: bool) -> Vec<f64> {
    let least = (end - start) / most.max(1) as f64;
    let power = 10_f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power);
    let mut step = steps
        .into_iter()
        .find(|step| *step >= least * 0.999)
        .unwrap_or(least);
    if whole {
        step = step.max(1.0);
    }
    let first = (start / step).ceil();
    let count = count(((end - start) / step).floor());
    let places = (0..=count.min(most)).map(|index| (first + index as f64) * step);
    places.filter(|place| *place <= end + step * 1e-6).collect()
}

/// A whole number of 0 or more; 0 for anything else.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates, and NaN becomes 0"
)]
pub(super) fn count(number: f64) -> usize {
    number as usize
}

pub(super) fn whole_text(number: f64) -> String {
    let text = grouped(count(number.abs()));
    if number < 0.0 {
        format!("−{text}")
    } else {
        text
    }
}

impl Spacing {
    /// The largest number that leaves the others readable on a linear axis, in multiples of the middle one.
    const MOST: f64 = 30.0;

    fn of(numbers: &[f64], scale: Scale) -> Self {
        let mut sorted: Vec<f64> = numbers
            .iter()
            .copied()
            .filter(|number| number.is_finite())
            .collect();
        sorted.sort_by(f64::total_cmp);
        // Numbers below 0 count by how far they are from it.
        let mut magnitudes: Vec<f64> = sorted.iter().map(|number| number.abs()).collect();
        magnitudes.sort_by(f64::total_cmp);
        let (Some(&smallest), Some(&largest)) = (sorted.first(), sorted.last()) else {
            return Self::linear(1.0, None);
        };
        if scale == Scale::Logarithmic && largest > 0.0 {
            return Self::Logarithmic;
        }
        let middle = magnitudes[magnitudes.len() / 2];
        if scale != Scale::Automatic || largest / Self::MOST <= middle {
            return Self::linear(smallest.abs().max(largest.abs()), None);
        }
        if smallest > 0.0 {
            return Self::Logarithmic;
        }
        // What stands far out of nine in ten numbers is cut off.
        let limit = 3.0 * magnitudes[(magnitudes.len() - 1) * 9 / 10];
        let cut = (0.0 < limit && limit < largest).then_some(Cut { limit, largest });
        let top = if cut.is_some() { limit } else { largest.abs() };
        Self::linear(smallest.abs().max(top), cut)
    }

    fn linear(largest: f64, cut: Option<Cut>) -> Self {
        // Plain numbers are divided by nothing, so that round ones stay round.
        let exponent = exponent_of(largest);
        let exponent = if (-100..100).contains(&exponent) {
            0
        } else {
            exponent
        };
        Self::Linear { exponent, cut }
    }

    fn place(self, number: f64) -> Option<f64> {
        if !number.is_finite() {
            return None;
        }
        match self {
            Self::Linear { exponent, cut } => {
                let number = cut.map_or(number, |cut| number.min(cut.limit));
                Some(number / 10_f64.powi(exponent))
            }
            Self::Logarithmic => (number > 0.0).then(|| number.log10()),
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
fn digits_for(range: &Range<f64>) -> usize {
    let magnitude = range.start.abs().max(range.end.abs());
    let span = range.end - range.start;
    // Ticks are at least a fortieth of the axis apart: two digits more than the span has.
    usize::try_from(exponent_of(magnitude) - exponent_of(span) + 3)
        .unwrap_or(3)
        .max(3)
}

/// From the smallest to the largest place and a little beyond; never empty.
fn range(places: &[f64]) -> Range<f64> {
    let (low, high) = ends(places.iter().copied());
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

fn ends(places: impl Iterator<Item = f64>) -> (f64, f64) {
    places.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), place| {
        (low.min(place), high.max(place))
    })
}

#[cfg(test)]
mod tests;
