//! IDX files of unsigned bytes, the format of MNIST, plain or compressed with gzip.
//!
//! Four bytes, 00 00 08 and the number of dimensions; each size as a big-endian `u32`; then the bytes of the array in
//! row-major order.
//!
//! # Source
//! <http://yann.lecun.com/exdb/mnist>, section "The IDX file format".
//! Gzip: RFC 1952; its compression: RFC 1951.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::data::FileProblem;
use crate::error::{Error, Result};

/// An array of unsigned bytes with D dimensions, as an IDX file holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct Idx<const D: usize> {
    sizes: [usize; D],
    /// Header and data, as in the uncompressed file.
    content: Vec<u8>,
}

impl<const D: usize> Idx<D> {
    const HEADER: usize = 4 + 4 * D;

    /// The sizes, outermost first: for images their number, rows, columns. None is zero.
    #[must_use]
    pub fn sizes(&self) -> [usize; D] {
        self.sizes
    }

    /// The bytes of the array, in row-major order.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.content[Self::HEADER..]
    }

    /// The whole content of the file, uncompressed: header and data.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.content
    }
}

/// The sizes alone: the data may be millions of bytes.
impl<const D: usize> fmt::Debug for Idx<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idx")
            .field("sizes", &self.sizes)
            .finish_non_exhaustive()
    }
}

/// Reads an IDX file with D dimensions. Whether it is compressed is seen from its first bytes, not from its name.
///
/// Memory is taken for what the file holds, not for what its header claims.
///
/// # Examples
/// ```
/// use nn_core::data::idx;
///
/// let labels = idx::read::<1>("../examples/data/mnist/t10k-labels-idx1-ubyte.gz")?;
/// assert_eq!(labels.sizes(), [10_000]);
/// assert_eq!(labels.data()[..5], [7, 2, 1, 0, 4]);
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::Io`] if the file cannot be read, [`Error::File`] if its content is not as the format and D have it.
pub fn read<const D: usize>(path: impl AsRef<Path>) -> Result<Idx<D>> {
    let path = path.as_ref();
    let open = || -> Outcome<Idx<D>> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        parse(BufReader::new(file), length)
    };
    open().map_err(|failure| match failure {
        Failure::Problem(problem) => Error::File {
            path: path.to_owned(),
            problem,
        },
        Failure::Io(source) => Error::Io {
            path: path.to_owned(),
            source,
        },
    })
}

/// Why a file could not be read; its path is added where it is known.
#[derive(Debug)]
enum Failure {
    Problem(FileProblem),
    Io(io::Error),
}

type Outcome<T> = std::result::Result<T, Failure>;

impl From<FileProblem> for Failure {
    fn from(problem: FileProblem) -> Self {
        Self::Problem(problem)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads a file of `length` bytes.
fn parse<const D: usize>(mut file: impl BufRead, length: u64) -> Outcome<Idx<D>> {
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    // A match of 258 bytes, deflate's longest, takes two bits at least.
    const MOST_EXPANSION: u64 = 258 * 8 / 2;

    if file.fill_buf()?.starts_with(&GZIP) {
        let at_most = length.saturating_mul(MOST_EXPANSION);
        let content = parse_content(MultiGzDecoder::new(file), |declared| {
            if declared > at_most {
                return Err(FileProblem::Implausible { declared, at_most });
            }
            Ok(())
        });
        content.map_err(name_gzip_problem)
    } else {
        parse_content(file, |declared| {
            if declared > length {
                return Err(FileProblem::Truncated {
                    expected: declared,
                    found: length,
                });
            }
            Ok(())
        })
    }
}

/// What the decompressor finds wrong comes as an I/O error too, but without a code of the operating system.
fn name_gzip_problem(failure: Failure) -> Failure {
    let Failure::Io(error) = failure else {
        return failure;
    };
    match error.kind() {
        _ if error.raw_os_error().is_some() => error.into(),
        io::ErrorKind::UnexpectedEof => FileProblem::GzipTruncated.into(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => FileProblem::GzipCorrupt {
            reason: error.to_string(),
        }
        .into(),
        _ => error.into(),
    }
}

/// Reads header and data; `check_total` judges, before memory is taken, how many bytes the header declares.
fn parse_content<const D: usize>(
    mut reader: impl Read,
    check_total: impl FnOnce(u64) -> std::result::Result<(), FileProblem>,
) -> Outcome<Idx<D>> {
    let mut content = Vec::new();
    reader.by_ref().take(4).read_to_end(&mut content)?;
    check_magic::<D>(&content)?;
    read_up_to(&mut reader, Idx::<D>::HEADER, &mut content)?;

    let sizes = sizes::<D>(&content);
    let expected = total(&sizes)?;
    check_total(expected)?;
    let total = usize::try_from(expected).map_err(|_| FileProblem::Overflow {
        sizes: sizes.to_vec(),
    })?;
    read_up_to(&mut reader, total, &mut content)?;
    // Reading on to the end is also what makes the decompressor compare checksums.
    if io::copy(&mut reader.take(1), &mut io::sink())? > 0 {
        return Err(FileProblem::TooLong { expected }.into());
    }
    Ok(Idx { sizes, content })
}

fn check_magic<const D: usize>(start: &[u8]) -> std::result::Result<(), FileProblem> {
    match *start {
        [0, 0, 8, dimensions] if usize::from(dimensions) == D => Ok(()),
        [0, 0, 8, dimensions] => Err(FileProblem::Dimensions {
            expected: D,
            found: dimensions.into(),
        }),
        [first, second, kind, _] => Err(FileProblem::Magic {
            found: [first, second, kind],
        }),
        _ => Err(FileProblem::Truncated {
            expected: Idx::<D>::HEADER as u64,
            found: start.len() as u64,
        }),
    }
}

fn sizes<const D: usize>(header: &[u8]) -> [usize; D] {
    let (sizes, _) = header[4..].as_chunks::<4>();
    std::array::from_fn(|axis| u32::from_be_bytes(sizes[axis]) as usize)
}

/// How many bytes header and data make up.
fn total<const D: usize>(sizes: &[usize; D]) -> std::result::Result<u64, FileProblem> {
    if sizes.contains(&0) {
        return Err(FileProblem::NoData {
            sizes: sizes.to_vec(),
        });
    }
    let product = sizes
        .iter()
        .try_fold(1_u64, |product, &size| product.checked_mul(size as u64));
    product
        .and_then(|data| data.checked_add(Idx::<D>::HEADER as u64))
        .ok_or_else(|| FileProblem::Overflow {
            sizes: sizes.to_vec(),
        })
}

/// Reads on until `content` holds `total` bytes. Memory at most doubles with what has really arrived.
fn read_up_to(reader: &mut impl Read, total: usize, content: &mut Vec<u8>) -> Outcome<()> {
    const FIRST: usize = 1 << 16;
    while content.len() < total {
        let step = content.len().max(FIRST).min(total - content.len());
        content
            .try_reserve_exact(step)
            .map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        if reader.by_ref().take(step as u64).read_to_end(content)? < step {
            return Err(FileProblem::Truncated {
                expected: total as u64,
                found: content.len() as u64,
            }
            .into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
