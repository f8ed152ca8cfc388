//! What can be wrong with a CSV file.

use super::Column;

/// What is wrong with a CSV file, and what was expected; [`crate::Error::Csv`] adds the file's path. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CsvProblem {
    /// A folder, a pipe or a device.
    #[error("is no regular file")]
    NotAFile,

    /// There are no rows, or none below the header.
    #[error("holds no rows")]
    NoRows,

    /// A column that was asked for is not there.
    #[error("has no column {column}: there are {}", known.join(", "))]
    NoColumn {
        /// The name or the place that was asked for.
        column: Column,
        /// The names in the header; numbers from 0, if there is none.
        known: Vec<String>,
    },

    /// A name stands in the header more than once.
    #[error("has more than one column {column}: name it by its place, from 0")]
    Ambiguous {
        /// The name.
        column: Column,
    },

    /// More or fewer columns than a sample has numbers.
    #[error(
        "has {} columns for samples of {expected} numbers: {}; leave out what is no feature",
        found.len(), found.join(", ")
    )]
    Features {
        /// How many numbers a sample has.
        expected: usize,
        /// The columns that are neither targets nor left out.
        found: Vec<String>,
    },

    /// More or fewer target columns were named than a target has numbers.
    #[error("{found} target columns were named for targets of {expected} numbers")]
    Targets {
        /// How many numbers a target has.
        expected: usize,
        /// How many columns were named.
        found: usize,
    },

    /// A row that is longer or shorter than the first one.
    #[error("line {line} has {found} fields, expected {expected} as in the first row")]
    Fields {
        /// The line in which the row begins.
        line: u64,
        /// How many fields the first row has, or the header.
        expected: usize,
        /// How many this one has.
        found: usize,
    },

    /// A field that cannot be read as what is wanted.
    #[error("line {line}, column {column}: {found}, expected {expected}")]
    Field {
        /// The line in which the row begins.
        line: u64,
        /// The name of the column, or its place.
        column: String,
        /// The beginning of what stands there, in quotes.
        found: String,
        /// What it can be.
        expected: &'static str,
    },
}
