//! Activations against PyTorch, y and dx: `make_losses.py` beside this file.

use nn_core::{
    Elu, Gelu, HardSwish, Layer, LeakyRelu, LogSoftmax, LogSoftmaxOver, Sample, Selu, Silu,
    SoftmaxOver, Softplus,
};

use crate::fixture::{Case, Fixtures, allowed_by_torch, assert_close, each_size, nan};
use nn_tests::tally;

fn compare<X: Sample, L: Layer<X, Output = X> + Clone>(layer: &L, case: &Case<'_>) {
    tally::case(case.name);
    let (x, dy) = (case.samples::<X>("x"), case.samples::<X>("dy"));
    let (mut y, mut dx) = (nan::<X>(x.len()), nan::<X>(x.len()));
    layer.forward(&x, &mut y);
    layer.backward(&x, &y, &dy, Some(&mut dx), &mut layer.clone());
    let allowed = allowed_by_torch::<X::Element>;
    let name = |array: &str| format!("{array} of {}", case.name);
    assert_close(&name("y"), X::flat(&y), &case.numbers("y"), allowed);
    assert_close(&name("dx"), X::flat(&dx), &case.numbers("dx"), allowed);
}

/// A check of each layer, of all its cases; with the option that a case names, or our default.
macro_rules! activations {
    ($($test:ident $kind:literal $layer:expr $(, $option:ident)?;)*) => {$(
        pub(crate) fn $test() {
            let fixtures = Fixtures::torch_activations();
            let cases: Vec<Case<'_>> = fixtures.of_kind($kind).collect();
            assert_eq!(cases.len(), 10);
            for case in &cases {
                let layer = $layer;
                $(let layer = match case.optional(stringify!($option)) {
                    Some(value) => layer.$option(value),
                    None => layer,
                };)?
                each_size!(case, |C, T| compare::<[T; C], _>(&layer, case));
            }
        }
    )*};
}
activations! {
    leaky_relu "LeakyRelu" LeakyRelu::new(), alpha;
    elu "Elu" Elu::new(), alpha;
    selu "Selu" Selu;
    softplus "Softplus" Softplus::new(), beta;
    gelu "Gelu" Gelu::new();
    gelu_tanh "GeluTanh" Gelu::new().tanh();
    silu "Silu" Silu;
    hard_swish "HardSwish" HardSwish;
    log_softmax "LogSoftmax" LogSoftmax;
}

/// Of images of 2 × 3 × 4 and of three rows of 20, along each axis.
macro_rules! over_axes {
    ($($test:ident $kind:literal $layer:ident;)*) => {$(
        pub(crate) fn $test() {
            fn check<X: Sample>(shape: &str, axes: usize) {
                let fixtures = Fixtures::torch_activations();
                for axis in 0..axes {
                    let case = fixtures.case(&format!("{} {shape} {axis}", $kind));
                    compare::<X, _>(&$layer::new().axis(axis), &case);
                }
            }
            check::<[[[f64; 4]; 3]; 2]>("2x3x4", 3);
            check::<[[[f32; 4]; 3]; 2]>("2x3x4", 3);
            check::<[[f64; 20]; 3]>("3x20", 2);
            check::<[[f32; 20]; 3]>("3x20", 2);
        }
    )*};
}
over_axes! {
    softmax_over "SoftmaxOver" SoftmaxOver;
    log_softmax_over "LogSoftmaxOver" LogSoftmaxOver;
}
