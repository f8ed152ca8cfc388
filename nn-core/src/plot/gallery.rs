//! Samples as pictures, with what they are and what they were taken for.

use std::fmt::Write as _;

use super::axis::count;
use super::chart::{TEXT_SIZE, TITLE_SIZE};
use super::heat_map::percent;
use super::scene::{
    Anchor, Area, INK, Mark, Paint, Pixels, SOFT, Scene, fitted, printable, shrunk, wide,
};
use super::terminal::Colours;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::losses::{ClassTarget, argmax};
use crate::metrics::classes;
use crate::sample::Sample;

/// A sample that a network takes for what it is not.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Mistake {
    /// Which sample, from 0.
    pub index: usize,
    /// What it is.
    pub class: usize,
    /// What it was taken for; `None` if a score is NaN.
    pub predicted: Option<usize>,
    /// The probability that the network gives to the class that it was taken for, by the softmax of its scores.
    pub probability: f64,
    /// The probability that it gives to the true class.
    pub of_class: f64,
}

/// The mistakes of a network, the worst first: those in which the true class has the smallest probability, by the softmax of the scores; of equal ones
/// the first. At most `most` of them.
///
/// ```
/// use nn_core::plot::worst_mistakes;
///
/// // The odds of the second sample are e³ to 1 against what it is, those of the third e to 1.
/// let scores = [[2.0, 0.0], [3.0, 0.0], [1.0, 0.0]];
/// let worst = worst_mistakes(&scores, &[0_u8, 1, 1], 10)?;
/// assert_eq!([worst[0].index, worst[1].index], [1, 2]);
/// assert!((worst[0].of_class - 1.0 / (1.0 + 3_f64.exp())).abs() < 1e-12);
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::Empty`], [`Error::LengthMismatch`], [`Error::LabelOutOfRange`] or [`Error::Target`] for what is wrong with scores and targets.
pub fn worst_mistakes<T: Element, const C: usize, Y: ClassTarget<T, C>>(
    scores: &[[T; C]],
    targets: &[Y],
    most: usize,
) -> Result<Vec<Mistake>> {
    let classes = classes(scores, targets)?;
    let mistakes = scores
        .iter()
        .zip(classes)
        .enumerate()
        .filter_map(|(index, (scores, class))| {
            let predicted = argmax(scores);
            if predicted == Some(class) {
                return None;
            }
            let largest = scores
                .iter()
                .map(|score| score.as_f64())
                .fold(f64::NEG_INFINITY, f64::max);
            let weight = |score: &T| (score.as_f64() - largest).exp();
            let sum: f64 = scores.iter().map(weight).sum();
            Some(Mistake {
                index,
                class,
                predicted,
                probability: predicted.map_or(f64::NAN, |class| weight(&scores[class]) / sum),
                of_class: if predicted.is_some() {
                    weight(&scores[class]) / sum
                } else {
                    f64::NAN
                },
            })
        });
    let mut mistakes: Vec<Mistake> = mistakes.collect();
    // What is no number is the worst of all.
    let rank = |mistake: &Mistake| {
        if mistake.of_class.is_nan() {
            -1.0
        } else {
            mistake.of_class
        }
    };
    mistakes.sort_by(|one, other| rank(one).total_cmp(&rank(other)));
    mistakes.truncate(most);
    Ok(mistakes)
}

/// Samples as pictures, with captions.
///
/// ```
/// use nn_core::plot::{Figure, Gallery, worst_mistakes};
///
/// // Two pictures of 2 × 2 pixels, and what a network says of them.
/// let pictures = [[0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0]];
/// let worst = worst_mistakes(&[[0.2, 0.1], [0.3, 0.9]], &[1_u8, 0], 10)?;
/// let gallery = Gallery::of_mistakes(&pictures, &worst, &["rising", "falling"])?;
/// Figure::from(gallery).to_svg();
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Gallery {
    title: String,
    pictures: Vec<Picture>,
}

#[derive(Clone, Debug)]
struct Picture {
    pixels: Pixels,
    truth: String,
    predicted: String,
    /// The probability of that.
    share: String,
    about: String,
}

impl Gallery {
    /// The samples of these mistakes. A sample is `[rows][columns]`, or that for 1 channel, grey, or for 3, red, green and blue; a vector is taken for a
    /// square. 0 is black and 1 is white; if there are other numbers, from the smallest to the largest of what is shown.
    ///
    /// `names` are those of the classes; where there is none, a class is its number.
    ///
    /// # Errors
    /// [`Error::NoPicture`] for samples of another shape, [`Error::OutOfRange`] for a mistake of a sample that does not exist.
    pub fn of_mistakes<X: Sample>(
        samples: &[X],
        mistakes: &[Mistake],
        names: &[&str],
    ) -> Result<Self> {
        let layout = layout(X::SHAPE.sizes())?;
        let mut shown = Vec::with_capacity(mistakes.len());
        for mistake in mistakes {
            let sample = samples.get(mistake.index).ok_or(Error::OutOfRange {
                index: mistake.index,
                len: samples.len(),
            })?;
            let numbers = X::flat(std::slice::from_ref(sample)).iter();
            shown.push(numbers.map(|x| x.as_f64()).collect());
        }
        Ok(Self::of_numbers(&shown, layout, mistakes, names))
    }

    fn of_numbers(
        shown: &[Vec<f64>],
        (channels, rows, columns): (usize, usize, usize),
        mistakes: &[Mistake],
        names: &[&str],
    ) -> Self {
        let numbers = || shown.iter().flatten().copied();
        let (low, high) = if numbers().all(|x| (0.0..=1.0).contains(&x)) {
            (0.0, 1.0)
        } else {
            let finite = || numbers().filter(|x| x.is_finite());
            (
                finite().fold(f64::INFINITY, f64::min),
                finite().fold(f64::NEG_INFINITY, f64::max),
            )
        };
        let name = |class: usize| class_name(names, class);
        let pictures = mistakes.iter().zip(shown).map(|(mistake, sample)| {
            let pixel = |channel: usize, place: usize| {
                let x = sample[channel * rows * columns + place];
                shade((x - low) / (high - low))
            };
            let pixels = |place| {
                [0, 1, 2].map(|colour| pixel(if channels == 3 { colour } else { 0 }, place))
            };
            let truth = name(mistake.class);
            let predicted = mistake.predicted.map_or_else(|| "NaN".to_owned(), name);
            Picture {
                pixels: Pixels {
                    columns,
                    rows,
                    rgb: (0..rows * columns).flat_map(pixels).collect(),
                },
                about: format!(
                    "sample {}: is {truth}, to which it gives {}; taken for {predicted}, {}",
                    mistake.index,
                    percent(mistake.of_class),
                    percent(mistake.probability),
                ),
                truth: format!("is {truth}"),
                share: match mistake.predicted {
                    Some(_) => format!(", {:.0} %", 100.0 * mistake.probability),
                    None => String::new(),
                },
                predicted: format!("→ {predicted}"),
            }
        });
        Self {
            title: match mistakes.len() {
                0 => "No mistakes".to_owned(),
                1 => "The worst mistake".to_owned(),
                count => format!("The {count} worst mistakes"),
            },
            pictures: pictures.collect(),
        }
    }

    /// Another title than `The … worst mistakes`.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = printable(title);
        self
    }

    const CELL: f64 = 104.0;
    const PICTURE: f64 = 84.0;
    const ROW: f64 = Self::PICTURE + 44.0;

    fn per_row(width: f64) -> usize {
        count(((width - 18.0) / Self::CELL).floor()).max(1)
    }

    pub(super) fn describe(&self) -> String {
        let texts: Vec<&str> = self
            .pictures
            .iter()
            .map(|picture| picture.about.as_str())
            .collect();
        format!("{}. {}", self.title, texts.join("; "))
    }

    pub(super) fn height(&self, width: f64) -> f64 {
        40.0 + self.pictures.len().div_ceil(Self::per_row(width)) as f64 * Self::ROW
    }

    pub(super) fn draw(&self, width: f64) -> Scene {
        let mut scene = Scene::new(width, self.height(width));
        let (size_of_title, title) = shrunk(&self.title, TITLE_SIZE, width - 28.0);
        scene.text((14.0, 22.0), (size_of_title, INK), Anchor::Start, title);
        let per_row = Self::per_row(width);
        for (index, picture) in self.pictures.iter().enumerate() {
            let left = 14.0 + (index % per_row) as f64 * Self::CELL;
            let top = 38.0 + (index / per_row) as f64 * Self::ROW;
            let (columns, rows) = (picture.pixels.columns as f64, picture.pixels.rows as f64);
            let scale = Self::PICTURE / columns.max(rows).max(1.0);
            let area = Area {
                left,
                top,
                width: columns * scale,
                height: rows * scale,
            };
            let pixels = picture.pixels.clone();
            scene.marks.push(Mark::Image { area, pixels });
            let most = Self::CELL - 8.0;
            let mut line = |y: f64, paint, text: String| {
                let at = (left, top + Self::PICTURE + y);
                scene.text(at, (TEXT_SIZE, paint), Anchor::Start, text);
            };
            line(15.0, SOFT, fitted(&picture.truth, TEXT_SIZE, most));
            let name = fitted(
                &picture.predicted,
                TEXT_SIZE,
                most - wide(&picture.share, TEXT_SIZE),
            );
            line(30.0, Paint::series(1), format!("{name}{}", picture.share));
            scene.marks.push(Mark::Rect {
                area: Area {
                    height: Self::PICTURE,
                    ..area
                },
                paint: INK.faded(0.0),
                about: picture.about.clone(),
            });
        }
        scene
    }

    pub(super) fn text(&self, columns: usize, colours: Colours) -> String {
        const WIDTH: usize = 20;
        let mut text = format!(" {}\n", self.title);
        for row in self.pictures.chunks((columns / (WIDTH + 2)).max(1)) {
            let high =
                |picture: &Picture| WIDTH * picture.pixels.rows / picture.pixels.columns.max(1);
            let lines = row
                .iter()
                .map(high)
                .max()
                .unwrap_or(0)
                .div_ceil(2)
                .min(2 * WIDTH);
            for line in 0..lines {
                for picture in row {
                    text.push_str("  ");
                    for column in 0..WIDTH {
                        let [upper, lower] =
                            [2 * line, 2 * line + 1].map(|y| picture.pixels.at(column, y, WIDTH));
                        text.push_str(&colours.pixels(upper, lower));
                    }
                    text.push_str(colours.end());
                }
                text.push('\n');
            }
            let truth = |picture: &Picture| picture.truth.clone();
            let predicted = |picture: &Picture| format!("{}{}", picture.predicted, picture.share);
            for caption in [&truth as &dyn Fn(&Picture) -> String, &predicted] {
                for picture in row {
                    let caption: String = caption(picture).chars().take(WIDTH).collect();
                    let _ = write!(text, "  {caption:WIDTH$}");
                }
                text.truncate(text.trim_end().len());
                text.push('\n');
            }
        }
        text
    }
}

impl Pixels {
    /// The mean colour of the pixels at a place, when the picture is so many pixels wide; black outside of it.
    fn at(&self, x: usize, y: usize, width: usize) -> [u8; 3] {
        let part = |place: usize| {
            let (start, end) = (
                place * self.columns / width,
                (place + 1) * self.columns / width,
            );
            start..end.max(start + 1)
        };
        let mut sums = [0_usize; 3];
        let mut pixels = 0;
        for (row, column) in part(y).flat_map(|row| part(x).map(move |column| (row, column))) {
            if row < self.rows && column < self.columns {
                let start = 3 * (row * self.columns + column);
                for (sum, &value) in sums.iter_mut().zip(&self.rgb[start..start + 3]) {
                    *sum += usize::from(value);
                }
                pixels += 1;
            }
        }
        sums.map(|sum| u8::try_from(sum / pixels.max(1)).unwrap_or(u8::MAX))
    }
}

/// The name of a class, or its number.
pub(super) fn class_name(names: &[&str], class: usize) -> String {
    names
        .get(class)
        .map_or_else(|| class.to_string(), |name| printable(*name))
}

/// Channels, rows and columns.
fn layout(shape: &[usize]) -> Result<(usize, usize, usize)> {
    let found = match *shape {
        [length] if length.isqrt().pow(2) == length => Some((1, length.isqrt(), length.isqrt())),
        [rows, columns] => Some((1, rows, columns)),
        [channels @ (1 | 3), rows, columns] => Some((channels, rows, columns)),
        _ => None,
    };
    let found = found.filter(|&(_, rows, columns)| rows > 0 && columns > 0);
    found.ok_or_else(|| Error::NoPicture {
        found: shape.to_vec(),
    })
}

/// NaN is black.
fn shade(share: f64) -> u8 {
    u8::try_from(count((255.0 * share.clamp(0.0, 1.0)).round())).unwrap_or(u8::MAX)
}
