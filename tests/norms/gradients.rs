//! Gradients of 100 random shapes of each layer, with options, against differences.

use nn_core::prelude::*;
use nn_core::{Layer as _, Rng, Sample};

use super::fixture::nan;
use crate::proof::differences::{both_types, normal};
use crate::proof::erased::{Erased, as_doubles, doubles, put, samples};

/// A layer as a function of what it reads and of its parameters, by two methods: `forward` is given a layer, x and y, `backward` a layer,
/// x, dy, dx, and where the gradients of the parameters go.
macro_rules! erased {
    ($n:literal: $layer:expr, [$($symbol:ident),*], $forward:expr, $backward:expr) => {{
        let start = $layer;
        let sizes = vec![$n * X::LEN, $(start.$symbol.flat().len()),*];
        let with = move |values: &[Vec<f64>]| {
            let layer = &mut start.clone();
            let parameters: Vec<&mut [T]> = vec![$(layer.$symbol.flat_mut()),*];
            for (numbers, values) in parameters.into_iter().zip(&values[1..]) {
                put(numbers, values);
            }
            layer.clone()
        };
        let forward = with.clone();
        Erased::new(
            sizes,
            move |values| {
                let (x, mut y) = (samples::<X>(&values[0]), nan::<X>($n));
                $forward(&forward(values), &x, &mut y);
                doubles(&y)
            },
            move |values, dy| {
                let (x, dy) = (samples::<X>(&values[0]), samples::<X>(dy));
                let (layer, mut dx) = (with(values), nan::<X>($n));
                let gradient = &mut layer.clone();
                let unwritten: Vec<&mut [T]> = vec![$(gradient.$symbol.flat_mut()),*];
                for numbers in unwritten {
                    numbers.fill(T::NAN);
                }
                $backward(&layer, &x, &dy, &mut dx, gradient);
                vec![doubles(&dx), $(as_doubles(gradient.$symbol.flat())),*]
            },
        )
    }};
}

macro_rules! layer {
    ($seed:literal, $n:literal: $X:ty, $layer:expr, [$($symbol:ident),*]) => {
        both_types!($seed, $n, $layer, normal, { type X = $X; }, {
            erased!(
                $n: $layer,
                [$($symbol),*],
                |layer: &_, x: &[X], y: &mut [X]| of(layer, &$layer).forward(x, y),
                |layer: &_, x: &[X], dy: &[X], dx: &mut [X], gradient: &mut _| {
                    of(layer, &$layer).backward(x, &[], dy, Some(dx), gradient);
                }
            )
        })
    };
}

/// The first, whose type is that of the second.
fn of<'l, L>(layer: &'l L, _: &L) -> &'l L {
    layer
}

macro_rules! batch {
    ($seed:literal, $n:literal: $X:ty, $layer:expr, [$($symbol:ident),*]) => {{
        both_types!($seed, $n, $layer, normal, { type X = $X; }, {
            erased!(
                $n: $layer,
                [$($symbol),*],
                |layer: &_, x: &[X], y: &mut [X]| of(layer, &$layer).forward_batch(x, y),
                |layer: &_, x: &[X], dy: &[X], dx: &mut [X], gradient: &mut _| {
                    let layer = of(layer, &$layer);
                    let batch = layer.forward_batch(x, &mut nan::<X>($n));
                    layer.backward_batch(x, dy, &batch, Some(dx), gradient);
                }
            )
        });
        // Frozen, it multiplies by constants.
        both_types!($seed, $n, $layer, normal, { type X = $X; }, {
            let mut layer = $layer;
            let rng = &mut Rng::seeded($seed);
            let variances = layer.running_var.flat_mut();
            let drawn: Vec<f64> = variances.iter().map(|_| rng.normal().abs() + 0.1).collect();
            put(variances, &drawn);
            let frozen = layer.clone();
            Erased::new(
                vec![$n * X::LEN],
                move |values| {
                    let mut y = nan::<X>($n);
                    layer.forward(&samples::<X>(&values[0]), &mut y);
                    doubles(&y)
                },
                move |_, dy| {
                    let mut dx = nan::<X>($n);
                    frozen.backward_input(&samples::<X>(dy), &mut dx);
                    vec![doubles(&dx)]
                },
            )
        });
    }};
}

include!("shapes.rs");
