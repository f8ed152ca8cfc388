//! The header of a `.npy` file: six bytes of magic, two of version, the length of what follows, and a Python dictionary.
//!
//! # Source
//! <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>

use std::io::{self, Read};

use super::arrays::Kind;
use super::problem::ArrayProblem;

const MAGIC: &[u8; 6] = b"\x93NUMPY";

/// So long a dictionary may be; as NumPy's own reader has it.
const LONGEST: usize = 10_000;

/// Numbers begin at a multiple of this many bytes.
const ALIGNMENT: usize = 64;

/// What a header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Npy {
    pub(super) kind: Kind,
    pub(super) columns_first: bool,
    pub(super) shape: Vec<usize>,
    /// How many bytes the header takes.
    pub(super) header: usize,
}

/// Why a header could not be read.
#[derive(Debug)]
pub(super) enum Failure {
    Problem(ArrayProblem),
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn wrong(reason: &'static str, place: usize) -> Failure {
    Failure::Problem(ArrayProblem::NpyHeader { reason, place })
}

/// What the numbers of an array are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    /// `f` for floating point, `i` for whole numbers with a sign, `u` for those without, `b` for truth values.
    pub(super) class: u8,
    /// The bytes of each.
    pub(super) size: usize,
    pub(super) big_endian: bool,
}

impl Numbers {
    /// Those that a `descr` such as `<f4` or `|u1` names; `None` for texts, complex numbers and the like.
    pub(super) fn of(kind: &Kind) -> Option<Self> {
        let numbers = |class, size, big_endian| Self {
            class,
            size,
            big_endian,
        };
        let name = match kind {
            Kind::F32 => return Some(numbers(b'f', 4, false)),
            Kind::F64 => return Some(numbers(b'f', 8, false)),
            Kind::Other(name) => name.as_bytes(),
        };
        let &[order @ (b'<' | b'>' | b'|'), class, size] = name else {
            return None;
        };
        let size = match (class, size) {
            (b'f', b'4' | b'8') | (b'i' | b'u', b'1' | b'2' | b'4' | b'8') | (b'b', b'1') => {
                usize::from(size - b'0')
            }
            _ => return None,
        };
        (order != b'|' || size == 1).then(|| numbers(class, size, order == b'>'))
    }
}

/// Reads a header, and no byte more.
pub(super) fn read(file: &mut impl Read) -> Result<Npy, Failure> {
    const VERSION: usize = MAGIC.len();
    let mut start = Vec::new();
    let mut up_to = |start: &mut Vec<u8>, length: usize| -> io::Result<bool> {
        let missing = length - start.len();
        Ok(file.take(missing as u64).read_to_end(start)? == missing)
    };
    if !up_to(&mut start, VERSION + 2)? || !start.starts_with(MAGIC) {
        return Err(Failure::Problem(ArrayProblem::NoArray));
    }
    let wide = match start[VERSION] {
        1 => 2,
        2 | 3 => 4,
        _ => return Err(wrong("expected version 1, 2 or 3", VERSION)),
    };
    let before = VERSION + 2 + wide;
    if !up_to(&mut start, before)? {
        return Err(wrong("the file ends", start.len()));
    }
    let mut length = [0; 8];
    length[..wide].copy_from_slice(&start[VERSION + 2..]);
    let length = usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > LONGEST {
        return Err(wrong("expected at most 10000 bytes", VERSION + 2));
    }
    if !up_to(&mut start, before + length)? {
        return Err(wrong("the file ends", start.len()));
    }
    Text {
        bytes: &start,
        place: before,
    }
    .dictionary()
}

/// What is left of a dictionary.
struct Text<'t> {
    bytes: &'t [u8],
    place: usize,
}

impl<'t> Text<'t> {
    fn dictionary(mut self) -> Result<Npy, Failure> {
        let (mut kind, mut columns_first, mut shape) = (None, None, None);
        self.expect(b'{', "expected `{`")?;
        while !self.take(b'}') {
            let place = self.place;
            let key = self.string()?;
            self.expect(b':', "expected `:`")?;
            let again = match key {
                b"descr" => kind.replace(self.kind()?).is_some(),
                b"fortran_order" => columns_first.replace(self.truth()?).is_some(),
                b"shape" => shape.replace(self.shape()?).is_some(),
                _ => return Err(wrong("expected `descr`, `fortran_order` or `shape`", place)),
            };
            if again {
                return Err(wrong("a key is there twice", place));
            }
            if !self.take(b',') {
                self.expect(b'}', "expected `,` or `}`")?;
                break;
            }
        }
        self.skip_blanks();
        if self.place < self.bytes.len() {
            return Err(wrong("expected the end of the header", self.place));
        }
        let missing = || wrong("`descr`, `fortran_order` or `shape` is missing", self.place);
        Ok(Npy {
            kind: kind.ok_or_else(missing)?,
            columns_first: columns_first.ok_or_else(missing)?,
            shape: shape.ok_or_else(missing)?,
            header: self.bytes.len(),
        })
    }

    fn rest(&self) -> &'t [u8] {
        &self.bytes[self.place..]
    }

    fn skip_blanks(&mut self) {
        let blanks = self
            .rest()
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace());
        self.place += blanks.count();
    }

    /// Whether this is what comes next; then it is passed.
    fn take(&mut self, byte: u8) -> bool {
        self.skip_blanks();
        let found = self.rest().first() == Some(&byte);
        self.place += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, reason: &'static str) -> Result<(), Failure> {
        if self.take(byte) {
            return Ok(());
        }
        Err(wrong(reason, self.place))
    }

    /// A string without escapes.
    fn string(&mut self) -> Result<&'t [u8], Failure> {
        self.skip_blanks();
        let place = self.place;
        let quoted = || match self.rest() {
            [quote @ (b'\'' | b'"'), rest @ ..] => {
                let length = rest.iter().position(|byte| byte == quote)?;
                Some(&rest[..length])
            }
            _ => None,
        };
        let string = quoted().filter(|string| !string.contains(&b'\\'));
        let string = string.ok_or_else(|| wrong("expected a string", place))?;
        self.place += string.len() + 2;
        Ok(string)
    }

    fn kind(&mut self) -> Result<Kind, Failure> {
        self.skip_blanks();
        if self.rest().first() == Some(&b'[') {
            return Err(wrong("expected numbers, not records,", self.place));
        }
        Ok(match self.string()? {
            b"<f4" => Kind::F32,
            b"<f8" => Kind::F64,
            other => Kind::Other(String::from_utf8_lossy(other).into_owned()),
        })
    }

    fn truth(&mut self) -> Result<bool, Failure> {
        self.skip_blanks();
        for (word, truth) in [("True", true), ("False", false)] {
            if self.rest().starts_with(word.as_bytes()) {
                self.place += word.len();
                return Ok(truth);
            }
        }
        Err(wrong("expected `True` or `False`", self.place))
    }

    fn shape(&mut self) -> Result<Vec<usize>, Failure> {
        let mut sizes = Vec::new();
        self.expect(b'(', "expected `(`")?;
        while !self.take(b')') {
            sizes.push(self.size()?);
            if !self.take(b',') {
                self.expect(b')', "expected `,` or `)`")?;
                break;
            }
        }
        Ok(sizes)
    }

    fn size(&mut self) -> Result<usize, Failure> {
        self.skip_blanks();
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit());
        let digits = &self.rest()[..digits.count()];
        let size = std::str::from_utf8(digits)
            .ok()
            .and_then(|size| size.parse().ok());
        let size = size.ok_or_else(|| wrong("expected a size", self.place))?;
        self.place += digits.len();
        Ok(size)
    }
}

/// The header of an array.
pub(super) fn header(kind: &Kind, shape: &[usize]) -> Vec<u8> {
    let descr = match kind {
        Kind::F32 => "<f4",
        _ => "<f8",
    };
    // With a comma behind each size, as Python needs it for a single one.
    let sizes = shape
        .iter()
        .flat_map(|size| [size.to_string(), ", ".to_owned()]);
    let sizes: String = sizes.collect();
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({sizes}), }}");
    let before = MAGIC.len() + 4;
    let total = (before + text.len() + 1).next_multiple_of(ALIGNMENT);
    let mut header = Vec::with_capacity(total);
    header.extend_from_slice(MAGIC);
    header.extend_from_slice(&[1, 0]);
    // A shape of so many sizes that the length does not fit has no parameter.
    let length = u16::try_from(total - before).unwrap_or(u16::MAX);
    header.extend_from_slice(&length.to_le_bytes());
    header.extend_from_slice(text.as_bytes());
    header.resize(total - 1, b' ');
    header.push(b'\n');
    header
}
