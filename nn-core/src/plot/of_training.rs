//! What a training leaves, as pictures.

use std::io::Write as _;
use std::path::Path;

use super::axis::{Scale, significant, whole_text};
use super::chart::Chart;
use super::figure::{Figure, Panel};
use super::heat_map::{Cell, HeatMap};
use super::scene::printable;
use crate::error::Result;
use crate::files::atomic;
use crate::logs::{Histogram, HistogramRecord, Histograms};
use crate::trainer::{EpochRecord, GradientNorms, History, LrPoint, LrSweep, NormRecord};

impl History {
    /// Losses, learning rate and, where there are any, accuracies, as curves.
    ///
    /// ```
    /// use nn_core::{History, LossRecord};
    ///
    /// let loss = |step, loss| LossRecord { step, epoch: 1, loss, lr: 0.1, seconds: 0.0 };
    /// let history = History { losses: vec![loss(1, 2.3), loss(21, 0.9), loss(41, 0.6)], ..History::default() };
    /// let svg: String = history.figure().to_svg();
    /// println!("{}", history.figure().to_text(80, nn_core::plot::Colours::detect()));
    /// ```
    #[must_use]
    pub fn figure(&self) -> Figure {
        let figure = Figure::new(self.heading());
        let charts = self.charts().into_iter();
        charts.fold(figure, Figure::with)
    }

    /// [`History::figure`] as an SVG picture.
    #[must_use]
    pub fn to_svg(&self) -> String {
        self.figure().to_svg()
    }

    /// Writes [`History::to_svg`] to a file.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if the file cannot be written.
    pub fn write_svg(&self, path: impl AsRef<Path>) -> Result<()> {
        let svg = self.to_svg();
        atomic::write(path.as_ref(), |file| file.write_all(svg.as_bytes()))
    }

    fn charts(&self) -> Vec<Chart> {
        let mut charts = vec![self.losses_chart()];
        charts.extend(self.accuracies_chart());
        charts.extend(self.metrics_charts());
        charts.extend(self.rates_chart());
        charts
    }

    fn heading(&self) -> String {
        let count = |n: usize, unit: &str| {
            format!(
                "{} {unit}{}",
                nn_picture::grouped(n),
                if n == 1 { "" } else { "s" }
            )
        };
        format!(
            "{}, {}, {:.1} s of training",
            count(self.epochs.len(), "epoch"),
            count(self.steps, "step"),
            self.seconds
        )
    }

    fn losses_chart(&self) -> Chart {
        let losses = self
            .losses
            .iter()
            .map(|record| (record.step as f64, record.loss));
        let chart = Chart::new("Loss", "step", "loss").line("training", losses);
        let test = self.epochs.iter();
        let test = test.filter_map(|record| Some((record.step as f64, record.test_loss?)));
        let test: Vec<(f64, f64)> = test.collect();
        if test.is_empty() {
            return chart;
        }
        chart.line("test", test)
    }

    /// One for all metrics from 0 to 1, and one for each other.
    fn metrics_charts(&self) -> Vec<Chart> {
        let mut shares = Chart::new("Metrics", "epoch", "of test samples").within(0.0, 1.0);
        let (mut has_shares, mut charts) = (false, Vec::new());
        for name in self.metric_names() {
            let points = self.epochs.iter();
            let points =
                points.filter_map(|record| Some((record.epoch as f64, record.metric(name)?)));
            let points: Vec<(f64, f64)> = points.collect();
            if points.iter().all(|point| (0.0..=1.0).contains(&point.1)) {
                shares = shares.line(name, points);
                has_shares = true;
            } else {
                charts.push(Chart::new(name, "epoch", name).line(name, points));
            }
        }
        if has_shares {
            charts.insert(0, shares);
        }
        charts
    }

    fn accuracies_chart(&self) -> Option<Chart> {
        let mut chart = Chart::new("Accuracy", "epoch", "accuracy").within(0.0, 1.0);
        let mut is_empty = true;
        for (label, of) in [
            (
                "training",
                (|record| record.train_accuracy) as fn(&EpochRecord) -> Option<f64>,
            ),
            ("test", |record| record.test_accuracy),
        ] {
            let points = self
                .epochs
                .iter()
                .filter_map(|record| Some((record.epoch as f64, of(record)?)));
            let points: Vec<(f64, f64)> = points.collect();
            if !points.is_empty() {
                is_empty = false;
                chart = chart.line(label, points);
            }
        }
        (!is_empty).then_some(chart)
    }

    /// `None` where the learning rate does not change.
    fn rates_chart(&self) -> Option<Chart> {
        let first = self.losses.first()?.lr;
        if self.losses.iter().all(|record| record.lr == first) {
            return None;
        }
        let rates = self
            .losses
            .iter()
            .map(|record| (record.step as f64, record.lr));
        Some(Chart::new("Learning rate", "step", "learning rate").line("", rates))
    }
}

impl Histograms {
    /// How the numbers of each parameter are spread over the steps: a panel for each, with the range of all numbers, that of the middle half, and
    /// the median. Gradients, if they were asked for, come behind the parameters.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let values = |record: &HistogramRecord| Some(record.values.clone());
        let gradients = |record: &HistogramRecord| record.gradient.clone();
        let panels = self.spreads(&values, "").into_iter();
        let panels = panels.chain(self.spreads(&gradients, "gradient of "));
        panels.fold(Figure::new(""), Figure::with)
    }

    fn spreads(
        &self,
        of: &dyn Fn(&HistogramRecord) -> Option<Histogram>,
        title: &str,
    ) -> Vec<Chart> {
        let mut keys: Vec<&str> = Vec::new();
        for record in self.records() {
            if !keys.contains(&record.key) {
                keys.push(record.key);
            }
        }
        let chart = |key: &str| {
            let records = self.records().iter().filter(|record| record.key == key);
            let found = records.filter_map(|record| Some((record.step as f64, of(record)?)));
            let found: Vec<(f64, Histogram)> = found.collect();
            let band = |low: f64, high: f64| {
                let ends = |(step, histogram): &(f64, Histogram)| {
                    Some((*step, histogram.quantile(low)?, histogram.quantile(high)?))
                };
                found.iter().filter_map(ends).collect::<Vec<_>>()
            };
            let median = band(0.5, 0.5)
                .into_iter()
                .map(|(step, median, _)| (step, median));
            let chart = Chart::new(format!("{title}{key}"), "step", "value").scale(Scale::Linear);
            let chart = chart.band("all numbers", band(0.0, 1.0));
            let chart = chart
                .band("middle half", band(0.25, 0.75))
                .line("median", median);
            (!found.is_empty()).then_some(chart)
        };
        keys.into_iter().filter_map(chart).collect()
    }
}

impl GradientNorms {
    /// The norm of each parameter's gradient, and of the parameter itself, over the steps.
    #[must_use]
    pub fn figure(&self) -> Figure {
        type Norms = fn(&NormRecord) -> &[f64];
        let mut figure = Figure::new("");
        let gradients: Norms = |record| &record.gradients;
        let weights: Norms = |record| &record.weights;
        for (title, of) in [
            ("Norms of gradients", gradients),
            ("Norms of parameters", weights),
        ] {
            let trace = |(index, key): (usize, &&str)| {
                let points = self.records().iter();
                let points =
                    points.filter_map(|record| Some((record.step as f64, *of(record).get(index)?)));
                ((*key).to_owned(), points.collect())
            };
            let found: Vec<_> = self.keys().iter().enumerate().map(trace).collect();
            figure = figure.with(traces(title, "norm", &found));
        }
        figure
    }
}

impl LrSweep {
    /// The loss over the learning rates, and smoothed.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let points =
            |of: fn(&LrPoint) -> f64| self.points.iter().map(move |point| (point.lr, of(point)));
        Chart::new("Losses of a sweep", "learning rate (logarithmic)", "loss")
            .ratios()
            .line("of the batch", points(|point| point.loss))
            .line("smoothed", points(|point| point.smoothed))
            .into()
    }
}

/// Traces of numbers over the steps, such as the norms of gradients by layer: lines where there are up to eight of them, and shades, a row for each, where there
/// are more.
///
/// ```
/// let weights = vec![(1.0, 12.5), (100.0, 14.1), (200.0, 15.0)];
/// let biases = vec![(1.0, 0.1), (100.0, 0.8), (200.0, 1.1)];
/// let traces = [("affine1.W".to_owned(), weights), ("affine1.b".to_owned(), biases)];
/// let figure = nn_core::plot::Figure::from(nn_core::plot::traces("Norms of parameters", "norm", &traces));
/// # figure.to_svg();
/// ```
#[must_use]
pub fn traces(title: &str, y_label: &str, traces: &[(String, Vec<(f64, f64)>)]) -> Panel {
    const MOST_LINES: usize = 8;
    if traces.len() <= MOST_LINES {
        let chart = Chart::new(title, "step", y_label).scale(Scale::Automatic);
        let lines = traces.iter();
        return lines
            .fold(chart, |chart, (key, points)| {
                chart.line(key, points.iter().copied())
            })
            .into();
    }
    shades(title, y_label, traces).into()
}

/// A row of shades for each trace, by ratios.
fn shades(title: &str, y_label: &str, traces: &[(String, Vec<(f64, f64)>)]) -> HeatMap {
    const MOST_COLUMNS: usize = 120;
    let y_label = printable(y_label);
    let values = || {
        traces
            .iter()
            .flat_map(|(_, points)| points.iter().map(|point| point.1))
    };
    let positive = || values().filter(|value| *value > 0.0 && value.is_finite());
    let low = positive().fold(f64::INFINITY, f64::min).log10();
    let high = positive().fold(f64::NEG_INFINITY, f64::max).log10();
    let longest = traces
        .iter()
        .map(|(_, points)| points.len())
        .max()
        .unwrap_or(0);
    let stride = longest.div_ceil(MOST_COLUMNS).max(1);
    let columns = traces
        .iter()
        .map(|(_, points)| points)
        .max_by_key(|points| points.len());
    let columns = columns.into_iter().flatten().step_by(stride);
    let cell = |key: &str, &(step, value): &(f64, f64)| {
        let shade = if high > low {
            (value.log10() - low) / (high - low)
        } else {
            1.0
        };
        Cell {
            // What is not finite stands out.
            shade: if value.is_finite() {
                shade.clamp(0.0, 1.0)
            } else {
                1.0
            },
            series: usize::from(!value.is_finite()),
            text: String::new(),
            about: format!("{key} at step {step}: {value:.3e}"),
        }
    };
    let row = |(key, points): &(String, Vec<(f64, f64)>)| {
        points
            .iter()
            .step_by(stride)
            .map(|point| cell(key, point))
            .collect()
    };
    HeatMap {
        title: printable(title),
        x_label: "step".to_owned(),
        y_label: String::new(),
        rows: traces
            .iter()
            .map(|(key, _)| printable(key.as_str()))
            .collect(),
        columns: columns.map(|point| whole_text(point.0)).collect(),
        cells: traces.iter().map(row).collect(),
        right: None,
        bottom: None,
        square: false,
        note: if low.is_finite() {
            format!(
                "{y_label}: from {}, faint, to {}, strong, by ratios",
                significant(10_f64.powf(low), 0, 3),
                significant(10_f64.powf(high), 0, 3)
            )
        } else {
            y_label
        },
    }
}
