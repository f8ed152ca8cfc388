//! Arrays as files hold them.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};

use super::Outcome;

/// The type of the numbers of an array in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Single precision.
    F32,
    /// Double precision.
    F64,
    /// One that no parameter has, by the name that the format gives it.
    Other(String),
}

impl Kind {
    /// The bytes of a number, where they are known.
    pub(super) fn bytes(&self) -> Option<usize> {
        match self {
            Self::F32 => Some(4),
            Self::F64 => Some(8),
            Self::Other(_) => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Other(name) => name,
        })
    }
}

/// An array of a file, before its numbers are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub(super) key: String,
    pub(super) shape: Vec<usize>,
    pub(super) kind: Kind,
    /// Whether the first index runs fastest.
    pub(super) columns_first: bool,
}

/// A file of which the header has been read and checked.
pub trait Arrays {
    /// Everything that is in it.
    fn entries(&self) -> &[Entry];

    /// The numbers of an entry, little-endian, as many as its shape says.
    fn numbers(&self, index: usize) -> Outcome<Cow<'_, [u8]>>;
}

/// An array to be written, in row-major order.
pub struct Array<'a> {
    pub(super) key: Cow<'a, str>,
    pub(super) shape: Vec<usize>,
    pub(super) numbers: Numbers<'a>,
}

/// The numbers of an array to be written.
#[derive(Clone, Debug)]
pub enum Numbers<'a> {
    /// Single precision.
    F32(Cow<'a, [f32]>),
    /// Double precision.
    F64(Cow<'a, [f64]>),
}

impl Numbers<'_> {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::F32(_) => Kind::F32,
            Self::F64(_) => Kind::F64,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::F32(numbers) => size_of_val::<[f32]>(numbers),
            Self::F64(numbers) => size_of_val::<[f64]>(numbers),
        }
    }

    /// The bytes of all numbers, little-endian, some thousands at a time.
    pub(super) fn each_block(
        &self,
        mut use_block: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        const BLOCK: usize = 1 << 13;
        let mut block = Vec::with_capacity(BLOCK * size_of::<f64>());
        match self {
            Self::F32(numbers) => numbers.chunks(BLOCK).try_for_each(|numbers| {
                block.clear();
                block.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
                use_block(&block)
            }),
            Self::F64(numbers) => numbers.chunks(BLOCK).try_for_each(|numbers| {
                block.clear();
                block.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
                use_block(&block)
            }),
        }
    }

    pub(super) fn write(&self, file: &mut (impl Write + ?Sized)) -> io::Result<()> {
        self.each_block(|block| file.write_all(block))
    }
}

/// A number that files hold. Its bits are kept, those of a NaN too.
pub trait FileNumber: Sized + Clone {
    /// Numbers of this type, to be written.
    fn to_write(numbers: Cow<'_, [Self]>) -> Numbers<'_>;

    /// A number from the bytes of an `f32`.
    fn from_f32(bytes: [u8; 4]) -> Self;

    /// A number from the bytes of an `f64`; rounded, where it has no such digits.
    fn from_f64(bytes: [u8; 8]) -> Self;

    /// Whether numbers of this type can be any `f64`.
    const HOLDS_F64: bool;
}

impl FileNumber for f32 {
    fn to_write(numbers: Cow<'_, [Self]>) -> Numbers<'_> {
        Numbers::F32(numbers)
    }

    fn from_f32(bytes: [u8; 4]) -> Self {
        Self::from_le_bytes(bytes)
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "rounding to the nearest f32 is what was asked for"
    )]
    fn from_f64(bytes: [u8; 8]) -> Self {
        f64::from_le_bytes(bytes) as Self
    }

    const HOLDS_F64: bool = false;
}

impl FileNumber for f64 {
    fn to_write(numbers: Cow<'_, [Self]>) -> Numbers<'_> {
        Numbers::F64(numbers)
    }

    fn from_f32(bytes: [u8; 4]) -> Self {
        f32::from_le_bytes(bytes).into()
    }

    fn from_f64(bytes: [u8; 8]) -> Self {
        Self::from_le_bytes(bytes)
    }

    const HOLDS_F64: bool = true;
}
