//! Layers of the user's, and networks that are layers of others.

use nn_core::prelude::*;
use nn_core::{Init, Initial, Layer, Param, Rng};
use nn_tests::layers::{Gated, Row, Slope, Swish, Transpose};

network! { #[derive(Clone)] struct Slopes< Input(2) -> Slope(_, alpha = 0.5) -> last: Slope(2) >; }
network! { struct Swished< Input(2, 2) -> Swish -> Transpose >; }
network! { struct Flat< Input(2, 2) -> Transpose -> Row(4) -> Affine(_, 1, init = zeros) -> MeanSquaredError >; }
network! { struct Options< Input(2) -> Gated(_, 3, slope = 2, W = zeros, V = 1) -> gate: Gated(3, 3) >; }

network! { #[derive(Clone)] struct Encoder< hidden: Affine(3, 4) -> Tanh -> Slope(4) -> Affine(_, 2) -> Tanh >; }
network! { #[derive(Clone)] struct Written< hidden: Affine(3, 4) -> Tanh -> Slope(4) -> Affine(_, 2) -> Tanh -> Affine(2, 3) -> SoftmaxWithLoss >; }
network! { #[derive(Clone)] struct Nested< Encoder -> Affine(_, 3) -> SoftmaxWithLoss >; }
network! { struct Twice< Input(3) -> [ Encoder | second: self::Encoder ] -> Concat -> Nothing -> Affine(_, 2) -> SoftmaxWithLoss >; }
network! { struct Nothing< Input(4) -> Identity >; }
network! { struct Deeper< block: Outer -> Affine(_, 2) -> SoftmaxWithLoss >; }
network! { struct Outer< Affine(3, 3) -> Encoder >; }

network! { struct Tied< outer: Affine(3, 4) -> Slope(4) -> inner: Affine(4, 3, W = outer.W.T) >; }
network! { struct OfTied< Tied -> Affine(_, 2) -> MeanSquaredError >; }

#[test]
fn shared_parameters_have_names_in_networks_of_networks() {
    let mut net = OfTied::seeded(1);
    let keys: Vec<&str> = net.params.iter().map(|(key, _)| key).collect();
    assert_eq!(
        keys,
        [
            "tied1.outer.W",
            "tied1.outer.b",
            "tied1.slope1.alpha",
            "tied1.inner.b",
            "affine1.W",
            "affine1.b"
        ]
    );
    net.params.get_mut("tied1.inner.W").unwrap()[[3, 2]] = 7.0;
    assert_eq!(net.params.tied1.outer.W[2][3], 7.0);
    assert_eq!(net.params.get("tied1.inner.W").unwrap().shape(), [4, 3]);
    net.params.get_mut("affine1.b").unwrap()[1] = 8.0;
    assert_eq!(net.params.affine1.b[1], 8.0);
    // W, b, alpha, and the second b; then 3·2 + 2.
    assert_eq!(OfTied::PARAMETERS, 12 + 4 + 4 + 3 + 8);
}

#[test]
fn values_by_hand() {
    // 1, 0.5·(−2), and of that 0.25·(−1).
    assert_eq!(Slopes::new().predict_one(&[1.0, -2.0]), [1.0, -0.25]);
    // x·σ(x) of 0 and ±ln 3: σ is 3/4 and 1/4. Then rows become columns.
    let ln3 = 3.0_f64.ln();
    let found = Swished::<f64>::new().predict_one(&[[0.0, ln3], [-ln3, 0.0]]);
    let expected = [[0.0, -0.25 * ln3], [0.75 * ln3, 0.0]];
    for (found, expected) in found.as_flattened().iter().zip(expected.as_flattened()) {
        assert!((found - expected).abs() < 1e-15, "{found}, not {expected}");
    }
    assert_eq!(Flat::new().predict_one(&[[1.0, 2.0], [3.0, 4.0]]), [0.0]);
}

#[test]
fn how_parameters_start() {
    let net = Options::seeded(1);
    let (first, second) = (&net.params.gated1, &net.params.gate);
    assert_eq!((first.slope, second.slope), (2.0, 0.8));
    assert_eq!(*first.W, [[0.0; 3]; 2]);
    assert_eq!(*first.V, [[1.0; 3]; 2]);
    // Xavier, √(2/6) = 0.58, and normal with deviation 0.5: other numbers for another seed, the same for the same.
    assert_ne!(*second.W, [[0.0; 3]; 3]);
    assert!(
        second
            .W
            .flat()
            .iter()
            .chain(second.V.flat())
            .all(|w: &f32| w.abs() < 3.0)
    );
    assert_eq!(net.params, Options::seeded(1).params);
    assert_ne!(net.params, Options::seeded(2).params);
    assert_eq!(*Slopes::seeded(1).params.slope1.alpha, [0.5, 0.5]);
    assert_eq!(*Slopes::seeded(1).params.last.alpha, [0.25, 0.25]);
    // A parameter by itself starts at zero, and takes any initialisation.
    let mut param = <Param<[[f64; 2]; 8]> as Initial<f64>>::initial(&mut Rng::seeded(1));
    assert_eq!(param.flat(), [0.0; 16]);
    nn_core::__private::Set::set(&mut param, Init::He, &mut Rng::seeded(1));
    let mut expected = [0.0_f64; 16];
    Init::He.fill(&mut expected, 8, 2, &mut Rng::seeded(1));
    assert_eq!(param.flat(), expected);
}

#[test]
fn keys_and_tables() {
    let net = Options::seeded(1);
    let keys: Vec<&str> = net.params.iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["gated1.W", "gated1.V", "gate.W", "gate.V"]);
    assert_eq!(net.params.get("gate.V").unwrap().shape(), [3, 3]);
    assert_eq!(
        net.params.get("W2").unwrap(),
        net.params.get("gate.W").unwrap()
    );
    assert!(net.params.get("gate.slope").is_none());
    // Two of 2 × 3, and two of 3 × 3.
    assert_eq!(Options::PARAMETERS, 12 + 18);
    assert_eq!((Options::INPUT, Options::OUTPUT), (&[2][..], &[3][..]));
    let expected = "\
label   layer                                     input  output  parameters  multiply-adds
input1  Input(2)                                  2      2                0              0
gated1  Gated(_, 3, slope = 2, W = zeros, V = 1)  2      3               12              0
gate    Gated(3, 3)                               3      3               18              0
total                                                                    30              0";
    assert_eq!(Options::SUMMARY, expected);
    assert_eq!(Swished::OUTPUT, [2, 2]);
}

#[test]
fn parameters_can_be_changed_by_key() {
    let mut net = Slopes::new();
    net.params.get_mut("slope1.alpha").unwrap()[1] = 3.0;
    assert_eq!(net.predict_one(&[-1.0, -1.0]), [-0.125, -0.75]);
}

/// Numbers for all parameters of two networks, in their order.
fn same_numbers<A: Network<Element = f64>, B: Network<Element = f64>>(one: &mut A, other: &mut B) {
    let rng = &mut Rng::seeded(7);
    for index in 0..one.params().count() {
        let numbers = one.params_mut().numbers_mut(index).unwrap();
        numbers.fill_with(|| rng.normal());
        other
            .params_mut()
            .numbers_mut(index)
            .unwrap()
            .copy_from_slice(numbers);
    }
}

/// The network in a network computes what its layers do when they are written out.
#[test]
fn a_nested_network_is_its_layers_written_out() {
    let (mut written, mut nested) = (Written::<f64>::seeded(1), Nested::<f64>::seeded(2));
    same_numbers(&mut written, &mut nested);
    let rng = &mut Rng::seeded(3);
    let x: Vec<[f64; 3]> = (0..700)
        .map(|_| std::array::from_fn(|_| rng.normal()))
        .collect();
    let t: Vec<usize> = (0..x.len()).map(|n| n % 3).collect();
    assert_eq!(written.predict(&x).unwrap(), nested.predict(&x).unwrap());
    assert_eq!(written.predict_one(&x[0]), nested.predict_one(&x[0]));
    for _ in 0..5 {
        assert_eq!(written.loss(&x, &t).unwrap(), nested.loss(&x, &t).unwrap());
        let (one, other) = (
            written.gradient(&x, &t).unwrap(),
            nested.gradient(&x, &t).unwrap(),
        );
        for (one, other) in one.tensors().zip(other.tensors()) {
            assert_eq!(one.numbers(), other.numbers(), "{}", other.key());
        }
        written.step(&mut Adam::new(0.01), &x, &t).unwrap();
        nested.step(&mut Adam::new(0.01), &x, &t).unwrap();
    }
    // Plain descent moves the one as it goes, and the other after its gradient: the same numbers.
    written.step(&mut Sgd::new(0.1), &x[..9], &t[..9]).unwrap();
    nested.step(&mut Sgd::new(0.1), &x[..9], &t[..9]).unwrap();
    for (one, other) in written.params.tensors().zip(nested.params.tensors()) {
        for (one, other) in one.numbers().iter().zip(other.numbers()) {
            assert!((one - other).abs() < 1e-14);
        }
    }
}

#[test]
fn trained_parameters_go_in_and_come_out() {
    let encoder = Encoder::seeded(5);
    let mut net = Nested::seeded(1);
    assert_ne!(net.params.encoder1, encoder.params);
    net.params.encoder1 = encoder.params.clone();
    assert_eq!(
        net.params.encoder1.hidden.W[2][3],
        encoder.params.hidden.W[2][3]
    );
    net.step(&mut Sgd::new(0.1), &[[1.0, 2.0, 3.0]], &[2_u8])
        .unwrap();
    assert_ne!(net.params.encoder1, encoder.params);
    // And back, into a network of its own.
    let trained = Encoder::from(net.params.encoder1.clone());
    assert_eq!(trained.predict(&[[1.0, 2.0, 3.0]]).unwrap().len(), 1);
}

#[test]
fn twice_the_same_network_is_two_sets_of_parameters() {
    let net = Twice::seeded(1);
    assert_ne!(net.params.encoder1, net.params.second);
    let keys: Vec<&str> = net.params.iter().map(|(key, _)| key).collect();
    assert_eq!(keys[..2], ["encoder1.hidden.W", "encoder1.hidden.b"]);
    assert_eq!(keys[5..7], ["second.hidden.W", "second.hidden.b"]);
    // Two encoders of 16 + 4 + 10, and 4·2 + 2.
    assert_eq!(Twice::PARAMETERS, 2 * 30 + 10);
    let keys: Vec<&str> = Deeper::seeded(1)
        .params
        .iter()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(keys[2], "block.encoder1.hidden.W");
    assert_eq!(
        Deeper::seeded(1)
            .params
            .get("block.encoder1.slope1.alpha")
            .unwrap()
            .shape(),
        [4]
    );
}

/// A network is a layer by hand too, with memory of its own.
#[test]
fn a_network_as_a_layer_by_hand() {
    let net = Encoder::<f64>::seeded(1);
    let (x, mut y) = ([[0.5, -1.0, 2.0], [0.0, 1.0, -0.5]], [[0.0; 2]; 2]);
    net.params.forward(&x, &mut y);
    assert_eq!(y.to_vec(), net.predict(&x).unwrap());
    let (dy, mut dx, mut gradient) = (
        [[1.0, 0.0], [0.0, 1.0]],
        [[0.0; 3]; 2],
        EncoderParams::default(),
    );
    net.params
        .backward(&x, &y, &dy, Some(&mut dx), &mut gradient);
    let at = |x: [f64; 3]| net.predict_one(&x)[0];
    let slope = (at([0.5 + 1e-6, -1.0, 2.0]) - at([0.5 - 1e-6, -1.0, 2.0])) / 2e-6;
    assert!((dx[0][0] - slope).abs() < 1e-8);
    assert_ne!(gradient, EncoderParams::default());
}

/// Layers that keep nothing want no memory of their own.
#[test]
fn memory_by_hand() {
    assert_eq!(Slopes::WORKSPACE_BYTES_PER_SAMPLE, 4 * (2 + 2));
    // What tanh gives, what Slope gives, and the gradients of the two, all at once in the backward pass of Slope; the gradient of what
    // the last tanh reads has been in one of them. What the encoder gives lies in the slot of the other network.
    assert_eq!(<EncoderParams as Layer<[f32; 3]>>::MEMORY, 4 * 4);
    // What the encoder gives, its memory, the scores and then their gradient, what the loss saves and then the encoder's gradient.
    assert_eq!(Nested::WORKSPACE_BYTES_PER_SAMPLE, 4 * (2 + 4 * 4 + 3 + 3));
}
