//! Reads handwritten digits with a residual network: convolutions, each normalised by its batch, and ways around them.
//!
//! `cargo run --release --example residual`, with `-- --help` for the options.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use nn_core::Result;
use nn_core::prelude::*;

network! {
    /// Two stages of two blocks, of 16 maps of 14 × 14 and of 32 maps of 7 × 7; a block adds what it gives to what it reads.
    pub struct Residual<
        Input(784) -> Reshape(1, 28, 28)
        -> Conv2d(16, 5, stride = 2, padding = same, bias = false) -> BatchNorm -> Relu
        -> (
            [
                Conv2d(16, 3, padding = same, bias = false) -> BatchNorm -> Relu
                    -> Conv2d(16, 3, padding = same, bias = false) -> BatchNorm
                | Identity
            ] -> Add -> Relu
        ) * 2
        -> Conv2d(32, 3, stride = 2, padding = same, bias = false) -> BatchNorm -> Relu
        -> (
            [
                Conv2d(32, 3, padding = same, bias = false) -> BatchNorm -> Relu
                    -> Conv2d(32, 3, padding = same, bias = false) -> BatchNorm
                | Identity
            ] -> Add -> Relu
        ) * 2
        -> GlobalAvgPool -> Dropout(0.1) -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

/// Trains a residual network on MNIST.
#[derive(Parser)]
#[command(name = "residual")]
struct Options {
    /// Passes over the data; the rate rises, then falls to nothing.
    #[arg(long, default_value_t = 8)]
    epochs: usize,

    /// Only so many steps, for a quick look.
    #[arg(long)]
    steps: Option<usize>,

    /// Images in a step.
    #[arg(long, default_value_t = 128)]
    batch_size: usize,

    /// The highest learning rate of `AdamW`.
    #[arg(long, default_value_t = 0.01)]
    lr: f64,

    /// What initial weights, the order of samples and what is left out are drawn from.
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
    println!("{}\n", Residual::SUMMARY);
    let mut net = Residual::seeded(options.seed);
    let per_epoch = train.len().div_ceil(options.batch_size);
    let steps = options.steps.unwrap_or(options.epochs * per_epoch);
    let mut trainer = Trainer::new(AdamW::new(options.lr).weight_decay(0.01))
        .schedule(OneCycle::new(steps))
        .batch_size(options.batch_size)
        .seed(options.seed)
        .eval_interval(None)
        .train_accuracy(false)
        .steps(steps);
    let history = trainer.fit(&mut net, &train, &test)?;
    println!("{} steps in {:.1} s", history.steps, history.seconds);
    // For use alone: what the batches had in common goes into the weights, as far as those have biases.
    let folded = net.fold();
    println!("folded accuracy {:.4}", folded.accuracy(&test.x, &test.t)?);
    println!("test accuracy {:.4}", net.accuracy(&test.x, &test.t)?);
    Ok(())
}
