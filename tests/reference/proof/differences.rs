//! Gradients against differences: each number in f64, and along one direction in f32.
//!
//! Where a kink is so near that half the step gives another slope, other numbers are drawn.

use nn_core::Rng;
use nn_tests::{numeric_gradient, relative_error, tally};

use super::erased::Erased;

const STEP: f64 = 1e-5;
const TOLERANCE: f64 = 1e-6;
/// Large enough for f32: rounding is some 1e-5 of such a difference.
const SINGLE_STEP: f64 = 1.0 / 256.0;
const SINGLE_TOLERANCE: f64 = 2e-3;
const DRAWS: usize = 40;

/// Draws so many numbers.
pub(crate) type Draw = fn(&mut Rng, usize) -> Vec<f64>;

/// Normal numbers, further away from 0 than differences reach, since many layers have a kink there.
pub(crate) fn normal(rng: &mut Rng, count: usize) -> Vec<f64> {
    let mut number = || loop {
        let number = rng.normal();
        if number.abs() > 0.01 {
            return number;
        }
    };
    (0..count).map(|_| number()).collect()
}

/// One case: a layer in f64 and in f32.
pub(crate) fn check(name: &str, double: &Erased, single: &Erased, seed: u64, draw: Draw) {
    tally::case(name);
    let rng = &mut Rng::seeded(seed);
    let smooth = |error: &dyn Fn(&mut Rng) -> Option<f64>, rng: &mut Rng| {
        let found = (0..DRAWS).find_map(|_| error(rng));
        found.unwrap_or_else(|| panic!("{name}: a kink is near wherever one looks"))
    };
    tally::note::<f64>(smooth(
        &|rng| error_of_numbers(name, double, rng, draw),
        rng,
    ));
    tally::note::<f32>(smooth(&|rng| error_along(name, single, rng, draw), rng));
}

/// Checks a layer with `T` for both types of numbers.
macro_rules! both_types {
    ($seed:literal, $n:literal, $layer:expr, $draw:expr, {$($items:tt)*}, $erased:expr) => {{
        let double = {
            type T = f64;
            $($items)*
            $erased
        };
        let single = {
            type T = f32;
            $($items)*
            $erased
        };
        let name = concat!(stringify!($layer), ", ", $n, " samples, seed ", $seed);
        $crate::proof::differences::check(name, &double, &single, $seed, $draw);
    }};
}
pub(crate) use both_types;

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The largest relative error of the gradients; `None` near a kink.
fn error_of_numbers(name: &str, layer: &Erased, rng: &mut Rng, draw: Draw) -> Option<f64> {
    let mut values: Vec<Vec<f64>> = layer.sizes.iter().map(|&size| draw(rng, size)).collect();
    let dy = normal(rng, (layer.forward)(&values).len());
    let found = (layer.backward)(&values, &dy);
    assert_eq!(found.len(), values.len(), "{name}");
    let mut largest = 0.0_f64;
    for (place, found) in found.iter().enumerate() {
        let centre = values[place].clone();
        let mut numeric = |step| {
            let numeric = numeric_gradient(&centre, step, |at| {
                values[place].copy_from_slice(at);
                dot(&(layer.forward)(&values), &dy)
            });
            values[place].copy_from_slice(&centre);
            numeric
        };
        let differences = numeric(STEP);
        let error = relative_error(found, &differences);
        if error.is_nan() || error >= TOLERANCE {
            if relative_error(&differences, &numeric(STEP / 2.0)) > 0.1 * TOLERANCE {
                return None;
            }
            panic!(
                "{name}: the gradient of array {place} has the relative error {error:e}\nfound       {found:?}\ndifferences {differences:?}"
            );
        }
        largest = largest.max(error);
    }
    Some(largest)
}

/// The relative error of the slope along a direction near that of the gradient; `None` near a kink.
fn error_along(name: &str, layer: &Erased, rng: &mut Rng, draw: Draw) -> Option<f64> {
    let values: Vec<Vec<f64>> = layer.sizes.iter().map(|&size| draw(rng, size)).collect();
    let dy = normal(rng, (layer.forward)(&values).len());
    let found = (layer.backward)(&values, &dy);
    let largest = found.iter().flatten().fold(0.0_f64, |a, b| a.max(b.abs()));
    let scale = if largest > 0.0 { 1.0 / largest } else { 0.0 };
    let towards = |numbers: &Vec<f64>| -> Vec<f64> {
        let mut near = |&number: &f64| scale * number + 0.5 * (rng.uniform() - 0.5);
        numbers.iter().map(&mut near).collect()
    };
    let direction: Vec<Vec<f64>> = found.iter().map(towards).collect();
    let at = |step: f64| {
        let moved = values.iter().zip(&direction).map(|(values, direction)| {
            let pairs = values.iter().zip(direction);
            pairs.map(|(value, d)| value + step * d).collect()
        });
        dot(&(layer.forward)(&moved.collect::<Vec<_>>()), &dy)
    };
    let slope = |step: f64| (at(step) - at(-step)) / (2.0 * step);
    let pairs = found.iter().zip(&direction);
    let expected: f64 = pairs.map(|(found, direction)| dot(found, direction)).sum();
    let apart = |a: f64, b: f64| {
        if a == b {
            0.0
        } else {
            (a - b).abs() / (a.abs() + b.abs())
        }
    };
    let difference = slope(SINGLE_STEP);
    let error = apart(difference, expected);
    if error.is_nan() || error >= SINGLE_TOLERANCE {
        // What bends the line shrinks with the square of the step, and a kink right here with the step itself.
        let bend = |step: f64| at(step) - 2.0 * at(0.0) + at(-step);
        let kink = (4.0 * bend(SINGLE_STEP / 2.0) - bend(SINGLE_STEP)) / SINGLE_STEP;
        let is_near = apart(difference, slope(SINGLE_STEP / 2.0)) > 0.1 * SINGLE_TOLERANCE;
        if is_near || kink.abs() > 0.1 * SINGLE_TOLERANCE * difference.abs() {
            return None;
        }
        panic!("{name} in f32: a slope of {difference:e}, expected {expected:e}");
    }
    Some(error)
}
