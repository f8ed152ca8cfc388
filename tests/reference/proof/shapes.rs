//! A hundred shapes: 25 of samples, each in batches of four sizes that are drawn.

use nn_core::Rng;

/// Four sizes of a batch, each once, for the shape of this number.
pub(crate) fn batches(shape: u64) -> [(usize, u64); 4] {
    let mut sizes = [1, 2, 3, 4, 5, 6, 7, 8];
    Rng::stream(shape, 100).shuffle(&mut sizes);
    [0, 1, 2, 3].map(|place| (sizes[place], 4 * shape + place as u64))
}

/// Checks a layer with `T` for f64 and f32, batches of n samples, and a seed to draw options from; whatever else the shape says is
/// defined by the items in front.
macro_rules! check_shape {
    ($name:literal, $shape:expr, $draw:expr, {$($items:tt)*}, |$n:ident, $seed:ident| $layer:expr) => {
        for ($n, $seed) in crate::proof::shapes::batches($shape) {
            let double = {
                type T = f64;
                $($items)*
                $layer
            };
            let single = {
                type T = f32;
                $($items)*
                $layer
            };
            let name = format!("{} {}", concat!($name, ", ", stringify!($($items)*), " batch of"), $n);
            crate::proof::differences::check(&name, &double, &single, $seed, $draw);
        }
    };
}

/// Samples `X` of many shapes.
macro_rules! each_sample {
    ($name:literal, |$n:ident, $seed:ident| $layer:expr) => {
        each_sample!(@ $name, |$n, $seed| $layer;
            1 [T; 1], 2 [T; 2], 3 [T; 3], 4 [T; 4], 5 [T; 5], 6 [T; 7], 7 [T; 8], 8 [T; 11], 9 [T; 16], 10 [T; 17], 11 [T; 31], 12 [T; 33],
            13 [[T; 3]; 2], 14 [[T; 2]; 3], 15 [[T; 1]; 5], 16 [[T; 6]; 1], 17 [[T; 4]; 4], 18 [[T; 5]; 3], 19 [[T; 9]; 2],
            20 [[[T; 3]; 2]; 2], 21 [[[T; 1]; 4]; 3], 22 [[[T; 5]; 2]; 1], 23 [[[T; 2]; 3]; 4], 24 [[[T; 4]; 1]; 2], 25 [[[[T; 2]; 2]; 3]; 2]
        );
    };
    (@ $name:literal, |$n:ident, $seed:ident| $layer:expr; $($number:literal $sample:ty),*) => {
        $(check_shape!($name, $number, crate::proof::differences::normal, {type X = $sample;}, |$n, $seed| $layer);)*
    };
}

/// Vectors of `C` numbers, at least two.
macro_rules! each_vector {
    ($name:literal, |$n:ident, $seed:ident| $layer:expr) => {
        each_vector!(@ $name, |$n, $seed| $layer; 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 23 24 29 31 32 37);
    };
    (@ $name:literal, |$n:ident, $seed:ident| $layer:expr; $($c:literal)*) => {
        $(check_shape!($name, $c, crate::proof::differences::normal, {const C: usize = $c;}, |$n, $seed| $layer);)*
    };
}

/// `I` and `O`, or `A` and `B`: two sizes.
macro_rules! each_pair {
    ($name:literal, |$n:ident, $seed:ident| $layer:expr) => {
        each_pair!(@ $name, |$n, $seed| $layer;
            1 1 1, 2 1 5, 3 5 1, 4 2 2, 5 2 3, 6 3 2, 7 4 3, 8 3 7, 9 7 4, 10 5 5, 11 6 2, 12 2 9, 13 8 3, 14 1 16, 15 16 1, 16 9 4,
            17 4 11, 18 11 2, 19 3 13, 20 13 3, 21 2 17, 22 17 2, 23 6 6, 24 5 8, 25 8 5
        );
    };
    (@ $name:literal, |$n:ident, $seed:ident| $layer:expr; $($number:literal $i:literal $o:literal),*) => {
        $(check_shape!(
            $name, $number, crate::proof::differences::normal, {const I: usize = $i; const O: usize = $o;}, |$n, $seed| $layer
        );)*
    };
}

pub(crate) use {check_shape, each_pair, each_sample, each_vector};
