//! Files of named arrays: parameters as safetensors and as `.npz`, and checkpoints.

mod arrays;
pub(crate) mod atomic;
pub(crate) mod checkpoint;
mod compiled;
#[cfg(any(feature = "csv", feature = "npz"))]
mod item;
#[cfg(feature = "npz")]
mod items;
mod json;
mod key_map;
mod matching;
#[cfg(feature = "npz")]
mod npy;
#[cfg(feature = "npz")]
mod npz;
mod problem;
mod safetensors;
mod statistics;

pub(crate) use arrays::FileNumber;
pub(crate) use atomic::UNFINISHED;
pub(crate) use compiled::Compiled;
#[cfg(any(feature = "csv", feature = "npz"))]
pub use item::Item;
#[cfg(feature = "csv")]
pub(crate) use item::Number;
#[cfg(feature = "npz")]
pub(crate) use items::{read_npy, read_npz};
pub use key_map::KeyMap;
pub use problem::{ArrayProblem, LoadProblem, Mismatch, OtherNumbers, OtherShape};
pub(crate) use statistics::{load_arrays, save_arrays};

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::element::Element;
use crate::error::{Error, Result};
use crate::params::Parameters;

/// Why arrays could not be read; the path is added where it is known.
type Outcome<T> = std::result::Result<T, LoadProblem>;

/// What kind of file a name says.
#[derive(Clone, Copy)]
enum Format {
    Safetensors,
    #[cfg(feature = "npz")]
    Npz,
}

impl Format {
    fn of(path: &Path) -> Outcome<Self> {
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        match extension.to_ascii_lowercase().as_str() {
            "safetensors" => Ok(Self::Safetensors),
            #[cfg(feature = "npz")]
            "npz" => Ok(Self::Npz),
            #[cfg(not(feature = "npz"))]
            "npz" => Err(LoadProblem::Feature { feature: "npz" }),
            _ => Err(LoadProblem::Extension {
                found: extension.into_owned(),
            }),
        }
    }
}

/// Writes parameters, whole or not at all, and texts about them where the format has a place for such.
pub(crate) fn save<T: Element>(
    params: &dyn Parameters<T>,
    about: &[(&str, String)],
    path: &Path,
    keys: &KeyMap,
) -> Result<()> {
    let problem = |problem| Error::Load {
        path: path.to_owned(),
        problem,
    };
    let format = Format::of(path).map_err(problem)?;
    let arrays = T::arrays_of(params, keys).map_err(problem)?;
    atomic::write(path, |file| match format {
        Format::Safetensors => safetensors::write(file, about, &arrays),
        #[cfg(feature = "npz")]
        Format::Npz => npz::write(file, &arrays),
    })
}

/// Reads parameters from a file; none is changed unless all can be.
pub(crate) fn load<T: Element>(
    params: &mut dyn Parameters<T>,
    path: &Path,
    keys: &KeyMap,
) -> Result<()> {
    let problem = |problem| Error::Load {
        path: path.to_owned(),
        problem,
    };
    let format = Format::of(path).map_err(problem)?;
    let content = read(path)?;
    load_from(params, &content, format, keys).map_err(problem)
}

/// [`load`] of a file that has been read: an archive, if it begins as one.
pub(crate) fn load_bytes<T: Element>(
    params: &mut dyn Parameters<T>,
    content: &[u8],
    keys: &KeyMap,
) -> Result<()> {
    let format = match content {
        #[cfg(feature = "npz")]
        [b'P', b'K', ..] => Format::Npz,
        _ => Format::Safetensors,
    };
    load_from(params, content, format, keys).map_err(|problem| Error::Load {
        path: "the bytes".into(),
        problem,
    })
}

fn load_from<T: Element>(
    params: &mut dyn Parameters<T>,
    content: &[u8],
    format: Format,
    keys: &KeyMap,
) -> Outcome<()> {
    match format {
        Format::Safetensors => checkpoint::load_params(params, &safetensors::read(content)?, keys),
        #[cfg(feature = "npz")]
        Format::Npz => {
            let file = npz::read(content)?;
            let found = T::find(params, &file, keys)?;
            T::fill_all(params, &found);
            Ok(())
        }
    }
}

/// The whole content of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    read_regular(path)?.ok_or_else(|| Error::Load {
        path: path.to_owned(),
        problem: LoadProblem::NotAFile,
    })
}

/// The whole content of a regular file; `None` for anything else. Memory is taken for as many bytes as it has, so it must be one that has
/// an end.
pub(crate) fn read_regular(path: &Path) -> Result<Option<Vec<u8>>> {
    let open = || {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Ok(None);
        }
        let mut content = Vec::new();
        let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
        content
            .try_reserve_exact(length)
            .map_err(|_| std::io::ErrorKind::OutOfMemory)?;
        file.take(metadata.len()).read_to_end(&mut content)?;
        Ok(Some(content))
    };
    open().map_err(|source| Error::io(path, source))
}
