//! Gradients of 100 random shapes of each layer, with options, against differences.

use nn_core::prelude::*;
use nn_core::{Rng, Sample};

use super::fixture::nan;
use crate::proof::differences::{both_types, normal};
use crate::proof::erased::{Erased, as_doubles, doubles, put, samples};

/// All numbers differ by 0.01 at least, so that no step makes another one the largest.
fn apart(rng: &mut Rng, count: usize) -> Vec<f64> {
    let place = |index| f64::from(u32::try_from(index).expect("few numbers"));
    let mut numbers: Vec<f64> = (0..count)
        .map(|index| 0.01 * (place(index) - place(count) / 2.0))
        .collect();
    rng.shuffle(&mut numbers);
    numbers
}

macro_rules! convolution {
    ($seed:literal, $n:literal: [$c:literal, $h:literal, $w:literal] -> [$o:literal, $i:literal, $j:literal], $layer:expr) => {
        both_types!(
            $seed,
            $n,
            $layer,
            normal,
            {
                type X = [[[T; $w]; $h]; $c];
                type Y = [[[T; $j]; $i]; $o];
            },
            {
                let start = $layer;
                let sizes = vec![$n * X::LEN, start.W.flat().len(), start.b.flat().len()];
                let with = move |values: &[Vec<f64>]| {
                    let mut layer = start.clone();
                    put(layer.W.flat_mut(), &values[1]);
                    put(layer.b.flat_mut(), &values[2]);
                    layer
                };
                let forward = with.clone();
                Erased::new(
                    sizes,
                    move |values| {
                        let mut y = nan::<Y>($n);
                        forward(values).forward(&samples::<X>(&values[0]), &mut y);
                        doubles(&y)
                    },
                    move |values, dy| {
                        let layer = with(values);
                        let (mut dx, mut gradient) = (nan::<X>($n), layer.clone());
                        let (x, dy) = (samples::<X>(&values[0]), samples::<Y>(dy));
                        layer.backward(&x, &dy, Some(&mut dx), &mut gradient);
                        vec![
                            doubles(&dx),
                            as_doubles(gradient.W.flat()),
                            as_doubles(gradient.b.flat()),
                        ]
                    },
                )
            }
        )
    };
}

macro_rules! max_pool {
    ($seed:literal, $n:literal: [$c:literal, $h:literal, $w:literal] -> [$o:literal, $i:literal, $j:literal], $layer:expr) => {
        both_types!(
            $seed,
            $n,
            $layer,
            apart,
            {
                type X = [[[T; $w]; $h]; $c];
                type Y = [[[T; $j]; $i]; $o];
            },
            Erased::new(
                vec![$n * X::LEN],
                |values| {
                    let mut y = nan::<Y>($n);
                    $layer.forward(&samples::<X>(&values[0]), &mut y);
                    doubles(&y)
                },
                |values, dy| {
                    let mut dx = nan::<X>($n);
                    $layer.backward(&samples::<X>(&values[0]), &samples::<Y>(dy), &mut dx);
                    vec![doubles(&dx)]
                },
            )
        )
    };
}

macro_rules! linear {
    ($seed:literal, $n:literal: [$c:literal, $h:literal, $w:literal] -> [$o:literal, $i:literal, $j:literal], $layer:expr) => {
        both_types!(
            $seed,
            $n,
            $layer,
            normal,
            {
                type X = [[[T; $w]; $h]; $c];
                type Y = [[[T; $j]; $i]; $o];
            },
            Erased::new(
                vec![$n * X::LEN],
                |values| {
                    let mut y = nan::<Y>($n);
                    $layer.forward(&samples::<X>(&values[0]), &mut y);
                    doubles(&y)
                },
                |_, dy| {
                    let mut dx = nan::<X>($n);
                    $layer.backward(&samples::<Y>(dy), &mut dx);
                    vec![doubles(&dx)]
                },
            )
        )
    };
}

macro_rules! avg_pool {
    ($($tokens:tt)*) => {
        linear!($($tokens)*)
    };
}

include!("shapes.rs");
