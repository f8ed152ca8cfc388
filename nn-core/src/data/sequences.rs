//! Sequences as samples: windows over a long series, and sequences of different lengths as arrays of one.

use std::fmt;

use super::Dataset;
use crate::error::{Error, Result};

impl<S: Copy, const L: usize> Dataset<[S; L], S> {
    /// Windows over a long series: each sample is L steps one behind the other, and its target the step that is `horizon` steps behind the last
    /// of them. A window begins `stride` steps behind the one before it.
    ///
    /// Of N steps there are ⌊(N − L − horizon) / stride⌋ + 1 windows; what does not fill one more is left out. A step is whatever the
    /// network reads at a time: a number, or an array of measurements.
    ///
    /// ```
    /// use nn_core::Dataset;
    ///
    /// let temperatures = [3.0, 5.0, 4.0, 6.0, 8.0, 7.0];
    /// // From three hours the one after the next, every hour.
    /// let data = Dataset::<[f32; 3], f32>::windows(&temperatures, 1, 2)?;
    /// assert_eq!(data.x, [[3.0, 5.0, 4.0], [5.0, 4.0, 6.0]]);
    /// assert_eq!(data.t, [8.0, 7.0]);
    /// // A regression to one number has targets of one number.
    /// let data = data.map_t(|&t| [t]);
    /// # assert_eq!(data.t, [[8.0], [7.0]]);
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    ///
    /// Windows that overlap have steps in common: cut the series into training and test data first, and each part into windows then.
    ///
    /// # Errors
    /// [`Error::HyperParameter`] for a stride or a horizon of 0; [`Error::SeriesTooShort`] if the series is too short for one window and its
    /// target.
    pub fn windows(series: &[S], stride: usize, horizon: usize) -> Result<Self> {
        const { assert!(L > 0, "a window has at least one step") }
        for (name, value) in [("stride", stride), ("horizon", horizon)] {
            if value == 0 {
                return Err(Error::HyperParameter {
                    name,
                    value: 0.0,
                    expected: "a whole number from 1 on",
                });
            }
        }
        let (steps, least) = (series.len(), L.saturating_add(horizon));
        if steps < least {
            return Err(Error::SeriesTooShort { steps, least });
        }
        let (mut x, mut t) = (Vec::new(), Vec::new());
        let targets = series[least - 1..].iter();
        for (window, &target) in series.windows(L).zip(targets).step_by(stride) {
            // From slice to slice: a large sample never passes over the stack.
            x.extend_from_slice(window.as_chunks::<L>().0);
            t.push(target);
        }
        Ok(Self { x, t })
    }
}

/// Sequences of different lengths as samples of L steps: shorter ones are padded at their end, and longer ones cut.
///
/// The shape of a network is known when it is compiled, so each sequence takes L steps, whatever its length; batches of sequences of like
/// length would save nothing, and there are none.
///
/// ```
/// use nn_core::data::{Keep, Padded};
///
/// let words = ["to", "begin", "a"].map(str::as_bytes);
/// let padded = Padded::<u8, 3>::new(words, b' ', Keep::Start);
/// assert_eq!(padded.x, [*b"to ", *b"beg", *b"a  "]);
/// assert_eq!(padded.lengths, [2, 3, 1]);
/// assert_eq!(padded.mask().next(), Some([true, true, false]));
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Padded<S, const L: usize> {
    /// The sequences, in their order.
    pub x: Vec<[S; L]>,
    /// How many steps of each are not padding, at most L.
    pub lengths: Vec<usize>,
}

/// Which steps of a sequence are kept that has too many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// The first ones.
    #[default]
    Start,
    /// The last ones.
    End,
}

impl<S: Copy, const L: usize> Padded<S, L> {
    /// Brings each sequence to L steps; `padding` is what stands behind the end of those that have fewer.
    #[must_use]
    pub fn new<Q: AsRef<[S]>>(
        sequences: impl IntoIterator<Item = Q>,
        padding: S,
        keep: Keep,
    ) -> Self {
        let (mut steps, mut lengths) = (Vec::new(), Vec::new());
        for sequence in sequences {
            let all = sequence.as_ref();
            let length = all.len().min(L);
            steps.extend_from_slice(match keep {
                Keep::Start => &all[..length],
                Keep::End => &all[all.len() - length..],
            });
            steps.resize(steps.len() + L - length, padding);
            lengths.push(length);
        }
        let x = steps.as_chunks().0.to_vec();
        Self { x, lengths }
    }

    /// For each sequence which steps are its own, and not padding.
    #[must_use]
    pub fn mask(&self) -> impl ExactSizeIterator<Item = [bool; L]> + '_ {
        let lengths = self.lengths.iter();
        lengths.map(|&length| std::array::from_fn(|step| step < length))
    }
}

impl<S, const L: usize> fmt::Debug for Padded<S, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = std::any::type_name::<S>();
        write!(f, "Padded {{ x: {} × [{of}; {L}] }}", self.x.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Keep, Padded};
    use crate::data::Dataset;

    /// Steps 0 to 9: windows of 3 begin at 0, 2, 4 and 6, and 6 + 2 + 1 = 9 is the last target.
    #[test]
    fn windows_by_hand() {
        let series: Vec<u16> = (0..10).collect();
        let data = Dataset::<[u16; 3], u16>::windows(&series, 2, 1).unwrap();
        assert_eq!(data.x, [[0, 1, 2], [2, 3, 4], [4, 5, 6], [6, 7, 8]]);
        assert_eq!(data.t, [3, 5, 7, 9]);
        let data = Dataset::<[u16; 3], u16>::windows(&series, 5, 4).unwrap();
        assert_eq!((data.x, data.t), (vec![[0, 1, 2]], vec![6]));
        let pairs = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
        let data = Dataset::<[[f32; 2]; 2], [f32; 2]>::windows(&pairs, 1, 1).unwrap();
        assert_eq!(data.x, [[[1.0, 2.0], [3.0, 4.0]]]);
        assert_eq!(data.t, [[5.0, 6.0]]);
    }

    #[test]
    fn what_makes_no_window_is_an_error() {
        let windows = |length: usize, stride, horizon| {
            let series = vec![0.0_f32; length];
            let error = Dataset::<[f32; 3], f32>::windows(&series, stride, horizon).unwrap_err();
            error.to_string()
        };
        assert_eq!(
            windows(9, 0, 1),
            "stride = 0 is not valid: a whole number from 1 on"
        );
        assert_eq!(
            windows(9, 1, 0),
            "horizon = 0 is not valid: a whole number from 1 on"
        );
        assert_eq!(
            windows(6, 1, 4),
            "a series of 6 steps is too short: a window and its target take at least 7"
        );
        assert!(windows(3, 1, usize::MAX).starts_with("a series of 3 steps is too short"));
    }

    #[test]
    fn padding_by_hand() {
        let sequences = [vec![1, 2, 3, 4], vec![], vec![5], vec![6, 7, 8]];
        let first = Padded::<i32, 3>::new(&sequences, -1, Keep::Start);
        assert_eq!(first.x, [[1, 2, 3], [-1, -1, -1], [5, -1, -1], [6, 7, 8]]);
        assert_eq!(first.lengths, [3, 0, 1, 3]);
        let last = Padded::<i32, 3>::new(&sequences, -1, Keep::End);
        assert_eq!(last.x, [[2, 3, 4], [-1, -1, -1], [5, -1, -1], [6, 7, 8]]);
        let mask: Vec<[bool; 3]> = last.mask().collect();
        assert_eq!(mask[1..3], [[false; 3], [true, false, false]]);
    }

    proptest! {
        /// Of every window that the formula counts, each step and the target are those of the series.
        #[test]
        fn windows_are_cut_out_of_the_series(length in 0_usize..60, stride in 1_usize..9, horizon in 1_usize..9) {
            let series: Vec<usize> = (0..length).collect();
            let found = Dataset::<[usize; 4], usize>::windows(&series, stride, horizon);
            let Some(spare) = length.checked_sub(4 + horizon) else {
                prop_assert!(found.is_err());
                return Ok(());
            };
            let data = found.unwrap();
            prop_assert_eq!(data.len(), spare / stride + 1);
            for (place, (x, t)) in data.x.iter().zip(&data.t).enumerate() {
                let start = place * stride;
                prop_assert_eq!(*x, [start, start + 1, start + 2, start + 3]);
                prop_assert_eq!(*t, start + 3 + horizon);
            }
        }
    }
}
