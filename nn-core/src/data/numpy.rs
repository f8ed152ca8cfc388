//! Data in NumPy's files.

use std::path::Path;

use super::Dataset;
use super::dataset::check_lengths;
use crate::error::Result;
use crate::files::{self, Item};

/// Reads samples or targets from a `.npy` file: an array of shape `[N, …]` is N items.
///
/// An item is a number or an array of numbers: `Vec<[[f32; 28]; 28]>` reads an array of shape `[N, 28, 28]`, `Vec<u8>` one of shape `[N]`.
/// The file may hold numbers of other types: whole numbers and `f64` become the nearest `f32`, and `int64` labels become `u8` if each of
/// them is one. Fortran's order and the other order of bytes are read too.
///
/// ```no_run
/// use nn_core::Dataset;
/// use nn_core::data::read_npy;
///
/// let images: Vec<[[f32; 28]; 28]> = read_npy("images.npy")?;
/// let labels: Vec<u8> = read_npy("labels.npy")?;
/// let data = Dataset::new(images, labels)?;
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Io`] if the file cannot be read; [`crate::Error::Load`], which names the file and what was expected, if it is damaged, or holds an
/// array of another shape or type, or a number that is infinite, NaN or out of range.
pub fn read_npy<I: Item>(path: impl AsRef<Path>) -> Result<Vec<I>> {
    const { assert!(I::LEN > 0, "there is nothing to read for an empty array") };
    files::read_npy(path.as_ref())
}

/// Reads samples or targets from the array `key` of a `.npz` file, as [`read_npy`] does from a file of its own.
///
/// # Errors
/// As [`read_npy`]; [`LoadProblem::NoSuchArray`](crate::LoadProblem::NoSuchArray) lists the keys that are there.
pub fn read_npz<I: Item>(path: impl AsRef<Path>, key: &str) -> Result<Vec<I>> {
    const { assert!(I::LEN > 0, "there is nothing to read for an empty array") };
    files::read_npz(path.as_ref(), key)
}

impl<X: Item, T: Item> Dataset<X, T> {
    /// The samples `x` and the targets `t` of a `.npz` file; see [`read_npy`] for what they may be.
    ///
    /// ```no_run
    /// use nn_core::Dataset;
    ///
    /// // numpy.savez("iris.npz", features=features, species=species)
    /// let iris: Dataset<[f32; 4], u8> = Dataset::from_npz("iris.npz", "features", "species")?;
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`read_npz`]; [`crate::Error::LengthMismatch`] unless there is one target for each sample.
    pub fn from_npz(path: impl AsRef<Path>, x: &str, t: &str) -> Result<Self> {
        let path = path.as_ref();
        let (x, t) = (read_npz(path, x)?, read_npz(path, t)?);
        check_lengths(&x, &t)?;
        Ok(Self { x, t })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::{read_npy, read_npz};
    use crate::data::Dataset;
    use crate::error::{Error, Result};

    /// Written by NumPy, see `tests/files/make_fixtures.py`.
    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/files/fixtures");

    fn archive() -> String {
        format!("{FOLDER}/data.npz")
    }

    fn message<T>(result: Result<T>) -> String {
        let Err(error @ Error::Load { .. }) = result else {
            panic!("expected an error of loading");
        };
        let message = error.to_string();
        message.split_once(".np").unwrap().1[3..].to_owned()
    }

    /// 0 to 17, as NumPy's `arange(18).reshape(3, 2, 3)` has them.
    fn pixels<N: From<u8> + Copy>() -> Vec<[[N; 3]; 2]> {
        let numbers: Vec<N> = (0..18).map(N::from).collect();
        let (rows, _) = numbers.as_chunks::<3>();
        rows.as_chunks::<2>().0.to_vec()
    }

    #[test]
    fn arrays_of_all_types_and_orders_are_read() {
        let path = format!("{FOLDER}/pixels.npy");
        assert_eq!(read_npy::<[[u8; 3]; 2]>(&path).unwrap(), pixels::<u8>());
        assert_eq!(read_npy::<[[f32; 3]; 2]>(&path).unwrap(), pixels::<f32>());
        assert_eq!(
            read_npz::<[[i64; 3]; 2]>(archive(), "pixels").unwrap(),
            pixels::<i64>()
        );
        // Column by column, a quarter of each.
        let quarters = read_npz::<[[f32; 3]; 2]>(archive(), "columns").unwrap();
        assert_eq!(quarters[2], [[3.0, 3.25, 3.5], [3.75, 4.0, 4.25]]);
        assert_eq!(quarters[0][1], [0.75, 1.0, 1.25]);
        // Big-endian, each less 5.
        let reversed = read_npz::<[[i32; 3]; 2]>(archive(), "reversed").unwrap();
        assert_eq!(reversed[0], [[-5, -4, -3], [-2, -1, 0]]);
        assert_eq!(
            read_npz::<bool>(archive(), "truths").unwrap(),
            [true, false, true]
        );
        assert_eq!(
            read_npz::<f64>(archive(), "truths").unwrap(),
            [1.0, 0.0, 1.0]
        );
    }

    #[test]
    fn samples_and_targets_come_from_one_archive() {
        let data: Dataset<[[f32; 3]; 2], u8> =
            Dataset::from_npz(archive(), "pixels", "labels").unwrap();
        assert_eq!((data.x, data.t), (pixels::<f32>(), vec![2, 0, 1]));
        let uneven = Dataset::<[f32; 2], u8>::from_npz(archive(), "pixels", "labels");
        assert!(message(uneven).ends_with("`pixels` has the shape [3, 2, 3], expected [N, 2]"));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let archive = archive();
        let found = message(read_npz::<u8>(&archive, "negative"));
        assert!(
            found.ends_with(
                "`negative` has -1 as number 0 of row 1, expected a whole number from 0 to 255"
            ),
            "{found}"
        );
        let found = message(read_npz::<[f64; 2]>(&archive, "gaps"));
        assert!(
            found.ends_with("`gaps` has NaN as number 1 of row 0, expected a finite number"),
            "{found}"
        );
        let found = message(read_npz::<f32>(&archive, "names"));
        assert!(
            found.contains("`names` holds numbers of type <U1, expected f4,"),
            "{found}"
        );
        let found = message(read_npz::<[[u8; 3]; 2]>(&archive, "columns"));
        assert!(
            found.contains("holds numbers of type f64, expected whole numbers"),
            "{found}"
        );
        let found = message(read_npz::<u8>(&archive, "label"));
        assert!(
            found.contains("holds no array `label`: there are `pixels`, `columns`"),
            "{found}"
        );
        let found = message(read_npy::<[u8; 3]>(format!("{FOLDER}/pixels.npy")));
        assert_eq!(found, "the array has the shape [3, 2, 3], expected [N, 3]");
    }

    #[test]
    fn a_file_that_ends_early_or_late_is_an_error_at_every_length() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cut.npy");
        let whole = fs::read(format!("{FOLDER}/pixels.npy")).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            assert!(
                matches!(read_npy::<[[u8; 3]; 2]>(&path), Err(Error::Load { .. })),
                "{length}"
            );
        }
        fs::write(&path, [&whole[..], &[0]].concat()).unwrap();
        assert_eq!(
            message(read_npy::<[[u8; 3]; 2]>(&path)),
            "the array has the shape [3, 2, 3], which takes 18 bytes, but 19 bytes of data"
        );
    }

    #[test]
    fn a_shape_that_cannot_be_is_an_error_before_memory_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hostile.npy");
        for rows in [
            "4611686018427387904",
            "18446744073709551615",
            "1000000000000",
        ] {
            let header =
                format!("{{'descr': '<f8', 'fortran_order': True, 'shape': ({rows}, 2), }}");
            let length = u16::try_from(header.len()).unwrap().to_le_bytes();
            let content = [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes()].concat();
            fs::write(&path, content).unwrap();
            assert!(message(read_npy::<[f32; 2]>(&path)).starts_with("the array has the shape ["));
        }
    }

    proptest! {
        #[test]
        fn flipped_bits_never_panic(place: prop::sample::Index, bit in 0..8_u32, of_archive: bool) {
            let folder = tempfile::tempdir().unwrap();
            let name = if of_archive { "data.npz" } else { "pixels.npy" };
            let mut content = fs::read(format!("{FOLDER}/{name}")).unwrap();
            let place = place.index(content.len());
            content[place] ^= 1_u8 << bit;
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            if of_archive {
                let _ = read_npz::<[[f32; 3]; 2]>(&path, "columns");
            } else {
                let _ = read_npy::<[[f32; 3]; 2]>(&path);
            }
        }
    }
}
