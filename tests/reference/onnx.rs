//! The operator tests that ONNX ships, in f32: `make_onnx.py` beside this file. Those of layers of images are in `tests/images`.

use nn_core::{
    Add, Affine, Concat, CrossEntropy, Elu, Gelu, HardSwish, Identity, Layer, LeakyRelu,
    LogLikelihood, LogSoftmax, LogSoftmaxOver, Loss, MatMul, MatMulOfTwo, Mul,
    NegativeLogLikelihood, PRelu, Relu, Sample, Selu, Sigmoid, Silu, Softmax, SoftmaxOver,
    SoftmaxWithLoss, Softplus, Sum, Tanh,
};

use crate::fixture::{Case, Fixtures, allowed_by_torch, assert_close, nan};
use nn_tests::tally;

/// Calls a check with all cases of a kind.
fn each(kind: &str, count: usize, check: impl Fn(&Case<'_>)) {
    let fixtures = Fixtures::onnx();
    let cases: Vec<Case<'_>> = fixtures.of_kind(kind).collect();
    assert_eq!(cases.len(), count, "{kind}");
    for case in &cases {
        tally::case(case.name);
        check(case);
    }
}

fn compare(case: &Case<'_>, y: &[f32]) {
    let what = format!("y of {}", case.name);
    assert_close(&what, y, &case.numbers("y"), allowed_by_torch::<f32>);
}

fn forward<X, L>(layer: &L, case: &Case<'_>)
where
    X: Sample<Element = f32>,
    L: Layer<X, Output: Sample<Element = f32>>,
{
    let x = case.samples::<X>("x");
    let mut y = nan::<L::Output>(x.len());
    layer.forward(&x, &mut y);
    compare(case, L::Output::flat(&y));
}

/// Activations, number by number.
macro_rules! of_numbers {
    ($($test:ident $kind:literal $count:literal |$case:ident| $layer:expr;)*) => {$(
        pub(crate) fn $test() {
            each($kind, $count, |$case| forward::<[f32; 1], _>(&$layer, $case));
        }
    )*};
}
of_numbers! {
    relu "Relu" 2 |case| Relu;
    sigmoid "Sigmoid" 3 |case| Sigmoid;
    tanh "Tanh" 3 |case| Tanh;
    leaky_relu "LeakyRelu" 5 |case| LeakyRelu::new().alpha(case.number("alpha"));
    elu "Elu" 4 |case| Elu::new().alpha(case.optional("alpha").unwrap_or(1.0));
    selu "Selu" 2 |case| Selu;
    softplus "Softplus" 3 |case| Softplus::new();
    silu "Silu" 1 |case| Silu;
    hard_swish "HardSwish" 1 |case| HardSwish;
    identity "Identity" 1 |case| Identity;
}

fn gelu_cases(tanh: f64, layer: Gelu) {
    let fixtures = Fixtures::onnx();
    for case in fixtures.of_kind("Gelu") {
        if case.number("tanh") == tanh {
            tally::case(case.name);
            forward::<[f32; 1], _>(&layer, &case);
        }
    }
}

pub(crate) fn gelu() {
    gelu_cases(0.0, Gelu::new());
}

pub(crate) fn gelu_tanh() {
    gelu_cases(1.0, Gelu::new().tanh());
}

/// With one slope, or one for each channel.
fn prelu_cases(one: bool) {
    let fixtures = Fixtures::onnx();
    for case in fixtures.of_kind("PRelu") {
        let slopes: Vec<f32> = case.samples("alpha");
        if (slopes.len() == 1) != one {
            continue;
        }
        tally::case(case.name);
        macro_rules! with {
            ($c:literal, $x:ty) => {{
                let mut layer = PRelu::<$c, f32>::zeros();
                layer.alpha.flat_mut().copy_from_slice(&slopes);
                forward::<$x, _>(&layer, &case);
            }};
        }
        match case.whole_numbers("shape").as_slice() {
            [60] => with!(60, [f32; 60]),
            [3, 4] => with!(3, [[f32; 4]; 3]),
            [3, 4, 5] => with!(3, [[[f32; 5]; 4]; 3]),
            [3, 4, 5, 6] => with!(3, [[[[f32; 6]; 5]; 4]; 3]),
            [_] => with!(1, [f32; 1]),
            shape => panic!("a shape of {shape:?}"),
        }
    }
}

pub(crate) fn prelu() {
    prelu_cases(true);
}

pub(crate) fn prelu_of_channels() {
    prelu_cases(false);
}

/// Softmax and its logarithm, along any axis of a batch that is one sample.
macro_rules! along {
    ($($test:ident $kind:literal $count:literal $layer:ident;)*) => {$(
        pub(crate) fn $test() {
            each($kind, $count, |case| {
                let layer = $layer::new().axis(case.size("axis"));
                match case.whole_numbers("shape").as_slice() {
                    [3, 4, 5] => forward::<[[[f32; 5]; 4]; 3], _>(&layer, case),
                    [1, 3] => forward::<[[f32; 3]; 1], _>(&layer, case),
                    [2, 4] => forward::<[[f32; 4]; 2], _>(&layer, case),
                    [10, 20] => forward::<[[f32; 20]; 10], _>(&layer, case),
                    [2, 128] => forward::<[[f32; 128]; 2], _>(&layer, case),
                    [2, 3, 4, 5] => forward::<[[[[f32; 5]; 4]; 3]; 2], _>(&layer, case),
                    shape => panic!("a shape of {shape:?}"),
                }
            });
        }
    )*};
}
along! {
    softmax_over "Softmax" 10 SoftmaxOver;
    log_softmax_over "LogSoftmax" 10 LogSoftmaxOver;
}

/// Where the axis is the last one, rows are samples.
macro_rules! of_rows {
    ($($test:ident $kind:literal $layer:ident;)*) => {$(
        pub(crate) fn $test() {
            let fixtures = Fixtures::onnx();
            for case in fixtures.of_kind($kind) {
                let shape = case.whole_numbers("shape");
                if case.size("axis") + 1 != shape.len() {
                    continue;
                }
                tally::case(case.name);
                match shape.last() {
                    Some(3) => forward::<[f32; 3], _>(&$layer, &case),
                    Some(4) => forward::<[f32; 4], _>(&$layer, &case),
                    Some(5) => forward::<[f32; 5], _>(&$layer, &case),
                    Some(20) => forward::<[f32; 20], _>(&$layer, &case),
                    Some(128) => forward::<[f32; 128], _>(&$layer, &case),
                    _ => panic!("a shape of {shape:?}"),
                }
            }
        }
    )*};
}
of_rows! {
    softmax "Softmax" Softmax;
    log_softmax "LogSoftmax" LogSoftmax;
}

macro_rules! merging {
    ($($test:ident $kind:literal $count:literal $layer:ident;)*) => {$(
        pub(crate) fn $test() {
            each($kind, $count, |case| {
                let (a, b) = (case.samples::<[f32; 1]>("x"), case.samples::<[f32; 1]>("x2"));
                let mut y = nan::<[f32; 1]>(a.len());
                $layer.forward([&a, &b], &mut y);
                compare(case, y.as_flattened());
            });
        }
    )*};
}
merging! {
    add "Add" 1 Add;
    mul "Mul" 2 Mul;
}

fn joined<const N: usize, const L: usize>(case: &Case<'_>) {
    let (a, b) = (
        case.samples::<[f32; N]>("x"),
        case.samples::<[f32; N]>("x2"),
    );
    let mut y = nan::<[f32; L]>(a.len());
    Concat::<0>.forward(&a, &mut y);
    Concat::<N>.forward(&b, &mut y);
    compare(case, y.as_flattened());
}

pub(crate) fn concat() {
    each("Concat", 5, |case| {
        match case.numbers("x").len() / case.size("samples") {
            2 => joined::<2, 4>(case),
            4 => joined::<4, 8>(case),
            8 => joined::<8, 16>(case),
            size => panic!("{size} numbers"),
        }
    });
}

pub(crate) fn matmul_of_two() {
    each("MatMulOfTwo", 2, |case| {
        let (a, b) = (
            case.samples::<[[f32; 4]; 3]>("x"),
            case.samples::<[[f32; 3]; 4]>("x2"),
        );
        let mut y = nan::<[[f32; 3]; 3]>(a.len());
        MatMulOfTwo.forward(&a, &b, &mut y);
        compare(case, y.as_flattened().as_flattened());
    });
}

pub(crate) fn sum() {
    each("Sum", 2, |case| forward::<[[f32; 2]; 2], _>(&Sum, case));
}

pub(crate) fn affine() {
    each("Affine", 1, |case| {
        let layer = Affine::<10, 8> {
            W: case.samples::<[[f32; 8]; 10]>("W")[0].into(),
            b: case.samples::<[f32; 8]>("b")[0].into(),
        };
        forward::<[f32; 10], _>(&layer, case);
    });
}

pub(crate) fn matmul() {
    each("MatMul", 1, |case| {
        let layer = MatMul::<10, 8> {
            W: case.samples::<[[f32; 8]; 10]>("W")[0].into(),
        };
        forward::<[f32; 10], _>(&layer, case);
    });
}

/// The cases of a loss of five classes, with options or without.
fn of_classes<L: Loss<[f32; 5], i64>>(
    kind: &str,
    has_options: bool,
    count: usize,
    loss: impl Fn(&Case<'_>) -> L,
) {
    let fixtures = Fixtures::onnx();
    let cases = fixtures.of_kind(kind);
    let cases: Vec<Case<'_>> = cases
        .filter(|case| (case.has("weights") || case.has("ignore")) == has_options)
        .collect();
    assert_eq!(cases.len(), count, "{kind}");
    for case in &cases {
        tally::case(case.name);
        let (loss, x, labels) = (loss(case), case.samples::<[f32; 5]>("x"), case.labels());
        loss.check(&labels).unwrap();
        compare(
            case,
            &[loss.forward(&x, &labels, &mut nan::<[f32; 5]>(x.len()))],
        );
    }
}

pub(crate) fn negative_log_likelihood() {
    of_classes("NegativeLogLikelihood", false, 2, |_| NegativeLogLikelihood);
}

pub(crate) fn softmax_with_loss() {
    of_classes("SoftmaxWithLoss", false, 2, |_| SoftmaxWithLoss);
}

/// With the options that a case has.
macro_rules! with_options {
    ($case:expr, $loss:expr) => {{
        let mut loss = $loss;
        if $case.has("weights") {
            loss = loss.weights($case.samples::<[f64; 5]>("weights")[0]);
        }
        if $case.has("ignore") {
            loss = loss.ignore($case.whole_number("ignore"));
        }
        loss
    }};
}

pub(crate) fn log_likelihood() {
    of_classes("NegativeLogLikelihood", true, 6, |case| {
        with_options!(case, LogLikelihood::<5>::new())
    });
}

pub(crate) fn cross_entropy() {
    of_classes("SoftmaxWithLoss", true, 8, |case| {
        with_options!(case, CrossEntropy::<5>::new())
    });
}
