//! All optimizers beside each other: their losses while they learn digits, and their ways down a long valley.
//!
//! `cargo run --release --example optimizers`, with `-- --help` for the options.

use std::error::Error;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::Parser;
use nn_core::prelude::*;
use nn_core::{Element, mnist};
use plotters::coord::Shift;
use plotters::prelude::*;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

network! {
    /// The textbook's network for this comparison: four hidden layers of a hundred.
    pub struct Deep<
        Affine(784, 100) -> Relu -> ( Affine(100, 100) -> Relu ) * 3 -> Affine(100, 10) -> SoftmaxWithLoss
    >;
}

/// Draws the losses of all optimizers on MNIST into one picture, and their paths over x²/20 + y² into another.
#[derive(Parser)]
#[command(name = "optimizers")]
struct Options {
    /// Steps on MNIST, each on 128 digits.
    #[arg(long, default_value_t = 2_000)]
    steps: usize,

    /// The folder with the four files of MNIST.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/data/mnist"), hide_default_value = true)]
    data: PathBuf,

    /// Where the losses are drawn.
    #[arg(long, value_name = "FILE.svg", default_value = "optimizers.svg")]
    losses: PathBuf,

    /// Where the paths are drawn.
    #[arg(long, value_name = "FILE.svg", default_value = "valley.svg")]
    valley: PathBuf,
}

/// An optimizer with rates that suit it.
struct Rule {
    name: &'static str,
    color: RGBColor,
    on_digits: f64,
    in_valley: f64,
}

const fn rule(name: &'static str, rgb: (u8, u8, u8), on_digits: f64, in_valley: f64) -> Rule {
    Rule {
        name,
        color: RGBColor(rgb.0, rgb.1, rgb.2),
        on_digits,
        in_valley,
    }
}

const RULES: [Rule; 11] = [
    rule("Sgd", (51, 51, 51), 0.1, 0.95),
    rule("Momentum", (0, 114, 178), 0.02, 0.1),
    rule("Nesterov", (86, 180, 233), 0.02, 0.1),
    rule("AdaGrad", (0, 158, 115), 0.01, 1.5),
    rule("RmsProp", (154, 205, 50), 0.0005, 0.3),
    rule("AdaDelta", (153, 102, 51), 1.0, 300.0),
    rule("Adam", (213, 94, 0), 0.001, 0.3),
    rule("AdamW", (230, 159, 0), 0.001, 0.3),
    rule("Nadam", (204, 51, 51), 0.001, 0.3),
    rule("RAdam", (204, 121, 167), 0.001, 0.5),
    rule("Lion", (117, 76, 156), 0.0002, 0.3),
];

impl Rule {
    fn optimizer<T: Element>(&self, lr: f64) -> Box<dyn Optimizer<T>> {
        match self.name {
            "Sgd" => Box::new(Sgd::new(lr)),
            "Momentum" => Box::new(Momentum::new(lr, 0.9)),
            "Nesterov" => Box::new(Nesterov::new(lr, 0.9)),
            "AdaGrad" => Box::new(AdaGrad::new(lr)),
            "RmsProp" => Box::new(RmsProp::new(lr, 0.99)),
            "AdaDelta" => Box::new(AdaDelta::new(lr)),
            "Adam" => Box::new(Adam::new(lr)),
            "AdamW" => Box::new(AdamW::new(lr)),
            "Nadam" => Box::new(Nadam::new(lr)),
            "RAdam" => Box::new(RAdam::new(lr)),
            "Lion" => Box::new(Lion::new(lr)),
            name => unreachable!("{name} is not in the table"),
        }
    }
}

fn main() -> Result<()> {
    let options = Options::parse();
    draw_valley(&options.valley)?;

    let (train, test) = mnist::load(&options.data)?;
    let mut curves = Vec::new();
    for rule in &RULES {
        let mut net = Deep::seeded(1);
        let mut trainer = Trainer::new(rule.optimizer(rule.on_digits))
            .batch_size(128)
            .steps(options.steps)
            .eval_interval(50)
            .train_accuracy(false)
            .silent();
        let history = trainer.fit(&mut net, &train, &Dataset::empty())?;
        let losses = history.losses.iter();
        let curve: Vec<(f64, f64)> = losses
            .map(|record| (record.step as f64, record.loss))
            .collect();
        println!(
            "{:9} lr {:<7} loss {:.4}  test accuracy {:.4}  {:.2} s",
            rule.name,
            rule.on_digits,
            curve.last().map_or(f64::NAN, |point| point.1),
            net.accuracy(&test.x, &test.t)?,
            history.seconds
        );
        curves.push((rule, curve));
    }
    draw_losses(&options.losses, curves)?;
    let (losses, valley) = (options.losses.display(), options.valley.display());
    println!("losses in {losses}, paths in {valley}");
    Ok(())
}

const INK: RGBColor = RGBColor(51, 51, 51);
const GRID: RGBColor = RGBColor(225, 225, 225);

fn text(size: i32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

/// One line for each optimizer; the best one comes first in the legend.
fn draw_losses(path: &Path, mut curves: Vec<(&Rule, Vec<(f64, f64)>)>) -> Result<()> {
    let last = |curve: &[(f64, f64)]| {
        let tail = &curve[curve.len().saturating_sub(5)..];
        tail.iter().map(|point| point.1).sum::<f64>() / tail.len() as f64
    };
    curves.sort_by(|(_, one), (_, two)| last(one).total_cmp(&last(two)));
    let all = || curves.iter().flat_map(|(_, curve)| curve);
    let steps = all().map(|point| point.0).fold(1.0, f64::max);
    let lowest = all().map(|point| point.1).fold(1.0, f64::min);

    let root = SVGBackend::new(path, (1000, 520)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .margin(14)
        .caption("Training loss on MNIST, 784-100-100-100-100-10", text(20))
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..steps * 1.02, (lowest * 0.8..3.0).log_scale())?;
    chart
        .configure_mesh()
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(INK)
        .label_style(text(13))
        .axis_desc_style(text(15))
        .x_desc("step")
        .y_desc("mean loss of 50 steps")
        .x_label_formatter(&|step| format!("{step:.0}"))
        // Ticks are sums of floats: 0.7000000000000001.
        .y_label_formatter(&|loss| format!("{}", (loss * 1e3).round() / 1e3))
        .draw()?;
    for (rule, curve) in &curves {
        let style = ShapeStyle::from(rule.color).stroke_width(2);
        chart
            .draw_series(LineSeries::new(curve.iter().copied(), style))?
            .label(format!("{}, lr {}", rule.name, rule.on_digits))
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.85))
        .border_style(GRID)
        .label_font(text(14))
        .draw()?;
    root.present()?;
    Ok(())
}

/// The point, and 30 steps down x²/20 + y² from (−7, 2), as in the textbook.
fn path(rule: &Rule) -> nn_core::Result<Vec<(f64, f64)>> {
    let mut optimizer = rule.optimizer::<f64>(rule.in_valley);
    let mut point = [-7.0, 2.0];
    let mut path = vec![(point[0], point[1])];
    for _ in 0..30 {
        let gradient = [point[0] / 10.0, 2.0 * point[1]];
        optimizer.step(&mut point, &gradient)?;
        path.push((point[0], point[1]));
    }
    Ok(path)
}

/// A panel for each optimizer.
fn draw_valley(file: &Path) -> Result<()> {
    let root = SVGBackend::new(file, (1000, 720)).into_drawing_area();
    root.fill(&WHITE)?;
    let title = "30 steps down x²/20 + y² from (−7, 2)";
    let panels = root.margin(8, 8, 8, 8).titled(title, text(20))?;
    for (panel, rule) in panels.split_evenly((4, 3)).iter().zip(&RULES) {
        draw_path(panel, rule, &path(rule)?)?;
    }
    root.present()?;
    Ok(())
}

fn draw_path(
    panel: &DrawingArea<SVGBackend<'_>, Shift>,
    rule: &Rule,
    path: &[(f64, f64)],
) -> Result<()> {
    const SIDES: (Range<f64>, Range<f64>) = (-10.0..10.0, -4.0..4.0);
    let mut chart = ChartBuilder::on(panel)
        .margin(8)
        .caption(format!("{}, lr {}", rule.name, rule.in_valley), text(15))
        .x_label_area_size(20)
        .y_label_area_size(24)
        .build_cartesian_2d(SIDES.0, SIDES.1)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .axis_style(GRID)
        .label_style(text(11))
        .x_labels(5)
        .y_labels(5)
        .x_label_formatter(&|x| format!("{x}"))
        .y_label_formatter(&|y| format!("{y}"))
        .draw()?;
    // Lines of equal height are ellipses.
    for height in [0.1_f64, 0.5, 1.0, 2.0, 3.3, 5.0] {
        let (a, b) = ((20.0 * height).sqrt(), height.sqrt());
        let ellipse = (0..=72).map(|turn| {
            let angle = f64::from(turn) * std::f64::consts::TAU / 72.0;
            (a * angle.cos(), b * angle.sin())
        });
        chart.draw_series(LineSeries::new(ellipse, GRID))?;
    }
    let style = ShapeStyle::from(rule.color).stroke_width(2);
    chart.draw_series(LineSeries::new(path.iter().copied(), style))?;
    let marks = path
        .iter()
        .map(|&point| Circle::new(point, 2, style.filled()));
    chart.draw_series(marks)?;
    chart.draw_series([Cross::new((0.0, 0.0), 4, INK)])?;
    Ok(())
}
