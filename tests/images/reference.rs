//! y, dx and the gradients of parameters against `PyTorch`, in f64 and f32. The layers are those that declarations lead to.

use nn_core::prelude::*;

use super::fixture::{fill, nan, of_torch, samples};

macro_rules! both_types {
    ($check:ident) => {
        $check!(f64);
        $check!(f32);
    };
}

macro_rules! convolution {
    (
        $name:ident, $seed:literal, $n:literal:
        [$c:tt, $h:tt, $w:tt] -> $label:ident: $kind:ident $arguments:tt -> [$o:tt, $i:tt, $j:tt]
    ) => {
        #[test]
        fn $name() {
            network! { struct Net< Input($c, $h, $w) -> $label: $kind $arguments >; }
            macro_rules! check {
                ($T:ty) => {
                    let case = of_torch(stringify!($name));
                    let mut net = Net::<$T>::seeded(0);
                    fill($seed + 1, net.params.$label.W.flat_mut());
                    fill($seed + 2, net.params.$label.b.flat_mut());
                    let x = samples::<[[[$T; $w]; $h]; $c]>($seed, $n);
                    let y: Vec<[[[$T; $j]; $i]; $o]> = net.predict(&x).unwrap();
                    case.compare("y", flat(&y));

                    let layer = &net.params.$label;
                    let dy = samples::<[[[$T; $j]; $i]; $o]>($seed + 3, $n);
                    let (mut dx, mut gradient) = (nan(x.len()), layer.clone());
                    gradient.W.flat_mut().fill(<$T>::NAN);
                    gradient.b.flat_mut().fill(<$T>::NAN);
                    layer.backward(&x, &dy, Some(&mut dx), &mut gradient);
                    case.compare("dx", flat(&dx));
                    case.compare("dW", gradient.W.flat());
                    if !gradient.b.flat().is_empty() {
                        case.compare("db", gradient.b.flat());
                    }

                    // The gradient of a Relu in front, and a step that is taken at once.
                    let (mut behind, mut moved) = (nan(x.len()), layer.clone());
                    moved.descend_relu(&x, &dy, &mut behind, 0.25);
                    let cut = flat(&x).iter().zip(flat(&dx));
                    let cut: Vec<$T> = cut.map(|(x, d)| if *x > 0.0 { *d } else { 0.0 }).collect();
                    assert_eq!(flat(&behind), cut);
                    let steps = layer.W.flat().iter().zip(gradient.W.flat());
                    let steps = steps.chain(layer.b.flat().iter().zip(gradient.b.flat()));
                    let found = moved.W.flat().iter().chain(moved.b.flat());
                    for ((p, g), found) in steps.zip(found) {
                        let expected = p - 0.25 * g;
                        assert!((found - expected).abs() <= 8.0 * <$T>::EPSILON * p.abs().max(g.abs()));
                    }
                };
            }
            both_types!(check);
        }
    };
}

macro_rules! layer {
    (
        $name:ident, $seed:literal, $n:literal: [$c:tt, $h:tt, $w:tt] -> $kind:ident $arguments:tt -> [$o:tt, $i:tt, $j:tt], $layer:expr,
        |$self:ident, $x:ident, $dy:ident, $dx:ident| $backward:expr
    ) => {
        #[test]
        fn $name() {
            network! { struct Net< Input($c, $h, $w) -> $kind $arguments >; }
            macro_rules! check {
                ($T:ty) => {
                    let case = of_torch(stringify!($name));
                    let $x = samples::<[[[$T; $w]; $h]; $c]>($seed, $n);
                    let y: Vec<[[[$T; $j]; $i]; $o]> = Net::<$T>::seeded(0).predict(&$x).unwrap();
                    case.compare("y", flat(&y));

                    let $self = $layer;
                    let mut y = nan::<[[[$T; $j]; $i]; $o]>($n);
                    $self.forward(&$x, &mut y);
                    case.compare("y", flat(&y));
                    let $dy = samples::<[[[$T; $j]; $i]; $o]>($seed + 3, $n);
                    let mut $dx = nan::<[[[$T; $w]; $h]; $c]>($n);
                    $backward;
                    case.compare("dx", flat(&$dx));
                };
            }
            both_types!(check);
        }
    };
}

macro_rules! max_pool {
    ($name:ident, $seed:literal, $n:literal: $x:tt -> $kind:ident $arguments:tt -> $y:tt, $type:ty) => {
        layer!($name, $seed, $n: $x -> $kind $arguments -> $y, <$type>::default(), |pool, x, dy, dx| {
            pool.backward_relu(&x, &dy, &mut dx);
            let in_one_pass = dx.clone();
            pool.backward(&x, &dy, &mut dx);
            for ((&found, &d), &x) in flat(&in_one_pass).iter().zip(flat(&dx)).zip(flat(&x)) {
                assert_eq!(found, if x > 0.0 { d } else { 0.0 });
            }
        });
    };
}

macro_rules! avg_pool {
    ($name:ident, $seed:literal, $n:literal: $x:tt -> $kind:ident $arguments:tt -> $y:tt, $type:ty) => {
        layer!($name, $seed, $n: $x -> $kind $arguments -> $y, <$type>::default(), |pool, x, dy, dx| pool.backward(&dy, &mut dx));
    };
}

macro_rules! linear {
    ($name:ident, $seed:literal, $n:literal: $x:tt -> $kind:ident $arguments:tt -> $y:tt, $layer:expr) => {
        layer!($name, $seed, $n: $x -> $kind $arguments -> $y, $layer, |layer, x, dy, dx| layer.backward(&dy, &mut dx));
    };
}

fn flat<X: nn_core::Sample>(samples: &[X]) -> &[X::Element] {
    X::flat(samples)
}

include!("cases.rs");
