//! Lines of JSON say what the history says.

use std::path::Path;

use nn_core::Error;
use nn_core::logs::{CsvLog, JsonLines};
use serde_json::Value;

use crate::training::{Net, points, trainer};

/// All lines, without the times.
pub(crate) fn read(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    let lines = text.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        assert!(line["seconds"].is_number());
        line["seconds"].take();
        line
    });
    lines.collect()
}

#[test]
fn every_number_of_the_history_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let [path, table] = ["log.jsonl", "history.csv"].map(|name| folder.path().join(name));
    let mut trainer = trainer()
        .metric("spread, \"wide\"", |scores: &[[f32; 3]], _: &[u8]| {
            Ok(f64::from(scores[0][0]))
        })
        .callback(JsonLines::new(&path))
        .callback(CsvLog::new(&table));
    let mut net = Net::seeded(3);
    let history = trainer.fit(&mut net, &points(1), &points(2)).unwrap();
    let lines = read(&path);
    let of = |kind: &str| {
        lines
            .iter()
            .filter(|line| line["kind"] == kind)
            .collect::<Vec<_>>()
    };
    let (intervals, epochs) = (of("interval"), of("epoch"));
    assert_eq!(
        (intervals.len(), epochs.len()),
        (history.losses.len(), history.epochs.len())
    );
    for (line, record) in intervals.iter().zip(&history.losses) {
        assert_eq!(
            (line["step"].as_u64(), line["epoch"].as_u64()),
            (Some(record.step as u64), Some(record.epoch as u64))
        );
        assert_eq!(
            (line["loss"].as_f64(), line["lr"].as_f64()),
            (Some(record.loss), Some(record.lr))
        );
    }
    for (line, record) in epochs.iter().zip(&history.epochs) {
        assert_eq!(
            (line["step"].as_u64(), line["epoch"].as_u64()),
            (Some(record.step as u64), Some(record.epoch as u64))
        );
        assert_eq!(
            (line["loss"].as_f64(), line["test_loss"].as_f64()),
            (Some(record.loss), record.test_loss)
        );
        assert_eq!(
            (
                line["train_accuracy"].as_f64(),
                line["test_accuracy"].as_f64()
            ),
            (record.train_accuracy, record.test_accuracy)
        );
        assert_eq!(
            line["metrics"]["spread, \"wide\""].as_f64(),
            Some(record.metrics[0].value)
        );
    }
    assert_eq!(std::fs::read_to_string(&table).unwrap(), history.to_csv());

    // A further call goes on behind what is there.
    trainer.fit(&mut net, &points(1), &points(2)).unwrap();
    let both = read(&path);
    assert_eq!(
        (both.len(), &both[..lines.len()]),
        (2 * lines.len(), &lines[..])
    );
    assert_eq!(both[lines.len()]["step"], 41);
}

#[test]
fn a_log_that_cannot_be_written_ends_the_training_before_its_first_step() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing").join("log.jsonl");
    let mut net = Net::seeded(3);
    let mut trainer = trainer().callback(JsonLines::new(&path));
    let error = trainer.fit(&mut net, &points(1), &points(2)).unwrap_err();
    assert!(matches!(error, Error::Io { path: found, .. } if found == path));
    assert_eq!(net.params, Net::seeded(3).params);
    let mut trainer = self::trainer().callback(CsvLog::new(&path));
    assert!(matches!(
        trainer.fit(&mut net, &points(1), &points(2)),
        Err(Error::Io { .. })
    ));
}

#[test]
fn what_is_no_number_is_null() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.jsonl");
    let mut trainer = trainer()
        .epochs(1)
        .metric("nothing", |_: &[[f32; 3]], _: &[u8]| Ok(f64::NAN))
        .callback(JsonLines::new(&path));
    trainer
        .fit(&mut Net::seeded(3), &points(1), &points(2))
        .unwrap();
    let lines = read(&path);
    assert!(lines.last().unwrap()["metrics"]["nothing"].is_null());
}
