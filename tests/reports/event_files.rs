//! Logs of trainings that are killed equal those of one that is not.

use std::fs::OpenOptions;
use std::path::Path;

use crate::training::run;
use crate::{events, json_lines};

fn tear(path: &Path, bytes: u64) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(bytes)).unwrap();
}

/// Scalars are the same. A gradient is gone if the training was killed between an epoch and its checkpoint, and nothing else.
fn same_events(found: &[(u64, String, f64)], whole: &[(u64, String, f64)], what: &str) {
    let sorted = |events: &[(u64, String, f64)]| {
        let mut events: Vec<_> = events
            .iter()
            .filter(|event| !event.1.starts_with("gradients/"))
            .cloned()
            .collect();
        events.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        events
    };
    assert_eq!(sorted(found), sorted(whole), "{what}");
}

#[test]
fn a_killed_training_leaves_no_step_twice_and_none_out() {
    let whole = tempfile::tempdir().unwrap();
    run(whole.path(), 7, None).unwrap();
    let lines = json_lines::read(&whole.path().join("log.jsonl"));
    let events = events::read(&whole.path().join("board"));
    // 15 intervals of two scalars, 5 epochs of three; 4 parameters at the start, after epochs 2 and 4, then with gradients.
    assert_eq!((lines.len(), events.len()), (20, 30 + 15 + 4 + 16));
    // Killed in an epoch, at its end, before and after a checkpoint.
    for (every, stride) in [(1, 8), (4, 3), (7, 1)] {
        for step in (1..=40).step_by(stride) {
            let folder = tempfile::tempdir().unwrap();
            assert!(run(folder.path(), every, Some(step)).is_err());
            run(folder.path(), every, None).unwrap();
            let what = format!("killed after step {step}, a checkpoint every {every}");
            assert_eq!(
                json_lines::read(&folder.path().join("log.jsonl")),
                lines,
                "{what}"
            );
            same_events(&events::read(&folder.path().join("board")), &events, &what);
        }
    }
}

#[test]
fn a_torn_end_is_written_again() {
    let whole = tempfile::tempdir().unwrap();
    run(whole.path(), 7, None).unwrap();
    let lines = json_lines::read(&whole.path().join("log.jsonl"));
    let events = events::read(&whole.path().join("board"));
    for bytes in [1, 10, 100, 200, 1_000, 1_000_000] {
        let folder = tempfile::tempdir().unwrap();
        assert!(run(folder.path(), 7, Some(26)).is_err());
        tear(&folder.path().join("log.jsonl"), bytes);
        let board = folder.path().join("board");
        let file = std::fs::read_dir(&board).unwrap().next().unwrap().unwrap();
        tear(&file.path(), bytes);
        run(folder.path(), 7, None).unwrap();
        let what = format!("{bytes} bytes torn off");
        assert_eq!(
            json_lines::read(&folder.path().join("log.jsonl")),
            lines,
            "{what}"
        );
        let scalars = |events: Vec<(u64, String, f64)>| {
            events
                .into_iter()
                .filter(|event| !event.1.contains("affine"))
                .collect::<Vec<_>>()
        };
        let found = scalars(events::read(&board));
        same_events(&found, &scalars(events.clone()), &what);
    }
}

/// A training from step 0 begins anew; a further call of `fit` goes on.
#[test]
fn a_new_training_replaces_the_logs_of_an_old_one() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 7, None).unwrap();
    let before = json_lines::read(&folder.path().join("log.jsonl"));
    std::fs::remove_dir_all(folder.path().join("checkpoints")).unwrap();
    run(folder.path(), 7, None).unwrap();
    assert_eq!(json_lines::read(&folder.path().join("log.jsonl")), before);
    assert_eq!(events::read(&folder.path().join("board")).len(), 65);
}
