//! The operator tests that ONNX ships, in f32: what layers give.

use nn_core::Sample;
use nn_core::prelude::*;

use super::fixture::of_onnx;

macro_rules! case {
    ($name:ident, [$($x:tt),+] -> $kind:ident $arguments:tt, $($symbol:ident),+) => {
        #[test]
        fn $name() {
            network! { struct Net< Input($($x),+) -> layer: $kind $arguments >; }
            let (case, mut net) = (of_onnx(stringify!($name)), Net::seeded(0));
            $(
                let numbers = case.samples::<f32>(stringify!($symbol));
                net.params.layer.$symbol.flat_mut().copy_from_slice(&numbers);
            )+
            let y = net.predict(case.samples::<<Net as Network>::Input>("x")).unwrap();
            case.compare("y", <Net as Network>::Output::flat(&y));
        }
    };
}

/// By the batch.
macro_rules! trained {
    ($name:ident, [$($x:tt),+] -> $kind:ident $arguments:tt, $($symbol:ident),+) => {
        #[test]
        fn $name() {
            network! { struct Net< Input($($x),+) -> layer: $kind $arguments >; }
            let (case, mut net) = (of_onnx(stringify!($name)), Net::seeded(0));
            $(
                let numbers = case.samples::<f32>(stringify!($symbol));
                net.params.layer.$symbol.flat_mut().copy_from_slice(&numbers);
            )+
            let x = case.samples::<<Net as Network>::Input>("x");
            let mut y = x.clone();
            net.params.layer.forward_batch(&x, &mut y);
            case.compare("y", <Net as Network>::Output::flat(&y));
        }
    };
}

include!("onnx_cases.rs");
