//! What can be wrong with a data file.

/// What is wrong with a data file, and what was expected; [`crate::Error::File`] adds the file's path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileProblem {
    /// There is no such folder.
    #[error(
        "no such folder: expected one that holds {}, each with or without `.gz`; {SOURCE}",
        list(expected)
    )]
    NoFolder {
        /// The names of the files that it should hold.
        expected: Vec<String>,
    },

    /// The folder is there, the file is not.
    #[error(
        "a file is missing in this folder: looked for {}; {SOURCE}",
        list(looked_for)
    )]
    NotInFolder {
        /// The names that the file may have.
        looked_for: Vec<String>,
    },

    /// The file does not begin as an IDX file of unsigned bytes does.
    #[error("starts with the bytes {found:02x?}, expected [00, 00, 08]: IDX, unsigned bytes")]
    Magic {
        /// The first three bytes.
        found: [u8; 3],
    },

    /// An array of more or fewer dimensions than expected, for instance a file of labels in place of images.
    #[error("holds an array of {found} dimensions, expected {expected}")]
    Dimensions {
        /// How many dimensions were expected.
        expected: usize,
        /// How many the header declares.
        found: usize,
    },

    /// One of the sizes is zero.
    #[error("declares an array of shape {sizes:?}, expected sizes above 0")]
    NoData {
        /// The declared sizes, outermost first.
        sizes: Vec<usize>,
    },

    /// The sizes declare more bytes than can be counted.
    #[error("declares an array of shape {sizes:?}: more bytes than a computer can hold")]
    Overflow {
        /// The declared sizes, outermost first.
        sizes: Vec<usize>,
    },

    /// The file ends before its data do, or before its header does.
    #[error("ends early: expected {expected} bytes, header and data, found {found}")]
    Truncated {
        /// How many bytes the header declares, itself included; how long a header is, if it is not complete.
        expected: u64,
        /// How many bytes there are.
        found: u64,
    },

    /// There are data beyond what the header declares.
    #[error("goes on after the {expected} bytes, header and data, that its header declares")]
    TooLong {
        /// How many bytes the header declares, itself included.
        expected: u64,
    },

    /// The header declares more than such a small gzip file can expand to.
    #[error("declares {declared} bytes, but a gzip file of this size expands to at most {at_most}")]
    Implausible {
        /// How many bytes the header declares, itself included.
        declared: u64,
        /// How many bytes the gzip file can expand to.
        at_most: u64,
    },

    /// The gzip stream ends before its own end mark.
    #[error("the gzip stream breaks off: expected a complete file")]
    GzipTruncated,

    /// The gzip stream is damaged, or its checksum does not fit its content.
    #[error("the gzip stream is damaged: {reason}")]
    GzipCorrupt {
        /// What the decompressor found.
        reason: String,
    },

    /// Images of another size than 28 × 28.
    #[error("holds images of {} × {} pixels, expected 28 × 28", found[0], found[1])]
    ImageSize {
        /// Rows and columns.
        found: [usize; 2],
    },

    /// Images and labels do not pair up.
    #[error("holds {labels} labels, expected one for each of {images} images")]
    Count {
        /// How many images there are.
        images: usize,
        /// How many labels there are.
        labels: usize,
    },

    /// A label that is no digit.
    #[error("label {index} is {label}, expected 0 to 9")]
    Label {
        /// The place among the labels, from 0.
        index: usize,
        /// The label that stands there.
        label: u8,
    },

    /// The file is a valid one, but not MNIST's.
    #[error(
        "is not the published MNIST: the SHA-256 of its content is {found}, expected {expected}; \
         other data in this format load with `mnist::load_unverified`"
    )]
    Checksum {
        /// The checksum of the published file's content, uncompressed, in hexadecimal digits.
        expected: String,
        /// That of this file.
        found: String,
    },
}

/// Where those who lack the files can get them.
const SOURCE: &str =
    "the four files of MNIST are in the library's repository, in `examples/data/mnist`";

fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
