//! Pictures in a terminal: dots of Braille for lines, half blocks for pixels, colours where the terminal has them.

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use super::scene::Part;

/// The colours that a text may be written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Colours {
    /// None: what a file or a pipe takes.
    #[default]
    None,
    /// The 256 colours of xterm, on light or dark ground.
    Palette,
    /// 24 bits.
    All,
}

impl Colours {
    /// What standard output takes: none if it is no terminal, or `NO_COLOR` or `TERM=dumb` is in the environment; all if `COLORTERM` says so.
    #[must_use]
    pub fn detect() -> Self {
        let variable = |name| std::env::var(name).unwrap_or_default();
        let plain = !variable("NO_COLOR").is_empty() || variable("TERM") == "dumb";
        if plain || !std::io::stdout().is_terminal() {
            return Self::None;
        }
        match variable("COLORTERM").as_str() {
            "truecolor" | "24bit" => Self::All,
            _ => Self::Palette,
        }
    }

    /// Text in a colour that stands out from light and from dark ground.
    pub(super) fn paint(self, text: &str, part: Part) -> String {
        match (self, part) {
            (Self::None, _) | (_, Part::Ink | Part::Paper) => text.to_owned(),
            (_, Part::Soft | Part::Grid) => format!("\x1b[2m{text}\x1b[0m"),
            (_, Part::Series(_)) => {
                format!("\x1b[{}m{text}\x1b[0m", self.code(38, middle(part)))
            }
        }
    }

    /// The number of a colour behind 38, for letters, or 48, for the ground.
    fn code(self, ground: u8, [red, green, blue]: [u8; 3]) -> String {
        if self == Self::All {
            return format!("{ground};2;{red};{green};{blue}");
        }
        // Greys are 232 to 255; other colours lie in a cube of 6 × 6 × 6, from 16.
        let spread = red.max(green).max(blue) - red.min(green).min(blue);
        let index = if spread < 12 {
            232 + u16::from(green) * 23 / 255
        } else {
            let step = |value: u8| (u16::from(value) * 5 + 127) / 255;
            16 + 36 * step(red) + 6 * step(green) + step(blue)
        };
        format!("{ground};5;{index}")
    }

    /// Two pixels, one above the other.
    pub(super) fn pixels(self, upper: [u8; 3], lower: [u8; 3]) -> String {
        if self == Self::None {
            let grey = |[red, green, blue]: [u8; 3]| {
                (u16::from(red) + u16::from(green) + u16::from(blue)) / 3
            };
            let shade = usize::from(grey(upper).midpoint(grey(lower))) * 4 / 255;
            return [" ", "░", "▒", "▓", "█"][shade].to_owned();
        }
        let (letter, ground) = (self.code(38, upper), self.code(48, lower));
        format!("\x1b[{letter};{ground}m▀")
    }

    /// Text on a coloured ground, in black or white, whichever can be read on it.
    pub(super) fn on(self, text: &str, ground: [u8; 3]) -> String {
        if self == Self::None {
            return text.to_owned();
        }
        let [red, green, blue] = ground.map(f64::from);
        let bright = 0.299 * red + 0.587 * green + 0.114 * blue > 140.0;
        let letters = if bright { [0; 3] } else { [255; 3] };
        format!(
            "\x1b[{};{}m{text}\x1b[0m",
            self.code(38, letters),
            self.code(48, ground)
        )
    }

    pub(super) fn end(self) -> &'static str {
        if self == Self::None { "" } else { "\x1b[0m" }
    }
}

/// Half way between the colours on light and on dark paper.
fn middle(part: Part) -> [u8; 3] {
    let (light, dark) = (part.light(), part.dark());
    std::array::from_fn(|channel| light[channel].midpoint(dark[channel]))
}

/// Letters of Braille, of 2 × 4 dots each, and for each letter the series that it shows.
pub(super) struct Dots {
    columns: usize,
    rows: usize,
    letters: Vec<(u8, Option<usize>)>,
}

impl Dots {
    pub(super) fn new(columns: usize, rows: usize) -> Self {
        Self {
            columns,
            rows,
            letters: vec![(0, None); columns * rows],
        }
    }

    /// Dots in a line and in a column.
    pub(super) fn size(&self) -> (usize, usize) {
        (2 * self.columns, 4 * self.rows)
    }

    pub(super) fn set(&mut self, x: usize, y: usize, series: usize) {
        const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        let (column, row) = (x / 2, y / 4);
        if column < self.columns && row < self.rows {
            let letter = &mut self.letters[row * self.columns + column];
            letter.0 |= BITS[y % 4][x % 2];
            letter.1 = Some(series);
        }
    }

    /// A straight line; of `thin` ones every third dot is left out.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), series: usize, thin: bool) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let steps = super::axis::count(dx.abs().max(dy.abs()).ceil()).max(1);
        for step in 0..=steps {
            let part = step as f64 / steps as f64;
            let x = super::axis::count((from.0 + part * dx).round());
            let y = super::axis::count((from.1 + part * dy).round());
            if !thin || x % 4 < 2 {
                self.set(x, y, series);
            }
        }
    }

    pub(super) fn row(&self, row: usize, colours: Colours) -> String {
        let letters = &self.letters[row * self.columns..(row + 1) * self.columns];
        let mut text = String::new();
        for same in letters.chunk_by(|one, other| one.1 == other.1) {
            let run: String = same
                .iter()
                .map(|&(bits, _)| match bits {
                    0 => ' ',
                    bits => char::from_u32(0x2800 + u32::from(bits)).unwrap_or(' '),
                })
                .collect();
            match same[0].1 {
                Some(series) => {
                    let _ = write!(text, "{}", colours.paint(&run, Part::Series(series)));
                }
                None => text.push_str(&run),
            }
        }
        text
    }
}
