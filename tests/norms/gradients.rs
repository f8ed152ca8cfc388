//! Gradients of 100 random shapes of each layer, with options, against differences in f64. The function is Σ dy·y.

use nn_core::prelude::*;
use nn_core::{Layer, Rng, Sample};
use nn_tests::{numeric_gradient, relative_error};

use crate::fixture::nan;

const STEP: f64 = 1e-5;
const TOLERANCE: f64 = 1e-6;

fn draw<X: Sample<Element = f64>>(rng: &mut Rng, n: usize) -> Vec<X> {
    let mut samples = nan::<X>(n);
    X::flat_mut(&mut samples).fill_with(|| rng.normal());
    samples
}

fn product<X: Sample<Element = f64>>(y: &[X], dy: &[X]) -> f64 {
    let pairs = X::flat(y).iter().zip(X::flat(dy));
    pairs.map(|(y, dy)| y * dy).sum()
}

fn objective<X: Sample<Element = f64>, L: Layer<X, Output = X>>(
    layer: &L,
    x: &[X],
    dy: &[X],
) -> f64 {
    let mut y = nan::<X>(x.len());
    layer.forward(x, &mut y);
    product(&y, dy)
}

fn compare<X>(name: &str, layer: &str, found: &[f64], numeric: &[f64]) {
    let error = relative_error(found, numeric);
    assert!(
        error < TOLERANCE,
        "{name} of {layer} on {}: relative error {error:e}\nfound   {found:?}\nnumeric {numeric:?}",
        std::any::type_name::<X>()
    );
}

macro_rules! layer {
    ($seed:literal, $n:literal: $X:ty, $layer:expr, [$($symbol:ident),*]) => {{
        let (rng, name) = (&mut Rng::seeded($seed), stringify!($layer));
        let mut layer = $layer;
        layer.clone_from(&$layer);
        let parameters: Vec<&mut [f64]> = vec![$(layer.$symbol.flat_mut()),*];
        for parameter in parameters {
            parameter.fill_with(|| rng.normal());
        }
        let (x, dy) = (draw::<$X>(rng, $n), draw::<$X>(rng, $n));
        let (mut dx, mut gradient) = (nan::<$X>($n), layer.clone());
        layer.backward(&x, &[], &dy, Some(&mut dx), &mut gradient);
        let numeric = numeric_gradient(<$X>::flat(&x), STEP, |x| objective(&layer, <$X>::from_flat(x), &dy));
        compare::<$X>("dx", name, <$X>::flat(&dx), &numeric);
        $(
            let mut moved = layer.clone();
            let numeric = numeric_gradient(layer.$symbol.flat(), STEP, |numbers| {
                moved.$symbol.flat_mut().copy_from_slice(numbers);
                objective(&moved, &x, &dy)
            });
            compare::<$X>(stringify!($symbol), name, gradient.$symbol.flat(), &numeric);
        )*
    }};
}

macro_rules! batch {
    ($seed:literal, $n:literal: $X:ty, $layer:expr, [$($symbol:ident),*]) => {{
        let (rng, name) = (&mut Rng::seeded($seed), stringify!($layer));
        let mut layer = $layer;
        layer.clone_from(&$layer);
        let parameters: Vec<&mut [f64]> = vec![$(layer.$symbol.flat_mut()),*];
        for parameter in parameters {
            parameter.fill_with(|| rng.normal());
        }
        let (x, dy) = (draw::<$X>(rng, $n), draw::<$X>(rng, $n));
        let (mut y, mut dx, mut gradient) = (nan::<$X>($n), nan::<$X>($n), layer.clone());
        let batch = layer.forward_batch(&x, &mut y);
        layer.backward_batch(&x, &dy, &batch, Some(&mut dx), &mut gradient);
        let mut moved = layer.clone();
        let numeric = numeric_gradient(<$X>::flat(&x), STEP, |x| {
            moved.forward_batch(<$X>::from_flat(x), &mut y);
            product(&y, &dy)
        });
        compare::<$X>("dx", name, <$X>::flat(&dx), &numeric);
        $(
            let numeric = numeric_gradient(layer.$symbol.flat(), STEP, |numbers| {
                moved.$symbol.flat_mut().copy_from_slice(numbers);
                moved.forward_batch(&x, &mut y);
                product(&y, &dy)
            });
            moved.clone_from(&layer);
            compare::<$X>(stringify!($symbol), name, gradient.$symbol.flat(), &numeric);
        )*
        // Frozen, it multiplies by constants.
        layer.running_var.flat_mut().fill_with(|| rng.normal().abs() + 0.1);
        layer.backward_input(&dy, &mut dx);
        let numeric = numeric_gradient(<$X>::flat(&x), STEP, |x| {
            layer.forward(<$X>::from_flat(x), &mut y);
            product(&y, &dy)
        });
        compare::<$X>("dx of constants", name, <$X>::flat(&dx), &numeric);
        moved.clone_from(&layer);
    }};
}

include!("shapes.rs");
