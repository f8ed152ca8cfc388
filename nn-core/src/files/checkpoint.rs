//! Checkpoints: safetensors files with a checksum, in which the parameters have their keys, and everything else keys with a `/`
//! that no parameter has.

use std::borrow::Cow;
use std::path::Path;

use super::arrays::{Array, Arrays as _, Entry, Kind};
pub(crate) use super::matching::Found;
use super::safetensors::{self, File};
use super::{KeyMap, LoadProblem, Outcome, atomic};
use crate::element::Element;
use crate::error::Result;
use crate::params::Parameters;

/// The version of what a checkpoint holds.
const VERSION: &str = "1";

/// What begins the keys that are no parameters'.
const NAMESPACES: [&str; 5] = [
    "optimizer/",
    "schedule/",
    "callbacks/",
    "trainer/",
    "history/",
];

/// The metadata key under which the version stands.
const MARK: &str = "checkpoint";

/// What is written into a checkpoint, bit by bit.
pub(crate) struct Writer<'a> {
    texts: Vec<(&'static str, String)>,
    arrays: Vec<Array<'a>>,
}

impl<'a> Writer<'a> {
    /// Begins with parameters.
    pub(crate) fn new<T: Element>(
        params: &'a dyn Parameters<T>,
        keys: &'a KeyMap,
    ) -> Outcome<Self> {
        let numbers = if T::HOLDS_F64 { "f64" } else { "f32" };
        Ok(Self {
            texts: vec![(MARK, VERSION.to_owned()), ("numbers", numbers.to_owned())],
            arrays: T::arrays_of(params, keys)?,
        })
    }

    pub(crate) fn text(&mut self, key: &'static str, text: String) {
        self.texts.push((key, text));
    }

    /// An array of as many axes as `shape` has sizes.
    pub(crate) fn array<T: Element>(
        &mut self,
        key: String,
        shape: &[usize],
        numbers: Cow<'a, [T]>,
    ) {
        self.arrays.push(Array {
            key: key.into(),
            shape: shape.to_vec(),
            numbers: T::to_write(numbers),
        });
    }

    /// Writes the file, whole or not at all.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        atomic::write(path, |file| {
            safetensors::write_sealed(file, &self.texts, &self.arrays)
        })
    }
}

/// A checkpoint whose checksum is right.
pub(crate) struct Reader<'f> {
    file: File<'f>,
}

impl<'f> Reader<'f> {
    /// Of the content of a file, for a network that computes with `T`.
    pub(crate) fn new<T: Element>(content: &'f [u8]) -> Outcome<Self> {
        let file = safetensors::read_sealed(content)?;
        let reader = Self { file };
        let numbers = if T::HOLDS_F64 { "f64" } else { "f32" };
        for (key, expected) in [(MARK, VERSION), ("numbers", numbers)] {
            if reader.text(key)? != expected {
                return Err(wrong(key, format!("`{expected}`")));
            }
        }
        Ok(reader)
    }

    pub(crate) fn text(&self, key: &str) -> Outcome<&str> {
        let text = self.file.text(key);
        text.ok_or_else(|| wrong(key, "in the header"))
    }

    /// A count that can be counted on from.
    pub(crate) fn count(&self, key: &str) -> Outcome<usize> {
        const MOST: usize = usize::MAX >> 1;
        let count = self.text(key)?.parse().ok();
        let count = count.filter(|count| *count <= MOST);
        count.ok_or_else(|| wrong(key, "a whole number from 0 on"))
    }

    /// The place of an array, and its shape.
    fn find(&self, key: &str) -> Outcome<(usize, &Entry)> {
        let mut entries = self.file.entries().iter().enumerate();
        let found = entries.find(|(_, entry)| entry.key == key);
        found.ok_or_else(|| wrong(key, "among the arrays"))
    }

    /// An array of numbers of the type `T` and with this many axes.
    pub(crate) fn array<T: Element>(&self, key: &str, axes: usize) -> Outcome<Vec<T>> {
        let (index, entry) = self.find(key)?;
        let kind = if T::HOLDS_F64 { Kind::F64 } else { Kind::F32 };
        if entry.kind != kind || entry.shape.len() != axes {
            return Err(wrong(key, format!("{kind} numbers along {axes} axes")));
        }
        T::numbers_of(&self.file, index)
    }

    /// The numbers of a row of so many `f64`.
    pub(crate) fn row<const N: usize>(&self, key: &str) -> Outcome<[f64; N]> {
        let row = self.array(key, 1)?.try_into();
        row.map_err(|_| wrong(key, format!("{N} numbers")))
    }

    /// The rows of a table of `N` columns.
    pub(crate) fn rows<const N: usize>(&self, key: &str) -> Outcome<Vec<[f64; N]>> {
        let numbers: Vec<f64> = self.array(key, 2)?;
        if self.find(key)?.1.shape[1] != N {
            return Err(wrong(key, format!("rows of {N} numbers")));
        }
        Ok(numbers.as_chunks().0.to_vec())
    }

    /// The arrays whose keys begin with `namespace`: what follows it, and how many axes they have.
    pub(crate) fn under(&self, namespace: &str) -> impl Iterator<Item = (&str, usize)> {
        let entries = self.file.entries().iter();
        entries.filter_map(move |entry| {
            let name = entry.key.strip_prefix(namespace)?;
            Some((name, entry.shape.len()))
        })
    }

    /// The numbers of all parameters.
    pub(crate) fn params<T: Element>(&self, params: &dyn Parameters<T>) -> Outcome<Vec<Found<'_>>> {
        T::find(params, &self.file, &with_namespaces(KeyMap::new()))
    }
}

/// Writes what [`Reader::params`] has found for these parameters into them.
pub(crate) fn fill<T: Element>(params: &mut dyn Parameters<T>, found: &[Found<'_>]) {
    T::fill_all(params, found);
}

/// The problem of a part that is not as it should be.
pub(crate) fn wrong(part: &str, expected: impl Into<String>) -> LoadProblem {
    LoadProblem::Checkpoint {
        part: part.to_owned(),
        expected: expected.into(),
    }
}

fn with_namespaces(keys: KeyMap) -> KeyMap {
    NAMESPACES
        .iter()
        .fold(keys, |keys, namespace| keys.ignore(format!("{namespace}*")))
}

/// The parameters of a file, which may be a checkpoint.
pub(super) fn load_params<T: Element>(
    params: &mut dyn Parameters<T>,
    file: &File<'_>,
    keys: &KeyMap,
) -> Outcome<()> {
    let is_checkpoint = file.text(MARK).is_some();
    let with_namespaces = is_checkpoint.then(|| with_namespaces(keys.clone()));
    let found = T::find(params, file, with_namespaces.as_ref().unwrap_or(keys))?;
    T::fill_all(params, &found);
    Ok(())
}
