//! The operator tests that ONNX ships, in f32: what layers give.

use nn_core::Sample;
use nn_core::prelude::*;

use super::fixture::{Case, of_onnx};

macro_rules! case {
    ($name:ident, [$($x:tt),+] -> $kind:ident $($arguments:tt)?, $($symbol:ident),+) => {
        #[test]
        fn $name() {
            network! { struct Net< Input($($x),+) -> layer: $kind $($arguments)? >; }
            let (case, mut net) = (of_onnx(stringify!($name)), Net::seeded(0));
            $(net.params.layer.$symbol.flat_mut().copy_from_slice(&single(&case.numbers(stringify!($symbol))));)+
            check(&net, &case);
        }
    };
    ($name:ident, [$($x:tt),+] -> $kind:ident $($arguments:tt)?) => {
        #[test]
        fn $name() {
            network! { struct Net< Input($($x),+) -> $kind $($arguments)? >; }
            check(&Net::seeded(0), &of_onnx(stringify!($name)));
        }
    };
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the numbers are those of an f32"
)]
fn single(numbers: &[f64]) -> Vec<f32> {
    numbers.iter().map(|&number| number as f32).collect()
}

fn check<N: Network<Element = f32, Input: Sample<Element = f32>, Output: Sample<Element = f32>>>(
    net: &N,
    case: &Case,
) {
    let y = net.predict(case.samples::<N::Input>("x")).unwrap();
    case.compare("y", N::Output::flat(&y));
}

include!("onnx_cases.rs");
