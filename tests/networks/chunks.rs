//! Large batches go through a network in chunks, on several threads, which must not show.

use nn_core::prelude::*;
use nn_core::{Element, Error, Losses, Rng, with_threads};
use nn_tests::layers::{Gated, Slope, Swish};

network! { #[derive(Clone)] struct Digits< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >; }
network! { #[derive(Clone)] struct Curve< Affine(4, 32) -> Tanh -> Affine(32, 16) -> Tanh -> Affine(16, 4) -> MeanSquaredError >; }
network! { #[derive(Clone)] struct Odd< MatMul(13, 7) -> Relu -> Affine(7, 11) -> Sigmoid -> Affine(11, 3) -> SoftmaxWithLoss >; }
network! {
    #[derive(Clone)]
    struct Branched<
        Affine(13, 9) -> skip: Relu -> ( [ Affine(9, 9) -> Relu | Tanh | Identity ] -> Add ) * 2
            -> [ Identity | Affine(9, 5) -> Shift(0.5) ] -> Concat -> wide: Affine(14, 9) -> Mul(skip) -> Affine(9, 3) -> SoftmaxWithLoss
    >;
}
network! {
    #[derive(Clone)]
    struct Shared<
        first: Affine(13, 9) -> Relu -> [ Affine(9, 13, W = first.W.T) -> Tanh | Affine(9, 13) ] -> Add
            -> Affine(13, 9, W = first.W, b = first.b) -> #[freeze] Affine(9, 9) -> Relu -> Affine(9, 3) -> SoftmaxWithLoss
    >;
}

network! {
    #[derive(Clone)]
    struct Several<
        [ Input(13) -> Affine(_, 9) -> Relu | Input(4) -> Tanh -> Affine(_, 9) ] -> Mul
            -> [ Affine(9, 3) -> SoftmaxWithLoss(weight = 0.3) | Identity ] -> Affine(9, 5) -> Relu -> Affine(5, 4) -> MeanSquaredError
    >;
}
network! { #[derive(Clone)] struct Wide< Affine(4, 600) -> Relu -> Affine(600, 500) -> Tanh -> Affine(500, 3) -> SoftmaxWithLoss >; }

network! { struct Front< Affine(13, 9) -> Slope(9) -> Affine(9, 9) -> Tanh >; }
network! {
    #[derive(Clone)]
    struct OwnLayers< Front -> [ Swish | Front2 ] -> Add -> Affine(_, 3) -> SoftmaxWithLoss >;
}
network! { struct Front2< x: Input(9) -> Gated(_, 9) -> Mul(x) >; }

network! {
    /// More than 1 KiB for each sample, so that 9,973 are 39 chunks of 256, more than there are groups.
    #[derive(Clone)]
    struct Broad< Affine(13, 90) -> Tanh -> Affine(90, 40) -> Relu -> Affine(40, 3) -> SoftmaxWithLoss >;
}

const WEIGHTS: [f64; 3] = [0.5, 2.0, 1.25];

network! {
    /// Two losses, whose means are divided by what their targets weigh; and layers whose backward pass looks at what they read.
    #[derive(Clone)]
    struct Weighing<
        Affine(13, 9) -> [
            Gelu -> Repeat(4) -> Softmax(axis = 1) -> Sum -> Affine(9, 3) -> SoftmaxWithLoss(ignore = 2, weights = WEIGHTS, weight = 0.5)
            | Silu -> Elu(0.5) -> Affine(9, 3) -> HardSwish -> Affine(3, 3) -> SoftmaxWithLoss(smoothing = 0.2, weights = [1.0, 0.0, 4.0])
        ]
    >;
}

fn samples<T: Element, const I: usize>(n: usize) -> Vec<[T; I]> {
    let rng = &mut Rng::seeded(11);
    let mut sample = || std::array::from_fn(|_| T::of(rng.normal()));
    (0..n).map(|_| sample()).collect()
}

fn classes(n: usize, count: usize) -> Vec<usize> {
    (0..n).map(|n| n * n % count).collect()
}

fn curve<T: Element>(n: usize) -> Vec<[T; 4]> {
    samples::<T, 4>(n)
        .iter()
        .map(|x| x.map(|x| x * x))
        .collect()
}

fn flat<T: Element>(params: &impl Parameters<T>) -> Vec<f64> {
    let numbers = params.tensors().flat_map(|tensor| tensor.numbers());
    numbers.map(|number| number.as_f64()).collect()
}

/// Everything that can be asked of a network, after steps of two optimizers, as bits.
fn answers<N, Y>(net: &N, x: &[N::Input], t: &[Y], steps: usize) -> Vec<u64>
where
    N: Trainable + Clone,
    N::Loss: Losses<N::Output, Y>,
    Y: Clone + Sync,
{
    let mut net = net.clone();
    let mut numbers = flat(net.gradient(x, t).unwrap());
    numbers.push(net.loss(x, t).unwrap().as_f64());
    let mut sgd: Box<dyn Optimizer<N::Element>> = Box::new(Sgd::new(0.05));
    let mut adam: Box<dyn Optimizer<N::Element>> = Box::new(Adam::new(0.01));
    for optimizer in [&mut sgd, &mut adam] {
        for _ in 0..steps {
            numbers.push(net.step(optimizer, x, t).unwrap().as_f64());
        }
        numbers.extend(flat(net.params()));
    }
    numbers.push(net.accuracy(x, t).unwrap_or(-1.0));
    let scores = net.predict(x).unwrap();
    let mut room = scores.clone();
    room.reverse();
    net.predict_into(x, &mut room).unwrap();
    assert_eq!(room, scores);
    let bits = numbers.into_iter().map(f64::to_bits);
    // What is printed of a number is another for every number.
    let scores = format!("{scores:?}").into_bytes();
    bits.chain(scores.into_iter().map(u64::from)).collect()
}

fn compare<N, Y>(net: &N, x: &[N::Input], t: &[Y], steps: usize)
where
    N: Trainable + Clone,
    N::Loss: Losses<N::Output, Y>,
    Y: Clone + Sync,
{
    let alone = with_threads(1, || answers(net, x, t, steps));
    for threads in [2, 3, 4, 8] {
        let found = with_threads(threads, || answers(net, x, t, steps));
        assert!(found == alone, "{threads} threads, {} samples", x.len());
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    for (n, steps) in [(100, 20), (3_000, 3)] {
        let t = classes(n, 10);
        compare(&Digits::seeded(1), &samples(n), &t, steps);
        compare(&Digits::<f64>::seeded(1), &samples(n), &t, steps);
    }
    compare(&Curve::seeded(1), &samples(10_000), &curve(10_000), 20);
    compare(
        &Curve::<f64>::seeded(1),
        &samples(10_000),
        &curve(10_000),
        20,
    );
    for n in [1, 1_021, 9_973] {
        let t = classes(n, 3);
        compare(&Odd::seeded(1), &samples(n), &t, 20);
        compare(&Odd::<f64>::seeded(1), &samples(n), &t, 20);
    }
    for n in [1, 1_021, 9_973] {
        let t = classes(n, 3);
        compare(&Branched::seeded(1), &samples(n), &t, 5);
        compare(&Branched::<f64>::seeded(1), &samples(n), &t, 5);
        compare(&Shared::seeded(1), &samples(n), &t, 5);
        compare(&Shared::<f64>::seeded(1), &samples(n), &t, 5);
    }
    // Layers of the user's are compiled without optimisation here.
    for n in [1, 1_021] {
        let t = classes(n, 3);
        compare(&OwnLayers::seeded(1), &samples(n), &t, 2);
        compare(&OwnLayers::<f64>::seeded(1), &samples(n), &t, 2);
    }
    compare(
        &Broad::<f64>::seeded(1),
        &samples(9_973),
        &classes(9_973, 3),
        3,
    );
}

#[test]
fn several_inputs_and_losses_too() {
    for n in [1, 1_021, 9_973] {
        let x = samples::<f32, 13>(n).into_iter().zip(samples::<f32, 4>(n));
        let t: Vec<_> = classes(n, 3).into_iter().zip(curve::<f32>(n)).collect();
        compare(&Several::seeded(1), &x.collect::<Vec<_>>(), &t, 5);
    }
    let x = samples::<f64, 13>(9_973)
        .into_iter()
        .zip(samples::<f64, 4>(9_973));
    let t: Vec<_> = classes(9_973, 3)
        .into_iter()
        .zip(curve::<f64>(9_973))
        .collect();
    compare(&Several::<f64>::seeded(1), &x.collect::<Vec<_>>(), &t, 5);
}

/// In the first chunks all labels of the first loss are ignored.
fn weighing(n: usize) -> Vec<(usize, usize)> {
    let first = (0..n).map(|n| if n < 3_000 { 2 } else { n * n % 3 });
    first.zip((0..n).map(|n| n % 5 % 3)).collect()
}

#[test]
fn losses_that_weigh_targets_too() {
    for n in [3_001, 9_973] {
        let t = weighing(n);
        compare(&Weighing::seeded(1), &samples(n), &t, 5);
        compare(&Weighing::<f64>::seeded(1), &samples(n), &t, 5);
    }
}

/// The sums over single samples, each divided by the sum of its weights: by hand.
#[test]
fn means_are_divided_by_the_weights_of_the_whole_batch() {
    const N: usize = 9_973;
    let (x, t) = (samples::<f64, 13>(N), weighing(N));
    let mut net = Weighing::<f64>::seeded(5);
    let scores = net.predict(&x).unwrap();
    let cross_entropy = |scores: &[f64; 3], q: [f64; 3]| -> f64 {
        let log_sum = scores.iter().map(|x| x.exp()).sum::<f64>().ln();
        (0..3).map(|j| q[j] * (log_sum - scores[j])).sum()
    };
    let (mut sums, mut amounts) = ([0.0; 2], [0.0; 2]);
    for (scores, &(a, b)) in scores.iter().zip(&t) {
        if a != 2 {
            let q = std::array::from_fn(|j| if j == a { WEIGHTS[j] } else { 0.0 });
            sums[0] += cross_entropy(&scores.0, q);
            amounts[0] += WEIGHTS[a];
        }
        let (weights, one) = ([1.0, 0.0, 4.0], |j| f64::from(u8::from(j == b)));
        let q = std::array::from_fn(|j| weights[j] * (0.8 * one(j) + 0.2 / 3.0));
        sums[1] += cross_entropy(&scores.1, q);
        amounts[1] += weights[b];
    }
    let [first, second] = [sums[0] / amounts[0], sums[1] / amounts[1]];
    let loss = net.loss(&x, &t).unwrap();
    assert!((loss - (0.5 * first + second)).abs() < 1e-12);
    let losses = net.losses(&x, &t).unwrap();
    assert!((losses[0].loss - first).abs() < 1e-12 && (losses[1].loss - second).abs() < 1e-12);
    let (mut judged, mut right) = (0, 0);
    for (scores, &(a, _)) in scores.iter().zip(&t).filter(|(_, (a, _))| *a != 2) {
        judged += 1;
        right += usize::from((0..3).all(|j| scores.0[j] <= scores.0[a]));
    }
    let accuracy = right as f64 / f64::from(judged);
    assert_eq!(losses[0].accuracy, Some(accuracy));

    // The gradient is that of this loss: along itself, by central differences.
    let gradient = net.gradient(&x, &t).unwrap().clone();
    let slope: f64 = flat(&gradient).iter().map(|d| d * d).sum();
    let step = 1e-6 / slope.sqrt();
    let at = |sign: f64| {
        let mut moved = net.clone();
        for (index, d) in gradient.tensors().enumerate() {
            let numbers = moved.params.numbers_mut(index).unwrap();
            for (number, d) in numbers.iter_mut().zip(d.numbers()) {
                *number += sign * step * d;
            }
        }
        moved.loss(&x, &t).unwrap()
    };
    let found = (at(1.0) - at(-1.0)) / (2.0 * step);
    assert!((found / slope - 1.0).abs() < 1e-6, "{found}, not {slope}");
}

/// 305,503 parameters are more than groups of their own are made for: chunks follow one another, and products share threads.
#[test]
fn a_network_of_many_parameters_too() {
    assert_eq!(Wide::PARAMETERS, 5 * 600 + 601 * 500 + 501 * 3);
    let net = Wide::seeded(1);
    let (x, t) = (samples(700), classes(700, 3));
    let all = |threads| {
        with_threads(threads, || {
            let mut net = net.clone();
            let gradient = flat(net.gradient(&x, &t).unwrap());
            (
                gradient,
                net.loss(&x, &t).unwrap(),
                net.predict(&x).unwrap(),
            )
        })
    };
    assert!(all(1) == all(2) && all(1) == all(4));
}

#[test]
fn trainers_on_any_number_of_threads_train_the_same_network() {
    let data = Dataset::new(samples::<f32, 4>(5_000), curve::<f32>(5_000)).unwrap();
    let run = |threads| {
        let mut net = Curve::seeded(3);
        let mut trainer = Trainer::new(Adam::new(0.01))
            .batch_size(4_096)
            .epochs(3)
            .threads(threads);
        let history = trainer
            .clone()
            .silent()
            .fit(&mut net, &data, &data)
            .unwrap();
        let last = trainer.step(&mut net, &data.x, &data.t).unwrap();
        (net.params, history.losses.last().unwrap().loss, last)
    };
    let alone = run(1);
    for threads in [2, 3, 4, 8] {
        assert!(run(threads) == alone, "{threads} threads");
    }
    let error = Trainer::new(Sgd::new(0.1))
        .threads(0)
        .step(&mut Curve::seeded(1), &data.x, &data.t)
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::HyperParameter {
                name: "threads",
                ..
            }
        ),
        "{error}"
    );
}

/// The gradient and the loss of a batch of several chunks are the means of those of single samples.
fn is_the_mean<N, Y>(net: &mut N, x: &[N::Input], t: &[Y])
where
    N: Trainable<Element = f64>,
    N::Loss: Losses<N::Output, Y>,
    Y: Clone + Sync,
{
    let gradient = flat(net.gradient(x, t).unwrap());
    let loss = net.loss(x, t).unwrap();
    let (mut mean, mut mean_loss) = (vec![0.0; gradient.len()], 0.0);
    for (x, t) in x.chunks(1).zip(t.chunks(1)) {
        mean_loss += net.loss(x, t).unwrap() / 10_000.0;
        for (mean, d) in mean.iter_mut().zip(flat(net.gradient(x, t).unwrap())) {
            *mean += d / 10_000.0;
        }
    }
    assert!((loss - mean_loss).abs() < 1e-12, "{loss}, not {mean_loss}");
    for (found, expected) in gradient.iter().zip(&mean) {
        assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
    }
}

#[test]
fn a_batch_of_several_chunks_is_the_mean_of_its_samples() {
    let n = 10_000;
    is_the_mean(&mut Curve::<f64>::seeded(5), &samples(n), &curve(n));
    is_the_mean(&mut Odd::<f64>::seeded(5), &samples(n), &classes(n, 3));
    is_the_mean(&mut Broad::<f64>::seeded(5), &samples(n), &classes(n, 3));
    is_the_mean(&mut Branched::<f64>::seeded(5), &samples(n), &classes(n, 3));
    is_the_mean(&mut Shared::<f64>::seeded(5), &samples(n), &classes(n, 3));
}

#[test]
fn chunks_are_in_their_places() {
    const { assert!(Broad::<f64>::WORKSPACE_BYTES_PER_SAMPLE > 1_024) };
    let net = Broad::<f64>::seeded(2);
    let x = samples::<f64, 13>(9_973);
    let scores = net.predict(&x).unwrap();
    let mut hits = 0;
    let t = classes(x.len(), 3);
    for ((x, scores), t) in x.iter().zip(&scores).zip(&t) {
        let one = net.predict_one(x);
        let close = one
            .iter()
            .zip(scores)
            .all(|(one, score)| (one - score).abs() < 1e-13);
        assert!(close, "{one:?}, not {scores:?}");
        hits += usize::from((0..3).all(|class| one[class] <= one[*t]));
    }
    assert_eq!(net.accuracy(&x, &t).unwrap(), hits as f64 / 9_973.0);
}
