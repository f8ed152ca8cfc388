//! y, dx and the gradients of parameters against `PyTorch`, in f64 and f32. The layers are those that declarations lead to.

use nn_core::prelude::*;
use nn_core::{Layer as _, Sample};

use super::fixture::{fill, nan, of_torch, sample, samples};

macro_rules! both_types {
    ($check:ident) => {
        $check!(f64);
        $check!(f32);
    };
}

macro_rules! layer {
    (
        $name:ident, $seed:literal, $n:literal: [$($size:tt),+] -> $kind:ident $(($($arguments:tt)*))?, [$($symbol:ident),*]
    ) => {
        #[test]
        fn $name() {
            network! { struct Net< Input($($size),+) -> norm: $kind $(($($arguments)*))? >; }
            macro_rules! check {
                ($T:ty) => {{
                    type X = sample!($T; $($size),+);
                    let case = of_torch(stringify!($name));
                    let mut net = Net::<$T>::seeded(1);
                    net.params.clone_from(&Net::<$T>::seeded(0).params);
                    let parameters: Vec<&mut [$T]> = vec![$(net.params.norm.$symbol.flat_mut()),*];
                    for (seed, parameter) in ($seed + 1..).zip(parameters) {
                        fill(seed, parameter);
                    }
                    let x = samples::<X>($seed, $n);
                    case.compare("y", X::flat(&net.predict(&x).unwrap()));

                    let layer = &net.params.norm;
                    let dy = samples::<X>($seed + 3, $n);
                    let (mut dx, mut gradient) = (nan::<X>(x.len()), layer.clone());
                    $(gradient.$symbol.flat_mut().fill(<$T>::NAN);)*
                    layer.backward(&x, &[], &dy, Some(&mut dx), &mut gradient);
                    case.compare("dx", X::flat(&dx));
                    $(case.compare(concat!("d", stringify!($symbol)), gradient.$symbol.flat());)*

                    let mut alone = nan::<X>(x.len());
                    layer.backward_input(&x, &dy, &mut alone);
                    assert_eq!(alone, dx);
                    let mut without = gradient.clone();
                    layer.backward(&x, &[], &dy, None, &mut without);
                    assert_eq!(without, gradient);
                }};
            }
            both_types!(check);
        }
    };
}

macro_rules! batch {
    (
        $name:ident, $seed:literal, $n:literal: [$($size:tt),+] -> $kind:ident $(($($arguments:tt)*))?, [$($symbol:ident),*]
    ) => {
        #[test]
        fn $name() {
            network! { struct Net< Input($($size),+) -> norm: $kind $(($($arguments)*))? >; }
            macro_rules! check {
                ($T:ty) => {{
                    type X = sample!($T; $($size),+);
                    let case = of_torch(stringify!($name));
                    let mut net = Net::<$T>::seeded(1);
                    let parameters: Vec<&mut [$T]> = vec![$(net.params.norm.$symbol.flat_mut()),*];
                    for (seed, parameter) in ($seed + 1..).zip(parameters) {
                        fill(seed, parameter);
                    }
                    let (x, dy) = (samples::<X>($seed, $n), samples::<X>($seed + 3, $n));
                    let norm = &mut net.params.norm;
                    let (mut y, mut dx, mut gradient) = (nan::<X>($n), nan::<X>($n), norm.clone());
                    $(gradient.$symbol.flat_mut().fill(<$T>::NAN);)*
                    let batch = norm.forward_batch(&x, &mut y);
                    case.compare("y", X::flat(&y));
                    norm.backward_batch(&x, &dy, &batch, Some(&mut dx), &mut gradient);
                    case.compare("dx", X::flat(&dx));
                    $(case.compare(concat!("d", stringify!($symbol)), gradient.$symbol.flat());)*

                    norm.track(&batch);
                    for more in [10, 11] {
                        let batch = norm.forward_batch(&samples::<X>($seed + more, $n), &mut y);
                        norm.track(&batch);
                    }
                    case.compare("running_mean", norm.running_mean.flat());
                    case.compare("running_var", norm.running_var.flat());
                    norm.forward(&x, &mut y);
                    case.compare("predicted", X::flat(&y));
                    assert_eq!(net.predict(&x).unwrap(), y);
                }};
            }
            both_types!(check);
        }
    };
}

include!("cases.rs");
