//! The training that is interrupted: of the tests, and of the process that they start.

use nn_core::prelude::*;
use nn_core::{Event, Rng, Schedule};

network! {
    #[derive(Clone)]
    pub(crate) struct Net< Affine(4, 8) -> Tanh -> BatchNorm -> Dropout(0.1) -> Affine(8, 3) -> SoftmaxWithLoss >;
}

/// 51 points of three classes, not quite separable.
pub(crate) fn points(seed: u64) -> Dataset<[f32; 4], u8> {
    let rng = &mut Rng::seeded(seed);
    let t: Vec<u8> = (0..51_u8).map(|index| index % 3).collect();
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

/// Everything that has a memory: Adam, a schedule, a mean over several steps; and the network has running statistics, and leaves numbers out
/// at random. 8 steps an epoch, the last of them of two samples.
pub(crate) fn trainer() -> Trainer<Adam, fn(&Event), impl Schedule + Clone> {
    Trainer::new(Adam::new(0.02))
        .schedule(Cosine::new(300).warm_up(20))
        .batch_size(7)
        .epochs(50)
        .max_grad(1.0)
        .eval_interval(5)
        .seed(9)
        .threads(1)
        .silent()
}
