//! A network written by hand, for the tests of the trainer.

use std::sync::Mutex;

use crate::layers::{Affine, Layer};
use crate::losses::{Losses, MeanSquaredError, Shares, SoftmaxWithLoss};
use crate::network::watch::Watch;
use crate::network::{Network, Trainable};
use crate::params::{Param, Parameters, Tensor};
use crate::summary::{LayerSummary, Port};
use crate::workspace::{Workspace, samples, samples_mut, slots};

/// `Affine(2, 2)` and a loss; remembers the batches that it was trained on.
pub(super) struct Tiny<L> {
    pub(super) params: TinyParams,
    workspace: Workspace<TinyParams, f64>,
    loss: std::marker::PhantomData<L>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TinyParams {
    pub(super) affine1: Affine<2, 2, f64>,
    seen: Seen,
}

/// The batches that parameters were trained on; no part of their value.
#[derive(Debug, Default)]
struct Seen(Mutex<Vec<Vec<[f64; 2]>>>);

impl Clone for Seen {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Seen {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<L> Tiny<L> {
    /// The batches that it was trained on.
    pub(super) fn batches(&self) -> Vec<Vec<[f64; 2]>> {
        self.params.seen.0.lock().unwrap().clone()
    }
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

const AFFINE: LayerSummary = LayerSummary {
    label: "affine1",
    kind: "Affine(2, 2)",
    input: &[2],
    output: &[2],
    parameters: 6,
    macs: 4,
    reads: &[0],
    place: 1,
    shares: &[],
    frozen: false,
    layers: &[],
};

pub(super) trait TinyLoss {
    const LOSS: Self;
}

impl TinyLoss for SoftmaxWithLoss {
    const LOSS: Self = Self;
}

impl TinyLoss for MeanSquaredError {
    const LOSS: Self = Self;
}

impl<L> From<TinyParams> for Tiny<L> {
    fn from(params: TinyParams) -> Self {
        Self {
            params,
            workspace: Workspace::default(),
            loss: std::marker::PhantomData,
        }
    }
}

impl<L: TinyLoss> Network for Tiny<L> {
    type Element = f64;
    type Input = [f64; 2];
    type Output = [f64; 2];
    type Params = TinyParams;

    const NAME: &'static str = "Tiny";
    const INPUT: &'static [usize] = &[2];
    const OUTPUT: &'static [usize] = &[2];
    const INPUTS: &'static [Port] = &[];
    const OUTPUTS: &'static [Port] = &[];
    const PARAMETERS: usize = 6;
    const MACS: usize = 4;
    const WORKSPACE_BYTES_PER_SAMPLE: usize = 48;
    const PREDICTION: &'static [usize] = &[2];
    const LAYERS: &'static [LayerSummary] = &[AFFINE];
    const SUMMARY: &'static str = "";

    /// The start of the reference run, whatever the seed.
    fn seeded(_seed: u64) -> Self {
        Self {
            params: TinyParams {
                affine1: Affine {
                    W: Param::from([[0.1, -0.2], [0.3, 0.4]]),
                    b: Param::from([0.0, 0.05]),
                },
                seen: Seen::default(),
            },
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

    fn workspace(&self) -> &Workspace<TinyParams, f64> {
        &self.workspace
    }

    fn forward<'m>(params: &TinyParams, x: &[[f64; 2]], memory: &'m mut [f64]) -> &'m [[f64; 2]] {
        let n = x.len();
        let [y] = slots(memory, n, Self::PREDICTION);
        params.affine1.forward(x, samples_mut(y, n));
        samples(y, n)
    }
}

impl<L: TinyLoss> Trainable for Tiny<L> {
    type Loss = L;
    const LOSS: L = L::LOSS;
    const TRAINING: &'static [usize] = &[2, 2, 2];

    fn parts(&mut self) -> (&mut TinyParams, &mut Workspace<TinyParams, f64>) {
        (&mut self.params, &mut self.workspace)
    }

    fn forward_loss<Y>(
        params: &TinyParams,
        x: &[[f64; 2]],
        targets: &[Y],
        shares: &Shares,
        memory: &mut [f64],
    ) -> f64
    where
        L: Losses<[f64; 2], Y>,
    {
        let n = x.len();
        let [y, saved, _] = slots(memory, n, Self::TRAINING);
        params.affine1.forward(x, samples_mut(y, n));
        L::LOSS.mean(samples(y, n), targets, shares, samples_mut(saved, n))
    }

    fn backward<Y>(
        params: &TinyParams,
        x: &[[f64; 2]],
        targets: &[Y],
        shares: &Shares,
        memory: &mut [f64],
        gradient: &mut TinyParams,
    ) where
        L: Losses<[f64; 2], Y>,
    {
        let n = x.len();
        let [_, saved, dy] = slots(memory, n, Self::TRAINING);
        params.seen.0.lock().unwrap().push(x.to_vec());
        L::LOSS.gradient(samples(saved, n), targets, shares, samples_mut(dy, n));
        let affine = &params.affine1;
        affine.backward(x, &[], samples(dy, n), None, &mut gradient.affine1);
    }

    fn trace(params: &TinyParams, x: &[[f64; 2]], memory: &mut [f64], watch: &mut Watch) {
        watch.look(0, Self::forward(params, x, memory));
    }

    fn descend<Y>(
        params: &mut TinyParams,
        x: &[[f64; 2]],
        targets: &[Y],
        memory: &mut [f64],
        lr: f64,
    ) where
        L: Losses<[f64; 2], Y>,
    {
        let n = x.len();
        let [_, saved, dy] = slots(memory, n, Self::TRAINING);
        params.seen.0.lock().unwrap().push(x.to_vec());
        L::LOSS.gradient(
            samples(saved, n),
            targets,
            &Shares::WHOLE,
            samples_mut(dy, n),
        );
        params.affine1.descend(x, samples(dy, n), None, lr);
    }
}
