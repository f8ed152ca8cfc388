//! What can be wrong with a file of arrays.

use std::fmt;

/// What is wrong with a file of arrays, and what was expected; [`crate::Error::Load`] adds the file's path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadProblem {
    /// A name that does not say what kind of file it is.
    #[error("the name ends in `.{found}`: expected one that ends in `.safetensors` or `.npz`")]
    Extension {
        /// What stands behind the last dot.
        found: String,
    },

    /// A format that is left out.
    #[error("this kind of file takes the feature `{feature}` of `nn-core`")]
    Feature {
        /// The feature that reads and writes it.
        feature: &'static str,
    },

    /// A folder, a pipe or a device.
    #[error("is no regular file")]
    NotAFile,

    /// The file ends before its header does.
    #[error("ends early: expected at least {expected} bytes, found {found}")]
    Truncated {
        /// How many bytes there are at least.
        expected: u64,
        /// How many bytes there are.
        found: u64,
    },

    /// There are data that belong to no array.
    #[error("goes on for {surplus} bytes behind the last array that its header declares")]
    TooLong {
        /// How many bytes there are too many.
        surplus: u64,
    },

    /// A header of safetensors that is longer than the format allows, as in a file of another kind.
    #[error(
        "declares a header of {declared} bytes: safetensors allows 100000000; is it a file of another kind?"
    )]
    HeaderLength {
        /// How long the file says that it is.
        declared: u64,
    },

    /// A header of safetensors that is not as the format has it.
    #[error("the header is not that of a safetensors file: {reason} of the header")]
    Header {
        /// What was found, and where.
        reason: String,
    },

    /// A `.npz` file that is no readable zip archive.
    #[error("the zip archive is damaged: {reason}")]
    Zip {
        /// What was found.
        reason: String,
    },

    /// Two arrays have the same key.
    #[error("`{key}` is there twice")]
    Twice {
        /// The key.
        key: String,
    },

    /// Something is wrong with the only array of a `.npy` file.
    #[error("the array {0}")]
    Npy(ArrayProblem),

    /// An array that was asked for by its key is not there.
    #[error("holds no array `{key}`: there are {}", list(known))]
    NoSuchArray {
        /// The key that was asked for.
        key: String,
        /// The keys that are there.
        known: Vec<String>,
    },

    /// Something is wrong with one array.
    #[error("`{key}` {problem}")]
    Array {
        /// The key of the array.
        key: String,
        /// What is wrong with it.
        problem: ArrayProblem,
    },

    /// A checkpoint whose content is not that of its checksum.
    #[error("is damaged: the checksum of its content is {found}, expected {expected}")]
    Checksum {
        /// The CRC-32 that the file says, in hexadecimal digits.
        expected: String,
        /// That of its content.
        found: String,
    },

    /// A file of parameters where a checkpoint is needed.
    #[error(
        "is no checkpoint, so there is nothing to go on from; `Network::load` reads parameters"
    )]
    NoCheckpoint,

    /// A checkpoint that lacks something, or holds what cannot be.
    #[error("is a checkpoint that cannot be read: `{part}` should be {expected}")]
    Checkpoint {
        /// What is wrong.
        part: String,
        /// What was expected.
        expected: String,
    },

    /// A checkpoint of another declaration.
    #[error("is a checkpoint of another network: {there} there, {here} here")]
    Declaration {
        /// The first layer that differs, in the file.
        there: String,
        /// The same layer, here.
        here: String,
    },

    /// A [`KeyMap`](crate::KeyMap) names a parameter that the network does not have of its own.
    #[error(
        "the key map names `{key}`, which the network does not have: its parameters are {}",
        list(known)
    )]
    UnknownKey {
        /// The key.
        key: String,
        /// The keys that it has.
        known: Vec<String>,
    },

    /// The arrays are not those of such a file.
    #[error("holds other arrays{0}")]
    Arrays(Box<Mismatch>),

    /// The arrays are not the network's parameters.
    #[error("does not fit the network{0}")]
    Mismatch(Box<Mismatch>),
}

impl LoadProblem {
    pub(super) fn array(key: &str, problem: ArrayProblem) -> Self {
        let key = key.to_owned();
        Self::Array { key, problem }
    }
}

/// What is wrong with an array of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArrayProblem {
    /// The sizes make up more bytes than can be counted.
    #[error("has the shape {shape:?}: more bytes than a computer can hold")]
    Overflow {
        /// The declared sizes.
        shape: Vec<usize>,
    },

    /// There are not as many bytes as the sizes say.
    #[error("has the shape {shape:?}, which takes {expected} bytes, but {found} bytes of data")]
    Bytes {
        /// The declared sizes.
        shape: Vec<usize>,
        /// How many bytes they make up.
        expected: u64,
        /// How many there are.
        found: u64,
    },

    /// A range that is not part of the data.
    #[error("has the bytes {begin} to {end} of {data}")]
    Place {
        /// The first byte, counted from the end of the header.
        begin: u64,
        /// The byte behind the last one.
        end: u64,
        /// How many bytes there are.
        data: u64,
    },

    /// Bytes that are another array's.
    #[error("begins at byte {begin} of the data, where another array reaches to byte {reached}")]
    Overlap {
        /// The first byte.
        begin: u64,
        /// The byte behind the last one of the other array.
        reached: u64,
    },

    /// Bytes before the array that are nobody's.
    #[error("begins at byte {begin} of the data, but the bytes from {reached} on belong to nobody")]
    Gap {
        /// The first byte.
        begin: u64,
        /// The first that belongs to nobody.
        reached: u64,
    },

    /// Data of another shape than one sample after the other.
    #[error("has the shape {found:?}, expected {}", items(expected))]
    Shape {
        /// The sizes of one sample or target: what must follow their number.
        expected: Vec<usize>,
        /// The shape that was found.
        found: Vec<usize>,
    },

    /// An array of none of the shapes that it may have.
    #[error("has the shape {found:?}, expected {}", either(expected))]
    OtherShape {
        /// The shapes that it may have; where there are several arrays, all have the same one.
        expected: Vec<Vec<usize>>,
        /// The shape that was found.
        found: Vec<usize>,
    },

    /// Data of another type than can be read as what is wanted.
    #[error("holds numbers of type {found}, expected {expected}")]
    Numbers {
        /// The type, as NumPy writes it.
        found: String,
        /// The types that can be read, without the sign for the order of bytes.
        expected: &'static str,
    },

    /// A number that is none of those that are wanted.
    #[error("has {found} as number {place} of row {item}, expected {expected}")]
    Value {
        /// The sample or target, from 0: the first index.
        item: usize,
        /// The place in it, from 0, in row-major order.
        place: usize,
        /// The number.
        found: String,
        /// What it can be.
        expected: &'static str,
    },

    /// Part of an archive, but no array.
    #[error("is no array: expected a name that ends in `.npy`, and the content of such a file")]
    NoArray,

    /// A header that is not as the format has it.
    #[error("has a header that is not NumPy's: {reason} at byte {place}")]
    NpyHeader {
        /// What was expected.
        reason: &'static str,
        /// Where, from the beginning of the `.npy` file.
        place: usize,
    },

    /// Compressed by another method than NumPy's.
    #[error("is compressed by {method}: expected deflate, or none")]
    Method {
        /// The method's name or number.
        method: String,
    },

    /// What is compressed is damaged, breaks off, or has another checksum.
    #[error("is damaged: {reason}")]
    Damaged {
        /// What the decompressor found.
        reason: String,
    },
}

/// Everything in a file that is not as the network needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatch {
    /// The keys that the file lacks.
    pub missing: Vec<String>,
    /// The keys that the network has no parameter for.
    pub superfluous: Vec<String>,
    /// The arrays of another shape.
    pub shapes: Vec<OtherShape>,
    /// The arrays of other numbers.
    pub numbers: Vec<OtherNumbers>,
}

/// An array of another shape than the parameter's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherShape {
    /// The key in the file.
    pub key: String,
    /// The shape that it must have there.
    pub expected: Vec<usize>,
    /// The shape that it has.
    pub found: Vec<usize>,
}

/// An array of other numbers than the network computes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherNumbers {
    /// The key in the file.
    pub key: String,
    /// What the numbers are.
    pub found: String,
    /// What they should be, and what helps.
    pub expected: &'static str,
}

impl Mismatch {
    pub(super) fn is_empty(&self) -> bool {
        self.missing.is_empty()
            && self.superfluous.is_empty()
            && self.shapes.is_empty()
            && self.numbers.is_empty()
    }
}

/// A line for each key.
impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for key in &self.missing {
            write!(f, "\n  `{key}` is missing in the file")?;
        }
        for OtherShape {
            key,
            expected,
            found,
        } in &self.shapes
        {
            write!(
                f,
                "\n  `{key}` is {found:?} in the file, expected {expected:?}"
            )?;
            if found != expected && found.iter().rev().eq(expected) {
                f.write_str(": the transpose, see `KeyMap::transposed`")?;
            }
        }
        for OtherNumbers {
            key,
            found,
            expected,
        } in &self.numbers
        {
            write!(f, "\n  `{key}` holds {found} numbers, expected {expected}")?;
        }
        for key in &self.superfluous {
            write!(f, "\n  `{key}` is in the file alone")?;
        }
        Ok(())
    }
}

fn either(shapes: &[Vec<usize>]) -> String {
    let shapes: Vec<String> = shapes.iter().map(|shape| format!("{shape:?}")).collect();
    shapes.join(" or ")
}

fn items(sizes: &[usize]) -> String {
    let sizes = sizes.iter().map(usize::to_string);
    let sizes: Vec<String> = std::iter::once("N".to_owned()).chain(sizes).collect();
    format!("[{}]", sizes.join(", "))
}

fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
