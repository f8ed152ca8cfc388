//! Runs one job and prints a line for each figure: `cargo run --release -p benches --bin job -- a --threads 1`.

use std::path::PathBuf;
use std::process::ExitCode;

use benches::{files, jobs};
use clap::{Args, Parser, Subcommand};
use nn_core::Result;

/// Runs one job and prints `JOB … us_per_step=… gflops=… final_loss=…`: medians over blocks of steps, and the best block.
#[derive(Parser)]
#[command(name = "job")]
struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// 784-50-10, batches of 100, SGD; 10,000 steps.
    A(Run),
    /// 784-512-512-10, batches of 128, Adam; 300 steps.
    B(Run),
    /// The scores of one sample, 200,000 times, and of 1,000 samples; `--steps` is the number of calls.
    C(Run),
    /// 4-32-16-4, Adam on all 10,000 samples; 300 epochs.
    D(Run),
    /// Convolutions of 16 and 32 maps, batches of 64, SGD; 400 steps.
    F(Run),
    /// Writes the data and the initial weights for programs in other frameworks.
    Data {
        /// The folder for the files, some 200 MB.
        folder: PathBuf,
    },
}

#[derive(Args)]
struct Run {
    /// On how many threads to compute, at the most: small products stay on one.
    #[arg(long, default_value_t = 1, value_parser = threads)]
    threads: usize,

    /// How many steps to take.
    #[arg(long)]
    steps: Option<usize>,
}

impl Run {
    fn on_threads<R>(&self, job: fn(usize) -> Result<R>, steps: usize) -> Result<R> {
        nn_core::with_threads(self.threads, || job(self.steps.unwrap_or(steps)))
    }
}

fn threads(argument: &str) -> std::result::Result<usize, String> {
    match argument.parse() {
        Ok(threads @ 1..) => Ok(threads),
        _ => Err("expected a number of threads, 1 or more".to_owned()),
    }
}

fn main() -> ExitCode {
    match run(&Options::parse().what) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(what: &What) -> Result<()> {
    match what {
        What::A(run) => println!("{}", run.on_threads(jobs::a, 10_000)?),
        What::B(run) => println!("{}", run.on_threads(jobs::b, 300)?),
        What::C(run) => {
            for line in run.on_threads(jobs::c, 200_000)? {
                println!("{line}");
            }
        }
        What::D(run) => {
            let line = run.on_threads(jobs::d, 300)?;
            let core_seconds = line.core_seconds(10_000, run.threads);
            println!("{line} core_seconds_for_10000={core_seconds:.2}");
        }
        What::F(run) => println!("{}", run.on_threads(jobs::f, 400)?),
        What::Data { folder } => files::write_all(folder)?,
    }
    Ok(())
}
