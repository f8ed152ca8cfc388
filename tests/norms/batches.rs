//! Networks that compute otherwise while they learn: by the statistics of a batch, or with numbers left out.

use nn_core::prelude::*;
use nn_core::{Draws, Element as _, Error, Rng, with_threads};
use nn_tests::{numeric_gradient, relative_error};

use super::fixture::{fill, of_torch, samples};

network! {
    #[derive(Clone)]
    struct Residual<
        Input(2, 6, 5)
        -> Conv2d(4, 3, padding = 1, bias = false) -> BatchNorm -> Relu
        -> [ Conv2d(4, 3, padding = 1) -> BatchNorm(momentum = 0.25) -> Relu -> Conv2d(4, 3, padding = 1) -> BatchNorm | Identity ] -> Add -> Relu
        -> GlobalAvgPool -> BatchNorm(eps = 0.01, affine = false) -> Affine(_, 2) -> SoftmaxWithLoss
    >;
}

fn start() -> Residual<f64> {
    let mut net = Residual::<f64>::seeded(1);
    let keys: Vec<&str> = net.params.iter().map(|(key, _)| key).collect();
    for (seed, key) in (100..).zip(keys) {
        let mut numbers = net.params.get_mut(key).unwrap();
        fill(seed, numbers.as_slice_mut().unwrap());
        let one = if key.ends_with("gamma") { 1.0 } else { 0.0 };
        numbers.mapv_inplace(|number| number / 4.0 + one);
    }
    net
}

type Image = [[[f64; 5]; 6]; 2];

fn data() -> (Vec<Image>, Vec<usize>) {
    (samples::<Image>(77, 40), (0..40).map(|n| n % 2).collect())
}

/// 40 samples go through in several chunks, and are normalised as one batch.
#[test]
fn three_steps_are_those_of_torch() {
    let case = of_torch("trained");
    let (x, t) = data();
    for threads in [1, 2, 3] {
        let mut net = start();
        with_threads(threads, || {
            let mut sgd = Sgd::new(0.1);
            let losses: Vec<f64> = (0..3)
                .map(|_| net.step(&mut sgd, &x, &t).unwrap())
                .collect();
            case.compare("losses", &losses);
            for (key, numbers) in net.params.iter().chain(net.params.state()) {
                case.compare(key, numbers.as_slice().unwrap());
            }
            case.compare("scores", net.predict(&x).unwrap().as_flattened());
            assert!((net.loss(&x, &t).unwrap() - case.number("loss")).abs() < 1e-10);
        });
        // Ten of them would not be in the file under these names.
        assert_eq!(net.params.iter().count(), 5 + 6 + 2);
        assert_eq!(net.params.state().count(), 8);
    }
}

#[test]
fn running_statistics_are_no_parameters() {
    let (mut net, (x, t)) = (start(), data());
    assert_eq!(Residual::PARAMETERS, 4 * 18 + 2 * (4 * 36 + 4) + 3 * 8 + 10);
    let gradient = net.gradient(&x, &t).unwrap().clone();
    assert!(
        gradient
            .state()
            .all(|(_, numbers)| numbers.iter().all(|&number| number == 0.0))
    );
    let keys: Vec<&str> = gradient.tensors().map(|tensor| tensor.key()).collect();
    assert!(keys.iter().all(|key| !key.contains("running")));
    // A gradient moves them as a step does.
    let mut stepped = start();
    stepped.step(&mut Sgd::new(0.1), &x, &t).unwrap();
    assert!(net.params.state().eq(stepped.params.state()));
    assert!(!net.params.state().eq(start().params.state()));

    let (folder, net) = (tempfile::tempdir().unwrap(), stepped);
    for name in ["net.safetensors", "net.npz"] {
        let path = folder.path().join(name);
        net.save(&path).unwrap();
        assert_eq!(
            <Residual<f64> as Network>::load(&path).unwrap().params,
            net.params
        );
    }
}

/// In f64 nothing but rounding may differ, and the convolution without biases leaves its shift behind.
#[test]
fn folded_networks_give_the_same() {
    let (mut net, (x, t)) = (start(), data());
    for _ in 0..3 {
        net.step(&mut Sgd::new(0.1), &x, &t).unwrap();
    }
    let folded = net.fold();
    let (before, after) = (net.predict(&x).unwrap(), folded.predict(&x).unwrap());
    let largest = before.as_flattened().iter().zip(after.as_flattened());
    let largest = largest.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(largest < 1e-12, "{largest:e}");
    assert_ne!(folded.params.conv2d2, net.params.conv2d2);
    assert_eq!(*folded.params.batch_norm2.gamma, [1.0; 4]);
    assert_eq!(*folded.params.batch_norm2.running_mean, [0.0; 4]);
    assert_ne!(*folded.params.batch_norm1.running_mean, [0.0; 4]);
    // Behind a mean there is nothing to fold into.
    assert_eq!(folded.params.batch_norm4, net.params.batch_norm4);
}

macro_rules! folded {
    ($name:ident, $sample:ty, [$($chain:tt)*]) => {
        #[test]
        fn $name() {
            network! { #[derive(Clone)] struct Net< $($chain)* -> BatchNorm -> Flatten -> MeanSquaredError >; }

            let x = samples::<$sample>(31, 64);
            let t = vec![[0.5; Net::<f32>::OUTPUT[0]]; 64];
            let mut net = Net::seeded(3);
            // Unlike what they begin with: means, variances, scales and shifts.
            for _ in 0..5 {
                net.step(&mut Adam::new(0.1), &x, &t).unwrap();
            }
            let folded = net.fold();
            assert_ne!(folded.params.batch_norm1.gamma, net.params.batch_norm1.gamma);
            let (before, after) = (net.predict(&x).unwrap(), folded.predict(&x).unwrap());
            for (before, after) in before.as_flattened().iter().zip(after.as_flattened()) {
                assert!((before - after).abs() <= 1e-6 * before.abs().max(1.0), "{before} {after}");
            }
        }
    };
}

folded!(
    an_affine_layer_is_folded_within_1e_6,
    [f32; 20],
    [Affine(20, 12)]
);
folded!(a_convolution_is_folded_within_1e_6, [[[f32; 6]; 7]; 3], [Input(3, 7, 6) -> Conv2d(4, 3, stride = 2, padding = same)]);
folded!(a_convolution_in_groups_is_folded_within_1e_6, [[[f32; 6]; 7]; 4], [Input(4, 7, 6) -> Conv2d(6, 3, groups = 2, bias = false)]);
folded!(a_transposed_convolution_is_folded_within_1e_6, [[[f32; 4]; 3]; 3], [Input(3, 3, 4) -> ConvTranspose2d(4, 3, stride = 2)]);

network! {
    #[derive(Clone)]
    struct Folded<
        Input(3, 4, 4) -> ConvTranspose2d(2, 3) -> BatchNorm -> Tanh -> Flatten -> Affine(_, 6) -> BatchNorm -> MatMul(6, 5) -> BatchNorm
        -> Reshape(5, 1) -> BatchNorm -> Flatten -> Affine(_, 2) -> MeanSquaredError
    >;
}

#[test]
fn every_layer_with_weights_can_be_folded_into() {
    let rng = &mut Rng::seeded(9);
    let (x, t) = (samples::<[[[f32; 4]; 4]; 3]>(5, 12), vec![[0.5, -0.5]; 12]);
    let mut net = Folded::seeded(2);
    for _ in 0..3 {
        net.step(&mut Adam::new(0.1), &x, &t).unwrap();
    }
    let noise: Vec<f32> = (0..6).map(|_| f32::of(rng.uniform()) + 0.5).collect();
    net.params
        .batch_norm2
        .gamma
        .flat_mut()
        .copy_from_slice(&noise);
    let folded = net.fold();
    for (before, after) in net
        .predict(&x)
        .unwrap()
        .iter()
        .zip(folded.predict(&x).unwrap())
    {
        assert!((0..2).all(|j| (before[j] - after[j]).abs() < 1e-5));
    }
    let ones = |gamma: &[f32]| gamma.iter().all(|&gamma| gamma == 1.0);
    let params = &folded.params;
    assert!(ones(params.batch_norm1.gamma.flat()) && ones(params.batch_norm2.gamma.flat()));
    assert!(ones(params.batch_norm3.gamma.flat()));
    // What is reshaped in between has other channels.
    assert_eq!(params.batch_norm4, net.params.batch_norm4);
}

network! { #[derive(Clone)] struct Features< Affine(3, 4) -> hidden: BatchNorm -> Tanh -> Affine(4, 1) -> MeanSquaredError >; }

#[test]
fn one_sample_is_no_batch() {
    let mut net = Features::seeded(1);
    let before = net.params.clone();
    let error = net
        .step(&mut Sgd::new(0.1), &[[1.0; 3]], &[[1.0]])
        .unwrap_err();
    assert!(matches!(error, Error::BatchOfOne { layer: "hidden" }));
    assert!(net.gradient(&[[1.0; 3]], &[[1.0]]).is_err());
    assert_eq!(net.params, before);
    // It is enough for what the network has learnt, and for images of more than one place.
    assert!(net.loss(&[[1.0; 3]], &[[1.0]]).is_ok());
    let mut images = start();
    assert!(
        images
            .gradient(&data().0[..1], &[1_usize])
            .is_err_and(|error| matches!(
                error,
                Error::BatchOfOne {
                    layer: "batch_norm4"
                }
            ))
    );
}

network! {
    #[derive(Clone)]
    struct Mixed<
        Input(6) -> Dropout(0.2) -> Affine(_, 12) -> Relu -> Dropout -> skip: Affine(_, 12) -> Tanh -> Dropout(0.25) -> BatchNorm
        -> Add(skip) -> Reshape(4, 3) -> BatchNorm(momentum = 0.5) -> [ LayerNorm(axis = 1) | Dropout(0.1) ] -> Add
        -> #[freeze] BatchNorm -> Flatten -> Affine(_, 3) -> MeanSquaredError
    >;
}

fn rows<const D: usize>(rng: &mut Rng, n: usize) -> Vec<[f64; D]> {
    (0..n)
        .map(|_| std::array::from_fn(|_| rng.normal()))
        .collect()
}

/// The loss of a step, which is that of the batch with what is left out there.
fn loss_of_step(net: &Mixed<f64>, x: &[[f64; 6]], t: &[[f64; 3]]) -> f64 {
    net.clone().step(&mut Sgd::new(0.1), x, t).unwrap()
}

#[test]
fn gradients_are_those_of_differences() {
    let rng = &mut Rng::seeded(5);
    let (x, t) = (rows::<6>(rng, 30), rows::<3>(rng, 30));
    let mut net = Mixed::<f64>::seeded(3);
    net.params.batch_norm3.running_var.fill(0.25);
    net.set_draws(Draws { seed: 7, step: 11 });
    let before = net.clone();
    let gradient = net.gradient(&x, &t).unwrap().clone();
    assert_eq!(net.draws(), Draws { seed: 7, step: 12 });
    for index in 0..gradient.count() {
        let tensor = gradient.tensor(index).unwrap();
        let mut moved = before.clone();
        let numbers = before.params.tensor(index).unwrap().numbers();
        let numeric = numeric_gradient(numbers, 1e-5, |numbers| {
            moved
                .params
                .numbers_mut(index)
                .unwrap()
                .copy_from_slice(numbers);
            loss_of_step(&moved, &x, &t)
        });
        // The bias of `skip` goes through Add too, and none is without a gradient.
        let error = relative_error(tensor.numbers(), &numeric);
        assert!(error < 1e-6, "{}: {error:e}", tensor.key());
    }
    assert_eq!(net.params.batch_norm3, before.params.batch_norm3);
}

#[test]
fn trainings_repeat_on_any_number_of_threads() {
    let rng = &mut Rng::seeded(6);
    let (x, t) = (rows::<6>(rng, 3_000), rows::<3>(rng, 3_000));
    let train = |threads| {
        let mut net = Mixed::<f64>::seeded(3);
        let mut adam = Adam::new(0.01);
        let losses: Vec<f64> = with_threads(threads, || {
            (0..3)
                .map(|_| net.step(&mut adam, &x, &t).unwrap())
                .collect()
        });
        (losses, net.params)
    };
    let alone = train(1);
    for threads in [2, 3, 4, 8] {
        assert!(train(threads) == alone, "{threads}");
    }
}

/// Looking for a learning rate makes steps, and takes all of them back.
#[test]
fn a_sweep_over_rates_leaves_no_trace() {
    let rng = &mut Rng::seeded(4);
    let train = Dataset {
        x: rows::<6>(rng, 40),
        t: rows::<3>(rng, 40),
    };
    let mut net = Mixed::<f64>::seeded(3);
    let before = net.clone();
    let mut trainer = Trainer::new(Adam::new(0.01)).batch_size(10);
    let sweep = trainer.find_lr(&mut net, &train, &LrFinder::new());
    assert!(sweep.unwrap().points.len() > 10);
    assert_eq!(net.params, before.params);
    assert_eq!(net.draws(), before.draws());
}

/// The numbers that are kept grow: the mean of each stays what it was.
#[test]
fn the_mean_of_many_gradients_is_that_of_all_numbers() {
    let (x, t) = (vec![[1.0_f32; 50]; 400], vec![[1.0_f32, -1.0]; 400]);
    let mut net = Dropped::seeded(4);
    net.params.affine1.W.flat_mut().fill(0.0);
    let mut sum = 0.0;
    for _ in 0..50 {
        let gradient = net.gradient(&x, &t).unwrap();
        // −Σ k / (1 − p) / N of 400 · 50 numbers.
        let mean: f32 = gradient.affine1.W.iter().map(|row| row[0]).sum();
        sum += f64::from(mean) / 50.0;
    }
    // A million draws, each with the deviation √(p / (1 − p)) = 0.65: 4 deviations of their mean are 0.0026.
    assert!((sum / 50.0 + 1.0).abs() < 0.0026, "{sum}");
}

network! {
    #[derive(Clone)]
    struct Resumed< Affine(4, 8) -> BatchNorm -> Tanh -> Dropout(0.2) -> Affine(8, 3) -> SoftmaxWithLoss >;
}

/// Running statistics and the count of what is left out go on where they were.
#[test]
fn interrupted_trainings_go_on_to_the_same_bits() {
    let rng = &mut Rng::seeded(8);
    let mut set = |n: usize| {
        let x = (0..n)
            .map(|_| std::array::from_fn(|_| f32::of(rng.normal())))
            .collect();
        Dataset::<[f32; 4], usize> {
            x,
            t: (0..n).map(|n| n % 3).collect(),
        }
    };
    let (train, test) = (set(50), set(20));
    let trainer = || {
        Trainer::new(Adam::new(0.01))
            .batch_size(9)
            .steps(13)
            .silent()
    };
    let folder = tempfile::tempdir().unwrap();
    let mut whole = Resumed::seeded(3);
    let mut writing = trainer().checkpoint(folder.path(), 1).keep_checkpoints(100);
    writing.fit(&mut whole, &train, &test).unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(files.len(), 13);
    for file in files {
        let (mut net, mut trainer) = (Resumed::seeded(4), trainer());
        trainer.resume_from(&mut net, &file).unwrap();
        trainer.fit(&mut net, &train, &test).unwrap();
        assert_eq!(net.params, whole.params, "{}", file.display());
        assert_eq!(net.draws(), Draws { seed: 3, step: 13 });
    }
    // 46 = 5·9 + 1: said before the first step.
    let few = Dataset {
        x: train.x[..46].to_vec(),
        t: train.t[..46].to_vec(),
    };
    let error = trainer().fit(&mut whole, &few, &test).unwrap_err();
    assert!(matches!(
        error,
        Error::BatchOfOne {
            layer: "batch_norm1"
        }
    ));
    trainer()
        .drop_last(true)
        .fit(&mut whole, &few, &test)
        .unwrap();
}

network! { #[derive(Clone)] struct Dropped< Input(50) -> Dropout(0.3) -> Affine(50, 2) -> MeanSquaredError >; }

/// Without a loss of information: what is left out of a sample is not in the gradient.
#[test]
fn large_batches_leave_out_the_same_in_chunks_as_alone() {
    let x = vec![[1.0_f32; 50]; 20_000];
    let t = vec![[1.0_f32, -1.0]; 20_000];
    let mut net = Dropped::seeded(4);
    assert_eq!(net.draws(), Draws { seed: 4, step: 0 });
    net.params.affine1.W.flat_mut().fill(0.0);
    // dW[i, 0] = −Σₙ k[n, i] / (1 − p) / N: all of them close to −1, none of them −1.
    let gradient = net.gradient(&x, &t).unwrap();
    for row in gradient.affine1.W.iter() {
        assert!((row[0] + 1.0).abs() < 0.03 && row[0] != -1.0 && row[0] == -row[1]);
    }
    assert_eq!(net.clone().draws(), net.draws());
    assert_eq!(net.predict(&x[..1]).unwrap(), [[0.0; 2]]);
    assert_eq!(net.loss(&x[..1], &t[..1]).unwrap(), 1.0);
    assert_ne!(Dropped::new().draws().seed, Dropped::new().draws().seed);
}
