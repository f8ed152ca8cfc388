//! What callers may hand over as a batch of samples or targets: slices, vectors and `ndarray` arrays.
//!
//! `do_not_recommend`: the notes of the traits list what is accepted better than the compiler lists implementations.

use std::borrow::Cow;

use ndarray::{ArrayBase, ArrayView, Axis, Data, Dimension};

use crate::error::{Error, Result};
use crate::sample::Sample;

/// A batch of samples of type `X`: `&[X]`, `&Vec<X>`, `&[X; N]`, an `ndarray` view, or a reference to an array.
///
/// Slices and arrays in row-major order are not copied.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no batch of samples of type `{X}`",
    label = "expected samples of type `{X}`",
    note = "a batch is a `&[{X}]`, a `&Vec<{X}>` or an `ndarray` view with one sample per row",
    note = "one sample alone is the batch `&[sample]`"
)]
pub trait Batch<'a, X: Clone> {
    /// The samples.
    ///
    /// # Errors
    /// [`Error::Shape`] if an `ndarray` array has other sizes than [N, the sizes of `X`].
    fn samples(self) -> Result<Cow<'a, [X]>>;
}

#[diagnostic::do_not_recommend]
impl<'a, X: Clone> Batch<'a, X> for &'a [X] {
    fn samples(self) -> Result<Cow<'a, [X]>> {
        Ok(Cow::Borrowed(self))
    }
}

#[diagnostic::do_not_recommend]
impl<'a, X: Clone> Batch<'a, X> for &'a Vec<X> {
    fn samples(self) -> Result<Cow<'a, [X]>> {
        Ok(Cow::Borrowed(self))
    }
}

#[diagnostic::do_not_recommend]
impl<'a, X: Clone, const N: usize> Batch<'a, X> for &'a [X; N] {
    fn samples(self) -> Result<Cow<'a, [X]>> {
        Ok(Cow::Borrowed(self))
    }
}

#[diagnostic::do_not_recommend]
impl<'a, X: Clone> Batch<'a, X> for &'a Cow<'_, [X]> {
    fn samples(self) -> Result<Cow<'a, [X]>> {
        Ok(Cow::Borrowed(self))
    }
}

#[diagnostic::do_not_recommend]
impl<X: Clone> Batch<'static, X> for Vec<X> {
    fn samples(self) -> Result<Cow<'static, [X]>> {
        Ok(Cow::Owned(self))
    }
}

#[diagnostic::do_not_recommend]
impl<'a, X: Sample, D: Dimension> Batch<'a, X> for ArrayView<'a, X::Element, D> {
    fn samples(self) -> Result<Cow<'a, [X]>> {
        samples_of_view(&self)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, X: Sample, S: Data<Elem = X::Element>, D: Dimension> Batch<'a, X> for &'a ArrayBase<S, D> {
    fn samples(self) -> Result<Cow<'a, [X]>> {
        samples_of_view(&self.view())
    }
}

fn samples_of_view<'a, X: Sample, D: Dimension>(
    view: &ArrayView<'a, X::Element, D>,
) -> Result<Cow<'a, [X]>> {
    if view.shape().get(1..) != Some(X::SHAPE.sizes()) {
        return Err(Error::Shape {
            expected: X::SHAPE.sizes().to_vec(),
            found: view.shape().to_vec(),
        });
    }
    if let Some(numbers) = view.to_slice() {
        return Ok(Cow::Borrowed(X::from_flat(numbers)));
    }
    let numbers: Vec<X::Element> = view.iter().copied().collect();
    Ok(Cow::Owned(X::from_flat(&numbers).to_vec()))
}

/// Targets for a network whose output is of type `X`: a slice, a vector or an `ndarray` array of labels, of rows of the
/// output's shape, or of whatever else the network's loss accepts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no targets for a network whose output is of type `{X}`",
    note = "targets are a slice, a `&Vec` or an `ndarray` view of labels, or of rows of type `{X}`"
)]
pub trait Targets<'a, X> {
    /// The type of one target.
    type Target: Clone + Sync + 'a;

    /// The targets.
    ///
    /// # Errors
    /// [`Error::Shape`] if an `ndarray` array of rows has other sizes than [N, the sizes of `X`].
    fn targets(self) -> Result<Cow<'a, [Self::Target]>>;
}

#[diagnostic::do_not_recommend]
impl<'a, X, Y: Clone + Sync> Targets<'a, X> for &'a [Y] {
    type Target = Y;

    fn targets(self) -> Result<Cow<'a, [Y]>> {
        Ok(Cow::Borrowed(self))
    }
}

#[diagnostic::do_not_recommend]
impl<'a, X, Y: Clone + Sync> Targets<'a, X> for &'a Vec<Y> {
    type Target = Y;

    fn targets(self) -> Result<Cow<'a, [Y]>> {
        Ok(Cow::Borrowed(self))
    }
}

#[diagnostic::do_not_recommend]
impl<'a, X, Y: Clone + Sync, const N: usize> Targets<'a, X> for &'a [Y; N] {
    type Target = Y;

    fn targets(self) -> Result<Cow<'a, [Y]>> {
        Ok(Cow::Borrowed(self))
    }
}

#[diagnostic::do_not_recommend]
impl<'a, X, Y: Clone + Sync> Targets<'a, X> for &'a Cow<'_, [Y]> {
    type Target = Y;

    fn targets(self) -> Result<Cow<'a, [Y]>> {
        Ok(Cow::Borrowed(self))
    }
}

#[diagnostic::do_not_recommend]
impl<X, Y: Clone + Sync + 'static> Targets<'static, X> for Vec<Y> {
    type Target = Y;

    fn targets(self) -> Result<Cow<'static, [Y]>> {
        Ok(Cow::Owned(self))
    }
}

#[diagnostic::do_not_recommend]
impl<'a, X, N: TargetNumber<X>, D: Dimension> Targets<'a, X> for ArrayView<'a, N, D> {
    type Target = N::Target;

    fn targets(self) -> Result<Cow<'a, [N::Target]>> {
        N::targets_of_view(self)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, X, N: TargetNumber<X> + 'a, S: Data<Elem = N>, D: Dimension> Targets<'a, X>
    for &'a ArrayBase<S, D>
{
    type Target = N::Target;

    fn targets(self) -> Result<Cow<'a, [N::Target]>> {
        N::targets_of_view(self.view())
    }
}

/// What the numbers of an `ndarray` array mean as targets: `f32` and `f64` make up rows, the others are labels.
pub trait TargetNumber<X>: Sized {
    /// One target.
    type Target: Clone + Sync + 'static;

    /// The targets in an array.
    ///
    /// # Errors
    /// [`Error::Shape`] if the array has not the sizes that the targets of such a network have.
    fn targets_of_view<D: Dimension>(
        view: ArrayView<'_, Self, D>,
    ) -> Result<Cow<'_, [Self::Target]>>;
}

macro_rules! rows {
    ($($scalar:ty),*) => {$(
        impl<X: Sample<Element = $scalar>> TargetNumber<X> for $scalar {
            type Target = X;

            /// For a single output a vector of N numbers will do as well as N rows of one.
            fn targets_of_view<D: Dimension>(view: ArrayView<'_, Self, D>) -> Result<Cow<'_, [X]>> {
                if view.ndim() == 1 && X::SHAPE.sizes() == [1] {
                    return samples_of_view(&view.insert_axis(Axis(1)));
                }
                samples_of_view(&view)
            }
        }
    )*};
}

macro_rules! labels {
    ($($label:ty),*) => {$(
        impl<X> TargetNumber<X> for $label {
            type Target = Self;

            fn targets_of_view<D: Dimension>(view: ArrayView<'_, Self, D>) -> Result<Cow<'_, [Self]>> {
                if view.ndim() != 1 {
                    return Err(Error::Shape { expected: Vec::new(), found: view.shape().to_vec() });
                }
                Ok(match view.to_slice() {
                    Some(labels) => Cow::Borrowed(labels),
                    None => Cow::Owned(view.iter().copied().collect()),
                })
            }
        }
    )*};
}

rows!(f32, f64);
labels!(bool, u8, u16, u32, u64, usize, i32, i64);

/// Whether there is a sample at all.
pub(crate) fn non_empty<X>(samples: &[X]) -> Result<()> {
    if samples.is_empty() {
        Err(Error::Empty)
    } else {
        Ok(())
    }
}

/// Whether samples and targets pair up, at least one of each.
pub(crate) fn check_pairs<X, Y>(samples: &[X], targets: &[Y]) -> Result<()> {
    non_empty(samples)?;
    if samples.len() == targets.len() {
        Ok(())
    } else {
        Err(Error::LengthMismatch {
            samples: samples.len(),
            targets: targets.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use ndarray::{Array1, Array2, Array4, s};

    use super::{Batch, Targets};

    fn samples<'a, X: Clone>(batch: impl Batch<'a, X>) -> crate::Result<Cow<'a, [X]>> {
        batch.samples()
    }

    fn targets<'a, X, B: Targets<'a, X>>(targets: B) -> crate::Result<Cow<'a, [B::Target]>> {
        targets.targets()
    }

    #[test]
    fn arrays_in_row_major_order_are_borrowed_others_copied() {
        let array = Array2::from_shape_fn((3, 2), |(row, column)| (10 * row + column) as f32);
        let expected = [[0., 1.], [10., 11.], [20., 21.]];
        let borrowed = samples::<[f32; 2]>(array.view()).unwrap();
        assert!(matches!(borrowed, Cow::Borrowed(_)));
        assert_eq!(*borrowed, expected);
        let columns_first =
            Array2::from_shape_fn((2, 3), |(column, row)| (10 * row + column) as f32);
        let copied = samples::<[f32; 2]>(columns_first.t()).unwrap();
        assert!(matches!(copied, Cow::Owned(_)));
        assert_eq!(*copied, expected);
        let every_second = samples::<[f32; 2]>(array.slice(s![..;2, ..])).unwrap();
        assert_eq!(*every_second, [[0., 1.], [20., 21.]]);
    }

    #[test]
    fn other_sizes_are_an_error_that_names_both() {
        let array = Array2::<f32>::zeros((3, 100));
        let error = samples::<[f32; 784]>(&array).unwrap_err().to_string();
        assert_eq!(
            error,
            "expected an array of shape [N, 784] for N samples, found [3, 100]"
        );
        assert!(samples::<[f32; 3]>(Array1::<f32>::zeros(3).view()).is_err());
        assert!(samples::<[[[f32; 2]; 2]; 1]>(&Array4::<f32>::zeros((5, 1, 2, 2))).is_ok());
    }

    #[test]
    fn labels_come_from_strided_views_too() {
        let labels = Array1::from_vec(vec![3_u8, 1, 4, 1, 5]);
        assert_eq!(
            *targets::<[f32; 10], _>(labels.slice(s![..;2])).unwrap(),
            [3, 4, 5]
        );
        assert_eq!(*targets::<[f32; 10], _>(&labels).unwrap(), [3, 1, 4, 1, 5]);
        let error = targets::<[f32; 10], _>(&Array2::<u8>::zeros((5, 1)))
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "expected an array of shape [N] for N samples, found [5, 1]"
        );
    }

    #[test]
    fn a_vector_is_enough_for_a_single_output() {
        let values = Array1::from_vec(vec![0.5_f64, 1.5, 2.5]);
        assert_eq!(
            *targets::<[f64; 1], _>(&values).unwrap(),
            [[0.5], [1.5], [2.5]]
        );
        assert_eq!(
            *targets::<[f64; 1], _>(values.slice(s![..;2])).unwrap(),
            [[0.5], [2.5]]
        );
        assert!(targets::<[f64; 2], _>(&values).is_err());
    }
}
