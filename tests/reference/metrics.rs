//! Metrics against scikit-learn (`make_metrics.py` beside this file), to 1e-12.

use nn_core::Error;
use nn_core::metrics::{Average, ConfusionMatrix, mean_absolute_error, r2, top_k_accuracy};
use serde_json::Value;

const CLASSES: usize = 5;

fn cases(kind: &str) -> Vec<Value> {
    let fixtures: Value = serde_json::from_str(include_str!("fixtures/metrics.json")).unwrap();
    fixtures[kind].as_array().unwrap().clone()
}

fn rows<const D: usize>(value: &Value) -> Vec<[f64; D]> {
    let rows = value.as_array().unwrap().iter();
    rows.map(|row| std::array::from_fn(|column| row[column].as_f64().unwrap()))
        .collect()
}

#[track_caller]
fn assert_close(found: f64, expected: &Value) {
    let expected = expected.as_f64().unwrap();
    assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
}

fn check<const C: usize>(matrix: &ConfusionMatrix<C>, case: &Value) {
    assert_close(matrix.accuracy(), &case["accuracy"]);
    for class in 0..C {
        for other in 0..C {
            let count = matrix.counts()[class][other];
            assert_eq!(case["counts"][class][other], count);
        }
        assert_close(matrix.precision(class), &case["precision"][class]);
        assert_close(matrix.recall(class), &case["recall"][class]);
        assert_close(matrix.f1(class), &case["f1"][class]);
    }
    let averages = [
        ("macro", Average::Macro),
        ("micro", Average::Micro),
        ("weighted", Average::Weighted),
    ];
    for (name, average) in averages {
        let expected = |figure: &str| &case[format!("{name}_{figure}")];
        assert_close(matrix.mean_precision(average), expected("precision"));
        assert_close(matrix.mean_recall(average), expected("recall"));
        assert_close(matrix.mean_f1(average), expected("f1"));
    }
}

#[test]
fn of_several_classes() {
    let cases = cases("classes");
    assert_eq!(cases.len(), 10);
    for case in &cases {
        let scores = rows::<CLASSES>(&case["scores"]);
        let labels = case["labels"].as_array().unwrap().iter();
        let labels: Vec<u64> = labels.map(|label| label.as_u64().unwrap()).collect();
        check(&ConfusionMatrix::new(&scores, &labels).unwrap(), case);
        for k in 1..=CLASSES {
            let found = top_k_accuracy(&scores, &labels, k).unwrap();
            assert_close(found, &case["top_k"][k - 1]);
        }
        let one_hot: Vec<[f64; CLASSES]> = labels
            .iter()
            .map(|&label| std::array::from_fn(|class| f64::from(u8::from(class as u64 == label))))
            .collect();
        let by_rows = ConfusionMatrix::new(&scores, &one_hot).unwrap();
        assert_eq!(by_rows, ConfusionMatrix::new(&scores, &labels).unwrap());
    }
}

#[test]
fn of_yes_and_no() {
    for case in &cases("binary") {
        let targets = case["targets"].as_array().unwrap().iter();
        let targets: Vec<bool> = targets.map(|target| target.as_bool().unwrap()).collect();
        let matrix = ConfusionMatrix::binary(&rows(&case["scores"]), &targets).unwrap();
        check(&matrix, case);
    }
}

#[test]
fn of_values() {
    for case in &cases("values") {
        let (predictions, targets) = (rows::<3>(&case["predictions"]), rows(&case["targets"]));
        let found = mean_absolute_error(&predictions, &targets).unwrap();
        assert_close(found, &case["mean_absolute_error"]);
        assert_close(r2(&predictions, &targets).unwrap(), &case["r2"]);
    }
}

#[test]
fn a_score_that_is_no_number_is_wrong() {
    let scores = [[f64::NAN, 1.0], [0.0, 1.0]];
    let matrix = ConfusionMatrix::new(&scores, &[1_u8, 1]).unwrap();
    assert_eq!(matrix.counts(), [[0, 0], [0, 1]]);
    assert_eq!((matrix.samples(), matrix.support(1)), (2, 2));
    assert_eq!((matrix.accuracy(), matrix.recall(1)), (0.5, 0.5));
    assert_eq!(top_k_accuracy(&scores, &[1_u8, 1], 1).unwrap(), 0.5);
    assert_eq!(top_k_accuracy(&scores, &[0_u8, 0], 2).unwrap(), 0.5);
}

#[test]
fn mistakes() {
    let scores = [[0.0, 1.0]];
    let empty: [[f32; 2]; 0] = [];
    assert!(matches!(
        ConfusionMatrix::new(&empty, &[0_u8; 0]),
        Err(Error::Empty)
    ));
    assert!(matches!(
        ConfusionMatrix::new(&scores, &[0_u8, 1]),
        Err(Error::LengthMismatch {
            samples: 1,
            targets: 2
        })
    ));
    assert!(matches!(
        ConfusionMatrix::new(&scores, &[2_u8]),
        Err(Error::LabelOutOfRange {
            index: 0,
            label: 2,
            classes: 2
        })
    ));
    for k in [0, 3] {
        let error = top_k_accuracy(&scores, &[1_u8], k).unwrap_err().to_string();
        assert_eq!(
            error,
            format!("k = {k} is not valid: from 1 to the number of classes")
        );
    }
    assert!(matches!(r2(&[[0.0; 0]], &[[0.0; 0]]), Err(Error::Empty)));
    assert!(matches!(
        mean_absolute_error(&[[0.0], [1.0]], &[[0.0]]),
        Err(Error::LengthMismatch { .. })
    ));
    assert!(matches!(
        ConfusionMatrix::binary(&[[0.5]], &[]),
        Err(Error::LengthMismatch { .. })
    ));
}

#[test]
fn the_table_can_be_read() {
    let scores = [
        [0.9, 0.1, 0.0],
        [0.4, 0.6, 0.0],
        [0.3, 0.7, 0.0],
        [0.2, 0.8, 0.0],
    ];
    let matrix = ConfusionMatrix::new(&scores, &[0_u8, 0, 1, 2]).unwrap();
    let table = "true 0 1 2  recall\n   0 1 1 ·  0.5000\n   1 · 1 ·  1.0000\n   2 · 1 0  0.0000\naccuracy 0.5000 of 4 samples";
    assert_eq!(matrix.to_string(), table);
}
