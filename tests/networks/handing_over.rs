//! Batches and targets of every kind give the same answers.

use ndarray::{Array1, Array2, ArrayView2, s};
use nn_core::prelude::*;
use nn_core::{Error, one_hot};

network! { #[derive(Clone)] struct Digits< Affine(4, 5) -> Relu -> Affine(5, 3) -> SoftmaxWithLoss >; }
network! { struct Regression< Affine(2, 3) -> Tanh -> Affine(3, 1) -> MeanSquaredError >; }
network! { struct Binary< Affine(2, 1) -> SigmoidWithLoss >; }
network! { struct TwoQuestions< Affine(2, 2) -> SigmoidWithLoss >; }

const X: [[f32; 4]; 3] = [
    [0.1, -0.4, 0.3, 1.0],
    [0.9, 0.2, -0.7, 0.0],
    [-1.0, 0.5, 0.25, 0.125],
];

#[test]
fn slices_vectors_and_arrays_are_the_same_batch() {
    let net = Digits::seeded(1);
    let expected = net.predict(&X).unwrap();
    let vector = X.to_vec();
    let array = Array2::from(vector.clone());
    let columns_first = Array2::from_shape_fn((4, 3), |(column, row)| X[row][column]);
    let with_gaps = Array2::from_shape_fn((3, 8), |(row, column)| X[row][column / 2]);
    assert_eq!(net.predict(&vector).unwrap(), expected);
    assert_eq!(net.predict(&vector[..]).unwrap(), expected);
    assert_eq!(net.predict(&array).unwrap(), expected);
    assert_eq!(net.predict(array.view()).unwrap(), expected);
    assert_eq!(net.predict(columns_first.t()).unwrap(), expected);
    assert_eq!(
        net.predict(with_gaps.slice(s![.., ..;2])).unwrap(),
        expected
    );
    assert_eq!(net.predict(ArrayView2::from(&X)).unwrap(), expected);
}

#[test]
fn labels_and_one_hot_rows_are_the_same_targets() {
    let net = Digits::seeded(2);
    let labels = [2_u8, 0, 1];
    let expected = net.loss(&X, &labels).unwrap();
    let rows: Vec<[f32; 3]> = one_hot(&labels).unwrap();
    let losses = [
        net.loss(&X, &labels[..]),
        net.loss(&X, labels.to_vec()),
        net.loss(&X, &[2_usize, 0, 1]),
        net.loss(&X, &[2, 0, 1]),
        net.loss(&X, &[2_i64, 0, 1]),
        net.loss(&X, &Array1::from(labels.to_vec())),
        net.loss(&X, Array1::from(vec![2_usize, 0, 1]).view()),
        net.loss(&X, &rows),
        net.loss(&X, &Array2::from(rows.clone())),
        net.loss(&X, Array2::from(rows.clone()).view()),
    ];
    for loss in losses {
        let loss = loss.unwrap();
        assert!(
            (loss - expected).abs() < 1e-6,
            "{loss} instead of {expected}"
        );
    }
}

#[test]
fn predictions_in_a_batch_into_room_and_one_by_one_are_the_same() {
    let net = Digits::<f64>::seeded(5);
    let x: Vec<[f64; 4]> = (0..600)
        .map(|n| [1, 2, 3, 4].map(|j| f64::from(n * j % 13) / 13.0))
        .collect();
    let all = net.predict(&x).unwrap();
    let mut room = vec![[f64::NAN; 3]; 600];
    net.predict_into(&x, &mut room).unwrap();
    assert_eq!(room, all);
    for (x, scores) in x.iter().zip(&all) {
        for (one, expected) in net.predict_one(x).iter().zip(scores) {
            // Sums of a single row are added in another order.
            assert!((one - expected).abs() < 1e-14, "{one} and {expected}");
        }
    }
    let error = net.predict_into(&x, &mut room[1..]).unwrap_err();
    assert!(matches!(
        error,
        Error::LengthMismatch {
            samples: 600,
            targets: 599
        }
    ));
}

#[test]
fn a_single_output_takes_bare_numbers() {
    let mut net = Regression::seeded(1);
    let x = [[0.5, -1.0], [2.0, 0.25]];
    let expected = net.loss(&x, &[[1.0], [3.0]]).unwrap();
    assert_eq!(net.loss(&x, &[1.0, 3.0]).unwrap(), expected);
    assert_eq!(
        net.loss(&x, &Array1::from(vec![1.0, 3.0])).unwrap(),
        expected
    );
    assert!(net.gradient(&x, &[1.0, 3.0]).is_ok());
}

#[test]
fn accuracy_counts_the_largest_score() {
    let net = Digits::seeded(3);
    let best: Vec<usize> = net
        .predict(&X)
        .unwrap()
        .iter()
        .map(|scores| {
            (0..3)
                .max_by(|&a, &b| scores[a].total_cmp(&scores[b]))
                .unwrap()
        })
        .collect();
    assert_eq!(net.accuracy(&X, &best).unwrap(), 1.0);
    let mut one_wrong = best;
    one_wrong[1] = (one_wrong[1] + 1) % 3;
    assert!((net.accuracy(&X, &one_wrong).unwrap() - 2.0 / 3.0).abs() < 1e-12);
}

#[test]
fn accuracy_of_a_yes_or_no_question_is_on_the_side_of_a_half() {
    let mut net = Binary::seeded(1);
    *net.params.affine1.W = [[1.0], [0.0]];
    // Scores 2, -1, 0.5: yes, no, yes.
    let x = [[2.0, 0.0], [-1.0, 0.0], [0.5, 0.0]];
    assert_eq!(net.accuracy(&x, &[true, false, true]).unwrap(), 1.0);
    assert_eq!(net.accuracy(&x, &[1_u8, 0, 1]).unwrap(), 1.0);
    assert_eq!(net.accuracy(&x, &[false, true, false]).unwrap(), 0.0);
    let net = TwoQuestions::seeded(1);
    let scores = net.predict(&x[..1]).unwrap()[0];
    let target = if scores[0] > scores[1] {
        [1.0, 0.0]
    } else {
        [0.0, 1.0]
    };
    assert_eq!(net.accuracy(&x[..1], &[target]).unwrap(), 1.0);
}

#[test]
fn a_regression_has_no_accuracy() {
    let net = Regression::seeded(1);
    assert!(matches!(
        net.accuracy(&[[0.0, 1.0]], &[0.5]),
        Err(Error::NoClasses)
    ));
}

/// Large batches go through in parts, which must not show.
#[test]
fn a_long_batch_is_the_mean_of_its_samples() {
    let net = Digits::<f64>::seeded(4);
    let x: Vec<[f64; 4]> = (0..1_000)
        .map(|n| [1, 2, 3, 4].map(|j| f64::from(n * j % 17) / 17.0))
        .collect();
    let t: Vec<usize> = (0..1_000).map(|n| n % 3).collect();
    let one_by_one: Vec<f64> = x
        .iter()
        .zip(&t)
        .map(|(x, t)| net.loss(&[*x], &[*t]).unwrap())
        .collect();
    let mean = one_by_one.iter().sum::<f64>() / 1_000.0;
    assert!((net.loss(&x, &t).unwrap() - mean).abs() < 1e-12);
    assert_eq!(
        net.predict(&x).unwrap()[512..768],
        net.predict(&x[512..768]).unwrap()
    );
    let mut whole = net.clone();
    assert!(whole.gradient(&x, &t).is_ok());
}
