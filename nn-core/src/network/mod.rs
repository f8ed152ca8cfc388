//! What every declared network is, and what can be done with any of them. The `network!` macro writes the
//! implementations; what goes through the chunks of a batch is here, once.

mod cut;
pub(crate) mod declaration;
mod evaluation;
pub(crate) mod phases;
pub(crate) mod steps;
pub(crate) mod watch;

use std::path::Path;

use crate::batch::{Batch, Targets, check_pairs, non_empty};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::files::{self, KeyMap};
use crate::graph::Graph;
use crate::layers::{BatchStatistics, Draws};
use crate::losses::{Losses, Shares};
use crate::optim::Optimizer;
use crate::params::Parameters;
use crate::record::Record;
use crate::summary::{LayerSummary, Port};
use crate::workspace::{Workspace, numbers};
use cut::Cut;
pub(crate) use evaluation::{Assessment, assess, losses};
use phases::{Barrier, Pass};
use watch::Watch;

/// What the compiler misses where a network has no method `fold`; nothing implements it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `BatchNorm`, so there is nothing to fold",
    label = "no layer of it normalises by the batch",
    note = "use the network as it is"
)]
pub trait Foldable: Sized {
    /// The same network without `BatchNorm`.
    fn folded(&self) -> Self;
}

/// A network that `network!` declared.
///
/// The types and constants of `Mnist<f32>` are also there as `Mnist::INPUT` and so on, without the trait.
pub trait Network: Sized {
    /// The type of number that the network computes with.
    type Element: Element;
    /// One sample of what the network reads; a tuple, if it has several inputs.
    type Input: Record<Element = Self::Element>;
    /// One sample of what the network gives: scores, before the loss; a tuple, if it has several outputs.
    type Output: Record<Element = Self::Element>;
    /// The parameters, and the type of their gradient.
    type Params: Parameters<Self::Element> + Default + Into<Self> + Send + Sync;

    /// The name of the network.
    const NAME: &'static str;
    /// The sizes of a sample that the network reads; of several inputs the one number of all their numbers.
    const INPUT: &'static [usize];
    /// The sizes of a sample that the network gives; of several outputs the one number of all their numbers.
    const OUTPUT: &'static [usize];
    /// Names and sizes of the inputs, in the order of the tuple if there are several.
    const INPUTS: &'static [Port];
    /// Names and sizes of the outputs, in the order of the tuple if there are several.
    const OUTPUTS: &'static [Port];
    /// How many numbers all parameters hold.
    const PARAMETERS: usize;
    /// How many multiply-adds the scores of one sample take.
    ///
    /// They are counted as fvcore counts them for PyTorch: the products of matrices, I·O for an [`Affine`](crate::Affine) of I inputs and O outputs. What takes
    /// one operation for each number is not counted: bias, activations, sums and products of elements, the loss. A backward pass takes about
    /// twice as many.
    const MACS: usize;
    /// How much memory training needs for each sample of a batch, in bytes, beside parameters and gradient; without a loss,
    /// predicting. Values that are never needed at the same time share it.
    const WORKSPACE_BYTES_PER_SAMPLE: usize;
    /// The sizes of the slots that scores are computed in.
    #[doc(hidden)]
    const PREDICTION: &'static [usize];
    /// The layers, one by one.
    const LAYERS: &'static [LayerSummary];
    /// The layers as a table: label, layer, shapes, parameters.
    const SUMMARY: &'static str;

    /// Whether steps of training draw random numbers.
    #[doc(hidden)]
    const DRAWS: bool = false;

    /// A network with initialised parameters, the same on every machine for a seed.
    fn seeded(seed: u64) -> Self;

    /// A network with initialised parameters, other ones each time.
    fn new() -> Self;

    /// The nodes and edges of the network, which can be drawn.
    #[must_use]
    fn graph() -> Graph {
        Graph::of::<Self>()
    }

    /// The parameters.
    fn params(&self) -> &Self::Params;

    /// The parameters, to be changed.
    fn params_mut(&mut self) -> &mut Self::Params;

    /// What the network computes in.
    #[doc(hidden)]
    fn workspace(&self) -> &Workspace<Self::Params, Self::Element>;

    /// The scores of the samples `x`, which then lie in `memory`.
    #[doc(hidden)]
    fn forward<'m>(
        params: &Self::Params,
        x: &[Self::Input],
        memory: &'m mut [Self::Element],
    ) -> <Self::Output as Record>::Columns<'m>;

    /// Networks with `BatchNorm` have a method of this name of their own.
    #[doc(hidden)]
    #[must_use]
    fn fold(&self) -> Self
    where
        Self: Foldable,
    {
        self.folded()
    }

    /// The scores of a batch, before the loss.
    ///
    /// # Errors
    /// [`Error::Empty`] for a batch without samples; [`Error::Shape`] for an array of another shape than the network reads.
    fn predict<'x>(&self, batch: impl Batch<'x, Self::Input>) -> Result<Vec<Self::Output>> {
        let batch = batch.samples()?;
        non_empty(&batch)?;
        Ok(evaluation::predict(self, &batch))
    }

    /// Writes the scores of a batch over `scores`. After the first call nothing is allocated.
    ///
    /// # Errors
    /// As [`Network::predict`]; [`Error::LengthMismatch`] unless there is room for exactly one score per sample.
    fn predict_into<'x>(
        &self,
        batch: impl Batch<'x, Self::Input>,
        scores: &mut [Self::Output],
    ) -> Result<()> {
        let batch = batch.samples()?;
        check_pairs(&batch, scores)?;
        evaluation::predict_into(self, &batch, scores);
        Ok(())
    }

    /// The scores of one sample. After the first call nothing is allocated.
    fn predict_one(&self, sample: &Self::Input) -> Self::Output {
        let count = numbers::<Self::Element>(1, Self::PREDICTION);
        self.workspace().rooms().with_memory(count, |memory| {
            let scores = Self::forward(self.params(), std::slice::from_ref(sample), memory);
            Self::Output::first(scores)
        })
    }

    /// Writes the parameters to a file, as the extension of its name says: `.safetensors`, or NumPy's `.npz`.
    ///
    /// Each parameter is there once, under the key that `iter()` has for it. The file is written beside the one that is meant,
    /// brought to the disk and renamed, so that nobody ever finds half of one.
    ///
    /// # Errors
    /// [`Error::Load`] for another extension; [`Error::Io`] if the file cannot be written.
    fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        self.save_with(path, &KeyMap::new())
    }

    /// [`Network::save`] under other keys: for programs that call the layers otherwise.
    ///
    /// # Errors
    /// As [`Network::save`]; [`Error::Load`] if `keys` names a parameter that is not there, or two parameters alike.
    fn save_with(&self, path: impl AsRef<Path>, keys: &KeyMap) -> Result<()> {
        files::save(
            self.params(),
            &declaration::about(Self::NAME, Self::LAYERS),
            path.as_ref(),
            keys,
        )
    }

    /// A network with the parameters of a file that [`Network::save`] has written, or a program in Python.
    ///
    /// # Errors
    /// [`Error::Load`] if the file is damaged, or not of this network: then every key is named that is missing, superfluous or of
    /// another shape. [`Error::Io`] if it cannot be read.
    fn load(path: impl AsRef<Path>) -> Result<Self> {
        let mut params = Self::Params::default();
        files::load(&mut params, path.as_ref(), &KeyMap::new())?;
        Ok(params.into())
    }

    /// Overwrites the parameters with those of a file whose keys are other ones, see [`KeyMap`]; `&KeyMap::new()` if they are not.
    /// If anything is wrong, none is changed.
    ///
    /// # Errors
    /// As [`Network::load`]; [`Error::Load`] if `keys` names a parameter that is not there.
    fn load_with(&mut self, path: impl AsRef<Path>, keys: &KeyMap) -> Result<()> {
        files::load(self.params_mut(), path.as_ref(), keys)
    }

    /// [`Network::load_with`] of the content of a file: for one that is part of the program.
    ///
    /// ```no_run
    /// # use nn_core::prelude::*;
    /// # use nn_core::KeyMap;
    /// # network! { struct Mnist< Affine(2, 1) -> MeanSquaredError >; }
    /// # macro_rules! include_bytes { ($path:literal) => { &[0] } }
    /// let mut net = Mnist::seeded(1);
    /// net.load_bytes(include_bytes!("mnist.safetensors"), &KeyMap::new())?;
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Network::load_with`]; the path in it is `the bytes`.
    fn load_bytes(&mut self, content: &[u8], keys: &KeyMap) -> Result<()> {
        files::load_bytes(self.params_mut(), content, keys)
    }
}

/// A network whose chain, or each of its branches, ends in a loss.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no loss, so it cannot be trained",
    label = "a network without a loss",
    note = "end its chain in a loss, for instance `-> SoftmaxWithLoss`"
)]
pub trait Trainable: Network {
    /// The loss; a tuple, if there are several.
    type Loss;

    /// The loss or the losses, with their weights.
    #[doc(hidden)]
    const LOSS: Self::Loss;

    /// The sizes of the slots that the gradient is computed in.
    #[doc(hidden)]
    const TRAINING: &'static [usize];

    /// The parameters, and what the network computes in.
    #[doc(hidden)]
    fn parts(
        &mut self,
    ) -> (
        &mut Self::Params,
        &mut Workspace<Self::Params, Self::Element>,
    );

    /// The parameters, to be changed, and the gradient that was computed last, zero before the first.
    ///
    /// [`Trainable::gradient`] computes one, and so does a step, save where the optimizer has a [`Optimizer::descent`]: that
    /// moves parameters as it goes, and leaves the gradient as it was.
    fn params_and_gradient(&mut self) -> (&mut Self::Params, &mut Self::Params) {
        let (params, workspace) = self.parts();
        (params, workspace.gradient())
    }

    /// What samples that have been checked contribute to the mean loss of their batch: of several losses to their weighted sum. Leaves in
    /// `memory` what [`Trainable::backward`] needs.
    #[doc(hidden)]
    fn forward_loss<Y>(
        params: &Self::Params,
        x: &[Self::Input],
        targets: &[Y],
        shares: &Shares,
        memory: &mut [Self::Element],
    ) -> f64
    where
        Self::Loss: Losses<Self::Output, Y>;

    /// The gradient of what they contribute, after [`Trainable::forward_loss`] of the same samples in the same memory.
    #[doc(hidden)]
    fn backward<Y>(
        params: &Self::Params,
        x: &[Self::Input],
        targets: &[Y],
        shares: &Shares,
        memory: &mut [Self::Element],
        gradient: &mut Self::Params,
    ) where
        Self::Loss: Losses<Self::Output, Y>,
    {
        let _ = (params, x, targets, shares, memory, gradient);
        unreachable!("only networks that learn in one go are asked to")
    }

    /// Where the chunks of a batch wait for each other, if layers compute otherwise while they learn: then there is
    /// [`Trainable::phase`], and [`Trainable::forward_loss`] is what the network gives elsewhere.
    #[doc(hidden)]
    const PHASES: Option<&'static [Barrier]> = None;

    /// What a chunk does up to the next barrier. Gives its loss if that is among it, else 0.
    #[doc(hidden)]
    fn phase<Y>(
        params: &Self::Params,
        x: &[Self::Input],
        targets: &[Y],
        memory: &mut [Self::Element],
        pass: &mut Pass<'_>,
        gradient: &mut Self::Params,
    ) -> f64
    where
        Self::Loss: Losses<Self::Output, Y>,
    {
        let _ = (params, x, targets, memory, pass, gradient);
        unreachable!("only networks that learn in phases are asked to")
    }

    /// Moves running statistics towards those of a batch.
    #[doc(hidden)]
    fn track(params: &mut Self::Params, statistics: &[BatchStatistics]) {
        let _ = (params, statistics);
    }

    /// Where the random numbers of the next step come from: those of [`Dropout`](crate::Dropout).
    fn draws(&self) -> Draws {
        self.workspace().draws()
    }

    /// Sets where the random numbers of the next step come from.
    fn set_draws(&mut self, draws: Draws) {
        self.workspace().draw_from(draws);
    }

    /// The scores of samples that have been checked, with every value shown on the way.
    #[doc(hidden)]
    fn trace(
        params: &Self::Params,
        x: &[Self::Input],
        memory: &mut [Self::Element],
        watch: &mut Watch,
    ) {
        let _ = (params, x, memory, watch);
    }

    /// The same as [`Trainable::backward`], with every gradient shown on the way that is not one of parameters.
    #[doc(hidden)]
    fn trace_backward<Y>(
        params: &Self::Params,
        x: &[Self::Input],
        targets: &[Y],
        shares: &Shares,
        memory: &mut [Self::Element],
        gradient: &mut Self::Params,
        watch: &mut Watch,
    ) where
        Self::Loss: Losses<Self::Output, Y>,
    {
        let _ = (params, x, targets, shares, memory, gradient, watch);
    }

    /// Whether there is [`Trainable::descend`]: not where layers share parameters, nor with layers of the user's.
    #[doc(hidden)]
    const DESCENDS: bool = true;

    /// The same of a whole batch, with `p ← p − lr·g` for each parameter as soon as nobody needs it any more.
    #[doc(hidden)]
    fn descend<Y>(
        params: &mut Self::Params,
        x: &[Self::Input],
        targets: &[Y],
        memory: &mut [Self::Element],
        lr: Self::Element,
    ) where
        Self::Loss: Losses<Self::Output, Y>,
    {
        let _ = (params, x, targets, memory, lr);
        unreachable!("only networks that descend are asked to")
    }

    /// The mean loss of a batch; of several losses their weighted sum.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::LengthMismatch`], [`Error::Shape`], or what [`Losses::check_targets`] finds wrong with the targets.
    fn loss<'x, 't, B: Targets<'t, Self::Output>>(
        &self,
        batch: impl Batch<'x, Self::Input>,
        targets: B,
    ) -> Result<Self::Element>
    where
        Self::Loss: Losses<Self::Output, B::Target>,
    {
        let (batch, targets) = (batch.samples()?, targets.targets()?);
        check::<Self, _>(&batch, &targets)?;
        Ok(evaluation::loss(self, &batch, &targets))
    }

    /// Each loss of a batch by itself, in the order of the declaration.
    ///
    /// # Errors
    /// As [`Trainable::loss`].
    fn losses<'x, 't, B: Targets<'t, Self::Output>>(
        &self,
        batch: impl Batch<'x, Self::Input>,
        targets: B,
    ) -> Result<Vec<LossValue>>
    where
        Self::Loss: Losses<Self::Output, B::Target>,
    {
        let (batch, targets) = (batch.samples()?, targets.targets()?);
        check::<Self, _>(&batch, &targets)?;
        Ok(evaluation::losses(self, &batch, &targets))
    }

    /// The share of samples whose largest score is the target's: of several losses by the last one whose targets name classes,
    /// and [`Trainable::losses`] gives all of them.
    ///
    /// # Errors
    /// As [`Trainable::loss`], and [`Error::NoClasses`] if the targets name no classes.
    fn accuracy<'x, 't, B: Targets<'t, Self::Output>>(
        &self,
        batch: impl Batch<'x, Self::Input>,
        targets: B,
    ) -> Result<f64>
    where
        Self::Loss: Losses<Self::Output, B::Target>,
    {
        let (batch, targets) = (batch.samples()?, targets.targets()?);
        check::<Self, _>(&batch, &targets)?;
        let hits = evaluation::hits(self, &batch, &targets);
        Ok(hits.ok_or(Error::NoClasses)?.share())
    }

    /// The gradient of the mean loss of a batch, by the names of the parameters.
    ///
    /// It lies in the network and is overwritten by the next; to change parameters while one looks at it, clone it, or let
    /// [`Trainable::step`] do both.
    ///
    /// # Errors
    /// As [`Trainable::loss`]; [`Error::BatchOfOne`] for a layer that normalises by the batch.
    fn gradient<'x, 't, B: Targets<'t, Self::Output>>(
        &mut self,
        batch: impl Batch<'x, Self::Input>,
        targets: B,
    ) -> Result<&Self::Params>
    where
        Self::Loss: Losses<Self::Output, B::Target>,
    {
        steps::gradient(self, &batch.samples()?, &targets.targets()?)?;
        Ok(self.params_and_gradient().1)
    }

    /// One step of training on a batch: the gradient, then the optimizer's update. Returns the mean loss before it.
    ///
    /// # Errors
    /// As [`Trainable::loss`], and what the optimizer finds wrong. The parameters are not changed then.
    fn step<'x, 't, B: Targets<'t, Self::Output>>(
        &mut self,
        optimizer: &mut (impl Optimizer<Self::Element> + ?Sized),
        batch: impl Batch<'x, Self::Input>,
        targets: B,
    ) -> Result<Self::Element>
    where
        Self::Loss: Losses<Self::Output, B::Target>,
    {
        let (batch, targets) = (batch.samples()?, targets.targets()?);
        let rules = steps::Rules::default();
        let (accept, prepare) = (|_| Ok(()), |_: &mut Self, _| Ok(()));
        steps::step(self, optimizer, rules, &batch, &targets, accept, prepare)
    }
}

/// One of the losses of a network, over a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct LossValue {
    /// Its name, as in [`Network::OUTPUTS`].
    pub name: &'static str,
    /// The mean over the batch, without the weight.
    pub loss: f64,
    /// What it is multiplied by in the sum that is trained.
    pub weight: f64,
    /// The share of samples whose largest score is the target's; `None` if the targets name no classes.
    pub accuracy: Option<f64>,
}

/// How a batch is cut: by the memory that a sample needs, so that a chunk stays in the cache.
fn cut<N: Network>(samples: usize) -> Cut {
    let parameters = N::PARAMETERS * size_of::<N::Element>();
    Cut::new(samples, N::WORKSPACE_BYTES_PER_SAMPLE, parameters)
}

/// What training takes, in bytes, beside the parameters.
pub(crate) struct TrainingMemory {
    /// The gradient, and those of parts of a batch that are added up.
    pub(crate) gradient: usize,
    /// What lies between the layers, on as many threads as have something to do.
    pub(crate) between: usize,
}

/// What steps of so many samples take, at least one.
pub(crate) fn training_memory<N: Trainable>(samples: usize) -> TrainingMemory {
    let cut = cut::<N>(samples).for_gradients(N::PARAMETERS);
    let number = size_of::<N::Element>();
    let gradients = cut.groups * if cut.adds_up() { 2 } else { 1 };
    let room = numbers::<N::Element>(cut.length, N::TRAINING);
    TrainingMemory {
        gradient: gradients.saturating_mul(N::PARAMETERS * number),
        between: cut.groups.saturating_mul(room * number),
    }
}

/// Whether a batch and its targets are something to compute with.
fn check<N: Trainable, Y>(batch: &[N::Input], targets: &[Y]) -> Result<()>
where
    N::Loss: Losses<N::Output, Y>,
{
    check_pairs(batch, targets)?;
    N::LOSS.check_targets(targets)
}
