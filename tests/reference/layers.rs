//! y, dx and the parameters' gradients of every layer against the notebook's code in `NumPy`.

use nn_core::{Affine, Element, Layer, MatMul, Relu, Sample, Sigmoid, Softmax, Tanh};

use crate::fixture::{Case, Fixtures, by_type, each_shape, nan};

fn tolerance<T: Element>() -> f64 {
    by_type::<T>(1e-12, 1e-5)
}

/// Runs both passes and compares y and dx; the gradient is for the caller to compare.
fn check<X: Sample, L: Layer<X>>(layer: &L, gradient: &mut L, case: &Case<'_>) {
    let (x, dy) = (case.samples::<X>("x"), case.samples::<L::Output>("dy"));
    let (mut y, mut dx) = (nan::<L::Output>(x.len()), nan::<X>(x.len()));
    layer.forward(&x, &mut y);
    layer.backward(&x, &y, &dy, Some(&mut dx), gradient);
    let tolerance = tolerance::<X::Element>();
    case.compare("y", L::Output::flat(&y), tolerance);
    case.compare("dx", X::flat(&dx), tolerance);
}

fn check_affine<T: Element, const I: usize, const O: usize>(case: &Case<'_>) {
    let layer = Affine::<I, O, T> {
        W: case.samples::<[[T; O]; I]>("W")[0].into(),
        b: case.samples::<[T; O]>("b")[0].into(),
    };
    let mut gradient = Affine {
        W: nan::<[[T; O]; I]>(1)[0].into(),
        b: nan::<[T; O]>(1)[0].into(),
    };
    check(&layer, &mut gradient, case);
    case.compare("dW", gradient.W.flat(), tolerance::<T>());
    case.compare("db", gradient.b.flat(), tolerance::<T>());
}

fn check_matmul<T: Element, const I: usize, const O: usize>(case: &Case<'_>) {
    let layer = MatMul::<I, O, T> {
        W: case.samples::<[[T; O]; I]>("W")[0].into(),
    };
    let mut gradient = MatMul {
        W: nan::<[[T; O]; I]>(1)[0].into(),
    };
    check(&layer, &mut gradient, case);
    case.compare("dW", gradient.W.flat(), tolerance::<T>());
}

fn check_relu<T: Element, const C: usize>(case: &Case<'_>) {
    check::<[T; C], _>(&Relu, &mut Relu, case);
}

fn check_sigmoid<T: Element, const C: usize>(case: &Case<'_>) {
    check::<[T; C], _>(&Sigmoid, &mut Sigmoid, case);
}

fn check_tanh<T: Element, const C: usize>(case: &Case<'_>) {
    check::<[T; C], _>(&Tanh, &mut Tanh, case);
}

fn check_softmax<T: Element, const C: usize>(case: &Case<'_>) {
    check::<[T; C], _>(&Softmax, &mut Softmax, case);
}

#[test]
fn affine() {
    each_shape!(
        Fixtures::layers(), "Affine", check_affine:
        (1, 1, 1), (1, 4, 3), (2, 3, 4), (5, 1, 7), (3, 8, 1), (7, 13, 11), (17, 33, 9)
    );
}

#[test]
fn matmul() {
    each_shape!(
        Fixtures::layers(), "MatMul", check_matmul:
        (1, 1, 1), (1, 5, 2), (4, 3, 1), (6, 7, 5), (9, 17, 2)
    );
}

#[test]
fn relu() {
    each_shape!(Fixtures::layers(), "Relu", check_relu: (1, 1), (1, 7), (5, 1), (3, 4), (6, 11));
}

#[test]
fn sigmoid() {
    each_shape!(Fixtures::layers(), "Sigmoid", check_sigmoid: (1, 1), (1, 7), (5, 1), (3, 4), (6, 11));
}

#[test]
fn tanh() {
    each_shape!(Fixtures::layers(), "Tanh", check_tanh: (1, 1), (1, 7), (5, 1), (3, 4), (6, 11));
}

#[test]
fn softmax() {
    each_shape!(Fixtures::layers(), "Softmax", check_softmax: (1, 1), (1, 7), (5, 1), (3, 4), (6, 11));
}
