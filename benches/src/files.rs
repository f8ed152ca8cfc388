//! The same data and weights as files, for programs in other frameworks.

use std::fs;
use std::path::Path;

use nn_core::{Error, Network, Parameters, Result};

use crate::data::{DIGITS, digits, matrices};
use crate::jobs::{SEED, trained};
use crate::networks::{Images, Small, Tiny, Wide};

/// Writes into `folder`, in row-major order and without a header:
///
/// | file | what | numbers |
/// |---|---|---|
/// | `digits.x.f32` | the samples of jobs A, B, C and F, \[60000, 784\] | f32, little-endian |
/// | `digits.t.u8` | their classes | u8 |
/// | `matrices.x.f32`, `matrices.t.f32` | the samples and targets of job D, \[10000, 4\] | f32, little-endian |
/// | `a.affine1.W.f32` and so on | the initial weights of each job, W \[inputs, outputs\] or \[maps, channels, rows, columns\]; C's are trained | f32, little-endian |
///
/// # Errors
/// [`Error::Io`] if a file cannot be written.
pub fn write_all(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(at(folder))?;
    let digits = digits(DIGITS);
    write_numbers(folder, "digits.x", digits.x.as_flattened())?;
    write(folder, "digits.t.u8", &digits.t)?;
    let matrices = matrices();
    write_numbers(folder, "matrices.x", matrices.x.as_flattened())?;
    write_numbers(folder, "matrices.t", matrices.t.as_flattened())?;
    write_weights(folder, "a", &Small::seeded(SEED))?;
    write_weights(folder, "b", &Wide::seeded(SEED))?;
    write_weights(folder, "c", &trained()?)?;
    write_weights(folder, "d", &Tiny::seeded(SEED))?;
    write_weights(folder, "f", &Images::seeded(SEED))
}

fn write_weights(folder: &Path, job: &str, net: &impl Network<Element = f32>) -> Result<()> {
    let mut tensors = net.params().tensors();
    tensors.try_for_each(|tensor| {
        let name = format!("{job}.{}", tensor.key());
        write_numbers(folder, &name, tensor.numbers())
    })
}

fn write_numbers(folder: &Path, name: &str, numbers: &[f32]) -> Result<()> {
    let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    write(folder, &format!("{name}.f32"), &bytes)
}

fn write(folder: &Path, file: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(file);
    fs::write(&path, bytes).map_err(at(&path))
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { path, source }
}
