//! Every job runs, on few steps.

use std::process::{Command, Output};

fn job(arguments: &[&str]) -> Output {
    let mut job = Command::new(env!("CARGO_BIN_EXE_job"));
    job.args(arguments).output().expect("the job starts")
}

/// The lines that a job prints, as lists of words.
fn lines(arguments: &[&str]) -> Vec<Vec<String>> {
    let output = job(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let printed = String::from_utf8(output.stdout).expect("the job prints text");
    let words = |line: &str| line.split(' ').map(str::to_owned).collect();
    printed.lines().map(words).collect()
}

/// The number behind `name=`.
fn number(line: &[String], name: &str) -> f64 {
    let value = line
        .iter()
        .find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    value
        .unwrap_or_else(|| panic!("no {name} in {line:?}"))
        .parse()
        .expect("a number")
}

#[test]
fn every_job_reports_its_figures() {
    for (job, names) in [
        ("a", &["a"][..]),
        ("b", &["b"]),
        ("c", &["c1", "c1000"]),
        ("d", &["d"]),
    ] {
        let lines = lines(&[job, "--threads", "1", "--steps", "20"]);
        assert_eq!(lines.len(), names.len());
        for (line, name) in lines.iter().zip(names) {
            assert_eq!(line[..2], ["JOB", name]);
            assert!(number(line, "us_per_step") >= number(line, "best_us"));
            assert!(number(line, "gflops") > 0.0);
            // Ten classes that nothing is known about cost ln 10 = 2.303. An untrained job D has a larger loss.
            assert!(
                name == &"d" || number(line, "final_loss") < 2.303,
                "{line:?}"
            );
        }
    }
}

/// Job B's products are large enough for several threads.
#[test]
fn losses_are_the_same_on_any_number_of_threads() {
    for job in ["b", "d"] {
        let loss = |threads| {
            let lines = lines(&[job, "--threads", threads, "--steps", "5"]);
            number(&lines[0], "final_loss")
        };
        assert_eq!(loss("1"), loss("3"), "{job}");
    }
}

#[test]
fn core_seconds_count_all_threads() {
    for threads in [1.0, 3.0] {
        let lines = lines(&["d", "--threads", &threads.to_string(), "--steps", "20"]);
        let [step, all] = ["us_per_step", "core_seconds_for_10000"].map(|n| number(&lines[0], n));
        // 10,000 steps of so many microseconds; printed to two digits.
        assert!((all - step * threads / 100.0).abs() < 0.006, "{lines:?}");
    }
}

#[test]
fn no_threads_are_refused() {
    for threads in ["0", "-1", "two"] {
        let output = job(&["a", &format!("--threads={threads}")]);
        assert!(!output.status.success());
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            errors.contains("expected a number of threads, 1 or more"),
            "{errors}"
        );
    }
}

#[test]
fn data_come_as_files_of_the_stated_sizes() {
    let folder = tempfile::tempdir().unwrap();
    lines(&["data", folder.path().to_str().unwrap()]);
    for (file, bytes) in [
        ("digits.x.f32", 4 * 60_000 * 784),
        ("digits.t.u8", 60_000),
        ("matrices.x.f32", 4 * 10_000 * 4),
        ("matrices.t.f32", 4 * 10_000 * 4),
        ("a.affine1.W.f32", 4 * 784 * 50),
        ("b.affine2.W.f32", 4 * 512 * 512),
        ("c.affine2.b.f32", 4 * 10),
        ("d.affine3.W.f32", 4 * 16 * 4),
    ] {
        let path = folder.path().join(file);
        assert_eq!(path.metadata().unwrap().len(), bytes, "{file}");
    }
}
