use crate::element::Element;

/// How numbers are spread: how many lie in each of some equally wide bins from the smallest to the largest.
///
/// ```
/// use nn_core::logs::Histogram;
///
/// let histogram = Histogram::of(&[0.0, 1.0, 1.5, 2.0, 8.0, f64::NAN], 4);
/// assert_eq!(histogram.limits, [0.0, 2.0, 4.0, 6.0, 8.0]);
/// assert_eq!(histogram.counts, [3, 1, 0, 1]);
/// assert_eq!((histogram.not_finite, histogram.sum, histogram.min()), (1, 12.5, Some(0.0)));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Histogram {
    /// The ends of the bins, from the smallest number to the largest: one more than there are bins; none if there are no finite numbers.
    pub limits: Vec<f64>,
    /// How many numbers lie in each bin; a number on a limit is in the bin above it, the largest in the last bin, as NumPy has it.
    pub counts: Vec<u64>,
    /// The sum of the finite numbers.
    pub sum: f64,
    /// The sum of their squares.
    pub sum_of_squares: f64,
    /// How many numbers are infinite or NaN. They are in no bin and no sum.
    pub not_finite: u64,
}

impl Histogram {
    /// Of these numbers, in so many bins; at least one.
    #[must_use]
    pub fn of<T: Element>(numbers: &[T], bins: usize) -> Self {
        let bins = bins.max(1);
        let finite = || numbers.iter().map(|x| x.as_f64()).filter(|x| x.is_finite());
        let mut histogram = Self {
            limits: Vec::new(),
            counts: Vec::new(),
            sum: finite().sum(),
            sum_of_squares: finite().map(|x| x * x).sum(),
            not_finite: (numbers.len() - finite().count()) as u64,
        };
        let (low, high) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(x), high.max(x))
        });
        if low > high {
            return histogram;
        }
        // Halved, so that the width of what is as wide as can be is no infinity.
        let half = high / 2.0 - low / 2.0;
        if half == 0.0 {
            histogram.limits = vec![low, high];
            histogram.counts = vec![finite().count() as u64];
            return histogram;
        }
        let limit = |index: usize| {
            low + half * (index as f64 / bins as f64) + half * (index as f64 / bins as f64)
        };
        histogram.limits = (0..bins).map(limit).chain([high]).collect();
        histogram.counts = vec![0; bins];
        for x in finite() {
            let share = (x / 2.0 - low / 2.0) / half;
            let mut bin = floor(share * bins as f64).min(bins - 1);
            // What division has rounded over a limit.
            if x < histogram.limits[bin] {
                bin -= 1;
            } else if bin + 1 < bins && x >= histogram.limits[bin + 1] {
                bin += 1;
            }
            histogram.counts[bin] += 1;
        }
        histogram
    }

    /// How many finite numbers there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The smallest finite number.
    #[must_use]
    pub fn min(&self) -> Option<f64> {
        self.limits.first().copied()
    }

    /// The largest finite number.
    #[must_use]
    pub fn max(&self) -> Option<f64> {
        self.limits.last().copied()
    }

    /// Below which number a share of the numbers lies, from 0 to 1, if they are spread evenly in each bin; `None` if there are none.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let wanted = share.clamp(0.0, 1.0) * self.count() as f64;
        let mut below = 0.0;
        for (ends, &count) in self.limits.windows(2).zip(&self.counts) {
            let count = count as f64;
            if below + count >= wanted && count > 0.0 {
                let part = (wanted - below) / count;
                return Some(ends[0] * (1.0 - part) + ends[1] * part);
            }
            below += count;
        }
        self.max()
    }
}

/// A place of 0 or more, rounded down.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 0 to the number of bins"
)]
fn floor(place: f64) -> usize {
    place as usize
}

#[cfg(test)]
mod tests {
    use super::Histogram;

    /// `numpy.histogram(x, 5)` of NumPy 2, and `x.sum()` and `(x**2).sum()` in double precision.
    #[test]
    fn bins_are_those_of_numpy() {
        let x: [f32; 10] = [0.1, -0.7, 2.5, 2.5, -3.25, 0.0, 1.125, 0.5, -0.5, 4.75];
        let histogram = Histogram::of(&x, 5);
        assert_eq!(histogram.counts, [1, 2, 4, 2, 1]);
        let limits = [-3.25, -1.65, -0.05, 1.55, 3.15, 4.75];
        for (found, expected) in histogram.limits.iter().zip(limits) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        assert!((histogram.sum - 7.025_000_013_411_045).abs() < 1e-12);
        assert!((histogram.sum_of_squares - 47.890_624_983_608_724).abs() < 1e-12);
        assert_eq!(
            (histogram.min(), histogram.max()),
            (Some(-3.25), Some(4.75))
        );
    }

    #[test]
    fn strange_numbers_are_counted_too() {
        let nothing = Histogram::of::<f64>(&[], 5);
        assert_eq!(
            (nothing.count(), nothing.min(), nothing.quantile(0.5)),
            (0, None, None)
        );
        let equal = Histogram::of(&[2.0; 7], 5);
        assert_eq!(
            (equal.counts.clone(), equal.quantile(0.3)),
            (vec![7], Some(2.0))
        );
        let wide = Histogram::of(&[-f64::MAX, 0.0, f64::MAX, f64::INFINITY], 4);
        assert!(wide.limits.iter().all(|limit| limit.is_finite()));
        assert_eq!((wide.counts, wide.not_finite), (vec![1, 0, 1, 1], 1));
    }

    /// A hundred evenly spread numbers: a quantile is the share of the way.
    #[test]
    fn quantiles_lie_where_the_numbers_lie() {
        let numbers: Vec<f64> = (0..=100_u32).map(f64::from).collect();
        let histogram = Histogram::of(&numbers, 10);
        for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let quantile = histogram.quantile(share).unwrap();
            assert!((quantile - 100.0 * share).abs() < 1.0, "{quantile}");
        }
    }
}
