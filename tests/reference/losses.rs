//! The loss and dx of every loss against `NumPy`: softmax with loss in the notebook's code, the others by their definitions.

use nn_core::{Element, Loss, MeanSquaredError, Sample, SigmoidWithLoss, SoftmaxWithLoss};

use crate::fixture::{Case, Fixtures, assert_close, by_type, each_shape, nan};

/// Compares with the arrays of the names `loss` and `dx`.
fn check<X: Sample, Y, L: Loss<X, Y>>(
    loss: &L,
    targets: &[Y],
    case: &Case<'_>,
    [expected_loss, expected_dx]: [&str; 2],
) {
    let x = case.samples::<X>("x");
    let (mut saved, mut dx) = (nan::<X>(x.len()), nan::<X>(x.len()));
    loss.check(targets).unwrap();
    let found = loss.forward(&x, targets, &mut saved);
    loss.backward(&saved, targets, X::Element::of(1.0), &mut dx);
    let tolerance = by_type::<X::Element>(1e-12, 1e-5);
    case.compare(expected_loss, &[found], tolerance);
    case.compare(expected_dx, X::flat(&dx), tolerance);
}

fn check_softmax_with_loss<T: Element, const C: usize>(case: &Case<'_>) {
    let labels = case.whole_numbers("labels");
    let small_labels: Vec<u8> = labels
        .iter()
        .map(|&label| u8::try_from(label).unwrap())
        .collect();
    let one_hot = case.samples::<[T; C]>("one_hot");
    let soft = case.samples::<[T; C]>("soft");
    check::<[T; C], _, _>(&SoftmaxWithLoss, &labels, case, ["loss", "dx"]);
    check::<[T; C], _, _>(&SoftmaxWithLoss, &small_labels, case, ["loss", "dx"]);
    check::<[T; C], _, _>(&SoftmaxWithLoss, &one_hot, case, ["loss", "dx"]);
    check::<[T; C], _, _>(&SoftmaxWithLoss, &soft, case, ["soft_loss", "soft_dx"]);
}

fn check_sigmoid_with_loss<T: Element, const O: usize>(case: &Case<'_>) {
    let targets = case.samples::<[T; O]>("t");
    check::<[T; O], _, _>(&SigmoidWithLoss, &targets, case, ["loss", "dx"]);
}

fn check_mean_squared_error<T: Element, const O: usize>(case: &Case<'_>) {
    let targets = case.samples::<[T; O]>("t");
    check::<[T; O], _, _>(&MeanSquaredError, &targets, case, ["loss", "dx"]);
}

#[test]
fn softmax_with_loss() {
    each_shape!(
        Fixtures::losses(), "SoftmaxWithLoss", check_softmax_with_loss: (1, 2), (1, 10), (4, 3), (7, 5)
    );
}

#[test]
fn sigmoid_with_loss() {
    each_shape!(
        Fixtures::losses(), "SigmoidWithLoss", check_sigmoid_with_loss: (1, 1), (5, 1), (1, 6), (4, 3)
    );
}

#[test]
fn mean_squared_error() {
    each_shape!(
        Fixtures::losses(), "MeanSquaredError", check_mean_squared_error: (1, 1), (5, 1), (1, 6), (4, 3)
    );
}

/// Samples of more than one axis are their numbers in row-major order: the 4 × 3 cases as four samples of 3 × 1.
#[test]
fn deeper_samples_give_what_flat_ones_do() {
    let fixtures = Fixtures::losses();
    for kind in ["SigmoidWithLoss", "MeanSquaredError"] {
        let case = fixtures.case(&format!("{kind} 4x3"));
        let targets = case.samples::<[[f64; 1]; 3]>("t");
        let names = ["loss", "dx"];
        if kind == "SigmoidWithLoss" {
            check::<[[f64; 1]; 3], _, _>(&SigmoidWithLoss, &targets, &case, names);
        } else {
            check::<[[f64; 1]; 3], _, _>(&MeanSquaredError, &targets, &case, names);
        }
    }
}

/// For a single output bare numbers, `bool`s and labels are what rows of one number are.
#[test]
fn targets_of_a_single_output_have_several_forms() {
    let scores = [[0.5_f64], [-2.0], [3.0]];
    let rows = [[1.0], [0.0], [1.0]];
    let mut saved = nan::<[f64; 1]>(3);
    let expected = SigmoidWithLoss.forward(&scores, &rows, &mut saved);
    let forms = [
        SigmoidWithLoss.forward(&scores, &[1.0, 0.0, 1.0], &mut saved),
        SigmoidWithLoss.forward(&scores, &[true, false, true], &mut saved),
        SigmoidWithLoss.forward(&scores, &[1_u8, 0, 1], &mut saved),
        SigmoidWithLoss.forward(&scores, &[1_i64, 0, 1], &mut saved),
    ];
    assert_close("the loss", &forms, &[expected; 4], |_| 0.0);
    // (0.25 + 4 + 4) / 3 = 2.75, by hand.
    let loss = MeanSquaredError.forward(&scores, &[1.0, 0.0, 1.0], &mut saved);
    assert_close("the loss", &[loss], &[2.75], |_| 1e-15);
}
