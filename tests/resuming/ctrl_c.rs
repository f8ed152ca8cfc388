//! Ctrl-C, as a terminal sends it.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::bits;
use crate::training::{Net, points, trainer};

/// The process after its first steps.
fn started(folder: &Path, delay: &str) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_interrupted_training"))
        .arg(folder)
        .arg(delay)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut String::new()).unwrap();
    (child, output)
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn the_first_finishes_the_step_and_saves() {
    let mut whole = Net::seeded(3);
    trainer().fit(&mut whole, &points(1), &points(2)).unwrap();
    for name in ["-INT", "-TERM"] {
        let folder = tempfile::tempdir().unwrap();
        let (mut child, mut output) = started(folder.path(), "20");
        signal(&child, name);
        let mut lines = String::new();
        output.read_to_string(&mut lines).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130), "{name}");

        // The last step that was made is the one that is saved.
        let (mut net, resuming) = (Net::seeded(4), trainer());
        let mut resuming = resuming.checkpoint(folder.path().join("checkpoints"), 3);
        let step = resuming.resume(&mut net).unwrap().unwrap();
        let last = lines.lines().next_back().unwrap();
        let expected = format!("| epoch 1 |  iter {step} / 8 | stopped after step {step}, saved");
        assert_eq!(last, expected);
        assert!(step < 8, "{step}");
        resuming.fit(&mut net, &points(1), &points(2)).unwrap();
        assert_eq!(bits(&net), bits(&whole), "{name}");
    }
}

#[test]
fn the_second_ends_the_process_at_once() {
    let folder = tempfile::tempdir().unwrap();
    // In the first step for a minute.
    let (mut child, _output) = started(folder.path(), "60000");
    let start = Instant::now();
    signal(&child, "-INT");
    std::thread::sleep(Duration::from_millis(200));
    assert!(
        child.try_wait().unwrap().is_none(),
        "the first one waits for the step"
    );
    signal(&child, "-INT");
    let status = child.wait().unwrap();
    assert_eq!((status.code(), status.signal()), (Some(130), None));
    assert!(start.elapsed() < Duration::from_secs(30));
}
