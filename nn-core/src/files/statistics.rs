//! A few arrays under fixed names, which belong to no network.

use std::borrow::Cow;
use std::path::Path;

use super::arrays::{Array, Arrays, Kind};
#[cfg(feature = "npz")]
use super::npz;
use super::problem::{ArrayProblem, LoadProblem, Mismatch};
use super::{Format, Outcome, atomic, safetensors};
use crate::element::Element;
use crate::error::{Error, Result};

/// Writes arrays of one shape under these names.
pub(crate) fn save_arrays<T: Element>(
    path: &Path,
    shape: &[usize],
    arrays: &[(&str, &[T])],
) -> Result<()> {
    let format = Format::of(path).map_err(|problem| Error::Load {
        path: path.to_owned(),
        problem,
    })?;
    let arrays: Vec<Array<'_>> = arrays
        .iter()
        .map(|&(key, numbers)| Array {
            key: key.into(),
            shape: shape.to_vec(),
            numbers: T::to_write(Cow::Borrowed(numbers)),
        })
        .collect();
    atomic::write(path, |file| match format {
        Format::Safetensors => safetensors::write(file, &[], &arrays),
        #[cfg(feature = "npz")]
        Format::Npz => npz::write(file, &arrays),
    })
}

/// Reads the arrays of these names, which all have the same one of these shapes.
pub(crate) fn load_arrays<T: Element, const N: usize>(
    path: &Path,
    shapes: &[Vec<usize>],
    keys: [&str; N],
) -> Result<[Vec<T>; N]> {
    let problem = |problem| Error::Load {
        path: path.to_owned(),
        problem,
    };
    let format = Format::of(path).map_err(problem)?;
    let content = super::read(path)?;
    let read = || match format {
        Format::Safetensors => take(&safetensors::read(&content)?, shapes, keys),
        #[cfg(feature = "npz")]
        Format::Npz => take(&npz::read(&content)?, shapes, keys),
    };
    read().map_err(problem)
}

fn take<T: Element, const N: usize>(
    file: &dyn Arrays,
    shapes: &[Vec<usize>],
    keys: [&str; N],
) -> Outcome<[Vec<T>; N]> {
    let mut mismatch = Mismatch::default();
    for entry in file.entries() {
        if !keys.contains(&entry.key.as_str()) {
            mismatch.superfluous.push(entry.key.clone());
        }
    }
    let place = |key| file.entries().iter().position(|entry| entry.key == key);
    let missing = keys.iter().filter(|&&key| place(key).is_none());
    mismatch.missing = missing.map(|&key| key.to_owned()).collect();
    if !mismatch.is_empty() {
        return Err(LoadProblem::Arrays(Box::new(mismatch)));
    }
    let mut found: [Vec<T>; N] = std::array::from_fn(|_| Vec::new());
    for (key, numbers) in keys.into_iter().zip(&mut found) {
        let Some(index) = place(key) else { continue };
        let entry = &file.entries()[index];
        let wrong = |problem| LoadProblem::array(key, problem);
        // All arrays have the same shape: that of the first one, if it is among those that may be.
        let first = place(keys[0]).map(|first| &file.entries()[first].shape);
        if !shapes.contains(&entry.shape) || first != Some(&entry.shape) {
            return Err(wrong(ArrayProblem::OtherShape {
                expected: shapes.to_vec(),
                found: entry.shape.clone(),
            }));
        }
        *numbers = match entry.kind {
            Kind::F32 => {
                let bytes = file.numbers(index)?;
                bytes
                    .as_chunks()
                    .0
                    .iter()
                    .map(|&bytes| T::from_f32(bytes))
                    .collect()
            }
            Kind::F64 => {
                let bytes = file.numbers(index)?;
                bytes
                    .as_chunks()
                    .0
                    .iter()
                    .map(|&bytes| T::from_f64(bytes))
                    .collect()
            }
            Kind::Other(_) => {
                return Err(wrong(ArrayProblem::Numbers {
                    found: entry.kind.to_string(),
                    expected: "f32 or f64",
                }));
            }
        };
    }
    Ok(found)
}
