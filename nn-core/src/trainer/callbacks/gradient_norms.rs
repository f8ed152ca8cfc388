use crate::element::Element;
use crate::error::{Error, Result};
use crate::network::Trainable;
use crate::params::Parameters;
use crate::trainer::{Callback, Context};

/// Notes how long gradients and parameters are, parameter by parameter.
///
/// A gradient that vanishes or explodes shows here before it shows in the loss. Norms are Euclidean, of the gradient before clipping and of the parameters
/// before the update; every 100th step is noted, and the first of a call of `fit`. What is noted is no part of checkpoints.
///
/// ```
/// use nn_core::prelude::*;
///
/// # network! { struct Net< Affine(2, 2) -> SoftmaxWithLoss >; }
/// # fn main() -> nn_core::Result<()> {
/// # let (train, test) = (Dataset { x: vec![[0.0; 2]], t: vec![1_u8] }, Dataset { x: vec![[0.0; 2]], t: vec![1_u8] });
/// # let mut net = Net::seeded(1);
/// let mut norms = GradientNorms::new().every(1);
/// Trainer::new(Sgd::new(0.1)).epochs(3).callback(&mut norms).fit(&mut net, &train, &test)?;
/// assert_eq!(norms.keys(), ["affine1.W", "affine1.b"]);
/// for record in norms.records() {
///     println!("step {}: {:.3}, {:.3} of it in W", record.step, record.norm, record.gradients[0]);
/// }
/// # assert_eq!(norms.records().len(), 3);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GradientNorms {
    every: usize,
    is_due: bool,
    keys: Vec<&'static str>,
    records: Vec<NormRecord>,
}

/// How long the gradient of a step and the parameters were.
#[derive(Clone, Debug, PartialEq)]
pub struct NormRecord {
    /// The step, from 1, counted over all epochs and all calls on the trainer.
    pub step: usize,
    /// The epoch of that step, from 1.
    pub epoch: usize,
    /// The norm of the whole gradient.
    pub norm: f64,
    /// The norm of the gradient of each parameter, in the order of [`GradientNorms::keys`].
    pub gradients: Vec<f64>,
    /// The norm of each parameter before the update, in the same order.
    pub weights: Vec<f64>,
}

impl Default for GradientNorms {
    fn default() -> Self {
        Self::new()
    }
}

impl GradientNorms {
    /// Of every 100th step.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            every: 100,
            is_due: true,
            keys: Vec::new(),
            records: Vec::new(),
        }
    }

    /// Sets which steps are noted: those whose number is a multiple of this, 100 by default.
    #[must_use]
    pub const fn every(mut self, steps: usize) -> Self {
        self.every = steps;
        self
    }

    /// The keys of the parameters that are trained.
    #[must_use]
    pub fn keys(&self) -> &[&'static str] {
        &self.keys
    }

    /// What was noted, in the order of steps.
    #[must_use]
    pub fn records(&self) -> &[NormRecord] {
        &self.records
    }
}

fn squares<T: Element>(params: &dyn Parameters<T>) -> Vec<f64> {
    let tensors = (0..).map_while(|index| params.tensor(index));
    tensors
        .map(|tensor| T::sum_of_squares(tensor.numbers()))
        .collect()
}

impl NormRecord {
    fn of(at: &Context<'_>, weights: Vec<f64>, gradients: Vec<f64>) -> Self {
        Self {
            step: at.step,
            epoch: at.epoch,
            norm: gradients.iter().sum::<f64>().sqrt(),
            gradients: roots(gradients),
            weights: roots(weights),
        }
    }
}

fn roots(squares: Vec<f64>) -> Vec<f64> {
    squares.into_iter().map(f64::sqrt).collect()
}

impl<N: Trainable> Callback<N> for GradientNorms {
    fn before_training(&mut self, net: &mut N, _: &mut Context<'_>) -> Result<()> {
        if self.every == 0 {
            return Err(Error::HyperParameter {
                name: "every",
                value: 0.0,
                expected: "a whole number from 1 on",
            });
        }
        self.keys = net.params().tensors().map(|tensor| tensor.key()).collect();
        self.is_due = true;
        Ok(())
    }

    fn wants_gradient(&self) -> bool {
        self.is_due
    }

    fn before_update(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        let (params, gradient) = net.params_and_gradient();
        let (weights, gradients) = (squares(params), squares(gradient));
        self.records.push(NormRecord::of(at, weights, gradients));
        Ok(())
    }

    fn after_step(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        self.is_due = (at.step + 1).is_multiple_of(self.every);
        Ok(())
    }
}
