//! What can be wrong with pictures.

/// What is wrong with a picture or a folder of such, and what was expected; [`crate::Error::Image`] adds the path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageProblem {
    /// A folder, a pipe or a device.
    #[error("is no regular file")]
    NotAFile,

    /// The content begins as no picture does that can be read, whatever the file is called.
    #[error("is neither PNG nor JPEG")]
    Format,

    /// Another size than that of the samples, and nothing was said about that.
    #[error(
        "is a picture of {} × {} pixels, expected {} × {}; `Images::resize` takes other sizes too",
        found[0], found[1], expected[0], expected[1]
    )]
    Size {
        /// Rows and columns of the picture.
        found: [u32; 2],
        /// Those of a sample.
        expected: [u32; 2],
    },

    /// More pixels than are read at all.
    #[error(
        "declares a picture of {rows} × {columns} pixels: at most {} are read",
        crate::data::Images::MAX_PIXELS
    )]
    TooLarge {
        /// The declared rows.
        rows: u32,
        /// The declared columns.
        columns: u32,
    },

    /// More pixels than a file of this length can hold, however well it is compressed.
    #[error("declares a picture of {rows} × {columns} pixels, which {bytes} bytes cannot hold")]
    Implausible {
        /// The declared rows.
        rows: u32,
        /// The declared columns.
        columns: u32,
        /// The length of the file.
        bytes: usize,
    },

    /// The file ends before the picture does.
    #[error("breaks off: expected a complete picture")]
    Truncated,

    /// The content contradicts itself, or its checksums, or is such that the decoder panics: that is caught, unless panics end the program at once
    /// (`panic = "abort"`).
    #[error("is damaged: {reason}")]
    Damaged {
        /// What the decoder found.
        reason: String,
    },

    /// There are no folders in the folder.
    #[error("holds no folders: expected one for each class, with the pictures of that class in it")]
    NoClasses,

    /// A class without samples.
    #[error("holds no pictures: expected PNG or JPEG files")]
    NoPictures,

    /// A picture that belongs to no class.
    #[error("lies beside the folders of the classes: expected pictures in one of these")]
    OutsideOfClass,

    /// A folder where pictures should be.
    #[error("is a folder in that of a class: expected pictures alone")]
    FolderInClass,

    /// The name of a class is no text.
    #[error("has a name that is not UTF-8: expected one that can be printed as that of a class")]
    Name,
}
