//! Writes the table, and compares it with the one that is committed.

use std::fmt::Write as _;
use std::path::Path;

use super::{LAYERS, LOSSES, Row, STARTS, TRAINING};
use nn_tests::tally::Tally;

const HEAD: &str = "\
# What every part is compared with

Written by the tests: `UPDATE=1 cargo test -p nn-tests --test reference table`. They fail where a number of cases changes, where an error becomes
ten times as large as it is here, and at the limits below.

- **Gradients**: every number of the gradients of all inputs and parameters in f64 against central differences, relative error below 1e-6; in f32 the slope
  along one direction, below 2e-3. At least a hundred cases, of random shapes, options, numbers and sizes of batches; where a kink is near,
  others are drawn.
- **PyTorch** 2.15, outputs and all gradients: in f64 within 1e-10, in f32 within 1.3e-6 of a number and 1e-5, as PyTorch compares. Shapes and options are
  drawn at random, each option given or left to its default; of layers of images the values that were drawn least often so far.
- **ONNX** 1.22.0: the operator tests of its backend test suite, in f32, outputs within the same. `none` where it has no such operator.

`BatchNorm` is checked by the batch, and with its running statistics as constants. `Dropout` has no row: its draws are compared with the known answers of
Philox beside the kernel, and gradients through it with differences in `tests/norms/batches.rs`.

An error is the largest one found: of gradients relative, elsewhere of a number that is larger than 1 relative, of others absolute.
";

/// An error with one digit, rounded up.
fn error(error: Option<f64>) -> String {
    match error {
        None => String::new(),
        Some(0.0) => "0".to_owned(),
        Some(error) => format!("{error:.0e}"),
    }
}

fn cells(tally: Option<&Tally>, columns: usize) -> String {
    let Some(tally) = tally else {
        return "none |".to_owned() + &" |".repeat(columns);
    };
    let errors = [tally.double, tally.single];
    let errors = &errors[2 - columns..];
    let texts: Vec<String> = errors.iter().map(|&found| error(found)).collect();
    format!("{} | {} |", tally.cases(), texts.join(" | "))
}

fn lines(text: &mut String, rows: &[Row], columns: &[usize]) {
    for row in rows {
        let found = row.found().iter().zip(columns);
        let found: Vec<String> = found
            .map(|(tally, &columns)| cells(tally.as_ref(), columns))
            .collect();
        writeln!(text, "| `{}` | {}", row.name, found.join(" ")).expect("a string takes all");
    }
}

fn written() -> String {
    let mut text = HEAD.to_owned();
    for (title, rows) in [("layer", &LAYERS), ("loss", &LOSSES)] {
        write!(
            text,
            "\n| {title} | gradients | f64 | f32 | PyTorch | f64 | f32 | ONNX | f32 |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n"
        )
        .expect("a string takes all");
        lines(&mut text, rows, &[2, 2, 1]);
    }
    text += "
Steps of optimizers with all their options, weight decay, rates that change and groups of parameters, of which `Lion` is compared with optax; schedules,
in f64 alone, rate by rate.

| optimizer or schedule | PyTorch | f64 | f32 |\n|---|--:|--:|--:|\n";
    lines(&mut text, &TRAINING, &[2]);
    text += "
Mean, deviation and largest of four samples each of weights of three shapes, within what chance leaves open.

| initialisations | PyTorch | f64 | f32 |\n|---|--:|--:|--:|\n";
    lines(&mut text, &STARTS, &[2]);
    text
}

/// Whether two tables say the same: cell by cell, an error may be up to ten times as large as it was.
fn differences(found: &str, committed: &str) -> Vec<String> {
    let is_error = |cell: &str| cell.contains("e-") || cell == "0";
    let alike = |found: &str, committed: &str| {
        let errors = (found.parse::<f64>(), committed.parse::<f64>());
        match errors {
            (Ok(found), Ok(committed)) if is_error(&found.to_string()) || committed < 1.0 => {
                found <= 10.0 * committed.max(1e-16)
            }
            _ => found == committed,
        }
    };
    let mut differences = Vec::new();
    let count = found.lines().count().max(committed.lines().count());
    let line = |text: &'_ str, index: usize| text.lines().nth(index).unwrap_or("").to_owned();
    for index in 0..count {
        let (new, old) = (line(found, index), line(committed, index));
        let (of_new, of_old): (Vec<&str>, Vec<&str>) = (
            new.split('|').map(str::trim).collect(),
            old.split('|').map(str::trim).collect(),
        );
        let same = of_new.len() == of_old.len()
            && of_new.iter().zip(&of_old).all(|(new, old)| alike(new, old));
        if !same {
            differences.push(format!("committed {old}\nfound     {new}"));
        }
    }
    differences
}

#[test]
fn table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("PROOF.md");
    let found = written();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &found).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    let differences = differences(&found, &committed);
    assert!(
        differences.is_empty(),
        "the table changes, write it anew with `UPDATE=1`:\n{}",
        differences.join("\n")
    );
}

#[test]
fn tables_that_say_other_things_differ() {
    let line = |cases: &str, error: &str| format!("| `Relu` | {cases} | {error} | none |");
    let same = |found: &str, committed: &str| differences(found, committed).is_empty();
    assert!(same(&line("100", "2e-11"), &line("100", "3e-11")));
    assert!(same(&line("100", "2e-11"), &line("100", "1e-9")));
    assert!(same(&line("100", "0"), &line("100", "0")));
    assert!(!same(&line("100", "2e-10"), &line("100", "1e-11")));
    assert!(!same(&line("99", "2e-11"), &line("100", "2e-11")));
    assert!(!same(&line("100", "2e-11"), "| `Relu` | 100 | 2e-11 | 3 |"));
    assert!(!same("", &line("100", "2e-11")));
}
