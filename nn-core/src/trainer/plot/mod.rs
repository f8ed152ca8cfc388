//! Draws a history with plotters: a panel for the loss and, where there are accuracies, one beside it for these.

mod scale;

use std::fmt::Display;
use std::ops::Range;

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::error::{Error, Result};
use crate::trainer::{EpochRecord, History};
use scale::{Scale, digits_for, range, significant};

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const PANEL: (u32, u32) = (560, 400);
/// Okabe and Ito's colours, which colour-blind readers can tell apart.
const BLUE: RGBColor = RGBColor(0, 114, 178);
const ORANGE: RGBColor = RGBColor(213, 94, 0);
const INK: RGBColor = RGBColor(51, 51, 51);
const GRID: RGBColor = RGBColor(230, 230, 230);
/// With more epochs than this, markers would run into each other.
const MOST_MARKERS: usize = 40;

pub(super) fn svg(history: &History) -> Result<String> {
    let epochs = &history.epochs;
    let train = accuracies(epochs, |record| record.train_accuracy);
    let test = accuracies(epochs, |record| record.test_accuracy);
    let has_accuracies = !(train.is_empty() && test.is_empty());
    let mut svg = String::new();
    {
        let panels = if has_accuracies { 2 } else { 1 };
        let root =
            SVGBackend::with_string(&mut svg, (PANEL.0 * panels, PANEL.1)).into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        let body = root
            .margin(8, 0, 0, 0)
            .titled(&title(history), ("sans-serif", 20).into_font().color(&INK))
            .map_err(failed)?;
        if let [loss, accuracy] = &body.split_evenly((1, panels as usize))[..] {
            draw_losses(loss, history)?;
            draw_accuracies(accuracy, &train, &test)?;
        } else {
            draw_losses(&body, history)?;
        }
        root.present().map_err(failed)?;
    }
    Ok(svg)
}

fn title(history: &History) -> String {
    let count = |n: usize, unit: &str| format!("{n} {unit}{}", if n == 1 { "" } else { "s" });
    format!(
        "{}, {}, {:.1} s of training",
        count(history.epochs.len(), "epoch"),
        count(history.steps, "step"),
        history.seconds
    )
}

/// A series of points, and how it is drawn.
struct Series<'a> {
    label: &'static str,
    points: &'a [(f64, f64)],
    color: RGBColor,
    markers: bool,
}

/// What a panel shows, apart from its series.
struct Axes<'a> {
    x: Range<f64>,
    y: Range<f64>,
    x_label: &'a str,
    y_label: &'a str,
    y_tick: &'a dyn Fn(&f64) -> String,
    legend: SeriesLabelPosition,
}

fn draw_losses(area: &Area<'_>, history: &History) -> Result<()> {
    let finite = history
        .losses
        .iter()
        .filter(|record| record.loss.is_finite());
    let losses: Vec<(f64, f64)> = finite
        .map(|record| (record.step as f64, record.loss))
        .collect();
    let scale = Scale::of(&losses);
    let points: Vec<(f64, f64)> = losses
        .iter()
        .map(|&(step, loss)| (step, scale.place(loss)))
        .collect();
    let series = Series {
        label: "training loss",
        points: &points,
        color: BLUE,
        markers: points.len() <= MOST_MARKERS,
    };
    let label = scale.label();
    let y = range(&points, |point| point.1);
    let digits = digits_for(&y);
    let axes = Axes {
        x: range(&points, |point| point.0),
        y,
        x_label: "step",
        y_label: &label,
        y_tick: &|&place| scale.tick(place, digits),
        legend: SeriesLabelPosition::UpperRight,
    };
    draw(area, &axes, &[series])
}

fn draw_accuracies(area: &Area<'_>, train: &[(f64, f64)], test: &[(f64, f64)]) -> Result<()> {
    let all = [train, test].concat();
    let y = range(&all, |point| point.1);
    let y = y.start.max(0.0)..y.end.min(1.0);
    let digits = digits_for(&y);
    let axes = Axes {
        x: range(&all, |point| point.0),
        y,
        x_label: "epoch",
        y_label: "accuracy",
        y_tick: &|&accuracy| significant(accuracy, 0, digits),
        legend: SeriesLabelPosition::LowerRight,
    };
    let series =
        [("train", train, BLUE), ("test", test, ORANGE)].map(|(label, points, color)| Series {
            label,
            points,
            color,
            markers: points.len() <= MOST_MARKERS,
        });
    draw(area, &axes, &series)
}

fn draw(area: &Area<'_>, axes: &Axes<'_>, all_series: &[Series<'_>]) -> Result<()> {
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .margin_right(24)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(axes.x.clone(), axes.y.clone())
        .map_err(failed)?;
    // No more than there are whole numbers: there is nothing between two steps.
    let span = axes.x.end - axes.x.start;
    let x_labels = (2..8).find(|&labels| labels as f64 > span).unwrap_or(8);
    let text = |size: i32| ("sans-serif", size).into_font().color(&INK);
    chart
        .configure_mesh()
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(INK)
        .label_style(text(13))
        .axis_desc_style(text(15))
        .x_desc(axes.x_label)
        .y_desc(axes.y_label)
        .x_labels(x_labels)
        .y_labels(8)
        .x_label_formatter(&|x| {
            if x.fract() == 0.0 {
                format!("{x}")
            } else {
                String::new()
            }
        })
        .y_label_formatter(axes.y_tick)
        .draw()
        .map_err(failed)?;
    for series in all_series.iter().filter(|series| !series.points.is_empty()) {
        let style = ShapeStyle::from(series.color).stroke_width(2);
        let points = series.points.iter().copied();
        chart
            .draw_series(LineSeries::new(points.clone(), style))
            .map_err(failed)?
            .label(series.label)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
        if series.markers {
            let markers = points.map(|point| Circle::new(point, 3, style.filled()));
            chart.draw_series(markers).map_err(failed)?;
        }
    }
    if all_series.iter().all(|series| series.points.is_empty()) {
        return Ok(());
    }
    chart
        .configure_series_labels()
        .position(axes.legend.clone())
        .background_style(WHITE.mix(0.85))
        .border_style(GRID)
        .label_font(text(14))
        .draw()
        .map_err(failed)
}

fn accuracies(epochs: &[EpochRecord], of: impl Fn(&EpochRecord) -> Option<f64>) -> Vec<(f64, f64)> {
    let points = epochs
        .iter()
        .filter_map(|record| Some((record.epoch as f64, of(record)?)));
    points
        .filter(|point| (0.0..=1.0).contains(&point.1))
        .collect()
}

fn failed(error: impl Display) -> Error {
    Error::Plot(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::scale::Scale;
    use crate::trainer::{EpochRecord, History, LossRecord};

    fn history(losses: &[f64], accuracies: &[(Option<f64>, Option<f64>)]) -> History {
        let losses = losses.iter().enumerate();
        let epochs = accuracies.iter().enumerate();
        History {
            losses: losses
                .map(|(index, &loss)| LossRecord {
                    step: 1 + 20 * index,
                    epoch: 1 + index / 30,
                    loss,
                    lr: 0.1,
                    seconds: 0.0,
                })
                .collect(),
            epochs: epochs
                .map(|(index, &(train_accuracy, test_accuracy))| EpochRecord {
                    epoch: index + 1,
                    step: 600 * (index + 1),
                    lr: 0.1,
                    train_accuracy,
                    test_accuracy,
                    ..EpochRecord::default()
                })
                .collect(),
            ..History::default()
        }
    }

    /// The points of the only line with this colour and more than a legend's two points.
    fn line(svg: &str, color: &str) -> Vec<(f64, f64)> {
        let mut lines = svg.lines().filter(|line| {
            line.starts_with("<polyline") && line.contains(&format!("stroke=\"{color}\""))
        });
        let points = lines.next().unwrap().split("points=\"").nth(1).unwrap();
        let pairs = points.split('"').next().unwrap().split_whitespace();
        pairs
            .map(|pair| {
                let (x, y) = pair.split_once(',').unwrap();
                (x.parse().unwrap(), y.parse().unwrap())
            })
            .collect()
    }

    const BLUE: &str = "#0072B2";
    const ORANGE: &str = "#D55E00";

    #[test]
    fn two_panels_show_every_point_and_say_what_they_show() {
        let accuracies = [(Some(0.9), Some(0.8)), (Some(0.95), Some(0.9))];
        let svg = history(&[2.0, 1.0, 1.5], &accuracies).to_svg().unwrap();
        for text in [
            "loss",
            "step",
            "accuracy",
            "epoch",
            "training loss",
            "train",
            "test",
        ] {
            assert!(svg.lines().any(|line| line == text), "{text}");
        }
        let loss = line(&svg, BLUE);
        assert_eq!(loss.len(), 3);
        // Evenly spaced steps; 1.5 lies half way between 1 and 2, and larger is further up, to the pixel.
        assert!((loss[2].0 - 2.0 * loss[1].0 + loss[0].0).abs() <= 1.0);
        assert!((2.0 * loss[2].1 - loss[0].1 - loss[1].1).abs() <= 2.0);
        assert!(loss[0].1 + 100.0 < loss[1].1);
        assert_eq!(line(&svg, ORANGE).len(), 2);
    }

    #[test]
    fn few_points_none_and_strange_ones_are_drawn_too() {
        let nothing: [(Option<f64>, Option<f64>); 0] = [];
        for losses in [
            &[][..],
            &[0.5],
            &[0.0, 0.0],
            &[f64::NAN],
            &[f64::INFINITY, 1.0],
            &[f64::MAX, -f64::MAX],
            &[f64::MIN_POSITIVE, f64::MAX],
            &[1e-30, 2e-30, 1.5e-30],
            &[1e30, 1e30 + 1e15],
            &[5e-324, 5e-324],
            &[-1.0, 1e9, 0.5, 0.2],
        ] {
            let svg = history(losses, &nothing).to_svg().unwrap();
            assert!(svg.starts_with("<svg width=\"560\"") && svg.ends_with("</svg>\n"));
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{losses:?}");
        }
        let svg = history(&[1.0], &[(None, Some(1.0))]).to_svg().unwrap();
        assert!(svg.starts_with("<svg width=\"1120\""));
        assert!(!svg.lines().any(|line| line == "train"));
    }

    #[test]
    fn a_huge_first_loss_makes_the_axis_logarithmic_and_the_axis_says_so() {
        let svg = history(&[1e6, 2.0, 1.0, 0.5], &[]).to_svg().unwrap();
        assert!(svg.lines().any(|line| line == "loss (logarithmic)"));
        let loss = line(&svg, BLUE);
        // Two halvings are equally far apart, and can be told apart.
        let (first, second) = (loss[2].1 - loss[1].1, loss[3].1 - loss[2].1);
        assert!(first > 5.0 && (first - second).abs() <= 1.0, "{loss:?}");
    }

    #[test]
    fn where_there_is_no_logarithm_the_axis_is_cut_and_says_so() {
        let mut losses = vec![3.0; 20];
        losses[0] = 4e6;
        losses[19] = 0.0;
        let svg = history(&losses, &[]).to_svg().unwrap();
        let label = "loss (cut off at 9, largest 4e6)";
        assert!(svg.lines().any(|line| line == label));
        let drawn = line(&svg, BLUE);
        // The others can be told apart: 3 is a third of the axis, less its margins, above 0.
        assert!(
            drawn[19].1 > drawn[1].1 + 80.0 && drawn[1].1 > drawn[0].1 + 80.0,
            "{drawn:?}"
        );
        let points: Vec<(f64, f64)> = losses.iter().map(|&loss| (0.0, loss)).collect();
        assert!(matches!(
            Scale::of(&points),
            Scale::Linear { cut: Some(_), .. }
        ));
    }
}
