use crate::element::Element;
use crate::kernels::{Channels, Moments};
use crate::layers::normalising::{EPS, MOMENTUM, parameters_of_norm};
use crate::params::Param;
use crate::sample::Sample;

/// Batch normalisation: over a batch each channel gets mean 0 and variance 1, then a scale and a shift of its own; where nothing is
/// learnt, by the running mean and variance of the batches before.
///
/// In a declaration: `BatchNorm`. Channels are the outermost axis: those of images, or the features of vectors. Its options are `eps`,
/// 1e-5 unless one says otherwise, `momentum`, 0.1 unless one says otherwise, and `affine = false` for a layer without parameters; see
/// [`network!`](crate::network).
///
/// # Forward
/// While a network trains, in `gradient`, `step` and `fit`, with m and v the mean and the variance of the M numbers that a channel has in
/// the whole batch, whatever chunks it is cut into:
/// ```text
/// y[n, c, …] = (x[n, c, …] − m[c]) / √(v[c] + ε) · gamma[c] + beta[c]      x [N, C, …]   gamma [C]   beta [C]   y as x
///
/// running_mean ← (1 − momentum)·running_mean + momentum·m
/// running_var  ← (1 − momentum)·running_var  + momentum·v·M / (M − 1)
/// ```
/// In `predict`, `loss`, `losses` and `accuracy` m is `running_mean`, and v is `running_var`. The momentum is the weight of the new
/// batch, as in PyTorch (in Keras it is that of the old ones), and so are a running variance that is divided by M − 1 and one in y that is
/// divided by M. The batch that `gradient` or `step` computes with moves the running numbers, once. A channel needs two numbers: a
/// batch of one vector is an error.
///
/// Behind `#[freeze]` the layer computes by its running numbers while the network trains too, and these stay what they are.
/// # Backward
/// With x̂ = (x − m) / √(v + ε), and ⟨…⟩ the mean over all numbers of a channel in the batch:
/// ```text
/// dx = gamma / √(v + ε) · (dy − ⟨dy⟩ − x̂·⟨dy·x̂⟩)      dgamma[c] = Σ dy[n, c, …]·x̂[n, c, …]      dbeta[c] = Σ dy[n, c, …]
/// ```
/// # Parameters
/// `gamma`: ones; `beta`: zeros. With `affine = false` A is 0 instead of C. The type also says ε and the momentum, as the bits of an `f64`.
/// # State
/// `running_mean`: zeros; `running_var`: ones. They have keys, and are saved and loaded with the parameters, but are none: no optimizer and
/// no clipping finds them, `PARAMETERS` does not count them, and `iter()` leaves them out. In a gradient they are zeros.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// const TINY: u64 = 1e-300_f64.to_bits();
/// let mut norm = BatchNorm::<2, f64, 2, TINY>::new();
/// *norm.gamma = [1.0, 10.0];
/// let (x, mut y) = ([[1.0, 2.0], [5.0, 8.0]], [[0.0; 2]; 2]);
/// let batch = norm.forward_batch(&x, &mut y);
/// assert_eq!(y, [[-1.0, -10.0], [1.0, 10.0]]); // means 3 and 5, variances 4 and 9
///
/// norm.track(&batch);
/// // 0.9·0 + 0.1·3, 0.9·0 + 0.1·5; 0.9·1 + 0.1·4·2, 0.9·1 + 0.1·9·2
/// assert!((norm.running_mean[0] - 0.3).abs() < 1e-15 && (norm.running_mean[1] - 0.5).abs() < 1e-15);
/// assert!((norm.running_var[0] - 1.7).abs() < 1e-15 && (norm.running_var[1] - 2.7).abs() < 1e-15);
///
/// (*norm.running_mean, *norm.running_var) = ([1.0, 2.0], [4.0, 25.0]);
/// norm.forward(&[[5.0, 3.0]], &mut y[..1]);
/// assert_eq!(y[0], [2.0, 2.0]); // 4 / 2, 1 / 5 · 10
/// ```
/// # Source
/// Ioffe and Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNorm<
    const C: usize,
    T: Element = f32,
    const A: usize = C,
    const EPS_BITS: u64 = EPS,
    const MOMENTUM_BITS: u64 = MOMENTUM,
> {
    /// What each channel is multiplied by, `[C]`, or none.
    pub gamma: Param<[T; A]>,
    /// What is added to each channel, `[C]`, or none.
    pub beta: Param<[T; A]>,
    /// The mean of each channel over the batches so far, `[C]`.
    pub running_mean: Param<[T; C]>,
    /// Its variance, `[C]`.
    pub running_var: Param<[T; C]>,
}

/// What a batch has in common: mean and variance of each channel, and sums that its gradient needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchStatistics {
    /// How many numbers each channel has.
    count: f64,
    mean: Vec<f64>,
    /// Divided by the count.
    variance: Vec<f64>,
    /// Of dy, then of dy times the normalised x.
    sums: Vec<f64>,
}

impl BatchStatistics {
    /// For so many channels.
    pub(crate) fn new(channels: usize) -> Self {
        Self {
            count: 0.0,
            mean: vec![0.0; channels],
            variance: vec![0.0; channels],
            sums: vec![0.0; 2 * channels],
        }
    }

    /// The mean of each channel.
    #[must_use]
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// The variance of each channel, divided by the number of its numbers.
    #[must_use]
    pub fn variance(&self) -> &[f64] {
        &self.variance
    }

    /// Puts together what was measured of parts, in their order: for each how many numbers a channel has in it, the means, and the sums
    /// of squared differences from them.
    ///
    /// # Source
    /// Chan, Golub and `LeVeque` 1983, "Algorithms for computing the sample variance", equations 2.1.
    pub(crate) fn gather_moments<'p>(&mut self, parts: impl Iterator<Item = (usize, &'p [f64])>) {
        self.count = 0.0;
        self.mean.fill(0.0);
        self.variance.fill(0.0);
        for (count, found) in parts {
            let (before, count) = (self.count, count as f64);
            self.count += count;
            let (means, squares) = found.split_at(self.mean.len());
            let totals = self.mean.iter_mut().zip(&mut self.variance);
            for ((mean, total), (&of_part, &squares)) in totals.zip(means.iter().zip(squares)) {
                let difference = of_part - *mean;
                *mean += difference * (count / self.count);
                *total += squares + difference * difference * (before * count / self.count);
            }
        }
        for variance in &mut self.variance {
            *variance /= self.count;
        }
    }

    /// Adds up what parts have found of sums.
    pub(crate) fn gather_sums<'p>(&mut self, parts: impl Iterator<Item = &'p [f64]>) {
        self.sums.fill(0.0);
        for found in parts {
            for (sum, found) in self.sums.iter_mut().zip(found) {
                *sum += found;
            }
        }
    }

    fn moments<T>(&self) -> Moments<'_, T> {
        Moments::Batch {
            mean: &self.mean,
            variance: &self.variance,
        }
    }
}

impl<const C: usize, T: Element, const A: usize, const EPS_BITS: u64, const MOMENTUM_BITS: u64>
    BatchNorm<C, T, A, EPS_BITS, MOMENTUM_BITS>
{
    /// The number of parameters.
    pub const PARAMETERS: usize = 2 * A;

    const AFFINE: bool = A > 0;

    const EPS: f64 = f64::from_bits(EPS_BITS);

    /// Ones for `gamma` and `running_var`, zeros for `beta` and `running_mean`.
    #[must_use]
    pub fn new() -> Self {
        const { assert!(A == C || A == 0, "parameters for each channel, or none") };
        let mut layer = Self::default();
        layer.gamma.flat_mut().fill(T::one());
        layer.running_var.flat_mut().fill(T::one());
        layer
    }

    fn sizes<X: Sample>() -> Channels {
        Channels {
            channels: C,
            plane: X::LEN,
        }
    }

    fn kept(&self) -> Moments<'_, T> {
        Moments::Kept {
            mean: self.running_mean.flat(),
            variance: self.running_var.flat(),
        }
    }

    fn parameters(&self) -> [&[T]; 2] {
        [self.gamma.flat(), self.beta.flat()]
    }

    /// Computes y from x by the running mean and variance.
    pub fn forward<X: Sample<Element = T>>(&self, x: &[[X; C]], y: &mut [[X; C]]) {
        let (x, y, parameters) = (flat(x), flat_mut(y), self.parameters());
        T::normalise(x, self.kept(), parameters, Self::EPS, y, Self::sizes::<X>());
    }

    /// [`Self::forward`] over x. A layer that changes nothing, as folding leaves it, takes no time.
    pub fn forward_in_place<X: Sample<Element = T>>(&self, y: &mut [[X; C]]) {
        if !self.changes_nothing() {
            let (y, parameters) = (flat_mut(y), self.parameters());
            T::normalise_in_place(y, self.kept(), parameters, Self::EPS, Self::sizes::<X>());
        }
    }

    /// dx where the running mean and variance are constants.
    pub fn backward_input<X: Sample<Element = T>>(&self, dy: &[[X; C]], dx: &mut [[X; C]]) {
        let gamma_and_dy = [self.gamma.flat(), flat(dy)];
        T::scale_gradients(
            self.kept(),
            gamma_and_dy,
            Self::EPS,
            flat_mut(dx),
            Self::sizes::<X>(),
        );
    }

    /// Computes y from x by the mean and the variance of the batch, which it gives back.
    pub fn forward_batch<X: Sample<Element = T>>(
        &self,
        x: &[[X; C]],
        y: &mut [[X; C]],
    ) -> BatchStatistics {
        let (mut batch, mut found) = (BatchStatistics::new(C), vec![0.0; 2 * C]);
        self.measure(x, &mut found);
        batch.gather_moments(std::iter::once((x.len() * X::LEN, &*found)));
        self.normalise(x, &batch, y);
        batch
    }

    /// dx and the gradient of the parameters, given the batch that [`Self::forward_batch`] has found.
    pub fn backward_batch<X: Sample<Element = T>>(
        &self,
        x: &[[X; C]],
        dy: &[[X; C]],
        batch: &BatchStatistics,
        dx: Option<&mut [[X; C]]>,
        gradient: &mut Self,
    ) {
        let mut found = vec![0.0; 2 * C];
        self.sum_gradients(x, dy, batch, &mut found, gradient);
        if let Some(dx) = dx {
            let mut batch = batch.clone();
            batch.gather_sums(std::iter::once(&*found));
            self.spread_gradients(x, dy, &batch, dx);
        }
    }

    /// Moves the running mean and variance towards those of a batch.
    pub fn track(&mut self, batch: &BatchStatistics) {
        let momentum = f64::from_bits(MOMENTUM_BITS);
        let unbiased = batch.count / (batch.count - 1.0);
        let means = self.running_mean.flat_mut().iter_mut().zip(&batch.mean);
        let variances = self.running_var.flat_mut().iter_mut().zip(&batch.variance);
        let moved = |running: &mut T, of_batch: f64| {
            *running = T::of((1.0 - momentum) * running.as_f64() + momentum * of_batch);
        };
        means.for_each(|(running, &mean)| moved(running, mean));
        variances.for_each(|(running, &variance)| moved(running, variance * unbiased));
    }

    // Of the parts of a batch: measured, then normalised by what all of them have in common; and the same backward.

    #[doc(hidden)]
    pub fn measure<X: Sample<Element = T>>(&self, x: &[[X; C]], found: &mut [f64]) {
        T::measure(flat(x), found, Self::sizes::<X>());
    }

    #[doc(hidden)]
    pub fn normalise<X: Sample<Element = T>>(
        &self,
        x: &[[X; C]],
        batch: &BatchStatistics,
        y: &mut [[X; C]],
    ) {
        let (x, y, parameters) = (flat(x), flat_mut(y), self.parameters());
        T::normalise(
            x,
            batch.moments(),
            parameters,
            Self::EPS,
            y,
            Self::sizes::<X>(),
        );
    }

    #[doc(hidden)]
    pub fn sum_gradients<X: Sample<Element = T>>(
        &self,
        x: &[[X; C]],
        dy: &[[X; C]],
        batch: &BatchStatistics,
        found: &mut [f64],
        gradient: &mut Self,
    ) {
        T::sum_gradients(
            flat(x),
            flat(dy),
            batch.moments(),
            Self::EPS,
            found,
            Self::sizes::<X>(),
        );
        let (of_dy, of_both) = found.split_at(C);
        for (numbers, sums) in [(&mut gradient.beta, of_dy), (&mut gradient.gamma, of_both)] {
            for (number, &sum) in numbers.flat_mut().iter_mut().zip(sums) {
                *number = T::of(sum);
            }
        }
    }

    #[doc(hidden)]
    pub fn spread_gradients<X: Sample<Element = T>>(
        &self,
        x: &[[X; C]],
        dy: &[[X; C]],
        batch: &BatchStatistics,
        dx: &mut [[X; C]],
    ) {
        let (gamma_and_dy, sums) = (
            [self.gamma.flat(), flat(dy)],
            (&*batch.sums, Self::EPS, batch.count),
        );
        T::spread_gradients(
            flat(x),
            gamma_and_dy,
            batch.moments(),
            sums,
            flat_mut(dx),
            Self::sizes::<X>(),
        );
    }

    /// What a channel is multiplied by, and what is added to it then.
    fn scale_and_shift(&self, channel: usize) -> (f64, f64) {
        let of = |numbers: &[T], other: f64| {
            numbers.get(channel).map_or(other, |number| number.as_f64())
        };
        let [gamma, beta] = self.parameters();
        let variance = of(self.running_var.flat(), 1.0);
        let scale = of(gamma, 1.0) / (variance + Self::EPS).sqrt();
        (
            scale,
            of(beta, 0.0) - of(self.running_mean.flat(), 0.0) * scale,
        )
    }

    fn changes_nothing(&self) -> bool {
        (0..C).all(|channel| {
            let (scale, shift) = self.scale_and_shift(channel);
            T::of(scale) == T::one() && shift == 0.0
        })
    }

    /// Moves the scale into the weights of the layer before, and the shift into its biases, if it has some. Weights lie by channels, each
    /// `inner` numbers long, again and again.
    #[doc(hidden)]
    pub fn fold_into(&mut self, weights: &mut [T], inner: usize, biases: &mut [T]) {
        for channel in 0..C {
            let (scale, shift) = self.scale_and_shift(channel);
            let scaled = |number: &mut T| *number = T::of(number.as_f64() * scale);
            for block in weights.chunks_exact_mut(inner).skip(channel).step_by(C) {
                block.iter_mut().for_each(scaled);
            }
            // Without biases the shift stays here, as a mean.
            let rest = if let Some(bias) = biases.get_mut(channel) {
                *bias = T::of(bias.as_f64() * scale + shift);
                0.0
            } else {
                -shift
            };
            self.running_mean.flat_mut()[channel] = T::of(rest);
        }
        self.gamma.flat_mut().fill(T::one());
        self.beta.flat_mut().fill(T::zero());
        self.running_var.flat_mut().fill(T::of(1.0 - Self::EPS));
    }
}

fn flat<X: Sample, const C: usize>(samples: &[[X; C]]) -> &[X::Element] {
    X::flat(samples.as_flattened())
}

fn flat_mut<X: Sample, const C: usize>(samples: &mut [[X; C]]) -> &mut [X::Element] {
    X::flat_mut(samples.as_flattened_mut())
}

parameters_of_norm!(
    {const C: usize, T: Element, const A: usize, const EPS_BITS: u64, const MOMENTUM_BITS: u64}
    BatchNorm<C, T, A, EPS_BITS, MOMENTUM_BITS>, T: gamma, beta; state running_mean, running_var
);

/// Zeros, as a gradient starts.
impl<const C: usize, T: Element, const A: usize, const EPS_BITS: u64, const MOMENTUM_BITS: u64>
    Default for BatchNorm<C, T, A, EPS_BITS, MOMENTUM_BITS>
{
    fn default() -> Self {
        Self {
            gamma: Param::zeros(),
            beta: Param::zeros(),
            running_mean: Param::zeros(),
            running_var: Param::zeros(),
        }
    }
}
