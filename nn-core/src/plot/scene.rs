//! What is drawn: marks with colours by their part, which each writer turns into its own.

use nn_picture::text_width;

/// A drawing: where its marks lie is decided, what its colours are is not.
pub(super) struct Scene {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) marks: Vec<Mark>,
}

pub(super) enum Mark {
    Rect {
        area: Area,
        paint: Paint,
        /// For those who point at it; nothing if empty.
        about: String,
    },
    Line {
        points: Vec<(f64, f64)>,
        paint: Paint,
        width: f64,
        dashed: bool,
    },
    /// Between two lines.
    Polygon {
        points: Vec<(f64, f64)>,
        paint: Paint,
    },
    Dot {
        at: (f64, f64),
        radius: f64,
        paint: Paint,
    },
    Text {
        at: (f64, f64),
        size: f64,
        anchor: Anchor,
        paint: Paint,
        text: String,
        /// Whether it runs upwards.
        upwards: bool,
    },
    Image {
        area: Area,
        pixels: Pixels,
    },
}

#[derive(Clone, Copy)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A small picture, pixel by pixel: red, green, blue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pixels {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) rgb: Vec<u8>,
}

/// What is painted, from which its colour follows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Paint {
    pub(super) part: Part,
    /// From 0 to 1.
    pub(super) opacity: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Paper,
    Ink,
    /// Captions and ticks.
    Soft,
    Grid,
    /// Lines of data, each with a colour of its own.
    Series(usize),
}

pub(super) const PAPER: Paint = Paint::of(Part::Paper);
pub(super) const INK: Paint = Paint::of(Part::Ink);
pub(super) const SOFT: Paint = Paint::of(Part::Soft);
pub(super) const GRID: Paint = Paint::of(Part::Grid);

/// How many lines have colours of their own.
pub(super) const SERIES: usize = 8;

/// On light and on dark paper. The first two lines of series are Okabe and Ito's colours, which colour-blind readers can tell apart;
/// on dark paper all are brighter.
const COLOURS: [(&str, [u8; 3], [u8; 3]); 4 + SERIES] = [
    ("paper", [252, 252, 250], [24, 26, 31]),
    ("ink", [43, 47, 54], [230, 232, 236]),
    ("soft", [84, 92, 104], [168, 176, 188]),
    ("grid", [226, 228, 232], [52, 57, 66]),
    ("s0", [0, 114, 178], [86, 180, 233]),
    ("s1", [213, 94, 0], [255, 148, 82]),
    ("s2", [0, 138, 100], [47, 201, 155]),
    ("s3", [170, 75, 131], [229, 156, 197]),
    ("s4", [158, 110, 0], [240, 184, 64]),
    ("s5", [98, 84, 196], [169, 160, 245]),
    ("s6", [84, 92, 104], [168, 176, 188]),
    ("s7", [131, 74, 60], [212, 160, 146]),
];

impl Paint {
    pub(super) const fn of(part: Part) -> Self {
        Self { part, opacity: 1.0 }
    }

    pub(super) const fn series(index: usize) -> Self {
        Self::of(Part::Series(index % SERIES))
    }

    pub(super) fn faded(self, opacity: f64) -> Self {
        Self {
            opacity: opacity.clamp(0.0, 1.0),
            ..self
        }
    }
}

impl Part {
    fn entry(self) -> (&'static str, [u8; 3], [u8; 3]) {
        COLOURS[match self {
            Self::Paper => 0,
            Self::Ink => 1,
            Self::Soft => 2,
            Self::Grid => 3,
            Self::Series(index) => 4 + index % SERIES,
        }]
    }

    /// What style sheets call it.
    pub(super) fn class(self) -> &'static str {
        self.entry().0
    }

    pub(super) fn light(self) -> [u8; 3] {
        self.entry().1
    }

    pub(super) fn dark(self) -> [u8; 3] {
        self.entry().2
    }
}

/// Class, light and dark colour of all parts.
pub(super) fn colours() -> impl Iterator<Item = (&'static str, [u8; 3], [u8; 3])> {
    COLOURS.into_iter()
}

pub(super) fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

impl Scene {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            marks: Vec::new(),
        }
    }

    pub(super) fn text(
        &mut self,
        at: (f64, f64),
        (size, paint): (f64, Paint),
        anchor: Anchor,
        text: impl Into<String>,
    ) {
        self.marks.push(Mark::Text {
            at,
            size,
            anchor,
            paint,
            text: text.into(),
            upwards: false,
        });
    }

    pub(super) fn upwards(&mut self, at: (f64, f64), (size, paint): (f64, Paint), text: &str) {
        self.marks.push(Mark::Text {
            at,
            size,
            anchor: Anchor::Middle,
            paint,
            text: text.to_owned(),
            upwards: true,
        });
    }

    pub(super) fn line(&mut self, points: Vec<(f64, f64)>, paint: Paint, width: f64) {
        self.marks.push(Mark::Line {
            points,
            paint,
            width,
            dashed: false,
        });
    }

    pub(super) fn rect(&mut self, area: Area, paint: Paint) {
        self.marks.push(Mark::Rect {
            area,
            paint,
            about: String::new(),
        });
    }

    /// All marks of another drawing, whose upper left corner comes here.
    pub(super) fn put(&mut self, other: Self, (dx, dy): (f64, f64)) {
        let shift = |point: &mut (f64, f64)| {
            point.0 += dx;
            point.1 += dy;
        };
        for mut mark in other.marks {
            match &mut mark {
                Mark::Rect { area, .. } | Mark::Image { area, .. } => {
                    area.left += dx;
                    area.top += dy;
                }
                Mark::Line { points, .. } | Mark::Polygon { points, .. } => {
                    points.iter_mut().for_each(shift);
                }
                Mark::Dot { at, .. } | Mark::Text { at, .. } => shift(at),
            }
            self.marks.push(mark);
        }
    }
}

/// A name without what moves the cursor of a terminal or is no XML.
pub(super) fn printable(text: impl Into<String>) -> String {
    let text = text.into();
    if text.contains(char::is_control) {
        text.replace(char::is_control, " ")
    } else {
        text
    }
}

/// The width of a line of text.
pub(super) fn wide(text: &str, size: f64) -> f64 {
    text_width(text) * size
}

/// A line of text, smaller if it would be wider than that, and with an ellipsis if that is not enough.
pub(super) fn shrunk(text: &str, size: f64, most: f64) -> (f64, String) {
    const LEAST: f64 = 11.0;
    let needed = wide(text, size);
    let size = if needed > most {
        (size * most / needed).floor().max(LEAST)
    } else {
        size
    };
    (size, fitted(text, size, most))
}

/// A text that is at most so wide, with an ellipsis for what is left out.
pub(super) fn fitted(text: &str, size: f64, most: f64) -> String {
    if wide(text, size) <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    for character in text.chars() {
        short.push(character);
        if wide(&short, size) + size > most {
            short.pop();
            break;
        }
    }
    format!("{}…", short.trim_end())
}
