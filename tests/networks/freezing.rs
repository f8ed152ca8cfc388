//! Frozen layers: there for everybody but optimizers.

use nn_core::prelude::*;
use nn_core::{Element, Result, Rng};
use nn_tests::layers::Slope;

network! {
    #[derive(Clone, Debug, PartialEq)]
    struct Tuned<
        #[freeze] features: ( base: Affine(6, 5) -> Relu -> Affine(5, 4) -> Tanh ) -> head: Affine(4, 3) -> SoftmaxWithLoss
    >;
}
network! {
    #[derive(Clone)]
    struct Whole< base: Affine(6, 5) -> Relu -> Affine(5, 4) -> Tanh -> head: Affine(4, 3) -> SoftmaxWithLoss >;
}
network! {
    #[derive(Clone)]
    struct Between<
        low: Affine(6, 5) -> Relu -> #[freeze] middle: Affine(5, 4) -> Relu -> head: Affine(4, 3) -> SoftmaxWithLoss
    >;
}
network! {
    #[derive(Clone)]
    struct BetweenTrained< low: Affine(6, 5) -> Relu -> middle: Affine(5, 4) -> Relu -> head: Affine(4, 3) -> SoftmaxWithLoss >;
}
network! {
    struct Shared<
        #[freeze] encoder: Affine(6, 4) -> Sigmoid -> decoder: Affine(4, 6, W = encoder.W.T) -> MeanSquaredError
    >;
}

const N: usize = 23;

fn samples<T: Element>() -> Vec<[T; 6]> {
    let rng = &mut Rng::seeded(3);
    let mut number = || T::of(rng.normal());
    (0..N).map(|_| std::array::from_fn(|_| number())).collect()
}

fn classes() -> Vec<usize> {
    (0..N).map(|n| n * n % 3).collect()
}

/// Moves all that it finds, whatever the gradient.
struct Decay;

impl<T: Element> Optimizer<T> for Decay {
    fn step(&mut self, params: &mut dyn Parameters<T>, _: &dyn Parameters<T>) -> Result<()> {
        for index in 0..params.count() {
            for number in params.numbers_mut(index).into_iter().flatten() {
                *number *= T::of(0.5);
            }
        }
        Ok(())
    }

    fn lr(&self) -> f64 {
        0.0
    }

    fn set_lr(&mut self, _: f64) {}
}

#[test]
fn no_optimizer_moves_what_is_frozen() {
    let (x, t) = (samples(), classes());
    let optimizers: [Box<dyn Optimizer<f32>>; 6] = [
        Box::new(Sgd::new(0.1)),
        Box::new(Momentum::new(0.1, 0.9)),
        Box::new(AdaGrad::new(0.01)),
        Box::new(RmsProp::new(0.01, 0.99)),
        Box::new(Adam::new(0.01)),
        Box::new(Decay),
    ];
    for mut optimizer in optimizers {
        let mut net = Tuned::seeded(1);
        // Something to move, biases too.
        net.params.base.b[2] = 0.25;
        let start = net.params.clone();
        for _ in 0..3 {
            net.step(&mut optimizer, &x, &t).unwrap();
        }
        assert_eq!(net.params.base, start.base);
        assert_eq!(net.params.affine2, start.affine2);
        assert_ne!(net.params.head.W, start.head.W);
    }
}

/// What is trained moves as if nothing were frozen and all the rest were put back after each step.
#[test]
fn the_rest_is_trained_as_before() {
    let (x, t) = (samples::<f64>(), classes());
    let mut tuned = Tuned::<f64>::seeded(2);
    let mut whole = Whole::<f64>::seeded(2);
    let mut between = Between::<f64>::seeded(4);
    let mut trained = BetweenTrained::<f64>::seeded(4);
    let (base, affine2) = (whole.params.base.clone(), whole.params.affine2.clone());
    let middle = trained.params.middle.clone();
    assert_eq!(tuned.params.base, base);
    let mut optimizers = [(); 4].map(|()| Adam::new(0.01));
    let mut sgd = Sgd::new(0.3);
    for _ in 0..20 {
        let [a, b, c, d] = &mut optimizers;
        for (one, two) in [
            (a as &mut dyn Optimizer<f64>, b as &mut dyn Optimizer<f64>),
            (&mut sgd.clone(), &mut sgd),
        ] {
            let loss = tuned.step(one, &x, &t).unwrap();
            assert_eq!(whole.step(two, &x, &t).unwrap(), loss);
            whole.params.base.clone_from(&base);
            whole.params.affine2.clone_from(&affine2);
        }
        for (one, two) in [
            (c as &mut dyn Optimizer<f64>, d as &mut dyn Optimizer<f64>),
            (&mut sgd.clone(), &mut sgd),
        ] {
            let loss = between.step(one, &x, &t).unwrap();
            assert_eq!(trained.step(two, &x, &t).unwrap(), loss);
            trained.params.middle.clone_from(&middle);
        }
    }
    assert_eq!(tuned.params.head, whole.params.head);
    assert_eq!(between.params.low, trained.params.low);
    assert_eq!(between.params.head, trained.params.head);
}

#[test]
fn what_is_frozen_is_listed_and_found_and_can_be_written() {
    let mut net = Tuned::<f64>::seeded(1);
    let keys: Vec<&str> = net.params.iter().map(|(key, _)| key).collect();
    let expected = [
        "base.W",
        "base.b",
        "affine2.W",
        "affine2.b",
        "head.W",
        "head.b",
    ];
    assert_eq!(keys, expected);
    let trained: Vec<&str> = net.params.tensors().map(|tensor| tensor.key()).collect();
    assert_eq!(trained, ["head.W", "head.b"]);
    assert_eq!(net.params.count(), 2);
    assert_eq!(Tuned::PARAMETERS, 35 + 24 + 15);

    assert_eq!(net.params.get("W1").unwrap().shape(), [6, 5]);
    net.params.get_mut("base.W").unwrap()[[5, 4]] = 7.0;
    assert_eq!(net.params.base.W[5][4], 7.0);
    net.params.get_mut("b2").unwrap()[3] = -7.0;
    assert_eq!(net.params.affine2.b[3], -7.0);
    // Parameters that were trained elsewhere.
    let trained = Whole::<f64>::seeded(9);
    net.params.base.clone_from(&trained.params.base);
    assert_eq!(net.params.get("base.W"), trained.params.get("base.W"));
}

#[test]
fn its_gradient_is_never_computed() {
    let (x, t) = (samples::<f64>(), classes());
    let mut net = Tuned::<f64>::seeded(1);
    let gradient = net.gradient(&x, &t).unwrap();
    assert_eq!(gradient.base, Affine::zeros());
    assert_eq!(gradient.affine2, Affine::zeros());
    assert_ne!(gradient.head, Affine::zeros());
    // Nothing below the head is kept for a backward pass.
    const { assert!(Tuned::WORKSPACE_BYTES_PER_SAMPLE < Whole::WORKSPACE_BYTES_PER_SAMPLE) };

    let x = samples::<f64>();
    let mut net = Shared::<f64>::seeded(1);
    let gradient = net.gradient(&x, &x).unwrap();
    assert_eq!(gradient.encoder, Affine::zeros());
    assert_ne!(gradient.decoder, nn_core::Bias::zeros());
    // The matrix is frozen wherever it is used.
    assert_eq!(net.params.count(), 1);
    assert_eq!(net.params.get("decoder.W").unwrap().shape(), [4, 6]);
}

#[test]
fn clipping_does_not_count_it() {
    let (x, t) = (samples::<f64>(), classes());
    let mut net = Between::<f64>::seeded(1);
    let mut gradient = net.gradient(&x, &t).unwrap().clone();
    // As if somebody had written there.
    gradient.get_mut("middle.W").unwrap().fill(1e9);
    let trained = [
        gradient.low.W.flat(),
        &*gradient.low.b,
        gradient.head.W.flat(),
        &*gradient.head.b,
    ]
    .concat();
    let norm = trained
        .iter()
        .map(|number| number * number)
        .sum::<f64>()
        .sqrt();
    let found = nn_core::clip_grads(&mut gradient, 1e-3).unwrap();
    assert!((found - norm).abs() < 1e-12, "{found}, not {norm}");
    assert_eq!(gradient.middle.W[0][0], 1e9);
}

#[test]
fn the_table_says_so() {
    let lines: Vec<Vec<&str>> = Tuned::SUMMARY
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        lines[1],
        ["base", "Affine(6,", "5)", "6", "5", "35", "30", "frozen"]
    );
    assert_eq!(lines[2].last(), Some(&"0"));
    assert_eq!(lines[3].last(), Some(&"frozen"));
    assert_eq!(lines[5], ["head", "Affine(4,", "3)", "4", "3", "15", "12"]);
    assert_eq!(lines[7], ["total", "74", "62"]);
    let frozen: Vec<bool> = <Tuned as Network>::LAYERS
        .iter()
        .map(|layer| layer.frozen)
        .collect();
    assert_eq!(frozen, [true, false, true, false, false, false]);
    // So does the picture.
    let graph = Tuned::graph();
    let drawn: Vec<&str> = graph
        .nodes
        .iter()
        .filter(|node| node.frozen)
        .map(|node| node.label.as_str())
        .collect();
    assert_eq!(drawn, ["base", "affine2"]);
    assert!(graph.to_dot().contains("frozen"));
}

network! { struct Part< Affine(6, 5) -> Relu -> Affine(5, 4) -> Tanh >; }
network! { struct OfPart< #[freeze] part: Part -> slope: Slope(4) -> #[freeze] fixed: Slope(4, alpha = 0.5) -> Affine(4, 3) -> SoftmaxWithLoss >; }

#[test]
fn layers_of_the_users_and_networks_can_be_frozen() {
    let mut net = OfPart::seeded(5);
    let keys: Vec<&str> = net.params.iter().map(|(key, _)| key).collect();
    assert_eq!(keys[0], "part.affine1.W");
    assert_eq!(keys.len(), 8);
    let before = net.params.clone();
    for _ in 0..3 {
        net.step(&mut Adam::new(0.1), samples(), classes()).unwrap();
    }
    let params = &net.params;
    assert_eq!(params.part, before.part);
    assert_eq!(params.fixed, before.fixed);
    assert_ne!(params.slope, before.slope);
    assert_ne!(params.affine1.W, before.affine1.W);
    // The slope, W and b.
    assert_eq!(params.count(), 3);
    assert_eq!(params.tensor(0).unwrap().key(), "slope.alpha");
    assert!(params.get("part.affine2.b").is_some());
}
