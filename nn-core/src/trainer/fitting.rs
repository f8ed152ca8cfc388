//! The loop over epochs and steps.

use std::time::Instant;

use super::callback::{Callback, Context, Wish};
use super::course::{Course, Halt, Reporter};
use super::ctrl_c::CtrlC;
use super::measuring::Metrics;
use super::run::Run;
use super::source::{Shuffled, Source};
use super::summary;
use super::{Clock, EpochRecord, Event, History, Trainer};
use crate::data::{DataLoader, Dataset};
use crate::element::Element as _;
use crate::error::{Error, Result};
use crate::losses::Losses;
use crate::network::{Assessment, Trainable, assess, phases};
use crate::optim::{EpochOutcome, Optimizer, Schedule};
use crate::record::Record as _;

impl<O, F, S, C, M> Trainer<O, F, S, C, M>
where
    F: FnMut(&Event),
    S: Schedule,
{
    /// Trains a network, and evaluates it after every epoch.
    ///
    /// Each epoch goes through the training samples once, in an order that depends only on the seed and the number of the
    /// epoch. The test set may be empty. Without classes, as in a regression, there are no accuracies.
    ///
    /// # Errors
    /// Before the first step, so that the network is unchanged: [`Error::Empty`] for an empty training set,
    /// [`Error::LengthMismatch`] or what the loss finds wrong with the targets for both sets, [`Error::HyperParameter`] for a
    /// setting out of its range, [`Error::NoFullBatch`] if `drop_last` leaves nothing to train on, [`Error::BatchOfOne`] if the last batch
    /// of an epoch has one sample, and a layer normalises by the batch. Later: as
    /// [`Trainer::step`], which names the step, or what a callback or a metric returns; the network then keeps what it has learnt.
    pub fn fit<N, Y>(
        &mut self,
        net: &mut N,
        train: &Dataset<N::Input, Y>,
        test: &Dataset<N::Input, Y>,
    ) -> Result<History>
    where
        N: Trainable,
        N::Loss: Losses<N::Output, Y>,
        O: Optimizer<N::Element>,
        C: Callback<N>,
        M: Metrics<N::Output, Y>,
        Y: Clone + Sync,
    {
        let mut source = Shuffled::new(train, self.settings);
        self.fit_from(net, &mut source, test)
    }

    /// [`Trainer::fit`] with the batches of a loader: balanced, augmented, made ahead by another thread.
    ///
    /// What says which samples a step takes is the loader's: the size of batches, the seed, whether the last one is left out. The trainer's `batch_size`, `accumulate`,
    /// `seed` and `drop_last` have no part in it. Accuracies are those of the loader's data as they are. A training that is interrupted goes on
    /// to the same bits with a loader of the same settings.
    ///
    /// ```
    /// use nn_core::data::DataLoader;
    /// use nn_core::prelude::*;
    ///
    /// network! { struct Circle< Affine(2, 16) -> Tanh -> Affine(16, 1) -> SigmoidWithLoss >; }
    ///
    /// # fn main() -> nn_core::Result<()> {
    /// let points: Vec<[f32; 2]> = (0..400).map(|i| [(i % 20) as f32 / 5.0 - 2.0, (i / 20) as f32 / 5.0 - 2.0]).collect();
    /// let inside: Vec<bool> = points.iter().map(|[x, y]| x * x + y * y < 1.0).collect();
    /// let data = Dataset::new(points, inside)?;
    ///
    /// let mut net = Circle::seeded(1);
    /// let mut loader = DataLoader::new(&data)
    ///     .batch_size(50)
    ///     .shuffle(1)
    ///     .balance(|&inside| inside)
    ///     .augment(|point, _, rng| point[0] += 0.01 * rng.normal() as f32);
    /// let mut trainer = Trainer::new(Adam::new(0.03)).epochs(20);
    /// let history = trainer.fit_loader(&mut net, &mut loader, &data)?;
    /// # assert!(history.epochs[19].test_accuracy.unwrap() > 0.8);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Trainer::fit`].
    ///
    /// # Panics
    /// Where the loader's augmentation does.
    pub fn fit_loader<N, Y>(
        &mut self,
        net: &mut N,
        loader: &mut DataLoader<'_, N::Input, Y>,
        test: &Dataset<N::Input, Y>,
    ) -> Result<History>
    where
        N: Trainable,
        N::Loss: Losses<N::Output, Y>,
        O: Optimizer<N::Element>,
        C: Callback<N>,
        M: Metrics<N::Output, Y>,
        Y: Clone + Send + Sync,
    {
        self.fit_from(net, &mut { loader }, test)
    }

    fn fit_from<N, Y>(
        &mut self,
        net: &mut N,
        source: &mut impl Source<N::Input, Y>,
        test: &Dataset<N::Input, Y>,
    ) -> Result<History>
    where
        N: Trainable,
        N::Loss: Losses<N::Output, Y>,
        O: Optimizer<N::Element>,
        C: Callback<N>,
        M: Metrics<N::Output, Y>,
        Y: Clone + Sync,
    {
        let history = self.with_threads(|trainer| trainer.fit_here(net, source, test));
        self.screen.end();
        history
    }

    fn fit_here<N, Y>(
        &mut self,
        net: &mut N,
        source: &mut impl Source<N::Input, Y>,
        test: &Dataset<N::Input, Y>,
    ) -> Result<History>
    where
        N: Trainable,
        N::Loss: Losses<N::Output, Y>,
        O: Optimizer<N::Element>,
        C: Callback<N>,
        M: Metrics<N::Output, Y>,
        Y: Clone + Sync,
    {
        check_set::<N, Y>(source.data())?;
        check_set::<N, Y>(test)?;
        let (iters, order) = (source.batches()?, source.order());
        self.settings.check()?;
        phases::check::<N>(order.last_batch(iters))?;
        self.check_checkpoints::<N>()?;
        let resumed = self.unfinished.is_some();
        let mut run = self.take_run(order)?;
        let steps = self.settings.length.steps(iters);
        let ctrl_c = self.settings.stop_on_ctrl_c.then(CtrlC::watch);
        let course = &mut Course {
            iters,
            last_step: run.steps_before.saturating_add(steps),
            order,
            resumed,
            paused: false,
            epoch: self.progress.epochs + 1,
            iter: run.iter,
            loss: f64::NAN,
            clock: Clock::after(&run),
            ctrl_c: ctrl_c.transpose()?,
            wish: None,
        };
        self.screen
            .begin(order.batch_size, &|| summary::of::<N>(order.batch_size));
        self.tell(net, &run, course, C::before_training)?;
        match course.wish.take() {
            Some(Wish::Stop(reason)) => return self.end(net, run, course, Some(reason)),
            Some(Wish::Pause(reason)) => return self.pause(net, run, course, Some(reason)),
            None => {}
        }

        let mut scores = Vec::new();
        // An epoch whose steps have all been made may still have to be evaluated.
        while self.progress.steps < course.last_step || run.iter > 0 {
            let mut ending = match self.make_steps(net, &mut run, course, source) {
                Ok(()) | Err(Halt::Enough) => None,
                Err(Halt::Failed(error)) => return Err(error),
                Err(Halt::Paused(reason)) => return self.pause(net, run, course, reason),
                Err(Halt::Stopped(reason)) => Some(reason),
            };
            self.progress.epochs = course.epoch;
            run.iter = 0;

            let record = self.evaluate(net, &mut run, course, source.data(), test, &mut scores)?;
            let outcome = EpochOutcome::from(&record);
            self.report(&mut run.history, &Event::from(record));
            self.rate.end_of_epoch(&outcome)?;
            self.tell(net, &run, course, C::after_epoch)?;
            match course.wish.take() {
                Some(Wish::Stop(reason)) => ending = ending.or(Some(reason)),
                Some(Wish::Pause(reason)) if ending.is_none() => {
                    return self.pause(net, run, course, Some(reason));
                }
                _ => {}
            }
            if ending.is_some() {
                return self.end(net, run, course, ending);
            }
            if course.is_interrupted() {
                return self.pause(net, run, course, None);
            }
        }
        self.end(net, run, course, None)
    }

    /// The steps of an epoch that have not been made yet.
    fn make_steps<N, Y>(
        &mut self,
        net: &mut N,
        run: &mut Run,
        course: &mut Course,
        source: &mut impl Source<N::Input, Y>,
    ) -> std::result::Result<(), Halt>
    where
        N: Trainable,
        N::Loss: Losses<N::Output, Y>,
        O: Optimizer<N::Element>,
        C: Callback<N>,
        Y: Clone + Sync,
    {
        let epoch = self.progress.epochs;
        course.epoch = epoch + 1;
        let left = course.last_step.saturating_sub(self.progress.steps);
        let end = course.iters.min(run.iter.saturating_add(left));
        source.run(epoch, run.iter..end, |x, t| {
            self.make_step(net, run, course, x, t)
        })
    }

    /// One step, and everything around it.
    fn make_step<N, Y>(
        &mut self,
        net: &mut N,
        run: &mut Run,
        course: &mut Course,
        x: &[N::Input],
        t: &[Y],
    ) -> std::result::Result<(), Halt>
    where
        N: Trainable,
        N::Loss: Losses<N::Output, Y>,
        O: Optimizer<N::Element>,
        C: Callback<N>,
        Y: Sync,
    {
        course.iter = run.iter + 1;
        let step = self.progress.steps + 1;
        let wants_gradient = self.callbacks.wants_gradient();
        let prepare = |callbacks: &mut C, net: &mut N, loss: f64, lr: f64| {
            if !wants_gradient {
                return Ok(());
            }
            course.loss = loss;
            let mut at = course.context(step, lr, &run.history);
            callbacks.before_update(net, &mut at)?;
            course.wish = at.wish;
            Ok(())
        };
        let loss = self.step_here(net, x, t, wants_gradient, prepare)?.as_f64();
        run.iter = course.iter;
        run.mean.add(loss);
        run.mean_of_epoch.add(loss);
        course.loss = loss;
        let reporter = &mut Reporter {
            screen: &mut self.screen,
            on_event: &mut self.on_event,
        };
        reporter.step(self.settings, self.progress, self.rate.last(), run, course);
        self.tell(net, run, course, C::after_step)?;
        match course.wish.take() {
            Some(Wish::Stop(reason)) => return Err(Halt::Stopped(reason)),
            Some(Wish::Pause(reason)) => return Err(Halt::Paused(Some(reason))),
            None => {}
        }
        if course.is_interrupted() {
            return Err(Halt::Paused(None));
        }
        if self.is_checkpoint_due() {
            course.clock.note(run);
            self.save_run(net, run)?;
        }
        Ok(())
    }

    /// What an epoch has come to. Each set is gone through once.
    fn evaluate<N, Y>(
        &mut self,
        net: &N,
        run: &mut Run,
        course: &mut Course,
        train: &Dataset<N::Input, Y>,
        test: &Dataset<N::Input, Y>,
        scores: &mut Vec<N::Output>,
    ) -> Result<EpochRecord>
    where
        N: Trainable,
        N::Loss: Losses<N::Output, Y>,
        M: Metrics<N::Output, Y>,
        Y: Clone + Sync,
    {
        let before = Instant::now();
        let train_accuracy = if self.settings.train_accuracy {
            accuracy(net, train)?
        } else {
            None
        };
        let mut record = EpochRecord {
            epoch: self.progress.epochs,
            step: self.progress.steps,
            lr: self.rate.last(),
            loss: run.mean_of_epoch.take(),
            train_accuracy,
            ..EpochRecord::default()
        };
        if !test.is_empty() {
            let Assessment { loss, accuracy } = if self.metrics.is_empty() {
                assess(net, &test.x, &test.t, None)
            } else {
                if scores.is_empty() {
                    *scores = N::Output::zeros(test.len());
                }
                let assessment = assess(net, &test.x, &test.t, Some(scores));
                self.metrics.compute(scores, &test.t, &mut record.metrics)?;
                assessment
            };
            record.test_loss = Some(loss);
            record.test_accuracy = accuracy;
        }
        course.clock.evaluation += before.elapsed();
        record.seconds = course.clock.total().as_secs_f64();
        Ok(record)
    }

    /// Tells callbacks where the training is.
    fn tell<N>(
        &mut self,
        net: &mut N,
        run: &Run,
        course: &mut Course,
        call: fn(&mut C, &mut N, &mut Context<'_>) -> Result<()>,
    ) -> Result<()>
    where
        N: Trainable,
        C: Callback<N>,
    {
        let (step, lr) = (self.progress.steps, self.rate.last());
        let mut at = course.context(step, lr, &run.history);
        at.wish.clone_from(&course.wish);
        call(&mut self.callbacks, net, &mut at)?;
        course.wish = at.wish;
        Ok(())
    }

    /// Ends a run for good.
    fn end<N>(
        &mut self,
        net: &mut N,
        mut run: Run,
        course: &mut Course,
        reason: Option<String>,
    ) -> Result<History>
    where
        N: Trainable,
        O: Optimizer<N::Element>,
        C: Callback<N>,
    {
        if let Some(reason) = reason {
            let event = Event::Ended {
                epoch: self.progress.epochs,
                step: self.progress.steps,
                reason,
            };
            self.report(&mut run.history, &event);
        }
        // Before the checkpoint: what callbacks make of the network at the end is part of it.
        self.tell(net, &run, course, C::after_training)?;
        course.clock.note(&mut run);
        self.save_run(net, &run)?;
        Ok(run.into_history())
    }

    /// Leaves a run in the middle, so that the next call goes on with it.
    fn pause<N>(
        &mut self,
        net: &mut N,
        mut run: Run,
        course: &mut Course,
        reason: Option<String>,
    ) -> Result<History>
    where
        N: Trainable,
        O: Optimizer<N::Element>,
        C: Callback<N>,
    {
        course.clock.note(&mut run);
        self.save_run(net, &run)?;
        let event = Event::Stopped {
            epoch: self.progress.epochs + usize::from(run.iter > 0),
            iter: run.iter,
            iters: course.iters,
            step: self.progress.steps,
            saved: self.checkpoints.is_some(),
            reason,
        };
        self.report(&mut run.history, &event);
        course.paused = true;
        self.tell(net, &run, course, C::after_training)?;
        let history = run.clone().into_history();
        self.unfinished = Some(run);
        Ok(history)
    }

    fn report(&mut self, history: &mut History, event: &Event) {
        let reporter = &mut Reporter {
            screen: &mut self.screen,
            on_event: &mut self.on_event,
        };
        reporter.report(history, event);
    }
}

/// Whether samples and targets pair up and the loss is defined for all targets.
pub(super) fn check_set<N, Y>(data: &Dataset<N::Input, Y>) -> Result<()>
where
    N: Trainable,
    N::Loss: Losses<N::Output, Y>,
{
    if data.x.len() != data.t.len() {
        return Err(Error::LengthMismatch {
            samples: data.x.len(),
            targets: data.t.len(),
        });
    }
    N::LOSS.check_targets(&data.t)
}

/// The accuracy over a data set; `None` if it is empty or its targets name no classes.
fn accuracy<N, Y>(net: &N, data: &Dataset<N::Input, Y>) -> Result<Option<f64>>
where
    N: Trainable,
    N::Loss: Losses<N::Output, Y>,
    Y: Clone + Sync,
{
    if data.is_empty() {
        return Ok(None);
    }
    match net.accuracy(&data.x, &data.t) {
        Ok(accuracy) => Ok(Some(accuracy)),
        Err(Error::NoClasses) => Ok(None),
        Err(error) => Err(error),
    }
}
