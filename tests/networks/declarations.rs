//! What a declaration gives: names, constants, initial values.

use nn_core::ArrayViewD;
use nn_core::prelude::*;
use nn_core::{Init, Rng};

const PIXELS: usize = 28 * 28;
const HIDDEN: usize = 50;

/// A size that shares its name with the type parameter of the generated structs.
const T: usize = 3;

network! {
    /// A two-layer perceptron for handwritten digits.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Mnist< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;
}

network! {
    struct Constants< hidden: Affine(PIXELS, HIDDEN) -> Tanh -> Affine(HIDDEN, 2 * 5) -> SoftmaxWithLoss >;
}

network! { struct Features< Input(2, T) -> Relu >; }

network! { struct NamedLikeTheTypeParameter< Affine(T, 2) -> Affine(_, T) >; }

#[test]
fn names_are_those_of_the_design() {
    let mut net = Mnist::seeded(42);
    net.params.affine1.W[3][7] = 0.25;
    assert_eq!(net.params.affine1.W[3][7], 0.25);
    let gradient: &MnistParams = net.gradient(&[[0.5; 784]], &[3_u8]).unwrap();
    let short: ArrayViewD<'_, f32> = gradient.get("W1").unwrap();
    assert_eq!(short, gradient.get("affine1.W").unwrap());
    assert_eq!(short.shape(), [784, 50]);
    assert_eq!(gradient.get("b2").unwrap().shape(), [10]);
    assert_eq!(gradient.get("W3"), None);
    let keys: Vec<&str> = gradient.iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["affine1.W", "affine1.b", "affine2.W", "affine2.b"]);
}

#[test]
fn constants_tell_shapes_and_parameters() {
    assert_eq!(Mnist::INPUT, [784]);
    assert_eq!(Mnist::OUTPUT, [10]);
    // 784·50 + 50 + 50·10 + 10
    assert_eq!(Mnist::PARAMETERS, 39_760);
    assert_eq!(Constants::PARAMETERS, 39_760);
    assert_eq!(Constants::OUTPUT, [10]);
    assert_eq!(Features::INPUT, [2, 3]);
    assert_eq!(Features::PARAMETERS, 0);
    assert_eq!(Mnist::<f64>::PARAMETERS, 39_760);
    // What Relu gives; the scores, then their gradient; the probabilities, then the gradient of what Relu gives: 50 + 10 + 50
    // numbers. Without a loss what the next layer has read is over: 6, and 2 + 3.
    assert_eq!(Mnist::WORKSPACE_BYTES_PER_SAMPLE, 440);
    assert_eq!(Constants::WORKSPACE_BYTES_PER_SAMPLE, 440);
    assert_eq!(Mnist::<f64>::WORKSPACE_BYTES_PER_SAMPLE, 880);
    assert_eq!(Features::WORKSPACE_BYTES_PER_SAMPLE, 24);
    assert_eq!(NamedLikeTheTypeParameter::WORKSPACE_BYTES_PER_SAMPLE, 20);
    let expected = "\
label               layer                   input  output  parameters  multiply-adds
hidden              Affine(PIXELS, HIDDEN)  784    50           39250          39200
tanh1               Tanh                    50     50               0              0
affine2             Affine(HIDDEN, 2 * 5)   50     10             510            500
softmax_with_loss1  SoftmaxWithLoss         10     1                0              0
total                                                           39760          39700";
    let spaces = |text: &str| {
        text.lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    assert_eq!(spaces(Constants::SUMMARY), spaces(expected));
    let widths: Vec<usize> = Constants::SUMMARY.lines().map(str::len).collect();
    assert!(
        widths.iter().all(|width| *width == widths[0]),
        "{}",
        Constants::SUMMARY
    );
}

#[test]
fn a_seed_gives_the_same_parameters_in_both_precisions_and_new_gives_others() {
    let (one, two, double) = (Mnist::seeded(1), Mnist::seeded(1), Mnist::<f64>::seeded(1));
    assert_eq!(one, two);
    assert_ne!(one, Mnist::seeded(2));
    assert_ne!(Mnist::new(), Mnist::new());
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the f32 network is the rounded f64 network"
    )]
    let rounded = double.params.affine2.W[49][9] as f32;
    assert_eq!(one.params.affine2.W[49][9], rounded);
}

/// He before `Relu`, √(2/784) = 0.0505; Xavier elsewhere, √(2/60) = 0.1826; four standard errors, σ/√(2n).
#[test]
fn weights_start_by_he_before_relu_and_by_xavier_elsewhere() {
    let net = Mnist::seeded(3);
    let deviation = |numbers: &[f32]| {
        let squares: f64 = numbers.iter().map(|w| f64::from(*w).powi(2)).sum();
        (squares / numbers.len() as f64).sqrt()
    };
    for (numbers, expected) in [
        (net.params.affine1.W.flat(), 0.0505),
        (net.params.affine2.W.flat(), 0.1826),
    ] {
        let found = deviation(numbers);
        let error = 4.0 / (2.0 * numbers.len() as f64).sqrt();
        assert!(
            (found / expected - 1.0).abs() < error + 1e-3,
            "{found} instead of {expected}"
        );
    }
    assert!(net.params.affine1.b.flat().iter().all(|b| *b == 0.0));
}

/// The first initial weights of seed 1, so that a change of the generator or of its use does not go unseen. The numbers
/// are √(2/784)·√(−2 ln(1 − u₁))·cos(2πu₂) and so on, from xoshiro256++ seeded by SplitMix64, written down in Python.
#[test]
fn initial_weights_stay_the_same_between_versions() {
    let net = Mnist::<f64>::seeded(1);
    for (found, expected) in net.params.affine1.W[0].iter().zip(FIRST_WEIGHTS) {
        assert!(
            (found - expected).abs() < 1e-15,
            "{found} instead of {expected}"
        );
    }
}

const FIRST_WEIGHTS: [f64; 4] = [
    -0.001_678_726_851_895_747,
    -0.092_270_125_403_810_78,
    -0.000_551_501_115_033_779_2,
    -0.023_197_091_019_590_384,
];

const SPREAD: f64 = 0.3;

network! {
    struct Initialised<
        Affine(6, 5, init = he) -> Affine(5, 6, init = he_uniform) -> Affine(6, 7, init = xavier) -> Affine(7, 3, init = xavier_uniform)
            -> Affine(3, 4, init = lecun) -> MatMul(4, 2, init = lecun_uniform) -> MatMul(2, 9, init = orthogonal) -> Relu
            -> Affine(9, 5, init = orthogonal) -> Tanh -> Affine(5, 5, init = orthogonal(0.5)) -> Affine(5, 3, init = normal(SPREAD))
            -> Affine(3, 3, init = uniform(2)) -> Affine(3, 3, init = constant(-0.5)) -> Affine(3, 3, init = zeros)
            -> Affine(3, 3, init = uniform(SPREAD * 2.0)) -> Affine(3, 1) -> SigmoidWithLoss
    >;
}

/// One after the other, from the generator of the seed; whose numbers are right is tested where they are made.
#[test]
fn every_way_to_initialise() {
    let (params, rng) = (Initialised::seeded(4).params, &mut Rng::seeded(4));
    assert_eq!(params.affine1, Affine::init(Init::He, rng));
    assert_eq!(params.affine2, Affine::init(Init::HeUniform, rng));
    assert_eq!(params.affine3, Affine::init(Init::Xavier, rng));
    assert_eq!(params.affine4, Affine::init(Init::XavierUniform, rng));
    assert_eq!(params.affine5, Affine::init(Init::LeCun, rng));
    assert_eq!(params.mat_mul1, MatMul::init(Init::LeCunUniform, rng));
    let before_relu = Init::Orthogonal(std::f64::consts::SQRT_2);
    assert_eq!(params.mat_mul2, MatMul::init(before_relu, rng));
    assert_eq!(params.affine6, Affine::init(Init::Orthogonal(1.0), rng));
    assert_eq!(params.affine7, Affine::init(Init::Orthogonal(0.5), rng));
    assert_eq!(params.affine8, Affine::init(Init::Normal(0.3), rng));
    assert_eq!(params.affine9, Affine::init(Init::Uniform(2.0), rng));
    assert_eq!(params.affine10, Affine::init(Init::Constant(-0.5), rng));
    assert_eq!(params.affine11, Affine::init(Init::Zeros, rng));
    assert_eq!(params.affine12, Affine::init(Init::Uniform(0.6), rng));
    assert_eq!(params.affine13, Affine::init(Init::Xavier, rng));
    assert_eq!(params.affine10.W[2], [-0.5; 3]);
}

#[test]
fn an_expression_is_a_fresh_network() {
    let one = network!(< Affine(2, 3) -> Tanh -> out: Affine(3, 1) -> SigmoidWithLoss >);
    let two = network!(< Affine(2, 3) -> Tanh -> out: Affine(3, HIDDEN) >);
    assert_eq!(one.params.out.W.len(), 3);
    assert_eq!(two.predict(&[[0.0, 1.0]]).unwrap()[0].len(), 50);
    assert!(one.loss(&[[0.0, 1.0]], &[true]).unwrap() > 0.0);
}

#[test]
fn parameters_make_a_network_again() {
    let net = Mnist::seeded(5);
    let copy = Mnist::from(net.params.clone());
    assert_eq!(
        net.predict(&[[0.1; 784]]).unwrap(),
        copy.predict(&[[0.1; 784]]).unwrap()
    );
}

#[test]
fn images_pass_through_layers_of_any_shape() {
    let net = Features::seeded(0);
    let scores = net
        .predict(&[[[1.0, -2.0, 3.0], [-4.0, 5.0, -6.0]]])
        .unwrap();
    assert_eq!(scores, [[[1.0, 0.0, 3.0], [0.0, 5.0, 0.0]]]);
}

#[test]
fn constants_may_be_called_t() {
    assert_eq!(NamedLikeTheTypeParameter::OUTPUT, [3]);
}

#[test]
fn networks_can_be_shared_between_threads() {
    let net = Mnist::seeded(1);
    let expected = net.predict(&[[0.3; 784]]).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(net.predict(&[[0.3; 784]]).unwrap(), expected));
        }
    });
}

/// 100 million weights, and rows of 8 MB; the test's thread has a stack of 2 MiB, in a debug build.
#[test]
fn a_large_network_never_touches_the_stack() {
    network! { struct Wide< Affine(10_000, 10_000, init = zeros) -> Relu -> Affine(_, 10, init = zeros) -> SoftmaxWithLoss >; }
    network! { struct LongRows< Affine(1, 2_000_000) -> Relu -> Affine(_, 1) -> MeanSquaredError >; }
    let net = Wide::seeded(1);
    let batch = vec![[0.0; 10_000]];
    assert_eq!(net.predict(&batch).unwrap(), [[0.0; 10]]);
    let mut net = LongRows::seeded(1);
    assert!(net.gradient(&[[1.0]], &[2.0]).is_ok());
    assert_eq!(net.params.affine1.W[0].len(), 2_000_000);
}
