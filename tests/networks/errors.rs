//! What a caller gets wrong is an error that says what was expected, and changes nothing.

use ndarray::Array2;
use nn_core::prelude::*;

network! { #[derive(Clone, Debug, PartialEq)] struct Digits< Affine(4, 3) -> SoftmaxWithLoss >; }
network! { struct Binary< Affine(2, 1) -> SigmoidWithLoss >; }
network! { struct Regression< Affine(2, 1) -> MeanSquaredError >; }

fn message<R>(result: nn_core::Result<R>) -> String {
    match result {
        Ok(_) => "no error".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn batches_and_targets() {
    let mut net = Digits::seeded(1);
    let before = net.clone();
    let x = [[0.5; 4]; 2];
    let none: [[f32; 4]; 0] = [];
    let no_labels: [u8; 0] = [];
    let empty = "there are no samples: at least one is needed";
    assert_eq!(message(net.predict(&none)), empty);
    assert_eq!(message(net.loss(&none, &no_labels)), empty);
    assert_eq!(message(net.accuracy(&none, &no_labels)), empty);
    assert_eq!(message(net.gradient(&none, &no_labels)), empty);
    assert_eq!(
        message(net.loss(&x, &[1_u8])),
        "2 samples, but 1 targets: each sample needs one"
    );
    assert_eq!(
        message(net.loss(&x, &[1_u8, 3])),
        "target 1 is class 3, but there are 3 classes: 0 to 2"
    );
    assert_eq!(
        message(net.gradient(&x, &[1, -1])),
        "target 1 is class -1, but there are 3 classes: 0 to 2"
    );
    assert_eq!(
        message(net.accuracy(&x, &[[0.0, 1.0, 0.0], [0.5, 0.0, 0.0]])),
        "target 1 is not valid: a row of targets is one-hot, or probabilities whose sum is 1"
    );
    assert_eq!(
        message(net.loss(&x, &[[0.0, 1.0, 0.0], [2.0, -1.0, 0.0]])),
        "target 1 is not valid: a row of targets holds probabilities, none below 0"
    );
    assert_eq!(
        message(net.predict(&Array2::zeros((2, 5)))),
        "expected an array of shape [N, 4] for N samples, found [2, 5]"
    );
    assert_eq!(
        message(net.loss(&x, &Array2::<f32>::zeros((2, 4)))),
        "expected an array of shape [N, 3] for N samples, found [2, 4]"
    );
    assert_eq!(net, before);
}

#[test]
fn targets_of_the_other_losses() {
    let binary = Binary::seeded(1);
    let expected = "target 1 is not valid: binary targets lie between 0 and 1";
    assert_eq!(message(binary.loss(&[[0.0, 0.0]; 2], &[1, 2])), expected);
    assert_eq!(
        message(binary.loss(&[[0.0, 0.0]; 2], &[0.5, f32::NAN])),
        expected
    );
    let regression = Regression::seeded(1);
    let expected = "target 0 is not valid: targets are finite numbers";
    assert_eq!(
        message(regression.loss(&[[0.0, 0.0]], &[f32::INFINITY])),
        expected
    );
}

#[test]
fn a_step_that_cannot_be_made_changes_nothing() {
    let mut net = Digits::seeded(1);
    let before = net.clone();
    let x = [[0.5; 4]];
    let result = net.step(&mut Sgd::new(-0.1), &x, &[1_u8]);
    assert_eq!(
        message(result),
        "lr = -0.1 is not valid: a finite number from 0 on"
    );
    assert_eq!(
        message(net.step(&mut Adam::new(0.1).beta1(1.0), &x, &[1_u8])),
        "beta1 = 1 is not valid: a number from 0 on, below 1"
    );
    assert_eq!(net, before);
}
