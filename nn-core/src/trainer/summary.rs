use super::Trainer;
use super::screen::{bytes, count};
use crate::network::{Trainable, TrainingMemory, training_memory};

impl<O, F, S, C, M> Trainer<O, F, S, C, M> {
    /// What a training of a network takes: the table of its layers, memory, and multiply-adds of a step.
    ///
    /// Memory is that of parameters, their gradient, and what lies between the layers, at most on all threads; what the optimizer remembers of each parameter,
    /// twice their memory for [`Adam`](crate::Adam), comes on top. The multiply-adds of a step are three times those of the scores, since the
    /// gradients by parameters and by inputs each take as many.
    ///
    /// ```
    /// use nn_core::prelude::*;
    ///
    /// network! { struct Mnist< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >; }
    ///
    /// let trainer = Trainer::new(Sgd::new(0.1)).batch_size(100);
    /// let summary = trainer.summary_of::<Mnist>();
    /// assert!(summary.starts_with(Mnist::SUMMARY));
    /// assert!(summary.ends_with("steps of 100 samples: about 11.9 M multiply-adds"));
    /// ```
    #[must_use]
    pub fn summary_of<N: Trainable>(&self) -> String {
        of::<N>(self.settings.samples_per_step())
    }
}

/// The same for steps of so many samples.
pub(super) fn of<N: Trainable>(samples: usize) -> String {
    let parameters = N::PARAMETERS * size_of::<N::Element>();
    let memory = training_memory::<N>(samples.max(1));
    text(N::SUMMARY, parameters, &memory, N::MACS, samples)
}

fn text(
    table: &str,
    parameters: usize,
    memory: &TrainingMemory,
    macs: usize,
    samples: usize,
) -> String {
    format!(
        "{table}\n\nmemory: {} parameters, {} gradient, {} between the layers\nsteps of {samples} samples: about {} multiply-adds",
        bytes(parameters),
        bytes(memory.gradient),
        bytes(memory.between),
        count(3.0 * macs as f64 * samples as f64),
    )
}
