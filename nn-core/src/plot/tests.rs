mod outputs;
mod panels;

use super::{Chart, Colours, Figure, Scale, Theme, traces};
use crate::trainer::{EpochRecord, History, LossRecord, LrPoint, LrSweep};

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

/// What an XML parser of others finds: lines by their class, and all texts.
struct Read {
    lines: Vec<(String, Vec<(f64, f64)>)>,
    texts: Vec<String>,
}

fn read(svg: &str) -> Read {
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    let document = roxmltree::Document::parse(svg).unwrap();
    let of = |tag: &'static str| {
        document
            .descendants()
            .filter(move |node| node.has_tag_name(tag))
    };
    let point = |pair: &str| {
        let (x, y) = pair.split_once(',').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    };
    let lines = of("polyline").map(|node| {
        let points = node.attribute("points").unwrap().split(' ').map(point);
        (
            node.attribute("class").unwrap().to_owned(),
            points.collect(),
        )
    });
    Read {
        lines: lines.collect(),
        texts: of("text")
            .map(|node| node.text().unwrap_or("").to_owned())
            .collect(),
    }
}

impl Read {
    /// The longest line of a class: those of the legend have two points.
    fn line(&self, class: &str) -> &[(f64, f64)] {
        let lines = self.lines.iter().filter(|(found, _)| found == class);
        lines
            .map(|(_, points)| points)
            .max_by_key(|points| points.len())
            .unwrap()
    }

    fn says(&self, text: &str) -> bool {
        self.texts.iter().any(|found| found == text)
    }
}

#[test]
fn two_panels_show_every_point_and_say_what_they_show() {
    let accuracies = [
        (Some(0.9), Some(0.7)),
        (Some(0.95), Some(0.8)),
        (Some(0.96), Some(0.9)),
    ];
    let svg = read(&history(&[2.0, 1.0, 1.5], &accuracies).to_svg());
    for text in [
        "Loss", "loss", "step", "Accuracy", "accuracy", "epoch", "training", "test",
    ] {
        assert!(svg.says(text), "{text}");
    }
    // Of the two lines in the first colour the loss comes first.
    let loss = &svg
        .lines
        .iter()
        .find(|(class, points)| class == "l-s0" && points.len() == 3)
        .unwrap()
        .1;
    // Evenly spaced steps; 1.5 lies half way between 1 and 2, and larger is further up.
    assert!((loss[2].0 - 2.0 * loss[1].0 + loss[0].0).abs() < 0.02);
    assert!((2.0 * loss[2].1 - loss[0].1 - loss[1].1).abs() < 0.02);
    assert!(loss[0].1 + 100.0 < loss[1].1);
    // The test accuracies rise by equal amounts.
    let test = svg.line("l-s1");
    assert!((test[2].1 - 2.0 * test[1].1 + test[0].1).abs() < 0.02 && test[2].1 < test[0].1);
}

#[test]
fn few_points_none_and_strange_ones_are_drawn_too() {
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
        let figure = history(losses, &[]).figure();
        read(&figure.to_svg());
        figure.to_png(Theme::Light, 0.3).unwrap();
        assert!(!figure.to_text(60, Colours::None).contains("NaN"));
    }
    let svg = read(&history(&[1.0], &[(None, Some(1.0))]).to_svg());
    assert!(!svg.says("train") && svg.says("test"));
}

#[test]
fn what_is_not_finite_interrupts_a_line() {
    let losses = [3.0, 2.0, f64::NAN, 2.0, 1.0, 1.5, f64::INFINITY, 1.2];
    let svg = read(&history(&losses, &[]).to_svg());
    let lengths: Vec<usize> = svg
        .lines
        .iter()
        .filter(|(class, _)| class == "l-s0")
        .map(|(_, points)| points.len())
        .collect();
    // The legend, two points, three; the last one is a dot.
    assert_eq!(lengths, [2, 2, 3]);
}

#[test]
fn a_huge_first_loss_makes_the_axis_logarithmic_and_the_axis_says_so() {
    let svg = read(&history(&[1e6, 2.0, 1.0, 0.5], &[]).to_svg());
    assert!(svg.says("loss (logarithmic)"), "{:?}", svg.texts);
    let loss = svg.line("l-s0");
    // Two halvings are equally far apart, and can be told apart.
    let (first, second) = (loss[2].1 - loss[1].1, loss[3].1 - loss[2].1);
    assert!(first > 5.0 && (first - second).abs() < 0.02, "{loss:?}");
}

#[test]
fn where_there_is_no_logarithm_the_axis_is_cut_and_says_so() {
    let mut losses = vec![3.0; 20];
    losses[0] = 4e6;
    losses[19] = 0.0;
    let svg = read(&history(&losses, &[]).to_svg());
    assert!(
        svg.says("loss (cut off at 9, largest 4e6)"),
        "{:?}",
        svg.texts
    );
    let drawn = svg.line("l-s0");
    // The others can be told apart: 3 is a third of the axis, less its margins, above 0.
    assert!(
        drawn[19].1 > drawn[1].1 + 60.0 && drawn[1].1 > drawn[0].1 + 60.0,
        "{drawn:?}"
    );
}

#[test]
fn of_a_million_points_the_extremes_are_kept() {
    let points = (0..1_000_000_u32).map(|x| {
        (
            f64::from(x),
            if x == 777_777 { 5.0 } else { f64::from(x % 3) },
        )
    });
    let svg = Figure::from(Chart::new("", "step", "y").line("", points)).to_svg();
    assert!(svg.len() < 200_000, "{}", svg.len());
    let read = read(&svg);
    let line = read.line("l-s0");
    let top = line
        .iter()
        .min_by(|one, other| one.1.total_cmp(&other.1))
        .unwrap();
    let (left, right) = (line[0].0, line[line.len() - 1].0);
    assert!(((top.0 - left) / (right - left) - 0.777_777).abs() < 0.002);
    // Where y is 2 at most; a fifth of the axis, without its margins, is 1.
    assert_eq!(
        line.iter().filter(|point| point.1 < top.1 + 20.0).count(),
        1
    );
}

#[test]
fn many_traces_are_rows_of_shades() {
    let trace = |key: u32| {
        (
            format!("layer{key}.W"),
            vec![(1.0, f64::from(key)), (2.0, f64::NAN)],
        )
    };
    let few: Vec<_> = (1..=8).map(trace).collect();
    let many: Vec<_> = (1..=10).map(trace).collect();
    assert!(
        Figure::from(traces("norms", "norm", &few))
            .to_svg()
            .contains("<circle")
    );
    let svg = Figure::from(traces("norms", "norm", &many)).to_svg();
    assert!(
        svg.contains("layer10.W at step 1: 1.000e1") && svg.contains("layer1.W at step 2: NaN")
    );
    assert!(svg.contains("norm: from 1, faint, to 10, strong, by ratios"));
}

/// The rates 1e-4, 1e-3, … are evenly far apart.
#[test]
fn a_sweep_has_an_axis_of_ratios() {
    let point = |(power, loss): (i32, f64)| LrPoint {
        lr: 10_f64.powi(power),
        loss,
        smoothed: loss,
    };
    let points = [(-4, 2.0), (-3, 1.5), (-2, 1.0), (-1, 3.0)]
        .map(point)
        .to_vec();
    let svg = read(&LrSweep { points }.figure().to_svg());
    let line = svg.line("l-s1");
    let distances: Vec<f64> = line.windows(2).map(|two| two[1].0 - two[0].0).collect();
    assert!(
        distances
            .iter()
            .all(|distance| (distance - distances[0]).abs() < 0.02),
        "{line:?}"
    );
    assert!(svg.says("0.001") && svg.says("0.1"), "{:?}", svg.texts);
}

#[test]
fn scales_can_be_chosen() {
    let chart = |scale| {
        Chart::new("", "step", "y")
            .scale(scale)
            .line("", [(1.0, 1.0), (2.0, 10.0), (3.0, 100.0)])
    };
    let middle = |scale| {
        let svg = read(&Figure::from(chart(scale)).to_svg());
        let line = svg.line("l-s0").to_vec();
        (line[1].1 - line[2].1) / (line[0].1 - line[2].1)
    };
    assert!((middle(Scale::Linear) - 90.0 / 99.0).abs() < 1e-3);
    assert!((middle(Scale::Logarithmic) - 0.5).abs() < 1e-3);
}
