//! Activations against PyTorch, y and dx: `make_losses.py` beside this file.

use nn_core::{
    Elu, Gelu, HardSwish, Layer, LeakyRelu, LogSoftmax, LogSoftmaxOver, Sample, Selu, Silu,
    SoftmaxOver, Softplus,
};

use crate::fixture::{Case, Fixtures, allowed_by_torch, assert_close, each_size, nan};

fn compare<X: Sample, L: Layer<X, Output = X> + Clone>(layer: &L, case: &Case<'_>) {
    let (x, dy) = (case.samples::<X>("x"), case.samples::<X>("dy"));
    let (mut y, mut dx) = (nan::<X>(x.len()), nan::<X>(x.len()));
    layer.forward(&x, &mut y);
    layer.backward(&x, &y, &dy, Some(&mut dx), &mut layer.clone());
    let allowed = allowed_by_torch::<X::Element>;
    let name = |array: &str| format!("{array} of {}", case.name);
    assert_close(&name("y"), X::flat(&y), &case.numbers("y"), allowed);
    assert_close(&name("dx"), X::flat(&dx), &case.numbers("dx"), allowed);
}

/// A test for each layer, of all its cases; with the option that a case names, or our default.
macro_rules! activations {
    ($($test:ident $kind:literal $layer:expr $(, $option:ident)?;)*) => {$(
        #[test]
        fn $test() {
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
#[test]
fn softmax_over_axes() {
    fn check<X: Sample>(shape: &str, axes: usize) {
        let fixtures = Fixtures::torch_activations();
        for axis in 0..axes {
            let case = |kind| fixtures.case(&format!("{kind} {shape} {axis}"));
            let case = [case("SoftmaxOver"), case("LogSoftmaxOver")];
            compare::<X, _>(&SoftmaxOver::new().axis(axis), &case[0]);
            compare::<X, _>(&LogSoftmaxOver::new().axis(axis), &case[1]);
        }
    }
    check::<[[[f64; 4]; 3]; 2]>("2x3x4", 3);
    check::<[[[f32; 4]; 3]; 2]>("2x3x4", 3);
    check::<[[f64; 20]; 3]>("3x20", 2);
    check::<[[f32; 20]; 3]>("3x20", 2);
}
