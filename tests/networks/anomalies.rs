//! What `detect_anomaly` says of declared networks. Weights are zeros, ones and powers of ten, so that everything is worked out by hand: f32
//! holds no number above 3.4e38.

use nn_core::prelude::*;
use nn_core::{Error, Losses, Parameters};
use nn_tests::layers::Slope;

network! { struct Grows< Affine(2, 2, init = zeros) -> Relu -> large: Scale(1e30) -> last: Affine(2, 2, init = zeros) -> SoftmaxWithLoss >; }
network! { struct Turns< (Affine(3, 3, init = zeros) -> Scale(1e20)) * 2 -> MeanSquaredError >; }
network! { struct Sums< Input(2) -> [ Affine(2, 2, init = zeros) | Identity | Identity ] -> sum: Add -> MeanSquaredError >; }
network! { struct Deep< Input(4) -> Reshape(2, 2) -> Scale(1e20) -> Scale(1e20) -> Flatten -> Affine(_, 1) -> MeanSquaredError >; }
network! { struct Own< Affine(2, 2, init = zeros) -> own: Slope(2, alpha = 1e30) -> MeanSquaredError >; }
network! { struct Back< Affine(2, 2, init = zeros) -> near: Scale(1e30) -> Scale(1e30) -> last: Affine(2, 1, init = zeros) -> MeanSquaredError >; }
network! { struct Line< Affine(1, 1, init = zeros) -> MeanSquaredError >; }
network! { struct Inner< Affine(2, 2, init = zeros) -> Scale(1e30) >; }
network! { struct Outer< inner: Inner -> Scale(1e-30) -> MeanSquaredError >; }
network! { struct Bare< Input(2) -> Affine(_, 2, init = zeros) -> tail: MeanSquaredError >; }

/// What a step of a network says; it changes nothing.
fn step<N, Y: Sync>(net: &mut N, x: &[N::Input], t: &[Y]) -> String
where
    N: Trainable<Element = f32>,
    N::Loss: Losses<N::Output, Y>,
{
    let numbers = |net: &N| -> Vec<u32> {
        let tensors = net.params().tensors();
        let numbers = tensors.flat_map(|tensor| tensor.numbers().to_vec());
        numbers.map(f32::to_bits).collect()
    };
    let before = numbers(net);
    let mut trainer = Trainer::new(Sgd::new(0.1)).detect_anomaly(true).silent();
    let error = trainer.step(net, x, t).unwrap_err();
    assert!(matches!(error, Error::Anomaly { step: 1, .. }), "{error}");
    assert_eq!(numbers(net), before);
    error.to_string()
}

/// In 10,000 samples, which are computed in chunks. Of sample 5,000 the last layer gives 1·1e30·1e30; of sample 9,000 an earlier one
/// gives 1e9·1e30.
#[test]
fn the_first_layer_is_named_and_in_it_the_first_sample() {
    let mut net = Grows::seeded(1);
    *net.params.affine1.W = [[1.0, 0.0], [0.0, 1.0]];
    *net.params.last.W = [[0.0, 0.0], [1e30, 0.0]];
    let (mut x, t) = (vec![[0.0; 2]; 10_000], vec![0_u8; 10_000]);
    (x[5_000], x[8_000]) = ([0.0, 1.0], [0.0, 1.0]);
    assert_eq!(
        step(&mut net, &x, &t),
        "step 1: `last` (layer 4, `Affine(2, 2, init = zeros)`) gives inf at [0] for sample 5000 of the batch, although what it reads and all \
         parameters are finite"
    );
    x[9_000] = [1e9, 0.0];
    let error = step(&mut net, &x, &t);
    let expected =
        "step 1: `large` (layer 3, `Scale(1e30)`) gives inf at [0] for sample 9000 of the batch";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn layers_of_every_kind_are_named() {
    // 1·1e20, handed on to the last place, and ·1e20 again.
    let mut turns = Turns::seeded(1);
    turns.params.affine1.W[0][1] = 1.0;
    turns.params.affine2.W[1][2] = 1.0;
    let error = step(&mut turns, &[[1.0, 0.0, 0.0]], &[[0.0; 3]]);
    let expected = "step 1: `scale2` (layer 4, `Scale(1e20)`) gives inf at [2] for sample 0";
    assert!(error.starts_with(expected), "{error}");

    // 0 + 2e38 + 2e38.
    let error = step(
        &mut Sums::seeded(1),
        &[[0.0; 2], [0.0, 2e38]],
        &[[0.0; 2]; 2],
    );
    let expected = "step 1: `sum` (layer 5, `Add`) gives inf at [1] for sample 1";
    assert!(error.starts_with(expected), "{error}");

    // The last of 2 × 2 numbers.
    let error = step(&mut Deep::seeded(1), &[[0.0, 0.0, 0.0, -1.0]], &[[0.0]]);
    let expected = "step 1: `scale2` (layer 4, `Scale(1e20)`) gives -inf at [1, 1] for sample 0";
    assert!(error.starts_with(expected), "{error}");

    // −1e9 through a slope of 1e30.
    let mut own = Own::seeded(1);
    own.params.affine1.W[0][1] = -1e9;
    let error = step(&mut own, &[[1.0, 0.0]], &[[0.0; 2]]);
    let expected =
        "step 1: `own` (layer 2, `Slope(2, alpha = 1e30)`) gives -inf at [1] for sample 0";
    assert!(error.starts_with(expected), "{error}");

    // 1e9·1e30 within a network that is a layer.
    let mut outer = Outer::seeded(1);
    outer.params.inner.affine1.W[1][0] = 1e9;
    let error = step(&mut outer, &[[0.0, 1.0]], &[[0.0; 2]]);
    let expected = "step 1: `inner` (layer 1, `Inner`) gives inf at [0] for sample 0";
    assert!(error.starts_with(expected), "{error}");
}

/// Scores are 0. What comes back is 0 − 1, times 1e30, times 1e30, for the second number only; the gradients of the last layer are 0 and −1.
#[test]
fn a_gradient_between_layers_is_named() {
    let mut net = Back::seeded(1);
    *net.params.last.W = [[0.0], [1.0]];
    assert_eq!(
        step(&mut net, &[[1.0, 2.0]], &[[1.0]]),
        "step 1: the gradient of what `near` (layer 2, `Scale(1e30)`) reads is -inf at [1] for sample 0 of the batch, although the loss and \
         the gradients behind it are finite"
    );
    // In 10,000 samples with no loss, all but one.
    let (x, mut t) = (vec![[1.0, 2.0]; 10_000], vec![[0.0]; 10_000]);
    t[6_000] = [1.0];
    let error = step(&mut net, &x, &t);
    let expected = "is -inf at [1] for sample 6000 of the batch";
    assert!(error.contains(expected), "{error}");
}

/// x·dy = 1e30·(0 − 1e10), where dy is finite.
#[test]
fn a_gradient_of_a_parameter_is_named() {
    assert_eq!(
        step(&mut Line::seeded(1), &[[1e30]], &[[1e10]]),
        "step 1: the gradient of `affine1.W` (layer 1, `Affine(1, 1, init = zeros)`) is -inf at [0, 0]"
    );
}

/// (0 − 1e20)² is 1e40.
#[test]
fn a_loss_is_named() {
    let error = step(
        &mut Bare::seeded(1),
        &[[1.0, 2.0]; 2],
        &[[0.0, 0.0], [0.0, 1e20]],
    );
    assert_eq!(
        error,
        "step 1: the loss `tail` (layer 3, `MeanSquaredError`) of sample 1 of the batch is inf, although its scores are finite: they are too \
         far from its target"
    );
}
