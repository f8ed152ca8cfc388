//! Features of mean 0 and deviation 1.

use std::fmt;
use std::path::Path;

use num_traits::Float as _;

use crate::batch::{Batch, non_empty};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::files::{self, ArrayProblem, LoadProblem};
use crate::sample::Sample;

const KEYS: [&str; 2] = ["mean", "deviation"];

/// Mean and standard deviation of training data, by which samples are normalised: also called standardisation, or z-scores.
///
/// # Formula
/// x′ = (x − μ) / σ, with μ = Σₙ xₙ / N and σ² = Σₙ (xₙ − μ)² / N over the training data
///
/// for each feature, or over groups of them. Where σ is 0, as for a pixel that is black in all pictures, it counts as 1. Sums are in
/// f64, one sample after the other, so that the same bits come out on every machine.
///
/// Fit it on the training set alone, apply it to everything that the network reads, and save it beside the network.
///
/// ```
/// use nn_core::data::Normalisation;
///
/// let (mut train, mut test) = ([[1.0_f32, 7.0], [5.0, 7.0]], [[3.0, 8.0]]);
/// let normalisation = Normalisation::per_feature(&train)?;
/// normalisation.apply(&mut train);
/// normalisation.apply(&mut test);
/// assert_eq!(train, [[-1.0, 0.0], [1.0, 0.0]]);
/// assert_eq!(test, [[0.0, 1.0]]);
///
/// let file = std::env::temp_dir().join("doc-normalisation.safetensors");
/// normalisation.save(&file)?;
/// assert_eq!(Normalisation::load(&file)?, normalisation);
/// # std::fs::remove_file(file).ok();
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// # Source
/// Y. `LeCun`, L. Bottou, G. Orr and K.-R. Müller 1998, "Efficient `BackProp`", section 4.3. Deviations as in scikit-learn's `StandardScaler`.
#[derive(Clone, PartialEq)]
pub struct Normalisation<X: Sample> {
    /// One for each group of equally many numbers that follow one another in a sample.
    means: Vec<X::Element>,
    /// As many; finite and above 0.
    deviations: Vec<X::Element>,
}

impl<X: Sample> Normalisation<X> {
    /// Mean and deviation of each number of a sample: for features that measure different things.
    ///
    /// # Errors
    /// [`Error::Empty`] without samples; [`Error::NotFinite`] for the first number that is infinite or NaN; [`Error::Shape`] for an
    /// `ndarray` array of other sizes.
    pub fn per_feature<'x>(samples: impl Batch<'x, X>) -> Result<Self> {
        Self::fitted(&samples.samples()?, X::LEN)
    }

    /// Mean and deviation of each part along the outermost axis: the channels of pictures `[[[f32; W]; H]; C]`.
    ///
    /// # Errors
    /// As [`Normalisation::per_feature`].
    pub fn per_channel<'x>(samples: impl Batch<'x, X>) -> Result<Self> {
        Self::fitted(&samples.samples()?, channels::<X>())
    }

    /// One mean and one deviation for all numbers, as is usual for pictures in grey.
    ///
    /// # Errors
    /// As [`Normalisation::per_feature`].
    pub fn overall<'x>(samples: impl Batch<'x, X>) -> Result<Self> {
        Self::fitted(&samples.samples()?, 1)
    }

    fn fitted(samples: &[X], groups: usize) -> Result<Self> {
        const { assert!(X::LEN > 0, "samples without numbers have no mean") };
        non_empty(samples)?;
        let numbers = X::flat(samples);
        if let Some(index) = numbers
            .iter()
            .position(|number| !number.as_f64().is_finite())
        {
            return Err(Error::NotFinite {
                index: index / X::LEN,
                place: index % X::LEN,
                value: numbers[index].as_f64(),
            });
        }
        let size = X::LEN / groups;
        let count = (samples.len() * size) as f64;
        let sums = |term: &dyn Fn(f64, usize) -> f64| {
            let mut sums = vec![0.0; groups];
            for sample in numbers.chunks_exact(X::LEN) {
                for (group, numbers) in sample.chunks_exact(size).enumerate() {
                    for number in numbers {
                        sums[group] += term(number.as_f64(), group);
                    }
                }
            }
            sums
        };
        let means: Vec<f64> = sums(&|x, _| x / count);
        let squares = sums(&|x, group| (x - means[group]).powi(2) / count);
        let deviations = squares.iter().zip(&means).map(|(&variance, &mean)| {
            // What rounding leaves of a constant: scikit-learn's bound.
            let rounding = count * f64::EPSILON * variance + (count * mean * f64::EPSILON).powi(2);
            if variance <= rounding {
                1.0
            } else {
                variance.sqrt()
            }
        });
        Ok(Self {
            deviations: deviations.map(above_zero).collect(),
            means: means.iter().map(|&mean| X::Element::of(mean)).collect(),
        })
    }

    /// Normalises samples where they are: `apply(&mut train.x)`, or `apply(std::slice::from_mut(&mut sample))` for one.
    pub fn apply(&self, samples: &mut [X]) {
        self.each(samples, |x, mean, deviation| (x - mean) / deviation);
    }

    /// Undoes [`Normalisation::apply`], but for rounding: for targets of a regression that were normalised too.
    pub fn invert(&self, samples: &mut [X]) {
        self.each(samples, |x, mean, deviation| x * deviation + mean);
    }

    fn each(
        &self,
        samples: &mut [X],
        map: impl Fn(X::Element, X::Element, X::Element) -> X::Element,
    ) {
        let size = X::LEN / self.means.len();
        for sample in X::flat_mut(samples).chunks_exact_mut(X::LEN) {
            let groups = sample.chunks_exact_mut(size);
            for ((numbers, &mean), &deviation) in groups.zip(&self.means).zip(&self.deviations) {
                for x in numbers {
                    *x = map(*x, mean, deviation);
                }
            }
        }
    }

    /// The means: one for each number of a sample, for each channel, or for all.
    #[must_use]
    pub fn means(&self) -> &[X::Element] {
        &self.means
    }

    /// The deviations, as many as there are means. All are above 0.
    #[must_use]
    pub fn deviations(&self) -> &[X::Element] {
        &self.deviations
    }

    /// Writes the arrays `mean` and `deviation` into a file, whole or not at all: `.safetensors`, or `.npz` for NumPy, where
    /// `(x - mean) / deviation` does the same.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be written, [`Error::Load`] if its name has another ending.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        // Sizes of 1 for what is the same along an axis, so that NumPy repeats it.
        let shapes = shapes::<X>();
        let shape = shapes
            .iter()
            .find(|shape| shape.iter().product::<usize>() == self.means.len());
        let arrays = [
            (KEYS[0], self.means.as_slice()),
            (KEYS[1], &self.deviations),
        ];
        files::save_arrays(path.as_ref(), shape.map_or(&[], Vec::as_slice), &arrays)
    }

    /// Reads what [`Normalisation::save`] wrote; numbers of the other width are rounded or widened.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read; [`Error::Load`] if it is damaged, holds other arrays or other shapes than such samples
    /// have, a number that is not finite, or a deviation that is not above 0.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let [means, deviations] = files::load_arrays(path, &shapes::<X>(), KEYS)?;
        let check = |key: &str, numbers: &[X::Element], least: f64, expected| {
            let wrong = |number: &X::Element| !(number.is_finite() && number.as_f64() > least);
            match numbers.iter().position(wrong) {
                None => Ok(()),
                Some(place) => Err(Error::Load {
                    path: path.to_owned(),
                    problem: LoadProblem::Array {
                        key: key.to_owned(),
                        problem: ArrayProblem::Value {
                            item: 0,
                            place,
                            found: numbers[place].to_string(),
                            expected,
                        },
                    },
                }),
            }
        };
        check(KEYS[0], &means, f64::NEG_INFINITY, "a finite number")?;
        check(KEYS[1], &deviations, 0.0, "a finite number above 0")?;
        Ok(Self { means, deviations })
    }
}

/// How many parts a sample has along its outermost axis.
fn channels<X: Sample>() -> usize {
    X::SHAPE.sizes().first().copied().unwrap_or(1)
}

/// The shapes of means: for each number, for each channel, and for all.
fn shapes<X: Sample>() -> Vec<Vec<usize>> {
    let whole = X::SHAPE.sizes().to_vec();
    let mut by_channel = vec![1; whole.len()];
    let overall = by_channel.clone();
    if let Some(first) = by_channel.first_mut() {
        *first = channels::<X>();
    }
    let mut shapes = vec![whole];
    for shape in [by_channel, overall] {
        if !shapes.contains(&shape) {
            shapes.push(shape);
        }
    }
    shapes
}

/// A deviation so small that it is 0 as an `f32` divides by the smallest normal number instead.
fn above_zero<T: Element>(deviation: f64) -> T {
    let deviation = T::of(deviation);
    if deviation > T::zero() {
        deviation
    } else {
        T::min_positive_value()
    }
}

/// The first few numbers: there may be thousands.
impl<X: Sample> fmt::Debug for Normalisation<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 8;
        let shown = self.means.len().min(SHOWN);
        f.debug_struct("Normalisation")
            .field("numbers", &self.means.len())
            .field("means", &&self.means[..shown])
            .field("deviations", &&self.deviations[..shown])
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Normalisation;
    use crate::error::Error;

    /// Two channels of 1 × 2.
    type Picture = [[[f64; 2]; 1]; 2];
    const PICTURES: [Picture; 2] = [
        [[[1.0, 3.0]], [[10.0, 10.0]]],
        [[[5.0, 7.0]], [[10.0, 30.0]]],
    ];

    #[test]
    fn means_and_deviations_are_those_of_a_calculation_by_hand() {
        let all = Normalisation::per_feature(&PICTURES).unwrap();
        assert_eq!(all.means(), [3.0, 5.0, 10.0, 20.0]);
        // The third is constant.
        assert_eq!(all.deviations(), [2.0, 2.0, 1.0, 10.0]);
        let channels = Normalisation::per_channel(&PICTURES).unwrap();
        assert_eq!(channels.means(), [4.0, 15.0]);
        // √((9 + 1 + 1 + 9)/4) and √((25 + 25 + 25 + 225)/4).
        let [first, second] = *channels.deviations() else {
            panic!("two channels");
        };
        assert!((first - 5_f64.sqrt()).abs() < 1e-15 && (second - 75_f64.sqrt()).abs() < 1e-14);
        let overall = Normalisation::overall(&PICTURES).unwrap();
        assert_eq!(overall.means(), [9.5]);
        // Σ x² / 8 − 9.5² = 1284 / 8 − 90.25.
        assert!((overall.deviations()[0] - 70.25_f64.sqrt()).abs() < 1e-14);
    }

    /// MNIST: 0.1307 and 0.3081, as in the examples of most frameworks.
    #[cfg(feature = "mnist")]
    #[test]
    fn mnist_has_the_known_mean_and_deviation() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/mnist");
        let (mut train, _) = crate::mnist::load(folder).unwrap();
        let normalisation = Normalisation::overall(&train.x).unwrap();
        assert!((normalisation.means()[0] - 0.1307).abs() < 5e-5);
        assert!((normalisation.deviations()[0] - 0.3081).abs() < 5e-5);
        normalisation.apply(&mut train.x);
        let after = Normalisation::overall(&train.x).unwrap();
        assert!(after.means()[0].abs() < 1e-5 && (after.deviations()[0] - 1.0).abs() < 1e-5);
    }

    #[test]
    fn inversion_gives_back_what_was_there() {
        for normalisation in [
            Normalisation::per_feature(&PICTURES),
            Normalisation::per_channel(&PICTURES),
            Normalisation::overall(&PICTURES),
        ] {
            let (normalisation, mut pictures) = (normalisation.unwrap(), PICTURES);
            normalisation.apply(&mut pictures);
            assert_ne!(pictures, PICTURES);
            normalisation.invert(&mut pictures);
            let (there, here) = (PICTURES.as_flattened(), pictures.as_flattened());
            for (there, here) in there
                .as_flattened()
                .as_flattened()
                .iter()
                .zip(here.as_flattened().as_flattened())
            {
                assert!((there - here).abs() < 1e-14, "{here} for {there}");
            }
        }
    }

    #[test]
    fn constants_that_rounding_makes_uneven_count_as_constants() {
        let samples = vec![[0.1_f64]; 1_000];
        let normalisation = Normalisation::per_feature(&samples).unwrap();
        assert_eq!(normalisation.deviations(), [1.0]);
        let tiny = Normalisation::per_feature(&[[1e-45_f32], [0.0]]).unwrap();
        assert!(tiny.deviations()[0] > 0.0);
    }

    #[test]
    fn numbers_that_are_not_finite_are_named() {
        let samples = [[0.0_f32, 1.0], [2.0, f32::NAN]];
        let error = Normalisation::per_feature(&samples)
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "sample 1 has NaN as number 1, expected finite numbers"
        );
        assert!(matches!(
            Normalisation::<[f32; 2]>::overall(&[]),
            Err(Error::Empty)
        ));
    }

    #[test]
    fn files_give_back_every_bit_and_refuse_what_does_not_fit() {
        const NAMES: &[&str] = if cfg!(feature = "npz") {
            &["normalisation.safetensors", "normalisation.npz"]
        } else {
            &["normalisation.safetensors"]
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAMES[0]);
        for normalisation in [
            Normalisation::per_feature(&PICTURES),
            Normalisation::per_channel(&PICTURES),
            Normalisation::overall(&PICTURES),
        ] {
            let normalisation = normalisation.unwrap();
            for name in NAMES {
                let path = folder.path().join(name);
                normalisation.save(&path).unwrap();
                assert_eq!(Normalisation::load(&path).unwrap(), normalisation);
            }
        }
        let message = |error: Error| error.to_string().split_once(": ").unwrap().1.to_owned();
        let channels = Normalisation::per_channel(&PICTURES).unwrap();
        channels.save(&path).unwrap();
        assert_eq!(
            message(Normalisation::<[f64; 3]>::load(&path).unwrap_err()),
            "`mean` has the shape [2, 1, 1], expected [3] or [1]"
        );
        let broken = Normalisation::<[f64; 1]> {
            means: vec![0.0],
            deviations: vec![0.0],
        };
        broken.save(&path).unwrap();
        assert_eq!(
            message(Normalisation::<[f64; 1]>::load(&path).unwrap_err()),
            "`deviation` has 0 as number 0 of row 0, expected a finite number above 0"
        );
        crate::files::save_arrays(&path, &[1], &[("mean", &[0.0_f64]), ("std", &[1.0])]).unwrap();
        assert_eq!(
            message(Normalisation::<[f64; 1]>::load(&path).unwrap_err()),
            "holds other arrays\n  `deviation` is missing in the file\n  `std` is in the file alone"
        );
    }
}
