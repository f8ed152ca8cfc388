//! MNIST: 60,000 training and 10,000 test images of handwritten digits.
//!
//! # Source
//! "Gradient-based learning applied to document recognition", Proceedings of the IEEE 86(11), 1998, pages 2278 to 2324.

use std::path::{Path, PathBuf};

use crate::data::idx::{self, Idx};
use crate::data::{Dataset, FileProblem};
use crate::error::{Error, Result};

const SIDE: usize = 28;
const PIXELS: usize = SIDE * SIDE;
const CLASSES: u8 = 10;

/// Images with 784 grey levels from 0 to 1, row by row, and their labels from 0 to 9.
pub type Digits = Dataset<[f32; 784], u8>;

/// Reads the training and the test set from a folder: 60,000 and 10,000 digits.
///
/// A sample is an image of 28 × 28 grey levels, row by row, each divided by 255: 0 is the background, 1 full ink. A
/// target is the digit, 0 to 9. The four files are `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
/// `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, with or without `.gz`; `train-images.idx3-ubyte` and so on are
/// found too. They are in the library's repository, in `examples/data/mnist`.
///
/// # Examples
/// ```
/// use nn_core::mnist;
///
/// let (train, test) = mnist::load("../examples/data/mnist")?;
/// assert_eq!((train.len(), test.len()), (60_000, 10_000));
/// assert_eq!(train.t[..10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::File`], which names the file and says what was expected, if one is missing, damaged or not the published one;
/// [`Error::Io`] if one cannot be read.
pub fn load(dir: impl AsRef<Path>) -> Result<(Digits, Digits)> {
    load_parts(dir.as_ref(), Source::verify)
}

/// As [`load`], for data that have MNIST's format but are not MNIST: Fashion-MNIST, or digits of one's own.
///
/// Fashion-MNIST is published at <https://github.com/zalandoresearch/fashion-mnist>: 60,000 and 10,000 pictures of clothes in ten classes, in
/// four files with the same names; put them into a folder of their own.
///
/// There may be any number of images. They must be of 28 × 28 pixels, with labels from 0 to 9; only the checksums of the
/// published files are not asked for.
///
/// # Errors
/// As [`load`], save for [`FileProblem::Checksum`].
pub fn load_unverified(dir: impl AsRef<Path>) -> Result<(Digits, Digits)> {
    load_parts(dir.as_ref(), |_, _| Ok(()))
}

/// One of the four files.
struct Source {
    stem: &'static str,
    dimensions: usize,
    /// Of the published file's content, uncompressed.
    sha256: &'static str,
}

/// Images and their labels.
const TRAIN: [Source; 2] = [
    Source {
        stem: "train-images",
        dimensions: 3,
        sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    },
    Source {
        stem: "train-labels",
        dimensions: 1,
        sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    },
];
const TEST: [Source; 2] = [
    Source {
        stem: "t10k-images",
        dimensions: 3,
        sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    },
    Source {
        stem: "t10k-labels",
        dimensions: 1,
        sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
];

type Verify = fn(&Source, content: &[u8]) -> std::result::Result<(), FileProblem>;

fn load_parts(dir: &Path, verify: Verify) -> Result<(Digits, Digits)> {
    // A missing file is told before the others are unpacked.
    let (train, test) = (locate(dir, &TRAIN)?, locate(dir, &TEST)?);
    Ok((
        load_part(&TRAIN, &train, verify)?,
        load_part(&TEST, &test, verify)?,
    ))
}

fn load_part(sources: &[Source; 2], paths: &[PathBuf; 2], verify: Verify) -> Result<Digits> {
    let [images_path, labels_path] = paths;
    let images = idx::read::<3>(images_path)?;
    check_size(&images).map_err(in_file(images_path))?;
    let labels = idx::read::<1>(labels_path)?;
    check_labels(&labels, images.sizes()[0]).map_err(in_file(labels_path))?;
    verify(&sources[0], images.content()).map_err(in_file(images_path))?;
    verify(&sources[1], labels.content()).map_err(in_file(labels_path))?;
    Dataset::new(scaled(images.data()), labels.data())
}

fn locate(dir: &Path, sources: &[Source; 2]) -> Result<[PathBuf; 2]> {
    if !dir.is_dir() {
        let expected = TRAIN.iter().chain(&TEST).map(|source| source.name('-'));
        return Err(in_file(dir)(FileProblem::NoFolder {
            expected: expected.collect(),
        }));
    }
    let [images, labels] = sources;
    Ok([images.locate(dir)?, labels.locate(dir)?])
}

impl Source {
    fn name(&self, separator: char) -> String {
        format!("{}{separator}idx{}-ubyte", self.stem, self.dimensions)
    }

    fn locate(&self, dir: &Path) -> Result<PathBuf> {
        let plain = [self.name('-'), self.name('.')];
        let looked_for: Vec<String> = plain
            .into_iter()
            .flat_map(|name| [name.clone(), name + ".gz"])
            .collect();
        let mut paths = looked_for.iter().map(|name| dir.join(name));
        match paths.find(|path| path.is_file()) {
            Some(path) => Ok(path),
            None => Err(in_file(dir)(FileProblem::NotInFolder { looked_for })),
        }
    }

    fn verify(&self, content: &[u8]) -> std::result::Result<(), FileProblem> {
        let digest = hmac_sha256::Hash::hash(content);
        let found = digest
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        if found == self.sha256 {
            return Ok(());
        }
        Err(FileProblem::Checksum {
            expected: self.sha256.to_owned(),
            found,
        })
    }
}

fn in_file(path: &Path) -> impl FnOnce(FileProblem) -> Error {
    move |problem| Error::File {
        path: path.to_owned(),
        problem,
    }
}

fn check_size(images: &Idx<3>) -> std::result::Result<(), FileProblem> {
    match images.sizes() {
        [_, SIDE, SIDE] => Ok(()),
        [_, rows, columns] => Err(FileProblem::ImageSize {
            found: [rows, columns],
        }),
    }
}

fn check_labels(labels: &Idx<1>, images: usize) -> std::result::Result<(), FileProblem> {
    let labels = labels.data();
    if labels.len() != images {
        return Err(FileProblem::Count {
            images,
            labels: labels.len(),
        });
    }
    match labels.iter().position(|&label| label >= CLASSES) {
        Some(index) => Err(FileProblem::Label {
            index,
            label: labels[index],
        }),
        None => Ok(()),
    }
}

/// Grey levels from 0 to 1, in one pass.
fn scaled(pixels: &[u8]) -> Vec<[f32; PIXELS]> {
    let (images, _) = pixels.as_chunks::<PIXELS>();
    let mut samples = vec![[0.0; PIXELS]; images.len()];
    let levels = samples.as_flattened_mut().iter_mut();
    for (level, &pixel) in levels.zip(images.as_flattened()) {
        *level = f32::from(pixel) / 255.0;
    }
    samples
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::path::Path;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use tempfile::TempDir;

    use super::{Source, TEST, load, load_part, load_unverified, locate};
    use crate::Error;
    use crate::data::{FileProblem, idx};

    const MNIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/mnist");

    /// First labels: published with the data. Mean and standard deviation: 0.1307 and 0.3081, as in the examples of
    /// most frameworks. Row 5 of the first image: printed by Python.
    #[test]
    fn mnist_is_the_published_one() {
        let (train, test) = load(MNIST).unwrap();
        assert_eq!((train.len(), test.len()), (60_000, 10_000));
        assert_eq!(train.t[..10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
        assert_eq!(test.t[..10], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
        let row = [3, 18, 18, 18, 126, 136, 175, 26, 166, 255, 247, 127_u8];
        let levels = row.map(|pixel| f32::from(pixel) / 255.0);
        assert_eq!(train.x[0][5 * 28 + 12..5 * 28 + 24], levels);

        let pixels = train.x.as_flattened();
        let mean = pixels.iter().map(|&x| f64::from(x)).sum::<f64>() / pixels.len() as f64;
        let squares = pixels.iter().map(|&x| (f64::from(x) - mean).powi(2));
        let deviation = (squares.sum::<f64>() / pixels.len() as f64).sqrt();
        assert!((mean - 0.1307).abs() < 5e-5, "mean {mean}");
        assert!((deviation - 0.3081).abs() < 5e-5, "deviation {deviation}");
    }

    #[test]
    fn mnist_with_one_changed_byte_is_a_checksum_error() {
        let paths = locate(Path::new(MNIST), &TEST).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let images = idx::read::<3>(&paths[0]).unwrap();
        let labels = idx::read::<1>(&paths[1]).unwrap();
        for (changed, at) in [
            ("t10k-images-idx3-ubyte", 16 + 999),
            ("t10k-labels-idx1-ubyte", 8 + 3),
        ] {
            for (source, content) in TEST.iter().zip([images.content(), labels.content()]) {
                let mut content = content.to_vec();
                if source.name('-') == changed {
                    content[at] ^= 1;
                }
                fs::write(dir.path().join(source.name('-')), content).unwrap();
            }
            let paths = locate(dir.path(), &TEST).unwrap();
            let error = load_part(&TEST, &paths, Source::verify).unwrap_err();
            let problem = problem_in(&error, dir.path(), changed);
            assert!(matches!(problem, FileProblem::Checksum { .. }), "{problem}");
            assert!(load_part(&TEST, &paths, |_, _| Ok(())).is_ok());
        }
    }

    #[test]
    fn files_may_be_plain_or_compressed_and_named_either_way() {
        let dir = small_set();
        rename(&dir, "train-images-idx3-ubyte", "train-images.idx3-ubyte");
        compress(
            &dir,
            "train-labels-idx1-ubyte",
            "train-labels-idx1-ubyte.gz",
        );
        compress(&dir, "t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte.gz");
        let (train, test) = load_unverified(dir.path()).unwrap();
        assert_eq!((train.t, test.t), (vec![0, 1, 2], vec![0, 1]));
        assert_eq!(train.x.len(), 3);
        assert_eq!(test.x, [[0.0; 784], [51.0 / 255.0; 784]]);
    }

    #[test]
    fn other_data_are_no_mnist_unless_that_is_what_is_wanted() {
        let dir = small_set();
        let error = load(dir.path()).unwrap_err();
        let problem = problem_in(&error, dir.path(), "train-images-idx3-ubyte");
        assert!(matches!(problem, FileProblem::Checksum { .. }));
        assert!(
            error.to_string().contains("`mnist::load_unverified`"),
            "{error}"
        );
        assert!(load_unverified(dir.path()).is_ok());
    }

    #[test]
    fn what_does_not_fit_is_an_error_that_names_the_file() {
        let cases = [
            (
                "t10k-images-idx3-ubyte",
                header(&[1, 28, 27], 28 * 27),
                FileProblem::ImageSize { found: [28, 27] },
            ),
            (
                "train-labels-idx1-ubyte",
                header(&[2], 2),
                FileProblem::Count {
                    images: 3,
                    labels: 2,
                },
            ),
            (
                "t10k-labels-idx1-ubyte",
                vec![0, 0, 8, 1, 0, 0, 0, 2, 9, 10],
                FileProblem::Label {
                    index: 1,
                    label: 10,
                },
            ),
            (
                "train-images-idx3-ubyte",
                header(&[3], 3),
                FileProblem::Dimensions {
                    expected: 3,
                    found: 1,
                },
            ),
        ];
        for (name, content, expected) in cases {
            let dir = small_set();
            fs::write(dir.path().join(name), content).unwrap();
            let error = load_unverified(dir.path()).unwrap_err();
            assert_eq!(problem_in(&error, dir.path(), name), &expected);
        }
    }

    #[test]
    fn a_missing_file_is_told_with_the_names_that_it_may_have() {
        let dir = small_set();
        fs::remove_file(dir.path().join("t10k-labels-idx1-ubyte")).unwrap();
        // Some archives unpack to a folder of the file's name.
        fs::create_dir(dir.path().join("t10k-labels-idx1-ubyte")).unwrap();
        assert_eq!(
            load(dir.path()).unwrap_err().to_string(),
            format!(
                "{}: a file is missing in this folder: looked for `t10k-labels-idx1-ubyte`, \
                 `t10k-labels-idx1-ubyte.gz`, `t10k-labels.idx1-ubyte`, `t10k-labels.idx1-ubyte.gz`; the four files of \
                 MNIST are in the library's repository, in `examples/data/mnist`",
                dir.path().display()
            )
        );
        assert_eq!(
            load("no/such/folder").unwrap_err().to_string(),
            "no/such/folder: no such folder: expected one that holds `train-images-idx3-ubyte`, \
             `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`, each with or without `.gz`; \
             the four files of MNIST are in the library's repository, in `examples/data/mnist`"
        );
    }

    /// Three training and two test images; image and label n are n: its pixels are all 51·n.
    fn small_set() -> TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (part, count) in [("train", 3), ("t10k", 2_u8)] {
            let mut images = header(&[count, 28, 28], 0);
            let mut labels = header(&[count], 0);
            for n in 0..count {
                images.extend([51 * n; 784]);
                labels.push(n);
            }
            fs::write(dir.path().join(format!("{part}-images-idx3-ubyte")), images).unwrap();
            fs::write(dir.path().join(format!("{part}-labels-idx1-ubyte")), labels).unwrap();
        }
        dir
    }

    /// A header, and that many zeros.
    fn header(sizes: &[u8], zeros: usize) -> Vec<u8> {
        let mut content = vec![0, 0, 8, u8::try_from(sizes.len()).unwrap()];
        content.extend(sizes.iter().flat_map(|&size| [0, 0, 0, size]));
        content.resize(content.len() + zeros, 0);
        content
    }

    fn rename(dir: &TempDir, from: &str, to: &str) {
        fs::rename(dir.path().join(from), dir.path().join(to)).unwrap();
    }

    fn compress(dir: &TempDir, from: &str, to: &str) {
        let file = fs::File::create(dir.path().join(to)).unwrap();
        let mut encoder = GzEncoder::new(file, Compression::fast());
        encoder
            .write_all(&fs::read(dir.path().join(from)).unwrap())
            .unwrap();
        encoder.finish().unwrap();
        fs::remove_file(dir.path().join(from)).unwrap();
    }

    fn problem_in<'e>(error: &'e Error, dir: &Path, name: &str) -> &'e FileProblem {
        match error {
            Error::File { path, problem } if *path == dir.join(name) => problem,
            _ => panic!("expected an error about {name}, found: {error}"),
        }
    }
}
