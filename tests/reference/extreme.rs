//! Numbers far beyond where exp overflows, against exact values: a limit that f64 and f32 can write down, or a logarithm.

use std::f64::consts::LN_2;

use nn_core::{
    BinaryCrossEntropy, CrossEntropy, Element, Elu, Gelu, HardSwish, Layer, LeakyRelu, LogSoftmax,
    Loss, MeanSquaredError, Sample, Sigmoid, SigmoidWithLoss, Silu, Softmax, SoftmaxWithLoss,
    Softplus, Tanh,
};

use crate::fixture::{assert_close, by_type, nan};

fn samples<X: Sample>(rows: &[&[f64]]) -> Vec<X> {
    let numbers: Vec<X::Element> = rows
        .concat()
        .iter()
        .map(|&number| X::Element::of(number))
        .collect();
    X::from_flat(&numbers).to_vec()
}

fn assert_exact<T: Element>(what: &str, found: &[T], expected: &[f64]) {
    assert_close(what, found, expected, |_| 0.0);
}

fn check_layer<T: Element, const C: usize, L>(layer: &L, x: [f64; C], y: [f64; C], dx: [f64; C])
where
    L: Layer<[T; C], Output = [T; C]> + Default,
{
    let (x, dy) = (samples::<[T; C]>(&[&x]), samples::<[T; C]>(&[&[1.0; C]]));
    let (mut found, mut found_dx) = (nan::<[T; C]>(1), nan::<[T; C]>(1));
    layer.forward(&x, &mut found);
    layer.backward(&x, &found, &dy, Some(&mut found_dx), &mut L::default());
    assert_exact("y", found.as_flattened(), &y);
    assert_exact("dx", found_dx.as_flattened(), &dx);
}

fn check_layers<T: Element>() {
    let x = [-1e4, -1000.0, 0.0, 1000.0, 1e4];
    check_layer::<T, 5, _>(
        &Sigmoid,
        x,
        [0.0, 0.0, 0.5, 1.0, 1.0],
        [0.0, 0.0, 0.25, 0.0, 0.0],
    );
    check_layer::<T, 5, _>(
        &Tanh,
        x,
        [-1.0, -1.0, 0.0, 1.0, 1.0],
        [0.0, 0.0, 1.0, 0.0, 0.0],
    );
    // Softmax is constant along dy = (1, 1, …): dx = 0.
    check_layer::<T, 3, _>(&Softmax, [1000.0, -1000.0, 0.0], [1.0, 0.0, 0.0], [0.0; 3]);
    check_layer::<T, 3, _>(
        &Softmax,
        [-1e4, -1e4 - 1000.0, -1e4],
        [0.5, 0.0, 0.5],
        [0.0; 3],
    );
    check_layer::<T, 4, _>(&Softmax, [1e4; 4], [0.25; 4], [0.0; 4]);
    // 1 − 3·1, and 1 − 3·0.
    check_layer::<T, 3, _>(
        &LogSoftmax,
        [1000.0, -1000.0, 0.0],
        [0.0, -2000.0, -1000.0],
        [-2.0, 1.0, 1.0],
    );
    let quarter = [-2500.0, -250.0, 0.0, 1000.0, 1e4];
    check_layer::<T, 5, _>(
        &LeakyRelu::new().alpha(0.25),
        x,
        quarter,
        [0.25, 0.25, 0.25, 1.0, 1.0],
    );
    let elu = [-2.0, -2.0, 0.0, 1000.0, 1e4];
    let slopes = [0.0, 0.0, 2.0, 1.0, 1.0];
    check_layer::<T, 5, _>(&Elu::new().alpha(2.0), x, elu, slopes);
    let (x, above, slopes) = (
        [-1e4, -1000.0, 1000.0, 1e4],
        [0.0, 0.0, 1000.0, 1e4],
        [0.0, 0.0, 1.0, 1.0],
    );
    check_layer::<T, 4, _>(&Softplus::new(), x, above, slopes);
    check_layer::<T, 4, _>(&Gelu::new(), x, above, slopes);
    check_layer::<T, 4, _>(&Gelu::new().tanh(), x, above, slopes);
    check_layer::<T, 4, _>(&Silu, x, above, slopes);
    check_layer::<T, 4, _>(&HardSwish, x, above, slopes);
}

#[test]
fn layers_reach_their_limits() {
    check_layers::<f64>();
    check_layers::<f32>();
}

fn check_loss<X: Sample, Y, L: Loss<X, Y>>(
    layer: &L,
    scores: &[&[f64]],
    targets: &[Y],
    loss: f64,
    dx: &[&[f64]],
) {
    let scores = samples::<X>(scores);
    let (mut saved, mut found_dx) = (nan::<X>(scores.len()), nan::<X>(scores.len()));
    let found = layer.forward(&scores, targets, &mut saved);
    layer.backward(&saved, targets, X::Element::of(1.0), &mut found_dx);
    let tolerance = by_type::<X::Element>(1e-12, 1e-5);
    assert_close("the loss", &[found], &[loss], |loss| tolerance * loss);
    assert_exact("dx", X::flat(&found_dx), &dx.concat());
}

fn check_softmax_with_loss<T: Element>() {
    let layer = SoftmaxWithLoss;
    let apart: &[f64] = &[1000.0, -1000.0];
    check_loss::<[T; 2], _, _>(&layer, &[apart], &[0_u8], 0.0, &[&[0.0, 0.0]]);
    check_loss::<[T; 2], _, _>(&layer, &[apart], &[1_u8], 2000.0, &[&[1.0, -1.0]]);
    // The mean of 0 and 2e4; dx is halved too.
    check_loss::<[T; 2], _, _>(
        &layer,
        &[&[1e4, -1e4], &[-1e4, 1e4]],
        &[0_u8, 0],
        1e4,
        &[&[0.0, 0.0], &[-0.5, 0.5]],
    );
    // −½·ln 1 − ½·ln exp(−2000), and a class of probability 0 that the target does not ask for.
    let half = T::of(0.5);
    check_loss::<[T; 2], _, _>(&layer, &[apart], &[[half, half]], 1000.0, &[&[0.5, -0.5]]);
    check_loss::<[T; 1], _, _>(&layer, &[&[1e4]], &[0_u8], 0.0, &[&[0.0]]);
}

#[test]
fn softmax_with_loss_is_finite_and_exact() {
    check_softmax_with_loss::<f64>();
    check_softmax_with_loss::<f32>();
}

fn check_equal_scores<T: Element>(score: f64) {
    let row = [score; 2];
    check_loss::<[T; 2], _, _>(&SoftmaxWithLoss, &[&row], &[0_u8], LN_2, &[&[-0.5, 0.5]]);
    let target = [T::of(0.25), T::of(0.75)];
    check_loss::<[T; 2], _, _>(
        &SoftmaxWithLoss,
        &[&row],
        &[target],
        LN_2,
        &[&[0.25, -0.25]],
    );
}

/// Two equal scores are a toss-up, ln 2, however large both are.
#[test]
fn softmax_with_loss_depends_on_differences_alone() {
    for score in [0.0, 1000.0, -1000.0, 1e4, -1e4] {
        check_equal_scores::<f64>(score);
        check_equal_scores::<f32>(score);
    }
}

fn check_sigmoid_with_loss<T: Element>() {
    let layer = SigmoidWithLoss;
    let target = |t: f64| [[T::of(t)]];
    let large = [1000.0, 1e4];
    for x in large {
        check_loss::<[T; 1], _, _>(&layer, &[&[x]], &target(1.0), 0.0, &[&[0.0]]);
        check_loss::<[T; 1], _, _>(&layer, &[&[x]], &target(0.0), x, &[&[1.0]]);
        check_loss::<[T; 1], _, _>(&layer, &[&[-x]], &target(1.0), x, &[&[-1.0]]);
        check_loss::<[T; 1], _, _>(&layer, &[&[-x]], &target(0.0), 0.0, &[&[0.0]]);
        check_loss::<[T; 1], _, _>(&layer, &[&[-x]], &target(0.25), x / 4.0, &[&[-0.25]]);
    }
    // The mean of 0, 1000, 1000 and ln 2 over two samples of two outputs.
    let t = [[T::of(1.0), T::of(0.0)], [T::of(1.0), T::of(0.5)]];
    check_loss::<[T; 2], _, _>(
        &layer,
        &[&[1000.0, 1000.0], &[-1000.0, 0.0]],
        &t,
        (2000.0 + LN_2) / 4.0,
        &[&[0.0, 0.25], &[-0.25, 0.0]],
    );
}

#[test]
fn sigmoid_with_loss_is_finite_and_exact() {
    check_sigmoid_with_loss::<f64>();
    check_sigmoid_with_loss::<f32>();
}

/// A score of 30 for a target that is 1 costs ln(1 + e⁻³⁰), by its series e⁻³⁰ − e⁻⁶⁰/2 + …
fn check_options<T: Element>() {
    let target = |t: f64| [[T::of(t)]];
    let layer = BinaryCrossEntropy::new().pos_weight(3.0);
    for x in [1000.0, 1e4] {
        check_loss::<[T; 1], _, _>(&layer, &[&[x]], &target(1.0), 0.0, &[&[0.0]]);
        check_loss::<[T; 1], _, _>(&layer, &[&[x]], &target(0.0), x, &[&[1.0]]);
        check_loss::<[T; 1], _, _>(&layer, &[&[-x]], &target(1.0), 3.0 * x, &[&[-3.0]]);
        check_loss::<[T; 1], _, _>(&layer, &[&[-x]], &target(0.0), 0.0, &[&[0.0]]);
    }
    // Half of the target on the other class: ½·(0.75·0 + 0.25·2000) of each, and p − t.
    let layer = CrossEntropy::<2>::new().smoothing(0.5);
    let rows: [&[f64]; 2] = [&[1000.0, -1000.0], &[-1e3, 1e3]];
    let dx: [&[f64]; 2] = [&[0.125, -0.125], &[-0.125, 0.125]];
    check_loss::<[T; 2], _, _>(&layer, &rows, &[0_u8, 1], 500.0, &dx);
}

#[test]
fn losses_with_options_are_finite_and_exact() {
    check_options::<f64>();
    check_options::<f32>();
}

fn check_confident_sigmoid<T: Element>(x: f64, loss: f64) {
    let (mut saved, one, zero) = (nan::<[T; 1]>(1), [[T::one()]], [[T::zero()]]);
    let found = [
        SigmoidWithLoss.forward(&[[T::of(x)]], &one, &mut saved),
        SigmoidWithLoss.forward(&[[T::of(-x)]], &zero, &mut saved),
        BinaryCrossEntropy::new().forward(&[[T::of(x)]], &one, &mut saved),
        BinaryCrossEntropy::new().forward(&[[T::of(-x)]], &zero, &mut saved),
    ];
    let tolerance = by_type::<T>(1e-12, 1e-5);
    assert_close("the loss", &found, &[loss; 4], |loss| tolerance * loss);
}

#[test]
fn sigmoid_with_loss_keeps_small_losses() {
    check_confident_sigmoid::<f64>(30.0, 9.357_622_968_839_737e-14);
    check_confident_sigmoid::<f32>(30.0, 9.357_622_968_839_737e-14);
}

fn check_mean_squared_error<T: Element>() {
    let t = [[T::of(-1000.0)]];
    check_loss::<[T; 1], _, _>(&MeanSquaredError, &[&[1000.0]], &t, 4e6, &[&[4000.0]]);
}

#[test]
fn mean_squared_error_of_large_numbers() {
    check_mean_squared_error::<f64>();
    check_mean_squared_error::<f32>();
}
