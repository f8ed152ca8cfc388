//! Which array of a file belongs to which parameter.

use std::borrow::Cow;
use std::collections::HashMap;

use ndarray::{ArrayView1, ArrayViewD, IxDyn, ShapeBuilder as _};

use super::arrays::{Array, Arrays, Entry, FileNumber, Kind};
use super::problem::{LoadProblem, Mismatch, OtherNumbers, OtherShape};
use super::{KeyMap, Outcome};
use crate::element::Element;
use crate::params::{Parameters, Tensor};

/// A parameter, and the array that belongs to it.
struct Place<'k> {
    /// The number of the parameter.
    index: usize,
    /// The key in the file.
    theirs: &'k str,
    /// The shape here.
    shape: Vec<usize>,
    transposed: bool,
}

/// The parameters that lie in this network, each once, as `keys` has them.
fn places<'k, T: Element>(
    params: &'k dyn Parameters<T>,
    keys: &'k KeyMap,
) -> Outcome<Vec<Place<'k>>> {
    let own: Vec<(usize, Tensor<'_, T>)> = (0..)
        .map_while(|index| Some((index, params.named(index)?)))
        .filter(|(_, tensor)| !tensor.is_shared())
        .collect();
    let mut pairs = HashMap::new();
    for pair in &keys.pairs {
        let found = params.index_of(&pair.ours);
        let found = found.filter(|found| own.iter().any(|(index, _)| found == index));
        let Some(index) = found else {
            return Err(LoadProblem::UnknownKey {
                key: pair.ours.clone(),
                known: own
                    .iter()
                    .map(|(_, tensor)| tensor.key().to_owned())
                    .collect(),
            });
        };
        pairs.insert(index, pair);
    }
    let wanted = own
        .into_iter()
        .filter(|(_, tensor)| !keys.keeps(tensor.key()));
    let place = |(index, tensor): (usize, Tensor<'k, T>)| {
        let pair = pairs.get(&index);
        Place {
            index,
            theirs: pair.map_or(tensor.key(), |pair| &pair.theirs),
            shape: tensor.shape().sizes().to_vec(),
            transposed: pair.is_some_and(|pair| pair.transposed),
        }
    };
    Ok(wanted.map(place).collect())
}

/// Numbers that have been found for a parameter, and not been written yet.
pub struct Found<'f> {
    /// The number of the parameter.
    index: usize,
    entry: &'f Entry,
    transposed: bool,
    numbers: Cow<'f, [u8]>,
}

/// Reads the numbers of all parameters, or names everything that does not fit.
pub(super) fn find<'f, T: Element>(
    params: &dyn Parameters<T>,
    file: &'f dyn Arrays,
    keys: &KeyMap,
) -> Outcome<Vec<Found<'f>>> {
    let entries = file.entries();
    let places = places(params, keys)?;
    let pairs = fitting(&places, entries, keys, T::HOLDS_F64)?;
    let found = pairs.into_iter().map(|(place, entry)| {
        Ok(Found {
            index: place.index,
            entry: &entries[entry],
            transposed: place.transposed,
            numbers: file.numbers(entry)?,
        })
    });
    found.collect()
}

/// Writes what was found for these parameters into them.
pub(super) fn fill_all<T: Element>(params: &mut dyn Parameters<T>, found: &[Found<'_>]) {
    for Found {
        index,
        entry,
        transposed,
        numbers,
    } in found
    {
        // Every number comes from a parameter.
        if let Some(ours) = params.named_mut(*index) {
            fill(ours, entry, *transposed, numbers);
        }
    }
}

/// The numbers of an entry that holds f32 or f64 ones.
pub(super) fn numbers<T: Element>(file: &dyn Arrays, index: usize) -> Outcome<Vec<T>> {
    let entry = &file.entries()[index];
    let bytes = file.numbers(index)?;
    let size = entry.kind.bytes().unwrap_or(1);
    let mut numbers = vec![T::zero(); bytes.len() / size];
    fill(&mut numbers, entry, false, &bytes);
    Ok(numbers)
}

/// The number of the entry of each place; everything that does not fit, if anything does not.
fn fitting<'p, 'k>(
    places: &'p [Place<'k>],
    entries: &[Entry],
    keys: &KeyMap,
    holds_f64: bool,
) -> Outcome<Vec<(&'p Place<'k>, usize)>> {
    let by_key: HashMap<&str, usize> = entries
        .iter()
        .enumerate()
        .map(|(index, entry)| (entry.key.as_str(), index))
        .collect();
    let (mut mismatch, mut pairs) = (Mismatch::default(), Vec::new());
    let mut used = vec![false; entries.len()];
    for place in places {
        let Some(&index) = by_key.get(place.theirs) else {
            mismatch.missing.push(place.theirs.to_owned());
            continue;
        };
        used[index] = true;
        let entry = &entries[index];
        let turned = entry.shape.iter().rev().eq(&place.shape);
        let fits = if place.transposed {
            turned
        } else {
            entry.shape == place.shape
        };
        if !fits {
            mismatch.shapes.push(OtherShape {
                key: place.theirs.to_owned(),
                expected: if place.transposed {
                    place.shape.iter().rev().copied().collect()
                } else {
                    place.shape.clone()
                },
                found: entry.shape.clone(),
            });
        }
        let expected = match entry.kind {
            Kind::F32 => None,
            Kind::F64 if holds_f64 || keys.round => None,
            Kind::F64 => Some("f32; `KeyMap::round` rounds them"),
            Kind::Other(_) if holds_f64 => Some("f64 or f32"),
            Kind::Other(_) => Some("f32"),
        };
        if let Some(expected) = expected {
            mismatch.numbers.push(OtherNumbers {
                key: place.theirs.to_owned(),
                found: entry.kind.to_string(),
                expected,
            });
        }
        pairs.push((place, index));
    }
    let superfluous = entries.iter().zip(used);
    let superfluous = superfluous.filter(|(entry, used)| !used && !keys.ignores(&entry.key));
    mismatch.superfluous = superfluous.map(|(entry, _)| entry.key.clone()).collect();
    if mismatch.is_empty() {
        Ok(pairs)
    } else {
        Err(LoadProblem::Mismatch(Box::new(mismatch)))
    }
}

/// Numbers of a file into a parameter, row-major.
fn fill<T: FileNumber>(ours: &mut [T], entry: &Entry, transposed: bool, bytes: &[u8]) {
    match entry.kind {
        Kind::F64 => fill_from(ours, entry, transposed, bytes.as_chunks().0, T::from_f64),
        _ => fill_from(ours, entry, transposed, bytes.as_chunks().0, T::from_f32),
    }
}

fn fill_from<T, const N: usize>(
    ours: &mut [T],
    entry: &Entry,
    transposed: bool,
    theirs: &[[u8; N]],
    number: fn([u8; N]) -> T,
) {
    let shape = IxDyn(&entry.shape).set_f(entry.columns_first);
    // An array has been seen to have as many numbers as its shape says.
    let view = ArrayViewD::from_shape(shape, theirs)
        .unwrap_or_else(|_| ArrayView1::from(theirs).into_dyn());
    let view = if transposed {
        view.reversed_axes()
    } else {
        view
    };
    for (ours, &theirs) in ours.iter_mut().zip(view) {
        *ours = number(theirs);
    }
}

/// What is written of a network.
pub(super) fn to_write<'k, T: Element>(
    params: &'k dyn Parameters<T>,
    keys: &'k KeyMap,
) -> Outcome<Vec<Array<'k>>> {
    let mut arrays: Vec<Array<'_>> = Vec::new();
    for place in places(params, keys)? {
        if arrays.iter().any(|array| array.key == place.theirs) {
            return Err(LoadProblem::Twice {
                key: place.theirs.to_owned(),
            });
        }
        let Some(tensor) = params.named(place.index) else {
            continue;
        };
        let (shape, numbers) = if place.transposed {
            let view = tensor.view().reversed_axes();
            (
                view.shape().to_vec(),
                Cow::Owned(view.iter().copied().collect()),
            )
        } else {
            (place.shape, Cow::Borrowed(tensor.numbers()))
        };
        arrays.push(Array {
            key: place.theirs.into(),
            shape,
            numbers: T::to_write(numbers),
        });
    }
    Ok(arrays)
}
