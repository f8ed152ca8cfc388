//! Files of the format safetensors: eight bytes, the length of the header as a little-endian `u64`; the header, JSON; the numbers
//! of all arrays, little-endian, row-major, without gaps.
//!
//! # Source
//! <https://github.com/huggingface/safetensors>, section "Format".

use std::borrow::Cow;
use std::io::{self, Write};

use super::Outcome;
use super::arrays::{Array, Arrays, Entry, Kind};
use super::json::{Header, METADATA};
use super::problem::{ArrayProblem, LoadProblem};

/// The bytes before the header.
const LENGTH: usize = size_of::<u64>();

/// So long a header may be, as the format has it.
const LONGEST_HEADER: u64 = 100_000_000;

/// Numbers begin at a multiple of this many bytes, so that they can be mapped into memory.
const ALIGNMENT: usize = 8;

/// A file whose header has been read and checked.
pub(super) struct File<'f> {
    entries: Vec<Entry>,
    /// The numbers of each entry.
    numbers: Vec<&'f [u8]>,
    /// The texts of the header.
    metadata: Vec<(String, String)>,
}

impl File<'_> {
    /// What the header says beside arrays.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        let found = self.metadata.iter().find(|(known, _)| known == key);
        found.map(|(_, text)| text.as_str())
    }
}

impl Arrays for File<'_> {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn numbers(&self, index: usize) -> Outcome<Cow<'_, [u8]>> {
        Ok(Cow::Borrowed(self.numbers[index]))
    }
}

/// Reads and checks the header.
pub(super) fn read(content: &[u8]) -> Outcome<File<'_>> {
    let found = content.len() as u64;
    let truncated = |expected| LoadProblem::Truncated { expected, found };
    let (length, rest) = content
        .split_first_chunk()
        .ok_or_else(|| truncated(LENGTH as u64))?;
    let length = u64::from_le_bytes(*length);
    if length > LONGEST_HEADER {
        return Err(LoadProblem::HeaderLength { declared: length });
    }
    let (header, data) = usize::try_from(length)
        .ok()
        .and_then(|length| rest.split_at_checked(length))
        .ok_or_else(|| truncated(LENGTH as u64 + length))?;
    let Header { arrays, metadata } =
        serde_json::from_slice(header).map_err(|error| LoadProblem::Header {
            reason: error.to_string(),
        })?;

    let (mut entries, mut numbers, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for (key, declared) in arrays {
        let [begin, end] = declared.data_offsets;
        let wrong = |problem| LoadProblem::array(&key, problem);
        let bytes = usize::try_from(begin)
            .ok()
            .zip(usize::try_from(end).ok())
            .and_then(|(begin, end)| data.get(begin..end))
            .ok_or_else(|| {
                wrong(ArrayProblem::Place {
                    begin,
                    end,
                    data: data.len() as u64,
                })
            })?;
        let kind = match declared.dtype.as_str() {
            "F32" => Kind::F32,
            "F64" => Kind::F64,
            _ => Kind::Other(declared.dtype),
        };
        if let Some(size) = kind.bytes() {
            check_size(&declared.shape, size, bytes.len()).map_err(wrong)?;
        }
        places.push((begin, end, entries.len()));
        entries.push(Entry {
            key,
            shape: declared.shape,
            kind,
            columns_first: false,
        });
        numbers.push(bytes);
    }
    check_gaps(places, data.len() as u64, &entries)?;
    Ok(File {
        entries,
        numbers,
        metadata,
    })
}

/// Whether a shape of numbers of `size` bytes takes `found` bytes.
pub(super) fn check_size(shape: &[usize], size: usize, found: usize) -> Result<(), ArrayProblem> {
    let expected = shape
        .iter()
        .try_fold(size, |product, &size| product.checked_mul(size))
        .ok_or_else(|| ArrayProblem::Overflow {
            shape: shape.to_vec(),
        })?;
    if expected == found {
        return Ok(());
    }
    Err(ArrayProblem::Bytes {
        shape: shape.to_vec(),
        expected: expected as u64,
        found: found as u64,
    })
}

/// All bytes belong to one array each.
fn check_gaps(mut places: Vec<(u64, u64, usize)>, data: u64, entries: &[Entry]) -> Outcome<()> {
    places.sort_unstable();
    let mut reached = 0;
    for (begin, end, index) in places {
        let key = &entries[index].key;
        if begin < reached {
            return Err(LoadProblem::array(
                key,
                ArrayProblem::Overlap { begin, reached },
            ));
        }
        if begin > reached {
            return Err(LoadProblem::array(
                key,
                ArrayProblem::Gap { begin, reached },
            ));
        }
        reached = end;
    }
    if reached < data {
        return Err(LoadProblem::TooLong {
            surplus: data - reached,
        });
    }
    Ok(())
}

/// Writes arrays, and texts about them.
pub(super) fn write(
    file: &mut impl Write,
    metadata: &[(&str, String)],
    arrays: &[Array<'_>],
) -> io::Result<()> {
    let header = header(metadata, arrays)?;
    file.write_all(&(header.len() as u64).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    arrays
        .iter()
        .try_for_each(|array| array.numbers.write(file))
}

/// How a file begins, behind the length, whose checksum stands in it: eight hexadecimal digits follow.
const SEAL: &str = r#"{"__metadata__":{"crc32":""#;

/// Where the digits are.
const DIGITS: std::ops::Range<usize> = LENGTH + SEAL.len()..LENGTH + SEAL.len() + 8;

/// What stands there while the checksum is computed.
const NO_DIGITS: &str = "00000000";

/// [`write`] with a checksum over the whole file.
pub(super) fn write_sealed(
    file: &mut impl Write,
    metadata: &[(&str, String)],
    arrays: &[Array<'_>],
) -> io::Result<()> {
    let seal = [("crc32", NO_DIGITS.to_owned())];
    let header = header(&[&seal, metadata].concat(), arrays)?;
    let mut start = (header.len() as u64).to_le_bytes().to_vec();
    start.extend_from_slice(header.as_bytes());

    let mut crc = crc32fast::Hasher::new();
    crc.update(&start);
    for array in arrays {
        array.numbers.each_block(|block| {
            crc.update(block);
            Ok(())
        })?;
    }
    start[DIGITS].copy_from_slice(format!("{:08x}", crc.finalize()).as_bytes());
    file.write_all(&start)?;
    arrays
        .iter()
        .try_for_each(|array| array.numbers.write(file))
}

/// [`read`] of a file with a checksum, which is compared.
pub(super) fn read_sealed(content: &[u8]) -> Outcome<File<'_>> {
    let digits = content
        .get(DIGITS)
        .filter(|_| content[LENGTH..].starts_with(SEAL.as_bytes()));
    let Some(digits) = digits else {
        // What else is wrong with it says more.
        read(content)?;
        return Err(LoadProblem::NoCheckpoint);
    };
    let mut crc = crc32fast::Hasher::new();
    crc.update(&content[..DIGITS.start]);
    crc.update(NO_DIGITS.as_bytes());
    crc.update(&content[DIGITS.end..]);
    let found = format!("{:08x}", crc.finalize());
    if found.as_bytes() == digits {
        return read(content);
    }
    Err(LoadProblem::Checksum {
        expected: String::from_utf8_lossy(digits).into_owned(),
        found,
    })
}

fn header(metadata: &[(&str, String)], arrays: &[Array<'_>]) -> io::Result<String> {
    let quoted = |text: &str| serde_json::to_string(text);
    let mut texts = Vec::new();
    for (key, text) in metadata {
        texts.push(format!("{}:{}", quoted(key)?, quoted(text)?));
    }
    let mut parts = vec![format!("\"{METADATA}\":{{{}}}", texts.join(","))];
    let mut begin = 0;
    for Array {
        key,
        shape,
        numbers,
    } in arrays
    {
        let end = begin + numbers.bytes();
        let dtype = match numbers.kind() {
            Kind::F32 => "F32",
            _ => "F64",
        };
        let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
        parts.push(format!(
            r#"{}:{{"dtype":"{dtype}","shape":[{}],"data_offsets":[{begin},{end}]}}"#,
            quoted(key)?,
            sizes.join(",")
        ));
        begin = end;
    }
    let mut header = format!("{{{}}}", parts.join(","));
    let padded = (LENGTH + header.len()).next_multiple_of(ALIGNMENT) - LENGTH;
    header.extend(std::iter::repeat_n(' ', padded - header.len()));
    Ok(header)
}
