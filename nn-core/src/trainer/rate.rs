use super::Progress;
use crate::element::Element;
use crate::error::Result;
use crate::optim::{EpochOutcome, Optimizer, Schedule};

/// What a schedule counts.
#[derive(Clone, Copy, Debug)]
enum Clock {
    Steps,
    Epochs,
}

/// A schedule, and the rate that it gives multiples of.
#[derive(Clone, Debug)]
pub(super) struct Rate<S> {
    schedule: S,
    clock: Clock,
    set: Option<Set>,
}

/// The rate that was set last.
#[derive(Clone, Copy, Debug)]
struct Set {
    base: f64,
    lr: f64,
    /// What the optimizer has made of it, which may have rounded.
    kept: f64,
}

impl<S> Rate<S> {
    pub(super) fn by_steps(schedule: S) -> Self {
        Self::new(schedule, Clock::Steps)
    }

    pub(super) fn by_epochs(schedule: S) -> Self {
        Self::new(schedule, Clock::Epochs)
    }

    fn new(schedule: S, clock: Clock) -> Self {
        Self {
            schedule,
            clock,
            set: None,
        }
    }

    pub(super) fn schedule(&self) -> &S {
        &self.schedule
    }

    pub(super) fn schedule_mut(&mut self) -> &mut S {
        &mut self.schedule
    }

    /// How many numbers [`Rate::saved`] gives, where it gives any.
    pub(super) const SAVED: usize = 3;

    /// What goes into a checkpoint: nothing, or three numbers.
    pub(super) fn saved(&self) -> Vec<f64> {
        let set = self.set.as_ref();
        set.map_or_else(Vec::new, |set| vec![set.base, set.lr, set.kept])
    }

    /// Goes on from what [`Rate::saved`] gave.
    pub(super) fn restore(&mut self, saved: Option<&[f64]>) {
        self.set = match saved {
            Some(&[base, lr, kept]) => Some(Set { base, lr, kept }),
            _ => None,
        };
    }

    /// The rate of the last step.
    pub(super) fn last(&self) -> f64 {
        self.set.map_or(f64::NAN, |set| set.lr)
    }
}

impl<S: Schedule> Rate<S> {
    /// Sets the rate of the next step.
    pub(super) fn set<T: Element>(
        &mut self,
        optimizer: &mut impl Optimizer<T>,
        progress: Progress,
    ) -> Result<()> {
        let found = optimizer.lr();
        // A rate that somebody else has set since the last step is a new one to begin with.
        let base = match self.set {
            Some(set) if set.kept == found => set.base,
            _ => found,
        };
        let at = match self.clock {
            Clock::Steps => progress.steps,
            Clock::Epochs => progress.epochs,
        };
        let lr = self.schedule.lr(base, at)?;
        optimizer.set_lr(lr);
        let kept = optimizer.lr();
        self.set = Some(Set { base, lr, kept });
        Ok(())
    }

    pub(super) fn end_of_epoch(&mut self, epoch: &EpochOutcome) -> Result<()> {
        self.schedule.end_of_epoch(epoch)
    }
}

#[cfg(test)]
mod tests {
    use crate::data::Dataset;
    use crate::error::{Error, Result};
    use crate::losses::{MeanSquaredError, SoftmaxWithLoss};
    use crate::network::{Network as _, Trainable as _};
    use crate::optim::{
        Adam, Cosine, LinearDecay, Optimizer, Plateau, Schedule, Sgd, StepDecay, Watch,
    };
    use crate::params::Parameters;
    use crate::trainer::tiny::Tiny;
    use crate::trainer::{Event, Trainer};

    type Classifier = Tiny<SoftmaxWithLoss>;

    fn points() -> Dataset<[f64; 2], u8> {
        Dataset {
            x: vec![[1.0, 2.0], [-1.0, 0.5], [0.25, -2.0], [3.0, 1.0]],
            t: vec![0, 1, 1, 0],
        }
    }

    fn none() -> Dataset<[f64; 2], u8> {
        let (x, t) = (Vec::new(), Vec::new());
        Dataset { x, t }
    }

    /// The rates of all steps of two calls of `fit`, of three epochs of two steps each.
    fn rates<O: Optimizer<f64>, F, S: Schedule>(trainer: Trainer<O, F, S>) -> Vec<f64> {
        let mut rates = Vec::new();
        let mut trainer = trainer.batch_size(2).epochs(3).on_event(|event| {
            if let Event::Step { lr, .. } = event {
                rates.push(*lr);
            }
        });
        let mut net = Classifier::seeded(0);
        for _ in 0..2 {
            let history = trainer.fit(&mut net, &points(), &none()).unwrap();
            assert_eq!(trainer.optimizer().lr(), history.epochs[2].lr);
        }
        rates
    }

    /// By hand: from 1 to 0 in 8 steps, and half of the rate after every second epoch.
    #[test]
    fn schedules_count_steps_or_epochs_over_all_calls() {
        let by_steps = Trainer::new(Adam::new(0.8)).schedule(LinearDecay::new(8));
        let expected = [0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0, 0.0, 0.0, 0.0];
        for (found, expected) in rates(by_steps).into_iter().zip(expected) {
            assert!((found - expected).abs() < 1e-15, "{found}, not {expected}");
        }
        let by_epochs = Trainer::new(Adam::new(0.8)).epoch_schedule(StepDecay::new(2, 0.5));
        let [first, second, third] = [[0.8; 4], [0.4; 4], [0.2; 4]];
        assert_eq!(rates(by_epochs), [first, second, third].concat());
        assert_eq!(rates(Trainer::new(Sgd::new(0.3))), [0.3; 12]);
        let chosen: Box<dyn Schedule> = Box::new(StepDecay::new(4, 0.5));
        let expected = [first, second, third].concat();
        assert_eq!(
            rates(Trainer::new(Adam::new(0.8)).schedule(chosen)),
            expected
        );
    }

    #[test]
    fn the_history_records_rates() {
        let mut trainer = Trainer::new(Adam::new(0.8))
            .schedule(StepDecay::new(1, 0.5))
            .batch_size(2)
            .epochs(2)
            .eval_interval(1)
            .silent();
        let mut net = Classifier::seeded(0);
        let history = trainer.fit(&mut net, &points(), &none()).unwrap();
        let of_losses: Vec<f64> = history.losses.iter().map(|record| record.lr).collect();
        assert_eq!(of_losses, [0.8, 0.4, 0.2, 0.1]);
        let of_epochs: Vec<f64> = history.epochs.iter().map(|record| record.lr).collect();
        assert_eq!(of_epochs, [0.4, 0.1]);
    }

    #[test]
    fn a_trainer_steps_as_one_does_by_hand() {
        let schedule = Cosine::new(6).warm_up(2);
        let (mut by_trainer, mut by_hand) = (Classifier::seeded(0), Classifier::seeded(0));
        let mut trainer = Trainer::new(Adam::new(0.1)).schedule(schedule);
        let mut adam = Adam::new(0.1);
        let Dataset { x, t } = points();
        for step in 0..9 {
            trainer.step(&mut by_trainer, &x, &t).unwrap();
            adam.set_lr(schedule.lr(0.1, step).unwrap());
            by_hand.step(&mut adam, &x, &t).unwrap();
            assert_eq!(by_trainer.params, by_hand.params);
        }
    }

    #[test]
    fn a_rate_that_is_set_in_between_is_the_new_base() {
        let mut trainer = Trainer::new(Sgd::new(0.8)).schedule(StepDecay::new(1, 0.5));
        let Dataset { x, t } = points();
        let mut net = Classifier::seeded(0);
        let mut next = |trainer: &mut Trainer<Sgd, _, _>| {
            trainer.step(&mut net, &x, &t).unwrap();
            Optimizer::<f64>::lr(trainer.optimizer())
        };
        assert_eq!([next(&mut trainer), next(&mut trainer)], [0.8, 0.4]);
        Optimizer::<f64>::set_lr(trainer.optimizer_mut(), 1.6);
        assert_eq!([next(&mut trainer), next(&mut trainer)], [0.4, 0.2]);
    }

    /// An optimizer that keeps its rate in fewer digits.
    struct Rounding(f32);

    impl Optimizer<f64> for Rounding {
        fn step(&mut self, _: &mut dyn Parameters<f64>, _: &dyn Parameters<f64>) -> Result<()> {
            Ok(())
        }

        fn lr(&self) -> f64 {
            f64::from(self.0)
        }

        #[expect(clippy::cast_possible_truncation)]
        fn set_lr(&mut self, lr: f64) {
            self.0 = lr as f32;
        }
    }

    #[test]
    fn a_rounded_rate_is_no_new_base() {
        let trainer = Trainer::new(Rounding(0.7)).schedule(LinearDecay::new(7));
        let mut trainer = trainer.batch_size(4).epochs(6).silent();
        let mut net = Classifier::seeded(0);
        let history = trainer.fit(&mut net, &points(), &none()).unwrap();
        assert!((history.epochs[5].lr - 0.2).abs() < 1e-6);
    }

    #[test]
    fn a_plateau_looks_at_what_it_is_told() {
        // A rate of 0 changes nothing: every value after the first is no better.
        let plateau = Plateau::new().patience(1).factor(0.5);
        for watch in [Watch::TrainLoss, Watch::TrainAccuracy, Watch::TestAccuracy] {
            let trainer = Trainer::new(Rounding(1.0)).schedule(plateau.watch(watch));
            let mut trainer = trainer.epochs(6).silent();
            let mut net = Classifier::seeded(0);
            let history = trainer.fit(&mut net, &points(), &points()).unwrap();
            let rates: Vec<f64> = history.epochs.iter().map(|record| record.lr).collect();
            assert_eq!(rates, [1.0, 1.0, 1.0, 0.5, 0.5, 0.25]);
            // Its memory goes on in another one: one value more and the rate is halved again.
            let mut resumed = plateau.watch(watch);
            resumed.load_state(&trainer.scheduler().state()).unwrap();
            assert_eq!(resumed, *trainer.scheduler());
            for expected in [0.125, 0.125] {
                resumed.observe(f64::NAN);
                assert_eq!(resumed.lr(1.0, 0).unwrap(), expected);
            }
        }
    }

    #[test]
    fn what_is_not_there_cannot_be_watched() {
        let plateau = Plateau::new().watch(Watch::TestAccuracy);
        let mut trainer = Trainer::new(Sgd::new(0.1)).schedule(plateau).silent();
        let mut net = Classifier::seeded(0);
        let error = trainer.fit(&mut net, &points(), &none()).unwrap_err();
        let expected = "the test accuracy is watched, but was not computed: \
                        it takes a test set whose targets name a class";
        assert_eq!(error.to_string(), expected);

        let plateau = Plateau::new().watch(Watch::TrainAccuracy);
        let mut trainer = Trainer::new(Sgd::new(0.1)).schedule(plateau).silent();
        let mut net = Tiny::<MeanSquaredError>::seeded(0);
        let data = Dataset {
            x: points().x,
            t: points().x,
        };
        let error = trainer.fit(&mut net, &data, &data).unwrap_err();
        assert!(matches!(error, Error::NothingToWatch { .. }));
    }

    #[test]
    fn what_is_wrong_with_a_schedule_stops_before_the_first_step() {
        let mut trainer = Trainer::new(Sgd::new(0.1))
            .schedule(Cosine::new(0))
            .silent();
        let mut net = Classifier::seeded(0);
        let error = trainer.fit(&mut net, &points(), &none()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "steps = 0 is not valid: a whole number from 1 on"
        );
        assert_eq!(net.params, Classifier::seeded(0).params);
    }
}
