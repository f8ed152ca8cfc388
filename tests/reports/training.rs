//! The training that is logged, and one that is killed on the way.

use std::path::Path;

use nn_core::logs::{JsonLines, TensorBoard};
use nn_core::prelude::*;
use nn_core::{Callback, Context, Error, Event, Result, Rng};

network! {
    #[derive(Clone)]
    pub(crate) struct Net< Affine(4, 8) -> Tanh -> Affine(8, 3) -> SoftmaxWithLoss >;
}

/// 50 points of three classes.
pub(crate) fn points(seed: u64) -> Dataset<[f32; 4], u8> {
    let rng = &mut Rng::seeded(seed);
    let t: Vec<u8> = (0..50_u8).map(|index| index % 3).collect();
    #[expect(clippy::cast_possible_truncation, reason = "any numbers do")]
    let mut point = |&class: &u8| {
        let mut point = [0.0; 4].map(|_: f32| rng.normal() as f32);
        point[usize::from(class)] += 1.5;
        point
    };
    Dataset {
        x: t.iter().map(&mut point).collect(),
        t,
    }
}

/// 8 steps an epoch, 5 epochs, an interval every 3 steps.
pub(crate) fn trainer() -> Trainer<Adam, fn(&Event)> {
    Trainer::new(Adam::new(0.02))
        .batch_size(7)
        .epochs(5)
        .eval_interval(3)
        .seed(9)
        .threads(1)
        .silent()
}

/// Ends a training with an error, as a killed process would: nothing is told that it ends.
struct Killer(Option<usize>);

impl<N: Trainable> Callback<N> for Killer {
    fn after_step(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        if self.0 == Some(at.step) {
            return Err(Error::callback("killed"));
        }
        Ok(())
    }
}

/// Trains with checkpoints every `every` steps, from the newest one if there is one, up to a step or to the end; logs lie in the folder.
pub(crate) fn run(folder: &Path, every: usize, kill: Option<usize>) -> Result<Net> {
    let mut net = Net::seeded(3);
    let mut trainer = trainer()
        .checkpoint(folder.join("checkpoints"), every)
        .callback(JsonLines::new(folder.join("log.jsonl")))
        .callback(
            TensorBoard::new(folder.join("board"))
                .histograms(2)
                .gradients(),
        )
        .callback(Killer(kill));
    trainer.resume(&mut net)?;
    trainer.fit(&mut net, &points(1), &points(2))?;
    Ok(net)
}
