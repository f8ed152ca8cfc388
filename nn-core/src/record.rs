//! What a network reads and gives for one sample: an array, or a tuple of arrays.

use std::fmt::Debug;

use num_traits::{Float as _, Zero as _};

use crate::element::Element;
use crate::sample::Sample;

/// One sample of what a network reads or gives: an array, or, where there are several inputs or outputs, a tuple of up to 6
/// arrays in the order of the declaration, `([f32; 784], [f32; 10])`.
///
/// A batch is a slice of records. Inside of a network it lies column by column: all first arrays, all second ones, and so on.
pub trait Record: Copy + Send + Sync + Debug + PartialEq + 'static {
    /// The numbers in the arrays.
    type Element: Element;

    /// A batch, column by column: a slice of arrays, or a tuple of slices.
    type Columns<'a>: Copy;

    /// The same, to be written.
    type ColumnsMut<'a>;

    /// So many records of zeros.
    fn zeros(count: usize) -> Vec<Self>;

    /// Writes columns over as many records.
    fn write(columns: Self::Columns<'_>, records: &mut [Self]);

    /// The first record of columns that are not empty.
    fn first(columns: Self::Columns<'_>) -> Self;

    /// The first number that is infinite or none, and its place; those of several arrays are one behind the other.
    fn first_not_finite(&self) -> Option<(usize, Self::Element)>;
}

impl<X: Sample> Record for X {
    type Element = X::Element;
    type Columns<'a> = &'a [X];
    type ColumnsMut<'a> = &'a mut [X];

    fn zeros(count: usize) -> Vec<X> {
        // From slice to slice: a large sample never passes over the stack.
        let zero = vec![X::Element::zero(); X::LEN];
        let mut records = Vec::with_capacity(count);
        for _ in 0..count {
            records.extend_from_slice(X::from_flat(&zero));
        }
        records
    }

    fn write(columns: &[X], records: &mut [X]) {
        records.copy_from_slice(columns);
    }

    fn first(columns: &[X]) -> X {
        columns[0]
    }

    fn first_not_finite(&self) -> Option<(usize, X::Element)> {
        let numbers = X::flat(std::slice::from_ref(self)).iter().copied();
        let mut numbers = numbers.enumerate();
        numbers.find(|(_, number)| !number.is_finite())
    }
}
