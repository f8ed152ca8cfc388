//! Arrays of files as data: many items of one shape, converted to the numbers that are wanted.

use std::path::Path;

use ndarray::{ArrayView1, ArrayViewD, IxDyn, ShapeBuilder as _};

use super::arrays::{Arrays as _, Kind};
use super::item::{Item, Number};
use super::problem::{ArrayProblem, LoadProblem};
use super::{npy, npz, safetensors};
use crate::error::{Error, Result};

/// What an array holds, or why it cannot be read.
type Checked<T> = std::result::Result<T, ArrayProblem>;

/// The items of a `.npy` file.
pub(crate) fn read_npy<I: Item>(path: &Path) -> Result<Vec<I>> {
    let content = super::read(path)?;
    let read = || {
        let header = npy::read(&mut content.as_slice()).map_err(|failure| match failure {
            npy::Failure::Problem(problem) => problem,
            // A slice of bytes cannot fail.
            npy::Failure::Io(error) => ArrayProblem::Damaged {
                reason: error.to_string(),
            },
        })?;
        let bytes = content.get(header.header..).unwrap_or_default();
        convert(&header.kind, &header.shape, header.columns_first, bytes)
    };
    read().map_err(|problem| Error::Load {
        path: path.to_owned(),
        problem: LoadProblem::Npy(problem),
    })
}

/// The items of one array of a `.npz` file.
pub(crate) fn read_npz<I: Item>(path: &Path, key: &str) -> Result<Vec<I>> {
    let content = super::read(path)?;
    let read = || {
        let file = npz::read(&content)?;
        let mut entries = file.entries().iter();
        let Some(index) = entries.position(|entry| entry.key == key) else {
            return Err(LoadProblem::NoSuchArray {
                key: key.to_owned(),
                known: file
                    .entries()
                    .iter()
                    .map(|entry| entry.key.clone())
                    .collect(),
            });
        };
        let entry = &file.entries()[index];
        let wrong = |problem| LoadProblem::array(key, problem);
        // Nothing is unpacked that does not fit.
        check::<I>(&entry.kind, &entry.shape).map_err(wrong)?;
        let bytes = file.numbers(index)?;
        convert(&entry.kind, &entry.shape, entry.columns_first, &bytes).map_err(wrong)
    };
    read().map_err(|problem| Error::Load {
        path: path.to_owned(),
        problem,
    })
}

/// Whether numbers of this kind can be read as the items' numbers, and the shape is that of a row of items.
fn check<I: Item>(kind: &Kind, shape: &[usize]) -> Checked<npy::Numbers> {
    if shape.get(1..) != Some(I::SHAPE.sizes()) {
        return Err(ArrayProblem::Shape {
            expected: I::SHAPE.sizes().to_vec(),
            found: shape.to_vec(),
        });
    }
    npy::Numbers::of(kind)
        .filter(|numbers| !(I::Number::WHOLE && numbers.class == b'f'))
        .ok_or_else(|| ArrayProblem::Numbers {
            found: kind.to_string(),
            expected: if I::Number::WHOLE {
                "whole numbers (i1 to i8, u1 to u8, b1)"
            } else {
                "f4, f8, i1 to i8, u1 to u8 or b1"
            },
        })
}

fn convert<I: Item>(
    kind: &Kind,
    shape: &[usize],
    columns_first: bool,
    bytes: &[u8],
) -> Checked<Vec<I>> {
    let numbers = check::<I>(kind, shape)?;
    safetensors::check_size(shape, numbers.size, bytes.len())?;
    let order = Order {
        shape,
        columns_first,
        reversed: numbers.big_endian != cfg!(target_endian = "big"),
    };
    match (numbers.class, numbers.size) {
        (b'f', 4) => order.items(
            bytes,
            |number| f32::from_ne_bytes(number).into(),
            I::Number::of_f64,
        ),
        (b'f', _) => order.items(bytes, f64::from_ne_bytes, I::Number::of_f64),
        (b'i', 1) => order.items(
            bytes,
            |number| i8::from_ne_bytes(number).into(),
            I::Number::of_i64,
        ),
        (b'i', 2) => order.items(
            bytes,
            |number| i16::from_ne_bytes(number).into(),
            I::Number::of_i64,
        ),
        (b'i', 4) => order.items(
            bytes,
            |number| i32::from_ne_bytes(number).into(),
            I::Number::of_i64,
        ),
        (b'i', _) => order.items(bytes, i64::from_ne_bytes, I::Number::of_i64),
        (_, 1) => order.items(
            bytes,
            |number| u8::from_ne_bytes(number).into(),
            I::Number::of_u64,
        ),
        (_, 2) => order.items(
            bytes,
            |number| u16::from_ne_bytes(number).into(),
            I::Number::of_u64,
        ),
        (_, 4) => order.items(
            bytes,
            |number| u32::from_ne_bytes(number).into(),
            I::Number::of_u64,
        ),
        _ => order.items(bytes, u64::from_ne_bytes, I::Number::of_u64),
    }
}

/// How the numbers of an array follow one another.
struct Order<'s> {
    shape: &'s [usize],
    columns_first: bool,
    /// Whether the bytes of a number are in the other order than here.
    reversed: bool,
}

impl Order<'_> {
    /// Numbers of B bytes, which `wide` makes of them and `narrow` turns into those of the items.
    fn items<I: Item, W: Copy + ToString, const B: usize>(
        &self,
        bytes: &[u8],
        wide: impl Fn([u8; B]) -> W,
        narrow: impl Fn(W) -> Option<I::Number>,
    ) -> Checked<Vec<I>> {
        let (theirs, _) = bytes.as_chunks::<B>();
        // The sizes have been seen to make up as many numbers as there are.
        let view = ArrayViewD::from_shape(IxDyn(self.shape).set_f(self.columns_first), theirs)
            .unwrap_or_else(|_| ArrayView1::from(theirs).into_dyn());
        let mut theirs = view.iter();
        // Through one item's numbers, so that a large one never passes over the stack.
        let mut numbers = vec![I::Number::default(); I::LEN];
        let mut items = Vec::with_capacity(self.shape[0]);
        for item in 0..self.shape[0] {
            for (place, number) in numbers.iter_mut().enumerate() {
                let Some(&theirs) = theirs.next() else { break };
                let mut theirs = theirs;
                if self.reversed {
                    theirs.reverse();
                }
                let found = wide(theirs);
                *number = narrow(found).ok_or_else(|| ArrayProblem::Value {
                    item,
                    place,
                    found: found.to_string(),
                    expected: I::Number::EXPECTED,
                })?;
            }
            items.extend_from_slice(I::from_flat(&numbers));
        }
        Ok(items)
    }
}
