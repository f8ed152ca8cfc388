//! Counts the instructions of steps and compares them with those that were accepted: `.ci/instructions`.
//!
//! The program runs itself under valgrind, with few steps and with more. The difference belongs to the steps: what making the
//! data takes is in both.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use benches::instructions::{Record, Verdict};
use benches::steps::{ALL, Step};
use clap::{Parser, Subcommand};

const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.json");

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Counts the instructions of steps of training by valgrind, and fails if a step takes more of them than were accepted.
#[derive(Parser)]
#[command(name = "instructions")]
struct Options {
    /// Accept what is counted now.
    #[arg(long)]
    accept: bool,

    /// Where accepted counts are.
    #[arg(long, default_value = RECORD, hide_default_value = true)]
    record: PathBuf,

    #[command(subcommand)]
    inside: Option<Inside>,
}

/// What runs under valgrind.
#[derive(Subcommand)]
#[command(hide = true)]
enum Inside {
    /// Prints the target and the instruction sets that are found.
    Processor,
    /// Does a step so many times.
    Run { name: String, times: usize },
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<ExitCode> {
    match &options.inside {
        Some(Inside::Processor) => println!("{}", processor()),
        Some(Inside::Run { name, times }) => {
            let step = ALL.iter().find(|step| step.name == name);
            let step = step.ok_or_else(|| format!("no step {name}"))?;
            nn_core::with_threads(1, || (step.run)(*times))?;
        }
        None if options.accept => accept(options)?,
        None => return compare(options),
    }
    Ok(ExitCode::SUCCESS)
}

fn accept(options: &Options) -> Result<()> {
    let record = Record {
        compiler: compiler()?,
        processor: valgrind(&["processor"])?.stdout,
        counts: counts()?,
    };
    std::fs::write(&options.record, record.to_json())?;
    println!("{} is written", options.record.display());
    Ok(())
}

fn compare(options: &Options) -> Result<ExitCode> {
    let path = options.record.display();
    let text = std::fs::read_to_string(&options.record);
    let text = text.map_err(|error| format!("{path}: {error}"))?;
    let record = Record::parse(&text).map_err(|error| format!("{path}: {error}"))?;
    if let Some(why) = record.incomparable(&compiler()?, &valgrind(&["processor"])?.stdout) {
        println!("instructions are not compared: {why}");
        return Ok(ExitCode::SUCCESS);
    }
    let (lines, verdict) = record.compare(&counts()?);
    for line in lines {
        println!("{line}");
    }
    match verdict {
        Verdict::Same => println!("no step takes more instructions than were accepted"),
        Verdict::Fewer => {
            println!("fewer instructions: `.ci/instructions --accept` holds on to it");
        }
        Verdict::Failed => {
            println!("not as accepted; if it must be so, `.ci/instructions --accept` records it");
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn counts() -> Result<BTreeMap<String, u64>> {
    let per_step = |step: &Step| {
        let of = |times: usize| collected(&valgrind(&["run", step.name, &times.to_string()])?);
        let difference = of(step.before + step.count)?.checked_sub(of(step.before)?);
        let difference = difference.ok_or_else(|| format!("{}: steps take nothing", step.name))?;
        Ok((step.name.to_owned(), difference / step.count as u64))
    };
    ALL.iter().map(per_step).collect()
}

/// What a program printed.
struct Printed {
    stdout: String,
    stderr: String,
}

/// Runs this program under valgrind.
fn valgrind(arguments: &[&str]) -> Result<Printed> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    command.arg(std::env::current_exe()?).args(arguments);
    // The widest registers that valgrind knows.
    command.env_remove("NN_CORE_SIMD");
    let output = command
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    if !output.status.success() {
        return Err(format!("valgrind fails on {arguments:?}: {stderr}").into());
    }
    Ok(Printed { stdout, stderr })
}

/// The number behind `Collected :`.
fn collected(printed: &Printed) -> Result<u64> {
    let count = printed
        .stderr
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    let (_, count) = count.ok_or_else(|| format!("no count in: {}", printed.stderr))?;
    Ok(count.trim().parse()?)
}

fn compiler() -> Result<String> {
    let output = Command::new("rustc").arg("--version").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// The target, and those instruction sets that kernels, ours and those of crates, choose by.
fn processor() -> String {
    let mut words = vec![format!(
        "{}-{}",
        std::env::consts::ARCH,
        std::env::consts::OS
    )];
    #[cfg(target_arch = "x86_64")]
    {
        macro_rules! found {
            ($($name:tt),*) => {
                $(if std::is_x86_feature_detected!($name) {
                    words.push($name.to_owned());
                })*
            };
        }
        found!("avx", "avx2", "fma", "avx512f", "avx512vl", "avx512dq");
    }
    words.join(" ")
}
