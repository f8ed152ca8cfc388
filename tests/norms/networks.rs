//! Networks with layers that normalise: gradients against differences of the loss, and the same bits on any number of threads.

use nn_core::prelude::*;
use nn_core::{Rng, with_threads};
use nn_tests::{numeric_gradient, relative_error};

network! {
    #[derive(Clone)]
    struct Normed<
        Input(6) -> LayerNorm -> Affine(_, 12) -> Tanh -> #[freeze] RmsNorm(eps = 0.1) -> Reshape(4, 3)
            -> [ LayerNorm(axis = 1, affine = false) | GroupNorm(2, eps = 0.01) -> Tanh | LayerNorm(axis = 0) ] -> Add
            -> #[freeze] GroupNorm(4) -> Flatten -> RmsNorm -> Affine(_, 3) -> MeanSquaredError
    >;
}

fn rows<const D: usize>(rng: &mut Rng, n: usize) -> Vec<[f64; D]> {
    (0..n)
        .map(|_| std::array::from_fn(|_| rng.normal()))
        .collect()
}

fn moved() -> Normed<f64> {
    let mut net = Normed::<f64>::seeded(3);
    let rng = &mut Rng::seeded(4);
    let keys: Vec<&str> = net.params.iter().map(|(key, _)| key).collect();
    for key in keys {
        net.params
            .get_mut(key)
            .unwrap()
            .mapv_inplace(|p| p + 0.3 * rng.normal());
    }
    net
}

#[test]
fn gradients_are_those_of_differences() {
    let (mut net, rng) = (moved(), &mut Rng::seeded(5));
    let (x, t) = (rows::<6>(rng, 7), rows::<3>(rng, 7));
    let gradient = net.gradient(&x, &t).unwrap().clone();
    assert_eq!(gradient.count(), 11);
    for index in 0..gradient.count() {
        let tensor = gradient.tensor(index).unwrap();
        let before = net.params.tensor(index).unwrap().numbers().to_vec();
        let numeric = numeric_gradient(&before, 1e-5, |numbers| {
            net.params
                .numbers_mut(index)
                .unwrap()
                .copy_from_slice(numbers);
            net.loss(&x, &t).unwrap()
        });
        net.params
            .numbers_mut(index)
            .unwrap()
            .copy_from_slice(&before);
        let error = relative_error(tensor.numbers(), &numeric);
        assert!(error < 1e-6, "{}: {error:e}", tensor.key());
    }
    // Frozen ones have none, and there is nothing under the name of a layer without parameters.
    assert!(
        gradient
            .get("rms_norm1.gamma")
            .unwrap()
            .iter()
            .all(|&g| g == 0.0)
    );
    assert!(
        gradient
            .get("group_norm2.beta")
            .unwrap()
            .iter()
            .all(|&g| g == 0.0)
    );
    assert!(gradient.get("layer_norm2.gamma").is_none());
    assert_eq!(
        Normed::PARAMETERS,
        2 * 6 + 7 * 12 + 12 + 2 * 4 + 2 * 12 + 2 * 4 + 12 + 13 * 3
    );
}

#[test]
fn bits_are_the_same_on_any_number_of_threads() {
    let rng = &mut Rng::seeded(6);
    let (x, t) = (rows::<6>(rng, 5_000), rows::<3>(rng, 5_000));
    let step = |threads| {
        let mut net = moved();
        let loss = with_threads(threads, || net.step(&mut Adam::new(0.01), &x, &t).unwrap());
        (loss, net.params)
    };
    assert_eq!(step(1), step(2));
    assert_eq!(step(1), step(5));
}

/// Files hold parameters under their keys, those of frozen layers too.
#[test]
fn parameters_are_saved_and_loaded() {
    let (folder, net) = (tempfile::tempdir().unwrap(), moved());
    for name in ["net.safetensors", "net.npz"] {
        let path = folder.path().join(name);
        net.save(&path).unwrap();
        let loaded = <Normed<f64> as Network>::load(&path).unwrap();
        assert_eq!(loaded.params, net.params);
    }
}
