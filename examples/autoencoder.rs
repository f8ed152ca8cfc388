//! Learns to write handwritten digits as 16 numbers and to draw them again, with convolutions in both directions.
//!
//! `cargo run --release --example autoencoder`, with `-- --help` for the options. The encoder and the decoder are networks of their own,
//! and the layers of a third one that is trained; what the decoder draws between two digits is no digit that it has seen.

mod drawing;

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use nn_core::Layer as _;
use nn_core::prelude::*;

network! {
    /// An image as 16 numbers.
    pub struct Encoder<
        Input(784) -> Reshape(1, 28, 28)
        -> Conv2d(16, 3, stride = 2, padding = same) -> Relu
        -> Conv2d(32, 3, stride = 2, padding = same) -> Relu
        -> Flatten -> Affine(_, 16)
    >;
}

network! {
    /// 16 numbers as an image: for each pixel how likely ink is, before the sigmoid.
    pub struct Decoder<
        Affine(16, 32 * 7 * 7) -> Relu -> Reshape(32, 7, 7)
        -> ConvTranspose2d(16, 4, stride = 2, padding = 1) -> Relu
        -> ConvTranspose2d(1, 4, stride = 2, padding = 1) -> Flatten
    >;
}

network! {
    /// A target is the image itself: each number of it is the probability of ink.
    pub struct Autoencoder< Encoder -> Decoder -> SigmoidWithLoss >;
}

/// Trains an autoencoder of convolutions on MNIST.
#[derive(Parser)]
#[command(name = "autoencoder")]
struct Options {
    #[arg(long, default_value_t = 6000)]
    steps: usize,

    /// Images in a step.
    #[arg(long, default_value_t = 64)]
    batch_size: usize,

    /// The learning rate of Adam at first; it falls to zero along a cosine.
    #[arg(long, default_value_t = 0.002)]
    lr: f64,

    /// What initial weights are drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Where the picture goes, if anywhere: digits, what is left of them, and the way from one to another.
    #[arg(long)]
    picture: Option<PathBuf>,

    /// The folder with the four files of MNIST.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/data/mnist"), hide_default_value = true)]
    data: PathBuf,
}

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
type Image = [f32; 784];

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
    const SHOWN: usize = 10;
    let (train, test) = mnist::load(&options.data)?;
    println!("{}\n\n{}\n", Encoder::SUMMARY, Decoder::SUMMARY);
    let mut net = Autoencoder::seeded(options.seed);
    let (mut adam, schedule) = (Adam::new(options.lr), Cosine::new(options.steps.max(1)));
    // The files are in no order, so neither are these batches.
    let batches = train.x.chunks_exact(options.batch_size.max(1)).cycle();
    for (step, images) in (1..=options.steps).zip(batches) {
        Optimizer::<f32>::set_lr(&mut adam, schedule.lr(options.lr, step - 1)?);
        let loss = net.step(&mut adam, images, images)?;
        if step == 1 || step % 500 == 0 {
            println!("step {step:5}  loss {loss:.4}");
        }
    }

    // The first digit of each kind.
    let first = |class| test.t.iter().position(|&label| usize::from(label) == class);
    let images: Vec<Image> = (0..SHOWN).filter_map(first).map(|at| test.x[at]).collect();
    let encoder = Encoder::from(net.params.encoder1.clone());
    let decoder = Decoder::from(net.params.decoder1.clone());
    let draw = |codes: &[[f32; 16]]| -> Result<Vec<Image>> {
        let scores = decoder.predict(codes)?;
        let mut ink = vec![[0.0; 784]; scores.len()];
        Sigmoid.forward(&scores, &mut ink);
        Ok(ink)
    };
    let codes = encoder.predict(&images)?;
    let reconstructions = draw(&codes)?;
    let (from, to) = (codes[3], codes[8 % codes.len()]);
    let between = |index: usize| {
        let part = index as f32 / (SHOWN - 1) as f32;
        std::array::from_fn(|j| from[j] + part * (to[j] - from[j]))
    };
    let way = draw(&(0..SHOWN).map(between).collect::<Vec<[f32; 16]>>())?;

    println!("\ntest digits, and what 16 numbers know of each");
    for shown in [&images, &reconstructions] {
        let shown: Vec<&Image> = shown.iter().take(5).collect();
        println!("{}\n", drawing::side_by_side(&shown));
    }
    println!("test loss {:.4}", net.loss(&test.x, &test.x)?);
    if let Some(path) = &options.picture {
        draw_picture(path, &[&images, &reconstructions, &way])?;
        println!("drew {}", path.display());
    }
    Ok(())
}

/// Writes rows of digits as a PNG, dark on light, each pixel as a square of some.
fn draw_picture(path: &Path, rows: &[&[Image]]) -> Result<()> {
    const SIZE: usize = 28;
    const PIXEL: usize = 3;
    const GAP: usize = 4 * PIXEL;
    let cell = SIZE * PIXEL + GAP;
    let columns = rows.iter().map(|row| row.len()).max().unwrap_or(0);
    let (width, height) = (columns * cell + GAP, rows.len() * cell + GAP);
    let mut pixels = vec![255_u8; width * height];
    for (row, images) in rows.iter().enumerate() {
        for (column, image) in images.iter().enumerate() {
            for y in 0..SIZE * PIXEL {
                let start = (GAP + row * cell + y) * width + GAP + column * cell;
                for x in 0..SIZE * PIXEL {
                    let ink = image[y / PIXEL * SIZE + x / PIXEL];
                    pixels[start + x] = shade(1.0 - ink);
                }
            }
        }
    }
    let file = BufWriter::new(File::create(path)?);
    let mut encoder = png::Encoder::new(file, u32::try_from(width)?, u32::try_from(height)?);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(())
}

/// From 0, dark, to 1, light.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number from 0 to 255"
)]
fn shade(light: f32) -> u8 {
    (255.0 * light.clamp(0.0, 1.0)).round() as u8
}
