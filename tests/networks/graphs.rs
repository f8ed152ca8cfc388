//! Networks that are more than a chain: what their nodes compute, by hand, and a residual network beside the same function
//! written out.

use nn_core::prelude::*;
use nn_core::{LayerSummary, Rng};

const HALF: f64 = 0.5;

network! { struct Sums< x: Input(2) -> [ Scale(10) | Identity | Shift(0.5) ] -> Add -> Add(x) >; }
network! { struct Products< x: Input(2) -> [ Scale(10) | Identity | Shift(1.0) ] -> Mul -> Mul(x, x) >; }
network! { struct Joined< x: Input(2) -> [ Scale(10) | [ Identity | Identity ] -> Add | Scale(-HALF) ] -> Concat -> Concat(x) >; }
network! { struct JoinedRows< x: Input(2, 2) -> [ Scale(10) | Identity ] -> Concat >; }
network! { struct Matrices< a: Input(2, 2) -> [ Identity | Scale(2) ] -> MatMul -> MatMul(a) >; }
network! { struct Outer< Input(2) -> [ Repeat(3) | Repeat(2) ] -> MatMul -> Sum >; }
network! { struct SameAgain< Input(3) -> Identity >; }
network! { struct Copied< Input(2) -> [ Identity | Identity ] -> Add -> Repeat(2) -> Repeat(3) -> Sum -> Sum >; }
network! { struct Turns< Input(1) -> ( x: Scale(2) -> Shift(1) -> Add(x) ) * 3 -> Add(x1) >; }
network! {
    #[derive(Clone)]
    struct Residual<
        Affine(3, 4) -> stem: Relu
            -> stage: ( [ block: Affine(4, 4) -> Relu -> Affine(4, 4) | Identity ] -> Add -> Relu ) * 2
            -> head: [ Affine(4, 2) | Affine(4, 1) ] -> Concat
    >;
}

fn predicted<N: Network<Element = f32>>(net: &N, sample: N::Input) -> N::Output {
    let one = net.predict_one(&sample);
    // A batch, and the same sample twice: nothing of one is left in the other.
    let batch = net.predict(&[sample, sample]).unwrap();
    assert_eq!(batch, [one, one]);
    one
}

#[test]
fn values_by_hand() {
    // 10x + x + (x + 0.5) + x
    assert_eq!(predicted(&Sums::new(), [1.0, -2.0]), [13.5, -25.5]);
    // 10x·x·(x + 1)·x·x: 10·1·2·1, 10·4·(−1)·4
    assert_eq!(predicted(&Products::new(), [1.0, -2.0]), [20.0, -160.0]);
    assert_eq!(
        predicted(&Joined::new(), [1.0, -2.0]),
        [10.0, -20.0, 2.0, -4.0, -0.5, 1.0, 1.0, -2.0]
    );
    assert_eq!(
        predicted(&JoinedRows::new(), [[1.0, 2.0], [3.0, 4.0]]),
        [[10.0, 20.0], [30.0, 40.0], [1.0, 2.0], [3.0, 4.0]]
    );
    // a·2a·a, where a² is [[7, 10], [15, 22]] and a³ is [[37, 54], [81, 118]].
    assert_eq!(
        predicted(&Matrices::new(), [[1.0, 2.0], [3.0, 4.0]]),
        [[74.0, 108.0], [162.0, 236.0]]
    );
    // Three rows (1, 10) times two rows (1, 10) are three rows (11, 110).
    assert_eq!(predicted(&Outer::new(), [1.0, 10.0]), [33.0, 330.0]);
    assert_eq!(
        predicted(&SameAgain::new(), [1.0, 2.0, 3.0]),
        [1.0, 2.0, 3.0]
    );
    // 2x, then 2·3 times itself.
    assert_eq!(predicted(&Copied::new(), [1.0, -2.0]), [12.0, -24.0]);
    // A turn makes (2x + 1) + 2x of x: 1, 5, 21, 85; and x1 is 2·1.
    assert_eq!(predicted(&Turns::new(), [1.0]), [87.0]);
}

/// x·W + b
fn affine<const I: usize, const O: usize>(x: [f64; I], w: &[[f64; O]; I], b: [f64; O]) -> [f64; O] {
    std::array::from_fn(|j| b[j] + (0..I).map(|i| x[i] * w[i][j]).sum::<f64>())
}

fn relu<const O: usize>(x: [f64; O]) -> [f64; O] {
    x.map(|x| x.max(0.0))
}

#[test]
fn a_residual_network_is_the_function_written_out() {
    let rng = &mut Rng::seeded(5);
    let mut net = Residual::<f64>::seeded(3);
    for index in 0..net.params.count() {
        net.params
            .numbers_mut(index)
            .unwrap()
            .fill_with(|| 0.5 * rng.normal());
    }
    let p = &net.params;
    for _ in 0..50 {
        let x: [f64; 3] = std::array::from_fn(|_| rng.normal());
        let stem = relu(affine(x, &p.affine1.W, *p.affine1.b));
        let inner = affine(
            relu(affine(stem, &p.block1.W, *p.block1.b)),
            &p.affine3.W,
            *p.affine3.b,
        );
        let first: [f64; 4] = relu(std::array::from_fn(|j| inner[j] + stem[j]));
        let inner = affine(
            relu(affine(first, &p.block2.W, *p.block2.b)),
            &p.affine5.W,
            *p.affine5.b,
        );
        let second: [f64; 4] = relu(std::array::from_fn(|j| inner[j] + first[j]));
        let (two, one) = (
            affine(second, &p.affine6.W, *p.affine6.b),
            affine(second, &p.affine7.W, *p.affine7.b),
        );
        let expected = [two[0], two[1], one[0]];
        let found = net.predict_one(&x);
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
        }
    }
}

#[test]
fn labels_of_turns_and_of_brackets() {
    let labels: Vec<&str> = Residual::<f32>::LAYERS
        .iter()
        .map(|layer: &LayerSummary| layer.label)
        .collect();
    let expected = [
        "affine1",
        "stem",
        "block1",
        "relu2",
        "affine3",
        "identity1",
        "add1",
        "relu3",
        "block2",
        "relu4",
        "affine5",
        "identity2",
        "add2",
        "relu5",
        "affine6",
        "affine7",
        "head",
    ];
    assert_eq!(labels, expected);
    let net = Residual::seeded(1);
    let keys: Vec<&str> = net.params.iter().map(|(key, _)| key).collect();
    assert_eq!(
        keys[2..6],
        ["block1.W", "block1.b", "affine3.W", "affine3.b"]
    );
    // Every turn has parameters of its own.
    assert_ne!(net.params.block1.W, net.params.block2.W);
    // 3·4 + 4, then 4·(4·4 + 4), then 4·2 + 2 and 4 + 1.
    assert_eq!(Residual::PARAMETERS, 16 + 80 + 15);
    assert_eq!(Residual::OUTPUT, [3]);
    assert!(Residual::SUMMARY.contains("add2"));
}

/// Values of 4 numbers each: what the residual blocks read is needed until it has been added.
#[test]
fn memory_by_hand() {
    // Predicting: the stem, what a block computes, its sum over the latter; the joined scores fit where one of three slots was.
    assert_eq!(Residual::WORKSPACE_BYTES_PER_SAMPLE, 4 * (4 + 4 + 4));
    // All three copies lie in one slot: 10x and x + 0.5 are new, x is the batch.
    assert_eq!(Sums::WORKSPACE_BYTES_PER_SAMPLE, 4 * (2 + 2));
    assert_eq!(SameAgain::WORKSPACE_BYTES_PER_SAMPLE, 4 * 3);
}
