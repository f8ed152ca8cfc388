//! Learns to write handwritten digits as 50 numbers and to read them back: 784-50-784, where the decoder has the encoder's weights, the
//! other way round.
//!
//! `cargo run --release --example tied_autoencoder`, with `-- --help` for the options.

mod drawing;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use nn_core::prelude::*;
use nn_core::{Layer as _, Result};

network! {
    /// A target is the image itself: each number of it is the probability of ink.
    pub struct Tied<
        encoder: Affine(784, 50) -> Sigmoid -> decoder: Affine(50, 784, W = encoder.W.T) -> SigmoidWithLoss
    >;
}

/// Trains an autoencoder with tied weights on MNIST.
#[derive(Parser)]
#[command(name = "tied_autoencoder")]
struct Options {
    #[arg(long, default_value_t = 600)]
    steps: usize,

    /// Images in a step.
    #[arg(long, default_value_t = 100)]
    batch_size: usize,

    /// The learning rate of Adam.
    #[arg(long, default_value_t = 0.01)]
    lr: f64,

    /// What initial weights are drawn from.
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
    const SHOWN: usize = 5;
    let (train, test) = mnist::load(&options.data)?;
    println!("{}\n", Tied::SUMMARY);
    let mut net = Tied::seeded(options.seed);
    let mut adam = Adam::new(options.lr);
    // The files are in no order, so neither are these batches.
    let batches = train.x.chunks_exact(options.batch_size.max(1)).cycle();
    for (step, images) in (1..=options.steps).zip(batches) {
        let loss = net.step(&mut adam, images, images)?;
        if step == 1 || step % 100 == 0 {
            println!("step {step:5}  loss {loss:.4}");
        }
    }

    let images = &test.x[..SHOWN];
    let mut reconstructions = vec![[0.0; 784]; SHOWN];
    Sigmoid.forward(&net.predict(images)?, &mut reconstructions);
    println!("\ntest digits, and what 50 numbers know of each");
    for shown in [images, &reconstructions] {
        let shown: Vec<&[f32; 784]> = shown.iter().collect();
        println!("{}\n", drawing::side_by_side(&shown));
    }
    println!("test loss {:.4}", net.loss(&test.x, &test.x)?);
    Ok(())
}
