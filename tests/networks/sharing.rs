//! Layers that share parameters: one storage under several names, and the same training as with separate ones kept equal by
//! hand.

use nn_core::prelude::*;
use nn_core::{Rng, with_threads};

network! {
    #[derive(Clone, Debug)]
    struct Tied<
        encoder: Affine(6, 4) -> Sigmoid -> decoder: Affine(4, 6, W = encoder.W.T) -> MeanSquaredError
    >;
}
network! {
    #[derive(Clone)]
    struct Apart< encoder: Affine(6, 4) -> Sigmoid -> decoder: Affine(4, 6) -> MeanSquaredError >;
}
network! {
    struct Many<
        a: Affine(3, 4) -> Relu -> b: MatMul(4, 3, W = c.W.T) -> Tanh -> c: Affine(3, 4, b = a.b) -> d: Affine(4, 4)
            -> e: Affine(4, 4, W = d.W, b = d.b) -> MeanSquaredError
    >;
}

fn samples(count: usize) -> Vec<[f64; 6]> {
    let rng = &mut Rng::seeded(3);
    let mut number = || rng.uniform();
    (0..count)
        .map(|_| std::array::from_fn(|_| number()))
        .collect()
}

#[test]
fn a_shared_parameter_has_the_key_of_the_layer_in_which_it_lies() {
    let net = Many::<f64>::seeded(1);
    let keys: Vec<(&str, Vec<usize>)> = net
        .params
        .iter()
        .map(|(key, view)| (key, view.shape().to_vec()))
        .collect();
    let expected = [
        ("a.W", vec![3, 4]),
        ("a.b", vec![4]),
        ("c.W", vec![3, 4]),
        ("d.W", vec![4, 4]),
        ("d.b", vec![4]),
    ];
    assert_eq!(keys, expected);
    assert_eq!(net.params.count(), 5);
    assert_eq!(net.params.tensors().count(), 5);
    assert_eq!(Many::PARAMETERS, 12 + 4 + 12 + 16 + 4);
    let own: Vec<usize> = <Many as Network>::LAYERS
        .iter()
        .map(|layer| layer.parameters)
        .collect();
    assert_eq!(own, [16, 0, 0, 0, 12, 20, 0, 0]);
    // What is shared is not there a second time.
    assert_eq!(net.params.c.W.len(), 3);
    assert_eq!(*net.params.a.b, [0.0; 4]);
}

#[test]
fn every_layer_finds_it_under_its_own_key_as_it_sees_it() {
    let mut net = Tied::<f64>::seeded(1);
    let weights = *net.params.encoder.W;
    let seen = net.params.get("decoder.W").unwrap();
    assert_eq!(seen.shape(), [4, 6]);
    for (i, row) in weights.iter().enumerate() {
        for (j, &number) in row.iter().enumerate() {
            assert_eq!(seen[[j, i]], number);
        }
    }
    // The second W is that of the second layer that has one.
    assert_eq!(net.params.get("W2"), net.params.get("decoder.W"));
    assert_eq!(net.params.get("W1"), net.params.get("encoder.W"));
    assert_eq!(net.params.get("b2").unwrap().shape(), [6]);
    assert_eq!(net.params.get("W3"), None);
    net.params.get_mut("decoder.W").unwrap()[[3, 5]] = 7.0;
    assert_eq!(net.params.encoder.W[5][3], 7.0);
    net.params.get_mut("W2").unwrap()[[0, 1]] = -7.0;
    assert_eq!(net.params.encoder.W[1][0], -7.0);

    let x = samples(5);
    let gradient = net.gradient(&x, &x).unwrap();
    let (one, other) = (
        gradient.get("W1").unwrap(),
        gradient.get("decoder.W").unwrap(),
    );
    assert_eq!(one.t(), other);
    assert!(one.iter().all(|&number| number != 0.0));

    let net = Many::<f64>::seeded(1);
    let of = |key: &str| net.params.get(key).unwrap();
    assert_eq!(of("b.W"), of("c.W").t());
    assert_eq!(of("c.b"), of("a.b"));
    assert_eq!((of("e.W"), of("e.b")), (of("d.W"), of("d.b")));
    assert_eq!(
        (of("W2"), of("W5"), of("b2")),
        (of("b.W"), of("d.W"), of("c.b"))
    );
}

#[test]
fn the_table_counts_each_parameter_once() {
    let expected = "\
label                 layer                             input  output  parameters  multiply-adds
encoder               Affine(6, 4)                      6      4               28             24
sigmoid1              Sigmoid                           4      4                0              0
decoder               Affine(4, 6, W = encoder.W.T)     4      6                6             24
mean_squared_error1   MeanSquaredError                  6      1                0              0
total                                                                          34             48";
    let squeezed = |text: &str| -> Vec<String> {
        let words = text.lines().map(str::split_whitespace);
        words
            .map(|words| words.collect::<Vec<_>>().join(" "))
            .collect()
    };
    assert_eq!(squeezed(Tied::SUMMARY), squeezed(expected));
    assert_eq!(Tied::PARAMETERS, 34);
}

/// Two matrices that are kept equal by hand: the gradient of the one is the sum of both, the second transposed.
fn by_hand<O: Optimizer<f64>>(optimizer: impl Fn() -> O, tied: &mut O) {
    let x = samples(9);
    let mut net = Tied::<f64>::seeded(5);
    let mut apart = Apart::<f64>::seeded(5);
    let (mut w, mut b1, mut b2) = (*net.params.encoder.W, [0.0; 4], [0.0; 6]);
    let (mut of_w, mut of_b1, mut of_b2) = (optimizer(), optimizer(), optimizer());
    for step in 0..50 {
        *apart.params.encoder.W = w;
        *apart.params.encoder.b = b1;
        *apart.params.decoder.b = b2;
        for (i, row) in w.iter().enumerate() {
            for (j, &number) in row.iter().enumerate() {
                apart.params.decoder.W[j][i] = number;
            }
        }
        let loss = apart.loss(&x, &x).unwrap();
        let gradient = apart.gradient(&x, &x).unwrap();
        let sum: [[f64; 4]; 6] = std::array::from_fn(|i| {
            std::array::from_fn(|j| gradient.encoder.W[i][j] + gradient.decoder.W[j][i])
        });
        of_w.step(&mut w, &sum).unwrap();
        of_b1.step(&mut b1, &*gradient.encoder.b).unwrap();
        of_b2.step(&mut b2, &*gradient.decoder.b).unwrap();

        let found = net.step(tied, &x, &x).unwrap();
        assert!(
            (found - loss).abs() < 1e-10,
            "step {step}: {found}, not {loss}"
        );
        let params = &net.params;
        let found = [
            params.encoder.W.flat(),
            params.encoder.b.flat(),
            params.decoder.b.flat(),
        ];
        for (found, expected) in found.into_iter().zip([w.as_flattened(), &b1, &b2]) {
            for (found, expected) in found.iter().zip(expected) {
                let error = (found - expected).abs();
                assert!(error < 1e-10, "step {step}: {found}, not {expected}");
            }
        }
    }
    assert_ne!(w, *Tied::<f64>::seeded(5).params.encoder.W);
}

#[test]
fn the_same_steps_as_with_two_matrices_kept_equal_by_hand() {
    by_hand(|| Sgd::new(0.5), &mut Sgd::new(0.5));
    by_hand(|| Momentum::new(0.1, 0.9), &mut Momentum::new(0.1, 0.9));
    by_hand(|| Adam::new(0.01), &mut Adam::new(0.01));
}

#[test]
fn clipping_counts_each_parameter_once() {
    let (x, mut net) = (samples(7), Tied::<f64>::seeded(2));
    let gradient = net.gradient(&x, &x).unwrap();
    let squares = gradient.iter().flat_map(|(_, view)| view.to_owned());
    let norm = squares.map(|number| number * number).sum::<f64>().sqrt();
    let found = nn_core::clip_grads(&mut gradient.clone(), 1.0).unwrap();
    assert!((found - norm).abs() < 1e-12, "{found}, not {norm}");
}

/// Both orders of optimizers, so that one that moves parameters as it goes would show.
#[test]
fn threads_and_chunks_change_no_bit() {
    for count in [1, 37, 5_000] {
        let x = samples(count);
        let run = |threads| {
            with_threads(threads, || {
                let mut net = Tied::<f64>::seeded(1);
                for _ in 0..3 {
                    net.step(&mut Sgd::new(0.1), &x, &x).unwrap();
                }
                let mut adam = Adam::new(0.01);
                for _ in 0..3 {
                    net.step(&mut adam, &x, &x).unwrap();
                }
                let numbers = net
                    .params
                    .tensors()
                    .flat_map(|tensor| tensor.numbers().to_vec());
                numbers.map(f64::to_bits).collect::<Vec<u64>>()
            })
        };
        let alone = run(1);
        for threads in [2, 3, 4, 8] {
            assert!(run(threads) == alone, "{threads} threads, {count} samples");
        }
    }
}

#[test]
fn initial_weights_are_drawn_once() {
    // The decoder draws nothing, so the encoder has what it has alone.
    assert_eq!(
        Tied::<f64>::seeded(4).params.encoder.W,
        Apart::<f64>::seeded(4).params.encoder.W
    );
}
