//! Gradients of 100 random shapes of each layer, with options, against differences in f64.
//!
//! The function is Σ dy·y. It is linear in x and in W, but for `MaxPool2d`: numbers of x are so far apart there that no step makes
//! another one the largest.

use nn_core::prelude::*;
use nn_core::{Rng, Sample};
use nn_tests::{numeric_gradient, relative_error};

use crate::fixture::nan;

const STEP: f64 = 1e-5;
const TOLERANCE: f64 = 1e-6;

fn draw<X: Sample<Element = f64>>(rng: &mut Rng, n: usize) -> Vec<X> {
    let mut samples = nan::<X>(n);
    X::flat_mut(&mut samples).fill_with(|| rng.normal());
    samples
}

/// All numbers differ by 0.01 at least.
fn apart<X: Sample<Element = f64>>(rng: &mut Rng, n: usize) -> Vec<X> {
    let mut samples = nan::<X>(n);
    let numbers = X::flat_mut(&mut samples);
    let half = numbers.len() / 2;
    for (index, number) in (0_u32..).zip(&mut *numbers) {
        *number = 0.01 * (f64::from(index) + 0.5);
    }
    numbers
        .iter_mut()
        .take(half)
        .for_each(|number| *number = -*number);
    for index in (1..numbers.len()).rev() {
        numbers.swap(index, rng.below(index + 1));
    }
    samples
}

fn product<Y: Sample<Element = f64>>(y: &[Y], dy: &[Y]) -> f64 {
    let pairs = Y::flat(y).iter().zip(Y::flat(dy));
    pairs.map(|(y, dy)| y * dy).sum()
}

fn compare<X: Sample<Element = f64>>(name: &str, layer: &str, found: &[f64], numeric: &[f64]) {
    let error = relative_error(found, numeric);
    assert!(
        error < TOLERANCE,
        "{name} of {layer} on {}: relative error {error:e}\nfound   {found:?}\nnumeric {numeric:?}",
        std::any::type_name::<X>()
    );
}

/// Compares dx with differences.
fn check<X, Y>(
    layer: &str,
    seed: u64,
    x: &[X],
    forward: impl Fn(&[X], &mut [Y]),
    backward: impl Fn(&[Y], &mut [X]),
) where
    X: Sample<Element = f64>,
    Y: Sample<Element = f64>,
{
    let dy = draw::<Y>(&mut Rng::seeded(seed), x.len());
    let numeric = numeric_gradient(X::flat(x), STEP, |x| {
        let x = X::from_flat(x);
        let mut y = nan::<Y>(x.len());
        forward(x, &mut y);
        product(&y, &dy)
    });
    let mut dx = nan::<X>(x.len());
    backward(&dy, &mut dx);
    compare::<X>("dx", layer, X::flat(&dx), &numeric);
}

macro_rules! convolution {
    ($seed:literal, $n:literal: [$c:literal, $h:literal, $w:literal] -> [$o:literal, $i:literal, $j:literal], $layer:expr) => {{
        type X = [[[f64; $w]; $h]; $c];
        type Y = [[[f64; $j]; $i]; $o];
        let rng = &mut Rng::seeded($seed);
        let mut layer = $layer;
        layer.W.flat_mut().fill_with(|| rng.normal());
        layer.b.flat_mut().fill_with(|| rng.normal());
        let (x, name) = (draw::<X>(rng, $n), stringify!($layer));
        let gradient = std::cell::RefCell::new(layer.clone());
        check::<X, Y>(
            name,
            $seed,
            &x,
            |x, y| layer.forward(x, y),
            |dy, dx| layer.backward(&x, dy, Some(dx), &mut gradient.borrow_mut()),
        );
        let dy = draw::<Y>(&mut Rng::seeded($seed), $n);
        let gradient = gradient.into_inner();
        let mut moved = layer.clone();
        let mut objective = |w: &[f64], b: &[f64]| {
            moved.W.flat_mut().copy_from_slice(w);
            moved.b.flat_mut().copy_from_slice(b);
            let mut y = nan::<Y>($n);
            moved.forward(&x, &mut y);
            product(&y, &dy)
        };
        let numeric = numeric_gradient(layer.W.flat(), STEP, |w| objective(w, layer.b.flat()));
        compare::<X>("dW", name, gradient.W.flat(), &numeric);
        let numeric = numeric_gradient(layer.b.flat(), STEP, |b| objective(layer.W.flat(), b));
        compare::<X>("db", name, gradient.b.flat(), &numeric);
    }};
}

macro_rules! max_pool {
    ($seed:literal, $n:literal: [$c:literal, $h:literal, $w:literal] -> [$o:literal, $i:literal, $j:literal], $layer:expr) => {{
        type X = [[[f64; $w]; $h]; $c];
        let x = apart::<X>(&mut Rng::seeded($seed), $n);
        check::<X, [[[f64; $j]; $i]; $o]>(
            stringify!($layer),
            $seed,
            &x,
            |x, y| $layer.forward(x, y),
            |dy, dx| $layer.backward(&x, dy, dx),
        );
    }};
}

macro_rules! linear {
    ($seed:literal, $n:literal: [$c:literal, $h:literal, $w:literal] -> [$o:literal, $i:literal, $j:literal], $layer:expr) => {{
        type X = [[[f64; $w]; $h]; $c];
        let x = draw::<X>(&mut Rng::seeded($seed), $n);
        check::<X, [[[f64; $j]; $i]; $o]>(
            stringify!($layer),
            $seed,
            &x,
            |x, y| $layer.forward(x, y),
            |dy, dx| $layer.backward(dy, dx),
        );
    }};
}

macro_rules! avg_pool {
    ($($tokens:tt)*) => {
        linear!($($tokens)*);
    };
}

include!("shapes.rs");
