//! Lines, bands and bars between two axes.

mod drawing;
mod text;

use super::axis::{Axis, Scale};
use super::scene::printable;

pub(super) const TITLE_SIZE: f64 = 15.0;
pub(super) const TEXT_SIZE: f64 = 12.0;

/// Lines, bands and bars between two axes.
///
/// ```
/// use nn_core::plot::{Chart, Figure};
///
/// let chart = Chart::new("loss", "step", "loss").line("training", [(1.0, 2.3), (2.0, 0.9), (3.0, 0.4)]);
/// let svg: String = Figure::from(chart).to_svg();
/// # assert!(svg.starts_with("<svg"));
/// ```
///
/// A point with a number that is infinite or NaN interrupts its line.
#[derive(Clone, Debug)]
pub struct Chart {
    title: String,
    x_label: String,
    y_label: String,
    scale: Scale,
    within: Option<(f64, f64)>,
    x: X,
    series: Vec<Series>,
}

/// What x is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum X {
    /// Steps or epochs: there is nothing between whole numbers.
    Counts,
    Continuous,
    Ratios,
}

#[derive(Clone, Debug)]
struct Series {
    label: String,
    data: Data,
}

#[derive(Clone, Debug)]
enum Data {
    Line(Vec<(f64, f64)>),
    /// x, lower, upper.
    Band(Vec<(f64, f64, f64)>),
    /// From x to x, and the height.
    Bars(Vec<(f64, f64, f64)>),
}

impl Chart {
    /// An empty chart with the names of its axes, units included.
    #[must_use]
    pub fn new(
        title: impl Into<String>,
        x_label: impl Into<String>,
        y_label: impl Into<String>,
    ) -> Self {
        Self {
            title: printable(title),
            x_label: printable(x_label),
            y_label: printable(y_label),
            scale: Scale::Automatic,
            within: None,
            x: X::Counts,
            series: Vec::new(),
        }
    }

    /// How the y axis is divided; without this as [`Scale::Automatic`] says.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.scale = scale;
        self
    }

    /// The y axis does not go beyond these numbers: 0 and 1 for an accuracy.
    #[must_use]
    pub fn within(mut self, low: f64, high: f64) -> Self {
        self.within = (low < high).then_some((low, high));
        self
    }

    /// The x axis is not one of steps or epochs: it has ticks between whole numbers.
    #[must_use]
    pub fn continuous(mut self) -> Self {
        self.x = X::Continuous;
        self
    }

    /// The x axis is divided by ratios; points whose x is not above 0 are left out.
    #[must_use]
    pub fn ratios(mut self) -> Self {
        self.x = X::Ratios;
        self
    }

    /// Adds a line through points (x, y).
    #[must_use]
    pub fn line(
        self,
        label: impl Into<String>,
        points: impl IntoIterator<Item = (f64, f64)>,
    ) -> Self {
        let data = Data::Line(points.into_iter().collect());
        self.with(printable(label), data)
    }

    /// Adds the area between two lines: (x, lower y, upper y).
    #[must_use]
    pub fn band(
        self,
        label: impl Into<String>,
        points: impl IntoIterator<Item = (f64, f64, f64)>,
    ) -> Self {
        let data = Data::Band(points.into_iter().collect());
        self.with(printable(label), data)
    }

    /// Adds bars: (left end, right end, height).
    #[must_use]
    pub fn bars(
        self,
        label: impl Into<String>,
        bars: impl IntoIterator<Item = (f64, f64, f64)>,
    ) -> Self {
        let data = Data::Bars(bars.into_iter().collect());
        self.with(printable(label), data)
    }

    fn with(mut self, label: String, data: Data) -> Self {
        self.series.push(Series { label, data });
        self
    }

    fn axes(&self) -> (Axis, Axis) {
        let (mut x, mut y) = (Vec::new(), Vec::new());
        let mut has_bars = false;
        for series in &self.series {
            match &series.data {
                Data::Line(points) => {
                    x.extend(points.iter().map(|point| point.0));
                    y.extend(points.iter().map(|point| point.1));
                }
                Data::Band(points) => {
                    x.extend(points.iter().map(|point| point.0));
                    y.extend(points.iter().flat_map(|point| [point.1, point.2]));
                }
                Data::Bars(bars) => {
                    has_bars = true;
                    x.extend(bars.iter().flat_map(|bar| [bar.0, bar.1]));
                    y.extend(bars.iter().map(|bar| bar.2));
                }
            }
        }
        x.retain(|number| number.is_finite());
        let x = match () {
            () if has_bars => Axis::exact(&x),
            () if self.x == X::Counts => Axis::whole(&x),
            () if self.x == X::Ratios => Axis::of(&x, Scale::Logarithmic, None),
            () => Axis::of(&x, Scale::Linear, None),
        };
        let within = if has_bars {
            y.push(0.0);
            self.within.or(Some((0.0, f64::MAX)))
        } else {
            self.within
        };
        let scale = if has_bars { Scale::Linear } else { self.scale };
        (x, Axis::of(&y, scale, within))
    }

    /// Lines of the legend that fit into a width, as places among the series.
    fn legend(&self, width: f64, size: impl Fn(&str) -> f64) -> Vec<Vec<usize>> {
        let mut rows: Vec<Vec<usize>> = Vec::new();
        let mut used = f64::INFINITY;
        for (index, series) in self.series.iter().enumerate() {
            if series.label.is_empty() || (self.series.len() == 1 && series.label == self.title) {
                continue;
            }
            let needed = size(&series.label);
            if used + needed > width || rows.is_empty() {
                rows.push(Vec::new());
                used = 0.0;
            }
            used += needed;
            if let Some(row) = rows.last_mut() {
                row.push(index);
            }
        }
        rows
    }

    pub(super) fn describe(&self) -> String {
        let labels: Vec<&str> = self
            .series
            .iter()
            .map(|series| series.label.as_str())
            .collect();
        format!(
            "{}: {} over {}; {}",
            self.title,
            self.y_label,
            self.x_label,
            labels.join(", ")
        )
    }
}

type At<'a> = &'a dyn Fn(f64, f64) -> Option<(f64, f64)>;

/// The parts between places that are not there.
fn runs<P: Copy>(places: &[Option<P>]) -> Vec<Vec<P>> {
    let parts = places.split(Option::is_none);
    let runs = parts.map(|part| part.iter().copied().flatten().collect());
    runs.filter(|run: &Vec<P>| !run.is_empty()).collect()
}
