//! The jobs. Each returns the line that it is reported by.

use std::fmt;
use std::hint::black_box;

use nn_core::prelude::*;
use nn_core::{Loss, Result, Sample};

use crate::data::{DIGITS, MATRICES, digits, matrices};
use crate::networks::{Images, Small, Tiny, Wide, forward_flops, step_flops};
use crate::timing::{Times, time};

/// What initial weights are drawn from.
pub const SEED: u64 = 1;

/// Over how many samples, the first ones, the final loss of jobs A, B and F is taken.
pub const EVALUATED: usize = 10_000;

/// How many steps of job A the network of job C is trained for: enough for weights and activations as they are in use.
pub const TRAINED: usize = 1_000;

const BATCH_A: usize = 100;
const BATCH_B: usize = 128;
const BATCH_C: usize = 1_000;
const BATCH_F: usize = 64;

/// What a job took, as `JOB a us_per_step=… gflops=… final_loss=…`.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    job: &'static str,
    times: Times,
    /// Of one step.
    flops: f64,
    final_loss: f64,
}

impl Line {
    /// The time of so many steps on all `threads` cores together, in seconds.
    #[must_use]
    pub fn core_seconds(&self, steps: usize, threads: usize) -> f64 {
        self.times.median * 1e-6 * (steps * threads) as f64
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Times { median, best } = self.times;
        write!(
            f,
            "JOB {} us_per_step={median:.3} gflops={:.2} final_loss={:.5} best_us={best:.3}",
            self.job,
            self.flops / median / 1e3,
            self.final_loss,
        )
    }
}

/// Job A: [`Small`], batches of 100, SGD.
///
/// # Errors
/// None that this data can cause.
pub fn a(steps: usize) -> Result<Line> {
    train("a", &mut Small::seeded(SEED), Sgd::new(0.1), BATCH_A, steps)
}

/// Job B: [`Wide`], batches of 128, Adam, with the ε of the other frameworks.
///
/// # Errors
/// None that this data can cause.
pub fn b(steps: usize) -> Result<Line> {
    train("b", &mut Wide::seeded(SEED), adam(), BATCH_B, steps)
}

/// Job C, two lines: [`trained`] scores one sample `calls` times, and 1,000 samples a thousandth as often, but at least 100
/// times. The losses are those of these scores over the first 1,000 samples.
///
/// # Errors
/// None that this data can cause.
pub fn c(calls: usize) -> Result<[Line; 2]> {
    let net = trained()?;
    let data = digits(BATCH_C);

    let mut scores: Vec<[f32; 10]> = data.x.iter().map(|x| net.predict_one(x)).collect();
    let one = Line {
        job: "c1",
        times: time(calls, |call| {
            black_box(net.predict_one(black_box(&data.x[call % BATCH_C])));
            Ok(())
        })?,
        flops: forward_flops::<Small>(1),
        final_loss: mean_loss(&scores, &data.t),
    };

    net.predict_into(&data.x, &mut scores)?;
    let final_loss = mean_loss(&scores, &data.t);
    let many = Line {
        job: "c1000",
        times: time((calls / 1_000).max(100), |_| {
            net.predict_into(black_box(&data.x), &mut scores)?;
            black_box(&scores);
            Ok(())
        })?,
        flops: forward_flops::<Small>(BATCH_C),
        final_loss,
    };
    Ok([one, many])
}

/// Job D: [`Tiny`], Adam, all samples in each step.
///
/// # Errors
/// None that this data can cause.
pub fn d(epochs: usize) -> Result<Line> {
    let data = matrices();
    let mut net = Tiny::seeded(SEED);
    let mut optimizer = adam();
    Ok(Line {
        job: "d",
        times: time(epochs, |_| {
            net.step(&mut optimizer, &data.x, &data.t).map(drop)
        })?,
        flops: step_flops::<Tiny>(MATRICES),
        final_loss: net.loss(&data.x, &data.t)?.into(),
    })
}

/// Job F: [`Images`], batches of 64, SGD.
///
/// # Errors
/// None that this data can cause.
pub fn f(steps: usize) -> Result<Line> {
    train(
        "f",
        &mut Images::seeded(SEED),
        Sgd::new(0.1),
        BATCH_F,
        steps,
    )
}

/// Job C's network: job A's after [`TRAINED`] steps.
///
/// # Errors
/// None that this data can cause.
pub fn trained() -> Result<Small> {
    let mut net = Small::seeded(SEED);
    train("c", &mut net, Sgd::new(0.1), BATCH_A, TRAINED)?;
    Ok(net)
}

fn adam() -> Adam {
    Adam::new(0.001).eps(1e-8)
}

/// Trains on batches in order, from the beginning again once all are used.
fn train<N>(
    job: &'static str,
    net: &mut N,
    mut optimizer: impl Optimizer<f32>,
    batch: usize,
    steps: usize,
) -> Result<Line>
where
    N: Trainable<Element = f32, Output = [f32; 10]>,
    N::Input: Sample<Element = f32>,
    N::Loss: Loss<[f32; 10], u8>,
{
    let batches = DIGITS / batch;
    let data = digits((steps.min(batches) * batch).max(EVALUATED));
    let x = N::Input::from_flat(data.x.as_flattened());
    Ok(Line {
        job,
        times: time(steps, |step| {
            let first = step % batches * batch;
            let samples = first..first + batch;
            net.step(&mut optimizer, &x[samples.clone()], &data.t[samples])
                .map(drop)
        })?,
        flops: step_flops::<N>(batch),
        final_loss: net.loss(&x[..EVALUATED], &data.t[..EVALUATED])?.into(),
    })
}

/// The mean of ln Σ exp(score) less the score of the right class.
fn mean_loss(scores: &[[f32; 10]], labels: &[u8]) -> f64 {
    let loss = |(scores, &label): (&[f32; 10], &u8)| {
        let largest: f64 = scores.iter().copied().fold(f32::MIN, f32::max).into();
        let sum: f64 = scores.iter().map(|&s| (f64::from(s) - largest).exp()).sum();
        sum.ln() + largest - f64::from(scores[usize::from(label)])
    };
    scores.iter().zip(labels).map(loss).sum::<f64>() / scores.len() as f64
}

#[cfg(test)]
mod tests {
    use super::{BATCH_C, mean_loss, trained};
    use crate::data::digits;

    /// One by one or all at once, the scores are those that the network's own loss is taken of.
    #[test]
    fn scores_of_one_and_of_many() {
        let (net, data) = (trained().unwrap(), digits(BATCH_C));
        let expected: f64 = net.loss(&data.x, &data.t).unwrap().into();
        let mut many = vec![[0.0; 10]; BATCH_C];
        net.predict_into(&data.x, &mut many).unwrap();
        let one: Vec<_> = data.x.iter().map(|x| net.predict_one(x)).collect();
        for scores in [one, many] {
            assert!((mean_loss(&scores, &data.t) - expected).abs() < 1e-6);
        }
    }
}
