//! Data in CSV files.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use ::csv::{ByteRecord, Reader, ReaderBuilder, Trim};

use super::{CsvProblem, Dataset};
use crate::error::{Error, Result};
use crate::files::{Item, Number};

/// A column of a CSV file: by the name that the header gives it, `"species".into()`, or by its place from 0, `4.into()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// The name in the header.
    Name(String),
    /// The place from the left, from 0.
    Place(usize),
}

impl From<&str> for Column {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<usize> for Column {
    fn from(place: usize) -> Self {
        Self::Place(place)
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "{}", excerpt(name.as_bytes())),
            Self::Place(place) => write!(f, "{place}"),
        }
    }
}

/// How to read a data set from a CSV file: which columns are targets; all others are features, from left to right.
///
/// By default the first row is a header, and commas stand between fields. Blanks around fields do not count, quotes are as in RFC 4180,
/// and empty lines are passed over.
///
/// ```
/// use nn_core::data::Csv;
///
/// let file = std::env::temp_dir().join("doc-iris.csv");
/// std::fs::write(&file, "id,length,width,species\n1,5.1,3.5,setosa\n2,7.0,3.2,versicolor\n3,4.9,3.0,setosa\n").unwrap();
///
/// let (iris, species) = Csv::new("species").leave_out("id").read_classes::<[f32; 2]>(&file)?;
/// assert_eq!(iris.x, [[5.1, 3.5], [7.0, 3.2], [4.9, 3.0]]);
/// assert_eq!(iris.t, [0, 1, 0]);
/// assert_eq!(species, ["setosa", "versicolor"]);
/// # std::fs::remove_file(file).ok();
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csv {
    targets: Vec<Column>,
    left_out: Vec<Column>,
    delimiter: u8,
    header: bool,
}

type Outcome<T> = std::result::Result<T, CsvProblem>;

impl Csv {
    /// The target is in this column.
    #[must_use]
    pub fn new(target: impl Into<Column>) -> Self {
        Self::with_targets([target])
    }

    /// A target is several numbers, `[f32; 2]`, in these columns.
    #[must_use]
    pub fn with_targets<C: Into<Column>>(targets: impl IntoIterator<Item = C>) -> Self {
        Self {
            targets: targets.into_iter().map(Into::into).collect(),
            left_out: Vec::new(),
            delimiter: b',',
            header: true,
        }
    }

    /// This column is no feature.
    #[must_use]
    pub fn leave_out(mut self, column: impl Into<Column>) -> Self {
        self.left_out.push(column.into());
        self
    }

    /// Another character between fields, for instance `b';'` or `b'\t'`.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// The first row is data too; columns go by their places.
    #[must_use]
    pub fn without_header(mut self) -> Self {
        self.header = false;
        self
    }

    /// Reads samples and targets that are numbers. A sample of several dimensions takes its numbers in row-major order.
    ///
    /// ```no_run
    /// use nn_core::Dataset;
    /// use nn_core::data::Csv;
    ///
    /// let houses: Dataset<[f32; 13], [f32; 1]> = Csv::new("price").read("houses.csv")?;
    /// // The class first, and no header.
    /// let wine: Dataset<[f32; 13], u8> = Csv::new(0).without_header().read("wine.data")?;
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read; [`Error::Csv`], which names the file, the line and the column, and what was expected: for
    /// a field that is empty, no number, infinite, NaN or out of range; for rows of different lengths; for columns that are not there.
    pub fn read<X: Item, T: Item>(&self, path: impl AsRef<Path>) -> Result<Dataset<X, T>> {
        const { assert!(T::LEN > 0, "there is nothing to read for an empty array") };
        let mut t = Vec::new();
        let mut numbers = vec![T::Number::default(); T::LEN];
        let x = self.rows::<X>(path.as_ref(), T::LEN, |row| {
            row.numbers(&row.layout.targets, &mut numbers)?;
            t.extend_from_slice(T::from_flat(&numbers));
            Ok(())
        })?;
        Ok(Dataset { x, t })
    }

    /// Reads samples, and targets that are the names of classes: each becomes a number from 0 on, in the order of the names, which come
    /// behind the data.
    ///
    /// # Errors
    /// As [`Csv::read`]; a name may be any text but an empty one.
    pub fn read_classes<X: Item>(
        &self,
        path: impl AsRef<Path>,
    ) -> Result<(Dataset<X, usize>, Vec<String>)> {
        let mut numbers = BTreeMap::<String, usize>::new();
        let mut t = Vec::new();
        let x = self.rows::<X>(path.as_ref(), 1, |row| {
            for &place in &row.layout.targets {
                let name = str::from_utf8(row.field(place)).ok();
                let name = name.filter(|name| !name.is_empty());
                let name = name.ok_or_else(|| row.wrong(place, "the name of a class"))?;
                let count = numbers.len();
                t.push(match numbers.get(name) {
                    Some(&number) => number,
                    None => *numbers.entry(name.to_owned()).or_insert(count),
                });
            }
            Ok(())
        })?;
        // From the order in which they came to that of their names.
        let mut sorted = vec![0; numbers.len()];
        for (place, &number) in numbers.values().enumerate() {
            sorted[number] = place;
        }
        for class in &mut t {
            *class = sorted[*class];
        }
        Ok((Dataset { x, t }, numbers.into_keys().collect()))
    }

    /// The samples of all rows, each of which is handed to `use_row`, for targets of so many fields.
    fn rows<X: Item>(
        &self,
        path: &Path,
        targets: usize,
        mut use_row: impl FnMut(&Row<'_>) -> Outcome<()>,
    ) -> Result<Vec<X>> {
        const { assert!(X::LEN > 0, "there is nothing to read for an empty array") };
        let io = |source| Error::Io {
            path: path.to_owned(),
            source,
        };
        let problem = |problem| Error::Csv {
            path: path.to_owned(),
            problem,
        };
        let file = File::open(path).map_err(io)?;
        let metadata = file.metadata().map_err(io)?;
        if !metadata.is_file() {
            return Err(problem(CsvProblem::NotAFile));
        }
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .delimiter(self.delimiter)
            .from_reader(file.take(metadata.len()));
        let mut record = ByteRecord::new();
        let mut next = |record: &mut ByteRecord| next(&mut reader, record).map_err(io);

        if !next(&mut record)? {
            return Err(problem(CsvProblem::NoRows));
        }
        let layout = self.layout(&record, targets, X::LEN).map_err(problem)?;
        if self.header && !next(&mut record)? {
            return Err(problem(CsvProblem::NoRows));
        }
        let mut samples = Vec::new();
        // Through one sample's numbers, so that a large one never passes over the stack.
        let mut numbers = vec![X::Number::default(); X::LEN];
        loop {
            let row = Row {
                path,
                layout: &layout,
                record: &record,
            };
            row.check_length().map_err(problem)?;
            row.numbers(&layout.features, &mut numbers)
                .map_err(problem)?;
            use_row(&row).map_err(problem)?;
            samples.extend_from_slice(X::from_flat(&numbers));
            if !next(&mut record)? {
                return Ok(samples);
            }
        }
    }

    /// What the first row says about columns.
    fn layout(&self, first: &ByteRecord, targets: usize, features: usize) -> Outcome<Layout> {
        let names: Vec<String> = if self.header {
            first.iter().map(excerpt).collect()
        } else {
            (0..first.len()).map(|place| place.to_string()).collect()
        };
        let find = |column: &Column| {
            let mut places = (0..first.len()).filter(|&place| match column {
                Column::Name(name) => self.header && &first[place] == name.as_bytes(),
                Column::Place(wanted) => place == *wanted,
            });
            let Some(place) = places.next() else {
                return Err(CsvProblem::NoColumn {
                    column: column.clone(),
                    known: names.clone(),
                });
            };
            if places.next().is_some() {
                return Err(CsvProblem::Ambiguous {
                    column: column.clone(),
                });
            }
            Ok(place)
        };
        let find_all = |columns: &[Column]| columns.iter().map(find).collect::<Outcome<Vec<_>>>();
        let (of_targets, left_out) = (find_all(&self.targets)?, find_all(&self.left_out)?);
        if of_targets.len() != targets {
            return Err(CsvProblem::Targets {
                expected: targets,
                found: of_targets.len(),
            });
        }
        let others = (0..names.len())
            .filter(|place| !of_targets.contains(place) && !left_out.contains(place));
        let of_features: Vec<usize> = others.collect();
        if of_features.len() != features {
            return Err(CsvProblem::Features {
                expected: features,
                found: of_features
                    .iter()
                    .map(|&place| names[place].clone())
                    .collect(),
            });
        }
        Ok(Layout {
            names,
            features: of_features,
            targets: of_targets,
        })
    }
}

/// Reads a row; false at the end of the file. Bytes in rows of any length are never wrong for the parser, so that only reading fails.
fn next(reader: &mut Reader<io::Take<File>>, record: &mut ByteRecord) -> io::Result<bool> {
    reader.read_byte_record(record).map_err(io::Error::from)
}

/// Which columns are what.
struct Layout {
    /// For each column its name in quotes, or its place.
    names: Vec<String>,
    features: Vec<usize>,
    targets: Vec<usize>,
}

/// A row as long as the first one, once its length has been checked.
struct Row<'r> {
    path: &'r Path,
    layout: &'r Layout,
    record: &'r ByteRecord,
}

impl Row<'_> {
    /// The line in which the row begins. The parser counts from the empty lines in front of it, which are looked at here once more.
    fn line(&self) -> u64 {
        let Some(position) = self.record.position() else {
            return 0;
        };
        let empty_lines = || {
            let mut file = File::open(self.path)?;
            file.seek(SeekFrom::Start(position.byte()))?;
            let mut lines = 0;
            for byte in BufReader::new(file).bytes() {
                match byte? {
                    b'\n' => lines += 1,
                    b'\r' => {}
                    _ => break,
                }
            }
            Ok::<u64, io::Error>(lines)
        };
        position.line() + empty_lines().unwrap_or_default()
    }

    fn check_length(&self) -> Outcome<()> {
        let (expected, found) = (self.layout.names.len(), self.record.len());
        if expected == found {
            return Ok(());
        }
        Err(CsvProblem::Fields {
            line: self.line(),
            expected,
            found,
        })
    }

    fn field(&self, place: usize) -> &[u8] {
        self.record.get(place).unwrap_or_default()
    }

    fn numbers<N: Number>(&self, places: &[usize], numbers: &mut [N]) -> Outcome<()> {
        for (&place, number) in places.iter().zip(numbers) {
            let text = str::from_utf8(self.field(place)).ok();
            let found = text.and_then(N::of_text);
            *number = found.ok_or_else(|| self.wrong(place, N::EXPECTED))?;
        }
        Ok(())
    }

    fn wrong(&self, place: usize, expected: &'static str) -> CsvProblem {
        CsvProblem::Field {
            line: self.line(),
            column: self.layout.names[place].clone(),
            found: match self.field(place) {
                [] => "nothing".to_owned(),
                field => excerpt(field),
            },
            expected,
        }
    }
}

/// The beginning of a text, in quotes.
fn excerpt(text: &[u8]) -> String {
    const LONGEST: usize = 40;
    // A character has at most four bytes.
    let text = String::from_utf8_lossy(&text[..text.len().min(4 * LONGEST + 4)]);
    let mut shown: String = text.chars().take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("`{}`", shown.escape_debug())
}

#[cfg(test)]
mod tests;
