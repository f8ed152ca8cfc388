//! Files that are there whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::{Error, Result};

/// Writes a file beside the one that is meant, brings it to the disk, and gives it the name: whoever looks, or comes back after a
/// power cut, finds the old file or the new one.
pub(crate) fn write(
    path: &Path,
    content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<()> {
    replace(path, content).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })
}

fn replace(
    path: &Path,
    content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    // What a link leads to is replaced, not the link.
    let linked = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    let path = if linked {
        fs::canonicalize(path)?
    } else {
        path.to_owned()
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let temporary = temporary(folder, &path)?;
    let written = write_and_rename(&temporary, &path, content);
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written?;
    sync_folder(folder)
}

/// What is written under before it is whole.
pub(crate) const UNFINISHED: &str = ".unfinished";

/// A name beside `path` that nobody else has.
fn temporary(folder: &Path, path: &Path) -> io::Result<PathBuf> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{process}-{count}{UNFINISHED}"));
    Ok(folder.join(hidden))
}

fn write_and_rename(
    temporary: &Path,
    path: &Path,
    content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(temporary)?;
    let mut file = BufWriter::new(file);
    content(&mut file)?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    drop(file);
    fs::rename(temporary, path)
}

/// The new name is on the disk when its folder is; elsewhere than on Unix folders cannot be opened.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}
