//! Samples are arrays: `[f32; 784]`, or `[[[f32; 28]; 28]; 1]`. This file moves between arrays and flat slices, safely.

use crate::element::Element;

/// The sizes of a sample or a parameter, outermost first: `[784]`, `[1, 28, 28]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    sizes: [usize; Shape::MAX_RANK],
    rank: usize,
}

impl Shape {
    /// The deepest array that a shape can describe.
    pub const MAX_RANK: usize = 8;

    /// The shape of a single number.
    pub const SCALAR: Self = Self {
        sizes: [0; Self::MAX_RANK],
        rank: 0,
    };

    /// The shape of `size` items of this shape.
    ///
    /// # Panics
    /// At compile time, if the array is deeper than [`Shape::MAX_RANK`].
    #[must_use]
    pub const fn of_many(self, size: usize) -> Self {
        assert!(
            self.rank < Self::MAX_RANK,
            "arrays deeper than 8 are not supported"
        );
        let mut sizes = [0; Self::MAX_RANK];
        sizes[0] = size;
        let mut axis = 0;
        while axis < self.rank {
            sizes[axis + 1] = self.sizes[axis];
            axis += 1;
        }
        Self {
            sizes,
            rank: self.rank + 1,
        }
    }

    /// The sizes, outermost first.
    #[must_use]
    pub const fn sizes(&self) -> &[usize] {
        self.sizes.split_at(self.rank).0
    }

    /// The same sizes, innermost first.
    #[must_use]
    pub fn transposed(mut self) -> Self {
        self.sizes[..self.rank].reverse();
        self
    }
}

/// One sample, or one parameter: an array of numbers of any depth, or a single number.
///
/// A batch is a slice of samples, `&[[f32; 784]]`. The four functions view a batch as one flat slice of numbers and back;
/// none of them copies.
#[diagnostic::on_unimplemented(
    message = "samples are made of `f32` or `f64`, not of `{Self}`",
    label = "expected a number or an array of numbers, `[f32; 784]` or `[[[f32; 28]; 28]; 1]`"
)]
pub trait Sample: Copy + Send + Sync + std::fmt::Debug + PartialEq + 'static {
    /// The numbers in the array.
    type Element: Element;

    /// What the array is of; a single number is of itself.
    type Item: Sample<Element = Self::Element>;

    /// How many numbers a sample holds.
    const LEN: usize;

    /// The sizes of the array, outermost first.
    const SHAPE: Shape;

    /// An array of zeros.
    const ZERO: Self;

    /// All numbers of `samples`, in row-major order.
    fn flat(samples: &[Self]) -> &[Self::Element];

    /// All numbers of `samples`, in row-major order.
    fn flat_mut(samples: &mut [Self]) -> &mut [Self::Element];

    /// The samples that the numbers form, [`Sample::LEN`] numbers each; a rest that fills no sample is left out.
    fn from_flat(numbers: &[Self::Element]) -> &[Self];

    /// The samples that the numbers form, [`Sample::LEN`] numbers each; a rest that fills no sample is left out.
    fn from_flat_mut(numbers: &mut [Self::Element]) -> &mut [Self];
}

macro_rules! scalar_sample {
    ($($scalar:ty),*) => {$(
        impl Sample for $scalar {
            type Element = Self;
            type Item = Self;
            const LEN: usize = 1;
            const SHAPE: Shape = Shape::SCALAR;
            const ZERO: Self = 0.0;

            fn flat(samples: &[Self]) -> &[Self] {
                samples
            }

            fn flat_mut(samples: &mut [Self]) -> &mut [Self] {
                samples
            }

            fn from_flat(numbers: &[Self]) -> &[Self] {
                numbers
            }

            fn from_flat_mut(numbers: &mut [Self]) -> &mut [Self] {
                numbers
            }
        }
    )*};
}

scalar_sample!(f32, f64);

impl<A: Sample, const N: usize> Sample for [A; N] {
    type Element = A::Element;
    type Item = A;
    const LEN: usize = N * A::LEN;
    const SHAPE: Shape = A::SHAPE.of_many(N);
    const ZERO: Self = [A::ZERO; N];

    fn flat(samples: &[Self]) -> &[A::Element] {
        A::flat(samples.as_flattened())
    }

    fn flat_mut(samples: &mut [Self]) -> &mut [A::Element] {
        A::flat_mut(samples.as_flattened_mut())
    }

    fn from_flat(numbers: &[A::Element]) -> &[Self] {
        A::from_flat(numbers).as_chunks().0
    }

    fn from_flat_mut(numbers: &mut [A::Element]) -> &mut [Self] {
        A::from_flat_mut(numbers).as_chunks_mut().0
    }
}

#[cfg(test)]
mod tests {
    use super::Sample;

    type Image = [[f32; 3]; 2];

    #[test]
    fn flat_is_row_major_and_from_flat_is_its_inverse() {
        let batch: [Image; 2] = [
            [[1., 2., 3.], [4., 5., 6.]],
            [[7., 8., 9.], [10., 11., 12.]],
        ];
        let numbers: Vec<f32> = (1..=12_u8).map(f32::from).collect();
        assert_eq!(Image::flat(&batch), numbers);
        assert_eq!(Image::from_flat(&numbers), batch);
    }

    #[test]
    fn a_rest_that_fills_no_sample_is_left_out() {
        assert_eq!(<[f64; 2]>::from_flat(&[1., 2., 3.]), [[1., 2.]]);
    }

    #[test]
    fn shapes_list_the_outermost_size_first() {
        assert_eq!(<[[[f32; 28]; 14]; 3]>::SHAPE.sizes(), [3, 14, 28]);
        assert_eq!(<[[[f32; 28]; 14]; 3]>::LEN, 3 * 14 * 28);
        assert!(f32::SHAPE.sizes().is_empty());
    }
}
