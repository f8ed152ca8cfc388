//! Reads handwritten digits with convolutions: `LeNet`, as small as in 1998 and with today's `Relu`, maxima and Adam.
//!
//! `cargo run --release --example lenet`, with `-- --help` for the options.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use nn_core::Result;
use nn_core::prelude::*;

network! {
    /// 20 maps of windows of 5 × 5, then 50; every other row and column is dropped twice.
    pub struct LeNet<
        Input(784) -> Reshape(1, 28, 28)
        -> Conv2d(20, 5) -> Relu -> MaxPool2d(2)
        -> Conv2d(50, 5) -> Relu -> MaxPool2d(2)
        -> Flatten -> Affine(_, 500) -> Relu -> Affine(500, 10) -> SoftmaxWithLoss
    >;
}

/// Trains `LeNet` on MNIST.
#[derive(Parser)]
#[command(name = "lenet")]
struct Options {
    /// Passes over the data; the last third of them in small steps.
    #[arg(long, default_value_t = 9)]
    epochs: usize,

    /// Only so many steps, for a quick look.
    #[arg(long)]
    steps: Option<usize>,

    /// Images in a step.
    #[arg(long, default_value_t = 64)]
    batch_size: usize,

    /// The learning rate of Adam; a tenth of it in the last third.
    #[arg(long, default_value_t = 0.001)]
    lr: f64,

    /// What initial weights and the order of samples are drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// The folder with the four files of MNIST.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/data/mnist"), hide_default_value = true)]
    data: PathBuf,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let (train, test) = mnist::load(&options.data)?;
    println!("{}\n", LeNet::SUMMARY);
    let mut net = LeNet::seeded(options.seed);
    let (all, small) = (options.epochs, options.epochs / 3);
    let mut trainer = Trainer::new(Adam::new(options.lr))
        .batch_size(options.batch_size)
        .seed(options.seed)
        .eval_interval(None)
        .train_accuracy(false)
        .epochs(all - small);
    if let Some(steps) = options.steps {
        trainer = trainer.steps(steps);
    }
    let history = trainer.fit(&mut net, &train, &test)?;
    println!("{} steps in {:.1} s", history.steps, history.seconds);
    if small > 0 && options.steps.is_none() {
        *trainer.optimizer_mut() = Adam::new(options.lr / 10.0);
        let history = trainer.epochs(small).fit(&mut net, &train, &test)?;
        println!("{} steps in {:.1} s", history.steps, history.seconds);
    }
    println!("test accuracy {:.4}", net.accuracy(&test.x, &test.t)?);
    Ok(())
}
