//! Layers, losses and initial weights against PyTorch, of which the other files say nothing: `make_layers.py` beside this file.

use nn_core::{
    Add, Affine, Concat, Element, Flatten, GlobalAvgPool, Identity, Init, Layer, LogLikelihood,
    Loss, MatMul, MatMulOfTwo, Mul, PRelu, Relu, Repeat, Reshape, Rng, Sample, Scale, Shift,
    Sigmoid, SigmoidWithLoss, Softmax, SoftmaxWithLoss, Sum, Tanh,
};

use crate::fixture::{Case, Fixtures, allowed_by_torch, assert_close, each_size, nan};
use crate::proof::erased::{Numbers, put};
use crate::torch_losses;
use nn_tests::tally;

/// Calls a check with all cases of a kind.
fn each(kind: &str, count: usize, check: impl Fn(&Case<'_>)) {
    let fixtures = Fixtures::torch_layers();
    let cases: Vec<Case<'_>> = fixtures.of_kind(kind).collect();
    assert_eq!(cases.len(), count, "{kind}");
    for case in &cases {
        tally::case(case.name);
        check(case);
    }
}

/// Calls a check that is generic over the type of number.
macro_rules! both_types {
    ($check:ident($case:expr)) => {{
        $check::<f64>($case);
        $check::<f32>($case);
    }};
}

fn compare<T: Element>(case: &Case<'_>, array: &str, found: &[T]) {
    let what = format!("{array} of {}", case.name);
    assert_close(&what, found, &case.numbers(array), allowed_by_torch::<T>);
}

/// y, dx, and the gradients of parameters, which are called by their symbols.
fn check<X, L>(mut layer: L, symbols: &[&str], case: &Case<'_>)
where
    X: Sample,
    L: Layer<X> + Numbers<X::Element> + Clone,
{
    for (numbers, symbol) in layer.numbers().into_iter().zip(symbols) {
        put(numbers, &case.numbers(symbol));
    }
    let (x, dy) = (case.samples::<X>("x"), case.samples::<L::Output>("dy"));
    let (mut y, mut dx) = (nan::<L::Output>(x.len()), nan::<X>(x.len()));
    let mut gradient = layer.clone();
    for numbers in gradient.numbers() {
        numbers.fill(X::Element::of(f64::NAN));
    }
    layer.forward(&x, &mut y);
    layer.backward(&x, &y, &dy, Some(&mut dx), &mut gradient);
    compare(case, "y", L::Output::flat(&y));
    compare(case, "dx", X::flat(&dx));
    for (numbers, symbol) in gradient.numbers().into_iter().zip(symbols) {
        compare(case, &format!("d{symbol}"), numbers);
    }
}

macro_rules! of_vectors {
    ($($test:ident $kind:literal |$case:ident| $layer:expr;)*) => {$(
        pub(crate) fn $test() {
            each($kind, 10, |$case| each_size!($case, |C, T| check::<[T; C], _>($layer, &[], $case)));
        }
    )*};
}
of_vectors! {
    relu "Relu" |case| Relu;
    sigmoid "Sigmoid" |case| Sigmoid;
    tanh "Tanh" |case| Tanh;
    softmax "Softmax" |case| Softmax;
    identity "Identity" |case| Identity;
    scale "Scale" |case| Scale(case.number("number"));
    shift "Shift" |case| Shift(case.number("number"));
}

/// Of vectors and of images: with one slope, or one for each channel.
fn prelu_cases(one: bool) {
    fn of_images<T: Element>(case: &Case<'_>) {
        if case.numbers("alpha").len() == 1 {
            check::<[[[T; 4]; 3]; 2], _>(PRelu::<1, T>::zeros(), &["alpha"], case);
        } else {
            check::<[[[T; 4]; 3]; 2], _>(PRelu::<2, T>::zeros(), &["alpha"], case);
        }
    }
    let fixtures = Fixtures::torch_layers();
    let has_one = |case: &Case<'_>| case.numbers("alpha").len() == 1;
    for case in fixtures
        .of_kind("PRelu")
        .filter(|case| has_one(case) == one)
    {
        tally::case(case.name);
        each_size!(case, |C, T| {
            if one {
                check::<[T; C], _>(PRelu::<1, T>::zeros(), &["alpha"], &case);
            } else {
                check::<[T; C], _>(PRelu::<C, T>::zeros(), &["alpha"], &case);
            }
        });
    }
    for case in fixtures
        .of_kind("PReluOfImages")
        .filter(|case| has_one(case) == one)
    {
        tally::case(case.name);
        both_types!(of_images(&case));
    }
}

pub(crate) fn prelu() {
    prelu_cases(true);
}

pub(crate) fn prelu_of_channels() {
    prelu_cases(false);
}

macro_rules! of_one_shape {
    ($($test:ident $kind:literal $x:ty, $layer:expr;)*) => {$(
        pub(crate) fn $test() {
            fn of_type<T: Element>(case: &Case<'_>) {
                check::<$x, _>($layer, &[], case);
            }
            each($kind, 10, |case| both_types!(of_type(case)));
        }
    )*};
}
of_one_shape! {
    repeat "Repeat" [[T; 4]; 2], Repeat::<3>;
    sum "Sum" [[[T; 4]; 2]; 3], Sum;
    global_avg_pool "GlobalAvgPool" [[[T; 4]; 3]; 2], GlobalAvgPool;
}

/// Layers with weights of inputs and outputs, in the order of the script.
macro_rules! with_weights {
    ($($test:ident $kind:literal $layer:ident, $symbols:expr;)*) => {$(
        pub(crate) fn $test() {
            fn of_pair<T: Element, const I: usize, const O: usize>(case: &Case<'_>) {
                check::<[T; I], _>($layer::<I, O, T>::zeros(), $symbols, case);
            }
            let fixtures = Fixtures::torch_layers();
            let mut cases = fixtures.of_kind($kind);
            macro_rules! pair {
                ($i:literal, $o:literal) => {{
                    let case = cases.next().expect("ten cases");
                    tally::case(case.name);
                    of_pair::<f64, $i, $o>(&case);
                    of_pair::<f32, $i, $o>(&case);
                }};
            }
            pair!(1, 1);
            pair!(1, 5);
            pair!(3, 1);
            pair!(4, 3);
            pair!(5, 7);
            pair!(2, 16);
            pair!(17, 2);
            pair!(8, 9);
            pair!(13, 11);
            pair!(33, 4);
            assert!(cases.next().is_none());
        }
    )*};
}
with_weights! {
    affine "Affine" Affine, &["W", "b"];
    matmul "MatMul" MatMul, &["W"];
}

/// Adds or multiplies two values or three.
macro_rules! merging {
    ($($test:ident $kind:literal |$forward:ident, $others:ident, $dy:ident, $dx:ident| $merge:expr, $gradient:expr;)*) => {$(
        pub(crate) fn $test() {
            fn of_type<T: Element, const C: usize>(case: &Case<'_>) {
                let names: &[&str] = if case.has("x3") { &["x", "x2", "x3"] } else { &["x", "x2"] };
                let values: Vec<Vec<[T; C]>> = names.iter().map(|name| case.samples(name)).collect();
                let ($dy, n) = (case.samples::<[T; C]>("dy"), values[0].len());
                let $forward = |y: &mut [[T; C]]| match values.as_slice() {
                    [a, b] => $merge.forward([a, b], y),
                    [a, b, c] => $merge.forward([a, b, c], y),
                    _ => unreachable!("two or three"),
                };
                let mut y = nan::<[T; C]>(n);
                $forward(&mut y);
                compare(case, "y", y.as_flattened());
                for (place, name) in names.iter().enumerate() {
                    let mut $others: Vec<&[[T; C]]> = values.iter().map(Vec::as_slice).collect();
                    $others.remove(place);
                    let mut $dx = nan::<[T; C]>(n);
                    $gradient;
                    compare(case, &format!("d{name}"), $dx.as_flattened());
                }
            }
            each($kind, 10, |case| each_size!(case, |C, T| of_type::<T, C>(case)));
        }
    )*};
}
merging! {
    add "Add" |forward, others, dy, dx| Add, { others.clear(); dx.copy_from_slice(&dy) };
    mul "Mul" |forward, others, dy, dx| Mul, match others.as_slice() {
        [a] => Mul.backward([*a], &dy, &mut dx),
        [a, b] => Mul.backward([*a, *b], &dy, &mut dx),
        _ => unreachable!("one or two"),
    };
}

/// Three values one behind the other.
fn concatenated<A, B, C, Y, const SECOND: usize, const THIRD: usize>(case: &Case<'_>)
where
    A: Sample,
    B: Sample<Element = A::Element>,
    C: Sample<Element = A::Element>,
    Y: Sample<Element = A::Element>,
{
    let (a, b, c) = (
        case.samples::<A>("x"),
        case.samples::<B>("x2"),
        case.samples::<C>("x3"),
    );
    let (mut y, dy) = (nan::<Y>(a.len()), case.samples::<Y>("dy"));
    Concat::<0>.forward(&a, &mut y);
    Concat::<SECOND>.forward(&b, &mut y);
    Concat::<THIRD>.forward(&c, &mut y);
    compare(case, "y", Y::flat(&y));
    let (mut da, mut db, mut dc) = (nan::<A>(a.len()), nan::<B>(b.len()), nan::<C>(c.len()));
    Concat::<0>.backward(&dy, &mut da);
    Concat::<SECOND>.backward(&dy, &mut db);
    Concat::<THIRD>.backward(&dy, &mut dc);
    compare(case, "dx", A::flat(&da));
    compare(case, "dx2", B::flat(&db));
    compare(case, "dx3", C::flat(&dc));
}

pub(crate) fn concat() {
    fn of_vectors<T: Element>(case: &Case<'_>) {
        concatenated::<[T; 2], [T; 5], [T; 1], [T; 8], 2, 7>(case);
    }
    fn of_rows<T: Element>(case: &Case<'_>) {
        concatenated::<[[T; 3]; 2], [[T; 3]; 1], [[T; 3]; 4], [[T; 3]; 7], 6, 9>(case);
    }
    each("Concat", 10, |case| both_types!(of_vectors(case)));
    each("ConcatOfRows", 10, |case| both_types!(of_rows(case)));
}

pub(crate) fn matmul_of_two() {
    fn of_type<T: Element>(case: &Case<'_>) {
        let (a, b) = (
            case.samples::<[[T; 4]; 3]>("x"),
            case.samples::<[[T; 2]; 4]>("x2"),
        );
        let (dy, mut y) = (
            case.samples::<[[T; 2]; 3]>("dy"),
            nan::<[[T; 2]; 3]>(a.len()),
        );
        MatMulOfTwo.forward(&a, &b, &mut y);
        compare(case, "y", y.as_flattened().as_flattened());
        let (mut da, mut db) = (nan::<[[T; 4]; 3]>(a.len()), nan::<[[T; 2]; 4]>(a.len()));
        MatMulOfTwo.backward_left(&b, &dy, &mut da);
        MatMulOfTwo.backward_right(&a, &dy, &mut db);
        compare(case, "dx", da.as_flattened().as_flattened());
        compare(case, "dx2", db.as_flattened().as_flattened());
    }
    each("MatMulOfTwo", 10, |case| both_types!(of_type(case)));
}

macro_rules! same_numbers {
    ($($test:ident $kind:literal $layer:ident, $y:ty;)*) => {$(
        pub(crate) fn $test() {
            fn of_type<T: Element>(case: &Case<'_>) {
                let (x, dy) = (case.samples::<[[[T; 4]; 3]; 2]>("x"), case.samples::<$y>("dy"));
                let (mut y, mut dx) = (nan::<$y>(x.len()), nan::<[[[T; 4]; 3]; 2]>(x.len()));
                $layer.forward(&x, &mut y);
                $layer.backward(&dy, &mut dx);
                compare(case, "y", <$y>::flat(&y));
                compare(case, "dx", <[[[T; 4]; 3]; 2]>::flat(&dx));
            }
            each($kind, 10, |case| both_types!(of_type(case)));
        }
    )*};
}
same_numbers! {
    flatten "Flatten" Flatten, [T; 24];
    reshape "Reshape" Reshape, [[T; 6]; 4];
}

fn of_labels<X: Sample, L: Loss<X, usize>>(loss: &L, case: &Case<'_>) {
    torch_losses::compare::<X, _, _>(loss, &case.whole_numbers("labels"), case);
}

pub(crate) fn softmax_with_loss() {
    each("SoftmaxWithLoss", 10, |case| {
        each_size!(case, |C, T| of_labels::<[T; C], _>(&SoftmaxWithLoss, case));
    });
}

pub(crate) fn sigmoid_with_loss() {
    each("SigmoidWithLoss", 10, |case| {
        each_size!(case, |C, T| {
            let rows = case.samples::<[T; C]>("t");
            torch_losses::compare::<[T; C], _, _>(&SigmoidWithLoss, &rows, case);
        });
    });
}

pub(crate) fn log_likelihood() {
    each("LogLikelihood", 20, |case| {
        each_size!(case, |C, T| {
            let mut loss = LogLikelihood::<C>::new();
            if case.has("weights") {
                loss = loss.weights(case.samples::<[f64; C]>("weights")[0]);
            }
            if case.has("ignore") {
                loss = loss.ignore(case.whole_number("ignore"));
            }
            of_labels::<[T; C], _>(&loss, case);
        });
    });
}

/// The deviation and the largest of as many weights as PyTorch drew: 60,000 and more know it to half a percent, and uniform weights their
/// bound. An orthogonal matrix has its deviation exactly.
pub(crate) fn initialisers() {
    fn of_type<T: Element>(scheme: Init, case: &Case<'_>) {
        let (inputs, outputs) = (case.size("inputs"), case.size("outputs"));
        let mut weights = vec![T::of(f64::NAN); inputs * outputs];
        let (mut squares, mut sum, mut largest) = (0.0, 0.0, 0.0_f64);
        for seed in 0..4 {
            scheme.fill(&mut weights, inputs, outputs, &mut Rng::seeded(seed));
            for weight in &weights {
                let weight = weight.as_f64();
                squares += weight * weight;
                sum += weight;
                largest = largest.max(weight.abs());
            }
        }
        let count = 4.0 * weights.len() as f64;
        let name = |what: &str| format!("{what} of {}", case.name);
        let deviation = (squares / count).sqrt();
        let expected = case.numbers("deviation");
        assert_close(&name("deviation"), &[deviation], &expected, |expected| {
            0.012 * expected
        });
        let bound = 5.0 * expected[0] / count.sqrt();
        assert_close(&name("mean"), &[sum / count], &case.numbers("mean"), |_| {
            2.0 * bound
        });
        let within = match scheme {
            Init::HeUniform | Init::XavierUniform | Init::LeCunUniform | Init::Uniform(_) => 1e-3,
            Init::Constant(_) | Init::Zeros => 1e-6,
            // Of so many normal numbers, the largest is four or five deviations away from the mean.
            _ => 0.35,
        };
        let expected = case.numbers("largest");
        assert_close(&name("largest"), &[largest], &expected, |expected| {
            within * expected
        });
    }
    let schemes = [
        ("He", Init::He),
        ("HeUniform", Init::HeUniform),
        ("Xavier", Init::Xavier),
        ("XavierUniform", Init::XavierUniform),
        ("LeCun", Init::LeCun),
        ("LeCunUniform", Init::LeCunUniform),
        ("Orthogonal", Init::Orthogonal(1.5)),
        ("Normal", Init::Normal(0.03)),
        ("Uniform", Init::Uniform(0.07)),
        ("Constant", Init::Constant(-0.25)),
        ("Zeros", Init::Zeros),
    ];
    for (kind, scheme) in schemes {
        each(kind, 3, |case| {
            of_type::<f64>(scheme, case);
            of_type::<f32>(scheme, case);
        });
    }
}
