//! Samples and their targets, in memory.

use std::any::type_name;
use std::fmt;

use crate::batch::{Batch, Targets};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::losses::ClassTarget;

/// Samples of type `X` with one target of type `T` each.
///
/// The fields are there to be read, `net.accuracy(&test.x, &test.t)`, and to be changed; `x` and `t` stay equally long.
///
/// # Examples
/// ```
/// use nn_core::Dataset;
///
/// let corners = Dataset::new(&[[0., 0.], [0., 1.], [1., 0.], [1., 1.]], vec![0_u8, 1, 1, 0])?;
/// let (train, test) = corners.split(3)?;
/// assert_eq!(train.t, [0, 1, 1]);
/// assert_eq!(test.x, [[1., 1.]]);
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Dataset<X, T> {
    /// The samples.
    pub x: Vec<X>,
    /// The targets: `t[n]` belongs to `x[n]`.
    pub t: Vec<T>,
}

impl<X, T> Dataset<X, T> {
    /// Pairs samples with targets: slices, vectors, which are not copied, or `ndarray` views.
    ///
    /// An `ndarray` array of shape [N, …] is N samples of the type that the data set is declared with:
    /// ```
    /// use ndarray::{Array1, Array2};
    /// use nn_core::Dataset;
    ///
    /// let (x, t) = (Array2::<f32>::zeros((100, 784)), Array1::<u8>::zeros(100));
    /// let digits: Dataset<[f32; 784], u8> = Dataset::new(&x, &t)?;
    /// assert_eq!(digits.len(), 100);
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] unless there is one target for each sample; [`Error::Shape`] if an `ndarray` array has
    /// other sizes than [N, the sizes of `X` or `T`].
    pub fn new<'x, 't>(x: impl Batch<'x, X>, t: impl Targets<'t, T, Target = T>) -> Result<Self>
    where
        X: Clone + 'x,
        T: Clone + 't,
    {
        let (x, t) = (x.samples()?, t.targets()?);
        check_lengths(&x, &t)?;
        Ok(Self {
            x: x.into_owned(),
            t: t.into_owned(),
        })
    }

    /// A data set without samples, for instance where no test data are wanted.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            x: Vec::new(),
            t: Vec::new(),
        }
    }

    /// How many samples there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.x.len()
    }

    /// Whether there are no samples.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.x.is_empty()
    }

    /// The first samples, which stay where they are, and the rest.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there are fewer than `first`; [`Error::LengthMismatch`] if `x` and `t` are no longer
    /// equally long.
    pub fn split(mut self, first: usize) -> Result<(Self, Self)> {
        check_lengths(&self.x, &self.t)?;
        if first > self.len() {
            return Err(Error::OutOfRange {
                index: first - 1,
                len: self.len(),
            });
        }
        let rest = Self {
            x: self.x.split_off(first),
            t: self.t.split_off(first),
        };
        Ok((self, rest))
    }

    /// The samples at these places, in this order; a place may come up more than once.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for the first place that does not exist; [`Error::LengthMismatch`] if `x` and `t` are no
    /// longer equally long.
    pub fn subset(&self, indices: &[usize]) -> Result<Self>
    where
        X: Clone,
        T: Clone,
    {
        check_lengths(&self.x, &self.t)?;
        let len = self.len();
        if let Some(&index) = indices.iter().find(|&&index| index >= len) {
            return Err(Error::OutOfRange { index, len });
        }
        Ok(Self {
            x: indices.iter().map(|&index| self.x[index].clone()).collect(),
            t: indices.iter().map(|&index| self.t[index].clone()).collect(),
        })
    }

    /// The same targets, and for each sample what `map` makes of it.
    ///
    /// One sample at a time is on the stack; in an unoptimised build a few copies of it.
    ///
    /// ```
    /// # use nn_core::Dataset;
    /// let single = Dataset::new(&[[0.5_f32, 1.0]], &[1_u8])?;
    /// let double = single.map_x(|x| x.map(f64::from));
    /// assert_eq!(double.x, [[0.5_f64, 1.0]]);
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    #[must_use]
    pub fn map_x<Y>(self, map: impl FnMut(&X) -> Y) -> Dataset<Y, T> {
        Dataset {
            x: map_all(&self.x, map),
            t: self.t,
        }
    }

    /// The same samples, and for each target what `map` makes of it.
    ///
    /// ```
    /// # use nn_core::Dataset;
    /// let digits = Dataset::new(&[[0.5], [1.0]], &[3_u8, 8])?;
    /// let parity = digits.map_t(|t| t % 2 == 0);
    /// assert_eq!(parity.t, [false, true]);
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    #[must_use]
    pub fn map_t<Y>(self, map: impl FnMut(&T) -> Y) -> Dataset<X, Y> {
        Dataset {
            t: map_all(&self.t, map),
            x: self.x,
        }
    }
}

/// Counts and types: a data set may hold millions of numbers.
impl<X, T> fmt::Debug for Dataset<X, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dataset")
            .field(
                "x",
                &format_args!("{} × {}", self.x.len(), type_name::<X>()),
            )
            .field(
                "t",
                &format_args!("{} × {}", self.t.len(), type_name::<T>()),
            )
            .finish()
    }
}

/// A row of C numbers for each label: 1 at the place of the class, 0 elsewhere.
///
/// Labels are whole numbers of any type in a slice, a vector or an `ndarray` view.
///
/// ```
/// use nn_core::data::one_hot;
///
/// assert_eq!(one_hot::<f32, 3>(&[2_u8, 0])?, [[0., 0., 1.], [1., 0., 0.]]);
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::LabelOutOfRange`] for the first label that is not from 0 to C − 1.
pub fn one_hot<'a, T: Element, const C: usize>(
    labels: impl Targets<'a, [T; C], Target: ClassTarget<T, C> + 'a>,
) -> Result<Vec<[T; C]>> {
    const { assert!(C > 0, "one-hot rows need at least one class") };
    let labels = labels.targets()?;
    let mut rows = vec![[T::zero(); C]; labels.len()];
    for (index, (label, row)) in labels.iter().zip(&mut rows).enumerate() {
        label.check(index)?;
        if let Some(hot) = label.class().and_then(|class| row.get_mut(class)) {
            *hot = T::one();
        }
    }
    Ok(rows)
}

pub(super) fn check_lengths<X, T>(x: &[X], t: &[T]) -> Result<()> {
    if x.len() == t.len() {
        Ok(())
    } else {
        Err(Error::LengthMismatch {
            samples: x.len(),
            targets: t.len(),
        })
    }
}

/// A plain loop: through a chain of iterators an unoptimised build moves each sample over the stack several times.
fn map_all<A, B>(items: &[A], mut map: impl FnMut(&A) -> B) -> Vec<B> {
    let mut mapped = Vec::with_capacity(items.len());
    for item in items {
        mapped.push(map(item));
    }
    mapped
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2, s};

    use super::{Dataset, one_hot};
    use crate::{Error, Sample};

    fn five() -> Dataset<[f32; 2], u8> {
        let x: Vec<[f32; 2]> = (0..5_u8).map(|n| [f32::from(n), -f32::from(n)]).collect();
        Dataset::new(x, vec![10, 11, 12, 13, 14]).unwrap()
    }

    #[test]
    fn vectors_are_not_copied() {
        let (x, t) = (vec![[1.0_f32; 3]; 4], vec![7_usize; 4]);
        let places = (x.as_ptr(), t.as_ptr());
        let data = Dataset::new(x, t).unwrap();
        assert_eq!((data.x.as_ptr(), data.t.as_ptr()), places);
    }

    #[test]
    fn slices_and_ndarray_views_of_any_layout_give_the_same_samples() {
        let x = Array2::from_shape_fn((3, 2), |(row, column)| (10 * row + column) as f32);
        let t = Array1::from_vec(vec![3_i64, 1, 4, 1, 5]);
        let expected =
            Dataset::new(&[[0.0_f32, 1.], [10., 11.], [20., 21.]], &[3_i64, 4, 5]).unwrap();
        let found = Dataset::<[f32; 2], i64>::new(&x, t.slice(s![..;2])).unwrap();
        assert_eq!(found, expected);
        let columns_first = x.t().as_standard_layout().into_owned();
        let found = Dataset::<[f32; 2], i64>::new(columns_first.t(), vec![3, 4, 5]).unwrap();
        assert_eq!(found, expected);
        let rows: Dataset<[f32; 2], [f32; 2]> = Dataset::new(&x, &x).unwrap();
        assert_eq!(rows.x, rows.t);
    }

    #[test]
    fn other_sizes_and_other_lengths_are_errors() {
        let error = Dataset::<[f32; 784], u8>::new(&Array2::zeros((2, 100)), &[1, 2]).unwrap_err();
        assert!(
            matches!(error, Error::Shape { expected, found } if expected == [784] && found == [2, 100])
        );
        let error = Dataset::new(&[[1.0], [2.0], [3.0]], &[1_u8, 2]).unwrap_err();
        assert!(matches!(
            error,
            Error::LengthMismatch {
                samples: 3,
                targets: 2
            }
        ));
    }

    #[test]
    fn split_leaves_the_first_part_where_it_is() {
        let data = five();
        let place = data.x.as_ptr();
        let (first, rest) = data.split(2).unwrap();
        assert_eq!(first.x.as_ptr(), place);
        assert_eq!((first.t, rest.t), (vec![10, 11], vec![12, 13, 14]));
        assert_eq!(first.x, [[0., 0.], [1., -1.]]);
        assert_eq!(rest.x, [[2., -2.], [3., -3.], [4., -4.]]);
        let (all, none) = five().split(5).unwrap();
        assert_eq!((all.len(), none.is_empty()), (5, true));
        let (none, all) = five().split(0).unwrap();
        assert_eq!((none.len(), all), (0, five()));
        let error = five().split(7).unwrap_err().to_string();
        assert_eq!(error, "sample 6 does not exist: the data set holds 5");
    }

    #[test]
    fn a_subset_follows_its_indices() {
        let subset = five().subset(&[4, 0, 4]).unwrap();
        assert_eq!(subset.t, [14, 10, 14]);
        assert_eq!(subset.x, [[4., -4.], [0., 0.], [4., -4.]]);
        assert_eq!(five().subset(&[]).unwrap(), Dataset::empty());
        let error = five().subset(&[0, 5, 9]).unwrap_err();
        assert!(matches!(error, Error::OutOfRange { index: 5, len: 5 }));
    }

    #[test]
    fn fields_that_no_longer_pair_up_are_an_error_not_a_panic() {
        let mut data = five();
        data.t.truncate(1);
        let mismatch = |error| {
            matches!(
                error,
                Error::LengthMismatch {
                    samples: 5,
                    targets: 1
                }
            )
        };
        assert!(mismatch(data.subset(&[3]).unwrap_err()));
        assert!(mismatch(data.split(3).unwrap_err()));
    }

    #[test]
    fn maps_change_one_side_and_keep_the_other() {
        let data = five();
        let place = data.t.as_ptr();
        let wide = data.map_x(|x| x.map(f64::from));
        assert_eq!(wide.t.as_ptr(), place);
        assert_eq!(wide.x[3..], [[3.0_f64, -3.0], [4.0, -4.0]]);
        let signed = five().map_t(|&t| i32::from(t) - 12);
        assert_eq!(signed.t, [-2, -1, 0, 1, 2]);
        let data = five();
        let place = data.x.as_ptr();
        assert_eq!(data.map_t(|_| ()).x.as_ptr(), place);
    }

    #[test]
    fn large_samples_are_mapped_on_a_small_stack() {
        // Results of 128 KiB on a stack of 2 MiB, as threads have by default.
        let map = || {
            let samples = <[f32; 1 << 14]>::from_flat(&vec![1.0; 3 << 14]).to_vec();
            let data = Dataset::new(samples, vec![0_u8; 3]).unwrap();
            data.map_x(|x| x.map(f64::from)).x.as_flattened().to_vec()
        };
        let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(map);
        assert_eq!(thread.unwrap().join().unwrap(), vec![1.0_f64; 3 << 14]);
    }

    #[test]
    fn debug_is_short() {
        let data = Dataset::new(vec![[0.0_f32; 784]; 60], vec![0_u8; 60]).unwrap();
        assert_eq!(
            format!("{data:?}"),
            "Dataset { x: 60 × [f32; 784], t: 60 × u8 }"
        );
    }

    #[test]
    fn one_hot_rows_have_a_1_at_the_class() {
        let expected = [[0., 1., 0.], [0., 0., 1.], [1., 0., 0.]];
        assert_eq!(one_hot::<f64, 3>(&[1_u8, 2, 0]).unwrap(), expected);
        assert_eq!(one_hot::<f64, 3>(vec![1_i64, 2, 0]).unwrap(), expected);
        let labels = Array1::from_vec(vec![1_usize, 9, 2, 9, 0]);
        assert_eq!(one_hot::<f64, 3>(labels.slice(s![..;2])).unwrap(), expected);
        assert!(one_hot::<f32, 3>(&[0_u8; 0]).unwrap().is_empty());
    }

    #[test]
    fn labels_beyond_the_classes_are_an_error_that_names_the_place() {
        let error = one_hot::<f32, 10>(&[9_u8, 10]).unwrap_err();
        assert!(matches!(
            error,
            Error::LabelOutOfRange {
                index: 1,
                label: 10,
                classes: 10
            }
        ));
        let error = one_hot::<f32, 10>(&[0, 0, -1_i32]).unwrap_err();
        assert!(matches!(
            error,
            Error::LabelOutOfRange {
                index: 2,
                label: -1,
                classes: 10
            }
        ));
    }
}
