//! What the notebook printed, inputs and outputs, as it stands there: In [17] to In [21], eight digits.

use nn_core::{Affine, Layer, Loss, MatMul, Relu, Sample, Sigmoid, Softmax, SoftmaxWithLoss};

use crate::fixture::{assert_close, nan};

/// An input is off by 5e-9 at most; a number of the output is a sum of a few products of two of them.
const TOLERANCE: f64 = 5e-8;

fn numbers(printed: &str) -> Vec<f64> {
    printed
        .split(['[', ']', ' ', '\n'])
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().unwrap())
        .collect()
}

fn batch<X: Sample<Element = f64>>(printed: &str) -> Vec<X> {
    let numbers = numbers(printed);
    assert_eq!(numbers.len() % X::LEN, 0);
    X::from_flat(&numbers).to_vec()
}

fn assert_printed(what: &str, found: &[f64], printed: &str) {
    assert_close(what, found, &numbers(printed), |_| TOLERANCE);
}

/// y, dx, and what the layer wrote into its gradient.
fn run<X: Sample, L: Layer<X>>(
    layer: &L,
    gradient: &mut L,
    x: &[X],
    dy: &[L::Output],
) -> (Vec<L::Output>, Vec<X>) {
    let (mut y, mut dx) = (nan::<L::Output>(x.len()), nan::<X>(x.len()));
    layer.forward(x, &mut y);
    layer.backward(x, &y, dy, Some(&mut dx), gradient);
    (y, dx)
}

#[test]
fn in_17_matmul() {
    let x = batch::<[f64; 3]>(
        "[[-0.93687019  0.57828754 -0.76800081]
          [-0.00399834  0.1000363  -1.1926997 ]]",
    );
    let matmul = MatMul::<3, 4, f64> {
        W: batch::<[[f64; 4]; 3]>(
            "[[-0.93569731  0.72740693  2.95627284 -0.19767411]
              [ 0.78800105  0.3317538   0.27264821 -0.77995306]
              [-1.71889265  0.94648079 -0.74407137  0.08367462]]",
        )[0]
        .into(),
    };
    let dy = batch::<[f64; 4]>(
        "[[-0.21584035  0.67554835 -0.10841518 -2.37497773]
          [ 0.36791339  0.42988391  0.54364351 -0.63800321]]",
    );
    let mut gradient = MatMul::zeros();
    let (y, dx) = run(&matmul, &mut gradient, &x, &dy);
    assert_printed(
        "y",
        y.as_flattened(),
        "[[ 2.65242905 -1.2165348  -2.04052743 -0.33010432]
          [ 2.1326927  -1.09858836  0.90290823 -0.17703194]]",
    );
    assert_printed(
        "dx",
        dx.as_flattened(),
        "[[ 0.84232656  1.87684524  0.8923432 ]
          [ 1.70172023  1.07836775 -0.68342101]]",
    );
    assert_printed(
        "dW",
        gradient.W.flat(),
        "[[ 0.20074334 -0.63461993  0.09939727  2.2275968 ]
          [-0.08801309  0.43366518 -0.00831106 -1.4372435 ]
          [-0.27304463 -1.03154408 -0.56514051  2.58493105]]",
    );
}

#[test]
fn in_18_sigmoid() {
    let x = batch::<[f64; 3]>(
        "[[ 1.43282435 -0.87674304 -0.63521218]
          [-0.97507988 -1.85462779  0.61775703]]",
    );
    let dy = batch::<[f64; 3]>(
        "[[ 1.29730034 -0.64475725  0.06031784]
          [-0.47752643 -0.1826718   1.30658829]]",
    );
    let (y, dx) = run(&Sigmoid, &mut Sigmoid, &x, &dy);
    assert_printed(
        "y",
        y.as_flattened(),
        "[[0.807341   0.29385315 0.34632963]
          [0.27386913 0.13533046 0.64970825]]",
    );
    assert_printed(
        "dx",
        dx.as_flattened(),
        "[[ 0.20178405 -0.13378937  0.01365508]
          [-0.09496321 -0.02137555  0.29736308]]",
    );
}

/// The notebook printed dy after its backward pass had overwritten it: whatever stood where x ≤ 0, dx is 0 there.
#[test]
fn in_19_relu() {
    let x = batch::<[f64; 3]>(
        "[[ 1.00959427 -0.15736295  0.26379541]
          [-0.03848728 -1.39110164 -0.4967722 ]]",
    );
    let printed = "[[ 0.31260195  0.         -0.36205015]
                    [ 0.          0.          0.        ]]";
    let upstream = [[0.312_601_95, 7.0, -0.362_050_15], [7.0, -7.0, 7.0]];
    for dy in [batch::<[f64; 3]>(printed), upstream.to_vec()] {
        let (y, dx) = run(&Relu, &mut Relu, &x, &dy);
        assert_printed(
            "y",
            y.as_flattened(),
            "[[1.00959427 0.         0.26379541]
              [0.         0.         0.        ]]",
        );
        assert_printed("dx", dx.as_flattened(), printed);
    }
}

#[test]
fn in_20_affine() {
    let x = batch::<[f64; 3]>(
        "[[-1.02898513  1.13416245  0.85302068]
          [ 0.24062443  0.96097782 -0.85473967]]",
    );
    let affine = Affine::<3, 4, f64> {
        W: batch::<[[f64; 4]; 3]>(
            "[[ 0.08850005  0.3438311   0.64733261 -0.11949433]
              [-0.70266012  0.48296786  0.57096931  0.48416589]
              [-2.09054459 -1.11171277 -0.28543242  0.17613605]]",
        )[0]
        .into(),
        b: batch::<[f64; 4]>("[ 2.1261547   2.39785713 -1.43789332  0.54487446]")[0].into(),
    };
    let dy = batch::<[f64; 4]>(
        "[[-0.40635683  0.94765271 -0.52173287 -0.29886113]
          [-2.03194024 -0.23013739  0.04897851 -1.28197821]]",
    );
    let mut gradient = Affine::zeros();
    let (y, dx) = run(&affine, &mut gradient, &x, &dy);
    assert_printed(
        "y",
        y.as_flattened(),
        "[[-0.54511903  1.64351007 -1.69989675  1.36720282]
          [ 3.25908058  3.89493769 -0.48947002  0.83084341]]",
    );
    assert_printed(
        "dx",
        dx.as_flattened(),
        "[[-0.01215261  0.30062472 -0.10773129]
          [-0.07406069  0.72388952  4.26392572]]",
    );
    assert_printed(
        "dW",
        gradient.W.flat(),
        "[[-7.07993375e-02 -1.03049723e+00  5.48640789e-01 -9.51621894e-04]
          [-2.41352416e+00  8.53635197e-01 -5.44662573e-01 -1.57090970e+00]
          [ 1.39014915e+00  1.00507491e+00 -4.86912796e-01  8.40822907e-01]]",
    );
    assert_printed(
        "db",
        gradient.b.flat(),
        "[-2.43829707  0.71751532 -0.47275436 -1.58083934]",
    );
}

/// The notebook printed x after its softmax had shifted it; a shift changes nothing.
#[test]
fn in_21_softmax_with_loss() {
    let x = batch::<[f64; 3]>(
        "[[-0.01879012 -0.54829851  0.        ]
          [-0.84352563  0.         -0.07835929]]",
    );
    let probabilities = "[[0.38345585 0.225815   0.39072915]
                          [0.18268511 0.42466031 0.39265458]]";
    let mut probs = nan::<[f64; 3]>(2);
    Softmax.forward(&x, &mut probs);
    assert_printed("y", probs.as_flattened(), probabilities);

    let (labels, one_hot) = ([0_usize, 1], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]);
    let (mut saved, mut dx) = (nan::<[f64; 3]>(2), nan::<[f64; 3]>(2));
    let losses = [
        SoftmaxWithLoss.forward(&x, &labels, &mut saved),
        SoftmaxWithLoss.forward(&x, &one_hot, &mut saved),
    ];
    assert_printed(
        "what backward is given",
        saved.as_flattened(),
        probabilities,
    );
    // The notebook's loss has 1e-7 added to each probability: ours is larger by ½·(1e-7/0.38345585 + 1e-7/0.42466031).
    assert_close(
        "the loss",
        &losses,
        &[0.907_497_997 + 2.481_3e-7; 2],
        |_| 1e-8,
    );

    let gradient = "[[-0.30827208  0.1129075   0.19536457]
                     [ 0.09134255 -0.28766984  0.19632729]]";
    SoftmaxWithLoss.backward(&saved, &labels, 1.0, &mut dx);
    assert_printed("dx", dx.as_flattened(), gradient);
    SoftmaxWithLoss.backward(&saved, &one_hot, 1.0, &mut dx);
    assert_printed("dx", dx.as_flattened(), gradient);
}
