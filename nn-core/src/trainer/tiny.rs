//! A network written by hand, for the tests of the trainer.

use crate::buffer::{Buffer, Workspace};
use crate::layers::{Affine, Layer};
use crate::losses::{Loss, MeanSquaredError, SoftmaxWithLoss};
use crate::network::{Network, Trainable};
use crate::params::{Param, Parameters, Tensor};
use crate::summary::LayerSummary;

/// `Affine(2, 2)` and a loss; remembers the batches that it was trained on.
pub(super) struct Tiny<L> {
    pub(super) params: TinyParams,
    gradient: TinyParams,
    pub(super) batches: Vec<Vec<[f64; 2]>>,
    workspace: Workspace<(), Buffer<[f64; 2]>>,
    loss: std::marker::PhantomData<L>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct TinyParams {
    pub(super) affine1: Affine<2, 2, f64>,
}

impl Parameters<f64> for TinyParams {
    fn count(&self) -> usize {
        2
    }

    fn tensor(&self, index: usize) -> Option<Tensor<'_, f64>> {
        match index {
            0 => Some(Tensor::new("affine1.W", &self.affine1.W)),
            1 => Some(Tensor::new("affine1.b", &self.affine1.b)),
            _ => None,
        }
    }

    fn numbers_mut(&mut self, index: usize) -> Option<&mut [f64]> {
        match index {
            0 => Some(self.affine1.W.flat_mut()),
            1 => Some(self.affine1.b.flat_mut()),
            _ => None,
        }
    }
}

pub(super) trait TinyLoss {
    const LOSS: Self;
}

impl TinyLoss for SoftmaxWithLoss {
    const LOSS: Self = Self;
}

impl TinyLoss for MeanSquaredError {
    const LOSS: Self = Self;
}

impl<L: TinyLoss> Network for Tiny<L> {
    type Element = f64;
    type Input = [f64; 2];
    type Output = [f64; 2];
    type Params = TinyParams;
    type Values = Buffer<[f64; 2]>;

    const INPUT: &'static [usize] = &[2];
    const OUTPUT: &'static [usize] = &[2];
    const PARAMETERS: usize = 6;
    const LAYERS: &'static [LayerSummary] = &[];
    const SUMMARY: &'static str = "";

    /// The start of the reference run, whatever the seed.
    fn seeded(_seed: u64) -> Self {
        Self {
            params: TinyParams {
                affine1: Affine {
                    W: Param::from([[0.1, -0.2], [0.3, 0.4]]),
                    b: Param::from([0.0, 0.05]),
                },
            },
            gradient: TinyParams {
                affine1: Affine::zeros(),
            },
            batches: Vec::new(),
            workspace: Workspace::default(),
            loss: std::marker::PhantomData,
        }
    }

    fn new() -> Self {
        Self::seeded(0)
    }

    fn params(&self) -> &TinyParams {
        &self.params
    }

    fn params_mut(&mut self) -> &mut TinyParams {
        &mut self.params
    }

    fn forward<'v>(&self, x: &[[f64; 2]], values: &'v mut Self::Values) -> &'v [[f64; 2]] {
        self.params.affine1.forward(x, values.rows_mut(x.len()));
        values.rows(x.len())
    }

    fn with_values<R>(&self, compute: impl FnOnce(&mut Self::Values) -> R) -> R {
        self.workspace.with_values(compute)
    }
}

impl<L: TinyLoss> Trainable for Tiny<L> {
    type Loss = L;
    const LOSS: L = L::LOSS;

    fn params_and_gradient(&mut self) -> (&mut TinyParams, &mut TinyParams) {
        (&mut self.params, &mut self.gradient)
    }

    fn forward_loss<Y>(&self, x: &[[f64; 2]], targets: &[Y], values: &mut Self::Values) -> f64
    where
        L: Loss<[f64; 2], Y>,
    {
        let mut saved = vec![[0.0; 2]; x.len()];
        L::LOSS.forward(self.forward(x, values), targets, &mut saved)
    }

    fn backpropagate<Y>(&mut self, x: &[[f64; 2]], targets: &[Y]) -> f64
    where
        L: Loss<[f64; 2], Y>,
    {
        self.batches.push(x.to_vec());
        let (mut y, mut saved, mut dy) = (x.to_vec(), x.to_vec(), x.to_vec());
        self.params.affine1.forward(x, &mut y);
        let loss = L::LOSS.forward(&y, targets, &mut saved);
        L::LOSS.backward(&saved, targets, &mut dy);
        let affine = &self.params.affine1;
        affine.backward(x, &y, &dy, None, &mut self.gradient.affine1);
        loss
    }
}
