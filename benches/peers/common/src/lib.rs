//! What the Rust peers share: arguments, data, time in blocks, and the line that is printed.

use std::path::PathBuf;
use std::time::Instant;

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

pub const EVALUATED: usize = 10_000;
const BLOCKS: usize = 20;

/// `peer JOB STEPS FOLDER`: the job's letter, how many steps to take, and what `job data FOLDER` wrote.
pub struct Arguments {
    pub job: String,
    pub steps: usize,
    folder: PathBuf,
}

impl Arguments {
    pub fn parse() -> Result<Self> {
        let mut arguments = std::env::args().skip(1);
        let mut next = || arguments.next().ok_or("usage: peer JOB STEPS FOLDER");
        Ok(Self {
            job: next()?,
            steps: next()?.parse()?,
            folder: next()?.into(),
        })
    }

    fn bytes(&self, file: &str) -> Result<Vec<u8>> {
        let path = self.folder.join(file);
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()).into())
    }

    pub fn numbers(&self, name: &str) -> Result<Vec<f32>> {
        let bytes = self.bytes(&format!("{name}.f32"))?;
        Ok(bytes
            .as_chunks()
            .0
            .iter()
            .map(|&number| f32::from_le_bytes(number))
            .collect())
    }

    pub fn images(&self) -> Result<Vec<f32>> {
        self.numbers("digits.x")
    }

    pub fn labels(&self) -> Result<Vec<u8>> {
        self.bytes("digits.t.u8")
    }

    /// W and b of an affine layer, counted from 1; `W [inputs, outputs]`.
    pub fn affine(&self, layer: usize) -> Result<(Vec<f32>, Vec<f32>)> {
        self.weights(&format!("affine{layer}"))
    }

    /// W and b of a convolution, counted from 1; `W [maps, channels, rows, columns]`.
    pub fn convolution(&self, layer: usize) -> Result<(Vec<f32>, Vec<f32>)> {
        self.weights(&format!("conv2d{layer}"))
    }

    fn weights(&self, layer: &str) -> Result<(Vec<f32>, Vec<f32>)> {
        let name = |symbol| format!("{}.{layer}.{symbol}", self.job);
        Ok((self.numbers(&name("W"))?, self.numbers(&name("b"))?))
    }
}

/// Median and best microseconds per step.
pub struct Times {
    median: f64,
    best: f64,
}

/// Calls `step` with 0, 1, …, and `finish` at the end of each block, for frameworks that run behind.
pub fn time(
    steps: usize,
    mut step: impl FnMut(usize) -> Result<()>,
    mut finish: impl FnMut() -> Result<()>,
) -> Result<Times> {
    let block = (steps / BLOCKS).max(1);
    let mut times = Vec::new();
    let mut start = Instant::now();
    for index in 0..steps {
        step(index)?;
        if (index + 1) % block == 0 {
            finish()?;
            times.push(start.elapsed().as_secs_f64() * 1e6 / block as f64);
            start = Instant::now();
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |index: usize| times.get(index).copied().ok_or("no steps");
    Ok(Times {
        median: at(times.len() / 2)?,
        best: at(0)?,
    })
}

/// `flops`: of the matrix products of one step.
pub fn report(job: &str, peer: &str, times: &Times, flops: f64, final_loss: f64) {
    let Times { median, best } = times;
    let gflops = flops / median / 1e3;
    println!(
        "JOB {job} peer={peer} us_per_step={median:.3} gflops={gflops:.2} final_loss={final_loss:.5} best_us={best:.3}"
    );
}

/// The mean over samples of ln Σ exp(score) less the score of the right class; ten scores a sample.
pub fn mean_loss(scores: &[f32], labels: &[u8]) -> f64 {
    let loss = |(scores, &label): (&[f32; 10], &u8)| {
        let largest: f64 = scores.iter().copied().fold(f32::MIN, f32::max).into();
        let sum: f64 = scores.iter().map(|&s| (f64::from(s) - largest).exp()).sum();
        sum.ln() + largest - f64::from(scores[usize::from(label)])
    };
    let rows = scores.as_chunks::<10>().0;
    rows.iter().zip(labels).map(loss).sum::<f64>() / rows.len() as f64
}

/// A product and a sum for each weight of an MLP with layers of these `sizes`, in a step on `batch` samples.
pub fn step_flops(sizes: &[usize], batch: usize) -> f64 {
    step_flops_of(&products(sizes), batch)
}

/// The same for layers with so many `products` a sample: forward, the gradients of the weights, and those of the values, which
/// the first layer does not need.
pub fn step_flops_of(products: &[usize], batch: usize) -> f64 {
    let all = 3 * products.iter().sum::<usize>() - products[0];
    2.0 * (batch * all) as f64
}

pub fn forward_flops(sizes: &[usize], batch: usize) -> f64 {
    2.0 * (batch * products(sizes).iter().sum::<usize>()) as f64
}

pub fn products(sizes: &[usize]) -> Vec<usize> {
    sizes.windows(2).map(|pair| pair[0] * pair[1]).collect()
}
