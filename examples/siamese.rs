//! Do two handwritten digits show the same number? Both images go through the same layers, and the last one looks at how far apart
//! they come out.
//!
//! `cargo run --release --example siamese`, or `… -- 2` for two epochs instead of six.

use nn_core::mnist::Digits;
use nn_core::prelude::*;
use nn_core::{Result, Rng};

network! {
    /// The right branch has the weights of the left one; `Add` is a difference, and `Mul` its square.
    struct Siamese<
        [
            left: Input(784) -> first: Affine(_, 128) -> Relu -> second: Affine(_, 32)
            | right: Input(784) -> Affine(_, 128, W = first.W, b = first.b) -> Relu -> Affine(_, 32, W = second.W, b = second.b) -> Scale(-1.0)
        ] -> difference: Add -> Mul(difference) -> Affine(_, 1) -> SigmoidWithLoss
    >;
}

type Pairs = Dataset<([f32; 784], [f32; 784]), bool>;

/// Pairs of digits, every other one of the same class.
fn pairs(digits: &Digits, count: usize, seed: u64) -> Result<Pairs> {
    let rng = &mut Rng::seeded(seed);
    let mut of_class = vec![Vec::new(); 10];
    for (index, &class) in digits.t.iter().enumerate() {
        of_class[usize::from(class)].push(index);
    }
    let (mut places, mut same) = ([Vec::new(), Vec::new()], Vec::new());
    for n in 0..count {
        let left = rng.below(digits.len());
        let class = usize::from(digits.t[left]);
        let is_same = n % 2 == 0;
        // One of the other nine.
        let other = (class + 1 + rng.below(9)) % 10;
        let others = &of_class[if is_same { class } else { other }];
        places[0].push(left);
        places[1].push(others[rng.below(others.len())]);
        same.push(is_same);
    }
    let [left, right] = places;
    Dataset::new((&digits.subset(&left)?.x, &digits.subset(&right)?.x), same)
}

fn main() -> Result<()> {
    let epochs = std::env::args()
        .nth(1)
        .and_then(|epochs| epochs.parse().ok());
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/data/mnist");
    let (train, test) = mnist::load(data)?;
    let (train, test) = (pairs(&train, 20_000, 1)?, pairs(&test, 5_000, 2)?);

    let mut net = Siamese::seeded(1);
    let mut trainer = Trainer::new(Adam::new(0.001))
        .batch_size(100)
        .epochs(epochs.unwrap_or(6))
        .eval_interval(None);
    trainer.fit(&mut net, &train, &test)?;

    for ((left, right), same) in test.x.iter().zip(&test.t).take(4) {
        let [score] = net.predict_one(&(*left, *right));
        let says = if score > 0.0 {
            "the same"
        } else {
            "two numbers"
        };
        println!(
            "says {says}, and it is {}",
            if *same { "the same" } else { "two numbers" }
        );
    }
    println!("test accuracy {:.4}", net.accuracy(&test.x, &test.t)?);
    Ok(())
}
