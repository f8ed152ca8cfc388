//! Networks with several inputs, outputs and losses.

use ndarray::{Array1, Array2};
use nn_core::prelude::*;
use nn_core::{Element, Error, Rng};

network! {
    #[derive(Clone)]
    struct Heads<
        trunk: Affine(3, 4) -> Relu
            -> [ digit: Affine(4, 3) -> SoftmaxWithLoss | parity: Affine(4, 1) -> SigmoidWithLoss(weight = 0.3) ]
    >;
}
network! { struct Digit< trunk: Affine(3, 4) -> Relu -> digit: Affine(4, 3) -> SoftmaxWithLoss >; }
network! { struct Parity< trunk: Affine(3, 4) -> Relu -> parity: Affine(4, 1) -> SigmoidWithLoss >; }
network! { struct Lighter< trunk: Affine(3, 4) -> Relu -> digit: Affine(4, 3) -> SoftmaxWithLoss(weight = 0.25) >; }
network! {
    struct Auxiliary<
        Affine(3, 4) -> Relu -> [ aux: ( Affine(4, 5) -> Tanh -> Affine(5, 3) ) -> SoftmaxWithLoss(weight = 0.3) | Identity ]
            -> Affine(4, 3) -> main: SoftmaxWithLoss
    >;
}
network! { struct Pair< [ left: Input(3) | Input(2) ] -> Concat -> Affine(_, 2) -> SoftmaxWithLoss >; }
network! { struct Joined< Affine(5, 2) -> SoftmaxWithLoss >; }
network! { struct Gaussian< Affine(3, 4) -> Relu -> [ mean: Affine(4, 2) | variance: ( Affine(4, 1) -> Sigmoid ) | hidden: Identity ] >; }
network! { struct Features< Affine(3, 4) -> hidden: Relu >; }
network! {
    struct Shared< first: Affine(3, 3) -> scores: Tanh -> [ SoftmaxWithLoss | MeanSquaredError | back: ( Affine(3, 3) -> MeanSquaredError ) ] >;
}

fn samples<T: Element>(n: usize) -> Vec<[T; 3]> {
    let rng = &mut Rng::seeded(5);
    let mut sample = || std::array::from_fn(|_| T::of(rng.normal()));
    (0..n).map(|_| sample()).collect()
}

fn names(ports: &[nn_core::Port]) -> Vec<(&str, &[usize])> {
    ports.iter().map(|port| (port.name, port.shape)).collect()
}

/// Two networks with the same trunk: their losses added, 0.3 of the second, and so their gradients.
#[test]
fn two_heads_are_two_networks_glued_together() {
    let mut net = Heads::<f64>::seeded(1);
    let (mut digit, mut parity) = (Digit::<f64>::seeded(1), Parity::<f64>::seeded(1));
    digit.params.trunk = net.params.trunk.clone();
    digit.params.digit = net.params.digit.clone();
    parity.params.trunk = net.params.trunk.clone();
    parity.params.parity = net.params.parity.clone();
    let x = samples(20);
    let digits: Vec<u8> = (0..20).map(|n| n % 3).collect();
    let odd: Vec<bool> = digits.iter().map(|digit| digit % 2 == 1).collect();

    let scores = net.predict(&x).unwrap();
    let (of_digit, of_parity): (Vec<[f64; 3]>, Vec<[f64; 1]>) = scores.into_iter().unzip();
    assert_eq!(of_digit, digit.predict(&x).unwrap());
    assert_eq!(of_parity, parity.predict(&x).unwrap());
    assert_eq!(
        net.predict_one(&x[7]),
        (digit.predict_one(&x[7]), parity.predict_one(&x[7]))
    );

    let losses = [
        digit.loss(&x, &digits).unwrap(),
        parity.loss(&x, &odd).unwrap(),
    ];
    let targets: Vec<(u8, bool)> = digits.iter().copied().zip(odd.iter().copied()).collect();
    assert_eq!(net.loss(&x, &targets).unwrap(), losses[0] + 0.3 * losses[1]);
    assert_eq!(
        net.loss(&x, (&digits, &odd)).unwrap(),
        net.loss(&x, &targets).unwrap()
    );
    let found = net.losses(&x, &targets).unwrap();
    assert_eq!([found[0].name, found[1].name], ["digit", "parity"]);
    assert_eq!([found[0].loss, found[1].loss], losses);
    assert_eq!([found[0].weight, found[1].weight], [1.0, 0.3]);
    let right = [
        digit.accuracy(&x, &digits).unwrap(),
        parity.accuracy(&x, &odd).unwrap(),
    ];
    assert_eq!([found[0].accuracy, found[1].accuracy], right.map(Some));
    assert_eq!(net.accuracy(&x, &targets).unwrap(), right[1]);

    let found = net.gradient(&x, &targets).unwrap();
    let of_digit = digit.gradient(&x, &digits).unwrap();
    let of_parity = parity.gradient(&x, &odd).unwrap();
    assert_eq!(found.digit, of_digit.digit);
    let pairs = found.parity.W.iter().zip(of_parity.parity.W.iter());
    for (found, expected) in pairs {
        assert!((found[0] - 0.3 * expected[0]).abs() < 1e-16);
    }
    let rows = found.trunk.W.iter().zip(of_digit.trunk.W.iter());
    for ((found, digit), parity) in rows.zip(of_parity.trunk.W.iter()) {
        for ((found, digit), parity) in found.iter().zip(digit).zip(parity) {
            assert!((found - (digit + 0.3 * parity)).abs() < 1e-15);
        }
    }
}

#[test]
fn the_weight_of_the_only_loss_scales_it() {
    let (mut plain, mut lighter) = (Digit::<f64>::seeded(1), Lighter::<f64>::seeded(1));
    assert_eq!(plain.params.trunk, lighter.params.trunk);
    let (x, t) = (samples(5), [0_u8, 1, 2, 1, 0]);
    assert_eq!(
        lighter.loss(&x, &t).unwrap(),
        0.25 * plain.loss(&x, &t).unwrap()
    );
    // A quarter is exact.
    let quarter = plain.gradient(&x, &t).unwrap().trunk.b.map(|b| 0.25 * b);
    assert_eq!(*lighter.gradient(&x, &t).unwrap().trunk.b, quarter);
    assert_eq!(lighter.losses(&x, &t).unwrap()[0].weight, 0.25);
}

#[test]
fn two_inputs_are_one_that_is_joined() {
    let (mut pair, mut joined) = (Pair::<f64>::seeded(3), Joined::<f64>::seeded(3));
    joined.params.affine1 = pair.params.affine1.clone();
    let left = samples(9);
    let right: Vec<[f64; 2]> = left.iter().map(|[a, b, c]| [a * b, b + c]).collect();
    let pairs: Vec<([f64; 3], [f64; 2])> =
        left.iter().copied().zip(right.iter().copied()).collect();
    let whole: Vec<[f64; 5]> = pairs
        .iter()
        .map(|([a, b, c], [d, e])| [*a, *b, *c, *d, *e])
        .collect();
    let t = [0_u8, 1, 1, 0, 1, 0, 0, 1, 1];
    assert_eq!(
        pair.predict(&pairs).unwrap(),
        joined.predict(&whole).unwrap()
    );
    assert_eq!(
        pair.loss(&pairs, &t).unwrap(),
        joined.loss(&whole, &t).unwrap()
    );
    assert_eq!(
        pair.gradient(&pairs, &t).unwrap().affine1,
        joined.gradient(&whole, &t).unwrap().affine1
    );
    // A tuple of batches, and of arrays in any layout.
    let views = (
        Array2::from_shape_fn((9, 3), |(n, j)| left[n][j]),
        Array2::from_shape_fn((2, 9), |(j, n)| right[n][j]),
    );
    let expected = pair.predict(&pairs).unwrap();
    assert_eq!(pair.predict((&left, &right)).unwrap(), expected);
    assert_eq!(
        pair.predict((views.0.view(), views.1.t())).unwrap(),
        expected
    );
}

#[test]
fn inputs_and_outputs_have_names() {
    assert_eq!(names(Pair::INPUTS), [("left", &[3][..]), ("input2", &[2])]);
    assert_eq!((Pair::INPUT, Pair::OUTPUT), (&[5][..], &[2][..]));
    assert_eq!(names(Joined::INPUTS), [("input1", &[5][..])]);
    assert_eq!(names(Joined::OUTPUTS), [("softmax_with_loss1", &[2][..])]);
    assert_eq!(
        names(Heads::OUTPUTS),
        [("digit", &[3][..]), ("parity", &[1])]
    );
    assert_eq!(Heads::OUTPUT, [4]);
    assert_eq!(
        names(Auxiliary::OUTPUTS),
        [("aux", &[3][..]), ("main", &[3])]
    );
    assert_eq!(
        names(Gaussian::OUTPUTS),
        [("mean", &[2][..]), ("variance", &[1]), ("hidden", &[4])]
    );
    assert_eq!(names(Features::OUTPUTS), [("hidden", &[4][..])]);
    // The second loss on `scores` has a name of its own.
    assert_eq!(
        names(Shared::OUTPUTS),
        [
            ("scores", &[3][..]),
            ("mean_squared_error1", &[3]),
            ("back", &[3])
        ]
    );
    assert!(Pair::SUMMARY.contains("left"));
}

#[test]
fn outputs_without_a_loss() {
    let net = Gaussian::<f64>::seeded(1);
    let mut hidden = Features::<f64>::seeded(1);
    hidden.params.affine1 = net.params.affine1.clone();
    let x = samples(4);
    let outputs: Vec<([f64; 2], [f64; 1], [f64; 4])> = net.predict(&x).unwrap();
    let expected = hidden.predict(&x).unwrap();
    for ((_, [variance], found), expected) in outputs.iter().zip(expected) {
        assert!((0.0..1.0).contains(variance));
        assert_eq!(*found, expected);
    }
}

#[test]
fn accuracy_is_that_of_the_last_loss_that_names_classes() {
    let net = Shared::<f64>::seeded(1);
    let x = samples(3);
    let classes: Vec<u8> = net
        .predict(&x)
        .unwrap()
        .iter()
        .map(|(scores, ..)| {
            u8::try_from(
                (0..3)
                    .max_by(|&i, &j| scores[i].total_cmp(&scores[j]))
                    .unwrap(),
            )
            .unwrap()
        })
        .collect();
    let targets: Vec<_> = classes
        .iter()
        .map(|&class| (class, [0.5; 3], [0.5; 3]))
        .collect();
    assert_eq!(net.accuracy(&x, &targets).unwrap(), 1.0);
    let losses = net.losses(&x, &targets).unwrap();
    let accuracies: Vec<Option<f64>> = losses.iter().map(|loss| loss.accuracy).collect();
    assert_eq!(accuracies, [Some(1.0), None, None]);
    let total: f64 = losses.iter().map(|loss| loss.weight * loss.loss).sum();
    assert!((net.loss(&x, &targets).unwrap() - total).abs() < 1e-15);
}

#[test]
fn a_trainer_trains_them() {
    let x: Vec<([f32; 3], [f32; 2])> = samples(400)
        .into_iter()
        .map(|x| (x, [x[0], -1.0]))
        .collect();
    let t: Vec<u8> = x.iter().map(|(x, _)| u8::from(x[1] > x[2])).collect();
    let (train, test) = Dataset::new(&x, &t).unwrap().split(300).unwrap();
    let mut net = Pair::seeded(1);
    let mut trainer = Trainer::new(Adam::new(0.05)).epochs(5).silent();
    let history = trainer.fit(&mut net, &train, &test).unwrap();
    assert!(history.epochs[4].test_accuracy.unwrap() > 0.9);

    let x: Vec<[f32; 3]> = x.iter().map(|(x, _)| *x).collect();
    let data: Dataset<[f32; 3], (u8, bool)> =
        Dataset::new(&x, (&t, &t.iter().map(|&t| t == 1).collect::<Vec<bool>>())).unwrap();
    let mut net = Heads::seeded(1);
    let mut trainer = Trainer::new(Adam::new(0.05)).epochs(5).silent();
    let history = trainer.fit(&mut net, &data, &Dataset::empty()).unwrap();
    assert!(history.epochs[4].train_accuracy.unwrap() > 0.9);
    let losses = net.losses(&data.x, &data.t).unwrap();
    assert!(losses.iter().all(|loss| loss.accuracy > Some(0.9)));
}

/// Losses over several chunks are the means over all samples.
#[test]
fn losses_of_large_batches() {
    let net = Heads::<f64>::seeded(2);
    let x = samples(5_000);
    let targets: Vec<(usize, bool)> = (0..x.len()).map(|n| (n % 3, n % 2 == 0)).collect();
    let found = net.losses(&x, &targets).unwrap();
    let (mut sums, mut right) = ([0.0; 2], [0.0; 2]);
    for (x, t) in x.chunks(50).zip(targets.chunks(50)) {
        for (place, loss) in net.losses(x, t).unwrap().iter().enumerate() {
            sums[place] += loss.loss * 50.0;
            right[place] += loss.accuracy.unwrap() * 50.0;
        }
    }
    for (place, loss) in found.iter().enumerate() {
        assert!((loss.loss - sums[place] / 5_000.0).abs() < 1e-12);
        assert!((loss.accuracy.unwrap() - right[place] / 5_000.0).abs() < 1e-12);
    }
    let total = found[0].loss + 0.3 * found[1].loss;
    assert!((net.loss(&x, &targets).unwrap() - total).abs() < 1e-12);
}

#[test]
fn what_is_wrong_is_said_of_the_part() {
    let pair = Pair::seeded(1);
    let error = pair.predict((&[[0.0; 3]; 2], &[[0.0; 2]; 3])).unwrap_err();
    assert!(matches!(
        error,
        Error::PartLength {
            part: 2,
            found: 3,
            first: 2
        }
    ));
    let none: &[([f32; 3], [f32; 2])] = &[];
    assert!(matches!(pair.predict(none).unwrap_err(), Error::Empty));
    let error = pair
        .predict((&Array2::zeros((2, 4)), &[[0.0; 2]; 2]))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "part 1 of the tuple: expected an array of shape [N, 3] for N samples, found [2, 4]"
    );
    let mut net = Heads::seeded(1);
    let x = [[0.0; 3]; 2];
    let before = net.params.clone();
    let error = net
        .step(&mut Sgd::new(0.1), &x, &[(0_u8, true), (3, false)])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "part 1 of the tuple: target 1 is class 3, but there are 3 classes: 0 to 2"
    );
    let labels = Array1::from_vec(vec![0_u8, 1]);
    let error = net.loss(&x, (labels.view(), &[0.5_f32])).unwrap_err();
    assert!(matches!(error, Error::PartLength { .. }));
    assert_eq!(net.params, before);
}
