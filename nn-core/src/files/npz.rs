//! `.npz` files: zip archives of `.npy` files, as NumPy's `savez` and `savez_compressed` write them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Read, Write};

use flate2::bufread::DeflateDecoder;
use rawzip::{
    CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder, ZipArchiveWriter, ZipSliceArchive,
};

use super::Outcome;
use super::arrays::{Array, Arrays, Entry, Kind};
use super::npy::{self, Npy};
use super::problem::{ArrayProblem, LoadProblem};

const SUFFIX: &str = ".npy";

/// An archive whose headers have been read and checked.
pub(super) struct File<'f> {
    archive: ZipSliceArchive<&'f [u8]>,
    entries: Vec<Entry>,
    parts: Vec<Part>,
}

/// Where the numbers of an entry are.
struct Part {
    place: ZipArchiveEntryWayfinder,
    deflated: bool,
    /// The bytes of the header of the array.
    header: usize,
}

/// Reads the directory, and the header of each array.
pub(super) fn read(content: &[u8]) -> Outcome<File<'_>> {
    let archive = ZipArchive::from_slice(content).map_err(zip)?;
    let (mut entries, mut parts, mut keys) = (Vec::new(), Vec::new(), HashSet::new());
    let mut directory = archive.entries();
    while let Some(record) = directory.next_entry().map_err(zip)? {
        let name = record.file_path();
        let name = String::from_utf8_lossy(name.as_bytes());
        let key = name
            .strip_suffix(SUFFIX)
            .ok_or_else(|| LoadProblem::array(&name, ArrayProblem::NoArray))?;
        if !keys.insert(key.to_owned()) {
            let key = key.to_owned();
            return Err(LoadProblem::Twice { key });
        }
        let deflated = match record.compression_method() {
            _ if record.flags().is_encrypted() => {
                let method = "a cipher".to_owned();
                return Err(LoadProblem::array(key, ArrayProblem::Method { method }));
            }
            CompressionMethod::STORE => false,
            CompressionMethod::DEFLATE => true,
            other => {
                let method = other.to_string();
                return Err(LoadProblem::array(key, ArrayProblem::Method { method }));
            }
        };
        let place = record.wayfinder();
        let mut file = open(&archive, place, deflated).map_err(|error| damaged(key, &error))?;
        let Npy {
            kind,
            columns_first,
            shape,
            header,
        } = npy::read(&mut file).map_err(|failure| match failure {
            npy::Failure::Problem(problem) => LoadProblem::array(key, problem),
            npy::Failure::Io(error) => damaged(key, &error),
        })?;
        entries.push(Entry {
            key: key.to_owned(),
            shape,
            kind,
            columns_first,
        });
        parts.push(Part {
            place,
            deflated,
            header,
        });
    }
    Ok(File {
        archive,
        entries,
        parts,
    })
}

/// The content of an entry; at its end length and checksum are compared.
fn open<'f>(
    archive: &'f ZipSliceArchive<&[u8]>,
    place: ZipArchiveEntryWayfinder,
    deflated: bool,
) -> io::Result<Box<dyn Read + 'f>> {
    let entry = archive.get_entry(place).map_err(io::Error::other)?;
    Ok(if deflated {
        Box::new(entry.verifying_reader(DeflateDecoder::new(entry.data())))
    } else {
        Box::new(entry.verifying_reader(entry.data()))
    })
}

impl Arrays for File<'_> {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Memory is taken for what arrives, and no more than the shape says.
    fn numbers(&self, index: usize) -> Outcome<Cow<'_, [u8]>> {
        let (entry, part) = (&self.entries[index], &self.parts[index]);
        let shape = || entry.shape.clone();
        let size = npy::Numbers::of(&entry.kind).map_or(0, |numbers| numbers.size);
        let expected = entry
            .shape
            .iter()
            .try_fold(size, |product, &size| product.checked_mul(size))
            .and_then(|bytes| bytes.checked_add(part.header))
            .ok_or_else(|| {
                LoadProblem::array(&entry.key, ArrayProblem::Overflow { shape: shape() })
            })?;
        let read = || {
            let file = open(&self.archive, part.place, part.deflated)?;
            let mut content = Vec::new();
            // One byte more shows whether there is one, and lets the checksum be compared if not.
            file.take(expected as u64 + 1).read_to_end(&mut content)?;
            Ok(content)
        };
        let mut content = read().map_err(|error| damaged(&entry.key, &error))?;
        if content.len() != expected {
            let problem = ArrayProblem::Bytes {
                shape: shape(),
                expected: (expected - part.header) as u64,
                found: content.len().saturating_sub(part.header) as u64,
            };
            return Err(LoadProblem::array(&entry.key, problem));
        }
        content.drain(..part.header);
        Ok(Cow::Owned(content))
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "errors are handed to it as they come"
)]
fn zip(error: rawzip::Error) -> LoadProblem {
    LoadProblem::Zip {
        reason: error.to_string(),
    }
}

fn damaged(key: &str, error: &io::Error) -> LoadProblem {
    let reason = error.to_string();
    LoadProblem::array(key, ArrayProblem::Damaged { reason })
}

/// Writes an archive as `numpy.savez` does, nothing compressed.
pub(super) fn write(file: &mut impl Write, arrays: &[Array<'_>]) -> io::Result<()> {
    let mut archive = ZipArchiveWriter::new(file);
    for array in arrays {
        let name = format!("{}{SUFFIX}", array.key);
        let (mut entry, config) = archive
            .new_file(&name)
            .compression_method(CompressionMethod::STORE)
            .start()
            .map_err(io::Error::other)?;
        let mut writer = config.wrap(&mut entry);
        let kind: Kind = array.numbers.kind();
        writer.write_all(&npy::header(&kind, &array.shape))?;
        array.numbers.write(&mut writer)?;
        let (_, descriptor) = writer.finish().map_err(io::Error::other)?;
        entry.finish(descriptor).map_err(io::Error::other)?;
    }
    archive.finish().map_err(io::Error::other)?;
    Ok(())
}
