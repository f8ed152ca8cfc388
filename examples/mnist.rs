//! Learns to read handwritten digits: 784-50-10, mini-batches of 100, plain gradient descent, 10,000 steps.
//!
//! `cargo run --release --example mnist`, with `-- --help` for the options.

mod drawing;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use nn_core::logs::Histograms;
use nn_core::metrics::{ConfusionMatrix, argmax};
use nn_core::plot::{Gallery, worst_mistakes};
use nn_core::prelude::*;
use nn_core::report::Report;
use nn_core::{History, Loss, Result};

network! {
    /// The textbook's network.
    pub struct Hidden50<
        Affine(784, 50, init = normal(0.01)) -> Relu -> Affine(50, 10, init = normal(0.01)) -> SoftmaxWithLoss
    >;
}

network! {
    /// Four times as wide; weights start as He and Xavier proposed.
    pub struct Hidden200< Affine(784, 200) -> Relu -> Affine(_, 10) -> SoftmaxWithLoss >;
}

network! {
    /// Two hidden layers.
    pub struct Hidden100x50<
        Affine(784, 100) -> Relu -> Affine(100, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss
    >;
}

/// Trains a small network on MNIST.
#[derive(Parser)]
#[command(name = "mnist")]
struct Options {
    /// The sizes of the hidden layers.
    #[arg(long, value_enum, default_value = "50")]
    hidden: Hidden,

    #[arg(long, value_enum, default_value = "sgd")]
    optimizer: Rule,

    /// The learning rate; each optimizer has its own default.
    #[arg(long)]
    lr: Option<f64>,

    /// Samples in a step.
    #[arg(long, default_value_t = 100)]
    batch_size: usize,

    #[arg(long, default_value_t = 10_000)]
    steps: usize,

    /// What initial weights and the order of samples are drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// The folder with the four files of MNIST.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/data/mnist"), hide_default_value = true)]
    data: PathBuf,

    /// Where to write a checkpoint every 500 steps. If there is one, training goes on from it.
    #[arg(long, value_name = "FOLDER")]
    checkpoints: Option<PathBuf>,

    /// Takes whatever is in files of MNIST's format, for instance Fashion-MNIST: asks for no checksums.
    #[arg(long)]
    unverified: bool,

    /// Where the curves of loss and accuracy are drawn.
    #[arg(long, value_name = "FILE.svg", default_value = "mnist.svg")]
    plot: PathBuf,

    /// Where to write a page with curves, confusion matrix, the worst mistakes, and how parameters and gradients have changed.
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Hidden {
    #[value(name = "50")]
    One50,
    #[value(name = "200")]
    One200,
    #[value(name = "100-50")]
    Two100x50,
}

#[derive(Clone, Copy, ValueEnum)]
enum Rule {
    Sgd,
    Momentum,
    AdaGrad,
    RmsProp,
    Adam,
}

impl Rule {
    fn name(self) -> &'static str {
        match self {
            Self::Sgd => "gradient descent",
            Self::Momentum => "momentum 0.9",
            Self::AdaGrad => "AdaGrad",
            Self::RmsProp => "RMSprop",
            Self::Adam => "Adam",
        }
    }

    fn optimizer(self, lr: Option<f64>) -> Box<dyn Optimizer<f32>> {
        match self {
            Self::Sgd => Box::new(Sgd::new(lr.unwrap_or(0.1))),
            Self::Momentum => Box::new(Momentum::new(lr.unwrap_or(0.01), 0.9)),
            Self::AdaGrad => Box::new(AdaGrad::new(lr.unwrap_or(0.01))),
            Self::RmsProp => Box::new(RmsProp::new(lr.unwrap_or(0.001), 0.99)),
            Self::Adam => Box::new(Adam::new(lr.unwrap_or(0.001))),
        }
    }
}

enum Outcome {
    Trained,
    Stopped,
}

/// What shells expect of a program that Ctrl-C has ended.
const STOPPED: u8 = 130;

/// The images and classes of MNIST.
type Digits = Dataset<[f32; 784], u8>;

/// What looks on while a network learns, for the report.
type Watchers<'w> = (&'w mut GradientNorms, &'w mut Histograms);

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(Outcome::Trained) => ExitCode::SUCCESS,
        Ok(Outcome::Stopped) => ExitCode::from(STOPPED),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<Outcome> {
    let (train, test) = if options.unverified {
        mnist::load_unverified(&options.data)?
    } else {
        mnist::load(&options.data)?
    };
    let (mut norms, mut spread) = (GradientNorms::new(), Histograms::new());
    // Nobody looks at gradients and parameters unless there is a report.
    let watchers = options
        .report
        .is_some()
        .then_some((&mut norms, &mut spread));
    let (history, scores, network) = match options.hidden {
        Hidden::One50 => learn::<Hidden50>(options, &train, &test, watchers),
        Hidden::One200 => learn::<Hidden200>(options, &train, &test, watchers),
        Hidden::Two100x50 => learn::<Hidden100x50>(options, &train, &test, watchers),
    }?;
    if history.stopped {
        return Ok(Outcome::Stopped);
    }
    history.write_svg(&options.plot)?;
    print_misread(&test, &scores);

    if let Some(path) = &options.report {
        report(network, options, &history, &test, &scores)?
            .figure("Norms", norms.figure())
            .figure("Parameters", spread.figure())
            .write(path)?;
        println!("a report in {}", path.display());
    }
    println!("curves of loss and accuracy in {}", options.plot.display());
    let (training, total) = (history.seconds, history.total_seconds);
    println!(
        "{} steps in {training:.2} s, {total:.2} s with evaluation",
        history.steps
    );
    let matrix = ConfusionMatrix::new(&scores, &test.t)?;
    println!("test accuracy {:.4}", matrix.accuracy());
    Ok(Outcome::Trained)
}

/// Trains a network; the scores of the test digits, and the beginning of a report. What does not hang on the type of the
/// network stands outside, where it is compiled once and not for each of them.
///
/// On a terminal there is a progress bar and a row for each epoch; elsewhere there are plain lines.
fn learn<N>(
    options: &Options,
    train: &Digits,
    test: &Digits,
    watchers: Option<Watchers<'_>>,
) -> Result<(History, Vec<[f32; 10]>, Report)>
where
    N: Trainable<Element = f32, Input = [f32; 784], Output = [f32; 10]>,
    N::Loss: Loss<[f32; 10], u8>,
{
    let mut net = N::seeded(options.seed);
    let mut trainer = Trainer::new(options.optimizer.optimizer(options.lr))
        .batch_size(options.batch_size)
        .steps(options.steps)
        .seed(options.seed)
        .eval_interval(100)
        .summary(true)
        .stop_on_ctrl_c()
        .callback(watchers);
    if let Some(folder) = &options.checkpoints {
        trainer = trainer.checkpoint(folder, 500);
        if let Some(step) = trainer.resume(&mut net)? {
            println!("going on after step {step}");
        }
    }
    let history = trainer.fit(&mut net, train, test)?;
    let report = Report::of::<N>().title(format!("{}: handwritten digits", N::NAME));
    Ok((history, net.predict(&test.x)?, report))
}

fn report(
    network: Report,
    options: &Options,
    history: &History,
    test: &Digits,
    scores: &[[f32; 10]],
) -> Result<Report> {
    let worst = worst_mistakes(scores, &test.t, 20)?;
    let matrix = ConfusionMatrix::new(scores, &test.t)?;
    let optimizer = options.optimizer.optimizer(options.lr);
    Ok(network
        .setting("optimizer", options.optimizer.name())
        .setting("learning rate", optimizer.lr())
        .setting("batch size", options.batch_size)
        .setting("steps", options.steps)
        .setting("seed", options.seed)
        .setting("test samples", test.len())
        .history(history)
        .figure("Confusion matrix", matrix.figure(&[]))
        .figure(
            "Worst mistakes",
            Gallery::of_mistakes(&test.x, &worst, &[])?,
        ))
}

/// Draws the first few test digits that the network takes for others.
fn print_misread(test: &Digits, scores: &[[f32; 10]]) {
    const SHOWN: usize = 5;
    let digits = test.x.iter().zip(&test.t).zip(scores);
    let misread: Vec<(&[f32; 784], u8, usize)> = digits
        .filter_map(|((image, &is), scores)| {
            let read = argmax(scores)?;
            (read != usize::from(is)).then_some((image, is, read))
        })
        .collect();
    println!(
        "\n{} of {} test digits misread; the first of them:",
        misread.len(),
        test.len()
    );
    let shown = &misread[..misread.len().min(SHOWN)];
    let images: Vec<&[f32; 784]> = shown.iter().map(|(image, ..)| *image).collect();
    println!("{}", drawing::side_by_side(&images));
    let captions: Vec<String> = shown
        .iter()
        .map(|(_, is, read)| format!("{:^14}", format!("a {is}, read {read}")))
        .collect();
    println!("{}\n", captions.join("  "));
}
