//! What a trainer is told before it trains.

use std::path::PathBuf;

use super::checkpoints::Checkpoints;
use super::rate::Rate;
use super::screen::Choice;
use super::settings::Length;
use super::{Event, Metric, Trainer};
use crate::error::Result;
use crate::optim::Schedule;

/// How many checkpoints stay.
const KEPT: usize = 3;

impl<O, F, S, C, M> Trainer<O, F, S, C, M> {
    /// Sets how many samples a step takes, 32 by default.
    #[must_use]
    pub fn batch_size(mut self, samples: usize) -> Self {
        self.settings.batch_size = samples;
        self
    }

    /// Lets a step take so many batches instead of one, and the mean gradient over all their samples: gradient accumulation.
    ///
    /// It is what [`Trainer::batch_size`] of as many samples does, to the bit, and takes no more memory for what lies between the layers: large batches go through in
    /// parts that stay in the cache in any case. An epoch has fewer steps accordingly.
    #[must_use]
    pub fn accumulate(mut self, batches: usize) -> Self {
        self.settings.accumulate = batches;
        self
    }

    /// Sets how many epochs `fit` trains, 10 by default.
    #[must_use]
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.settings.length = Length::Epochs(epochs);
        self
    }

    /// Lets `fit` stop after exactly this many steps instead of a number of epochs, in the middle of one if need be. The
    /// accuracies are then computed as at the end of a whole epoch, and the next `fit` begins with a new one.
    #[must_use]
    pub fn steps(mut self, steps: usize) -> Self {
        self.settings.length = Length::Steps(steps);
        self
    }

    /// Sets what the order of samples is drawn from, 0 by default.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Scales gradients whose norm is larger down to this norm, see [`clip_grads`](crate::clip_grads); by default none is.
    #[must_use]
    pub fn max_grad(mut self, norm: f64) -> Self {
        self.settings.max_grad = Some(norm);
        self
    }

    /// Brings each number of a gradient into the range from −`value` to `value`, see [`clip_grads_by_value`](crate::clip_grads_by_value), before
    /// [`Trainer::max_grad`] is looked at; by default none is.
    #[must_use]
    pub fn max_grad_value(mut self, value: f64) -> Self {
        self.settings.max_grad_value = Some(value);
        self
    }

    /// Sets whether every step looks for numbers that are infinite or none, in parameters, gradient and loss: the first
    /// of them is [`Error::Anomaly`](crate::Error::Anomaly), which says where it is. By default only the loss is looked at, which costs nothing.
    ///
    /// If the loss is none, samples are looked at, and what each layer gives, as [`Network::predict`](crate::Network::predict) computes it; if only a gradient is,
    /// what each layer hands back. For that the batch is computed a second time, but only then. A network that is a layer is one layer here.
    ///
    /// ```
    /// use nn_core::prelude::*;
    ///
    /// # network! { struct Net< Affine(2, 2) -> SoftmaxWithLoss >; }
    /// let mut trainer = Trainer::new(Sgd::new(0.1)).detect_anomaly(true);
    /// let error = trainer.step(&mut Net::seeded(1), &[[0.0, 1.0], [2.0, f32::NAN]], &[0_u8, 1]).unwrap_err();
    /// assert_eq!(error.to_string(), "step 1: sample 1 of the batch has NaN as number 1, expected finite numbers");
    ///
    /// let mut net = Net::seeded(1);
    /// net.params.affine1.W[0][1] = 1e30;
    /// let error = trainer.step(&mut net, &[[0.0, 1.0], [1e30, 2.0]], &[0_u8, 1]).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "step 1: `affine1` (layer 1, `Affine(2, 2)`) gives inf at [1] for sample 1 of the batch, \
    ///      although what it reads and all parameters are finite"
    /// );
    /// ```
    #[must_use]
    pub fn detect_anomaly(mut self, detect: bool) -> Self {
        self.settings.detect_anomaly = detect;
        self
    }

    /// Sets after how many steps the mean loss is recorded and reported, 20 by default; `None` for never.
    #[must_use]
    pub fn eval_interval(mut self, steps: impl Into<Option<usize>>) -> Self {
        self.settings.eval_interval = steps.into();
        self
    }

    /// Sets whether samples that do not fill a last batch are left out of an epoch; by default they make a smaller one.
    #[must_use]
    pub fn drop_last(mut self, drop_last: bool) -> Self {
        self.settings.drop_last = drop_last;
        self
    }

    /// Sets whether the accuracy over all training samples is computed after every epoch, which it is by default.
    #[must_use]
    pub fn train_accuracy(mut self, compute: bool) -> Self {
        self.settings.train_accuracy = compute;
        self
    }

    /// Sets how many threads compute, all cores by default; see [`with_threads`](crate::with_threads). The same bits come out on any number.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.settings.threads = Some(threads);
        self
    }

    /// Lets `fit` write a checkpoint into a folder after every so many steps, when it is stopped, and at its end: everything that it takes to
    /// go on as if nothing had happened, in the middle of an epoch too. The newest 3 stay, see [`Trainer::keep_checkpoints`].
    ///
    /// A checkpoint is written beside its place, brought to the disk, and renamed: there is no moment at which a process can be killed
    /// that leaves half of one. Each is a file of parameters as well, which [`Network::load`](crate::Network::load) reads.
    ///
    /// ```no_run
    /// use nn_core::prelude::*;
    ///
    /// # network! { struct Net< Affine(2, 2) -> SoftmaxWithLoss >; }
    /// # fn data() -> Dataset<[f32; 2], u8> { Dataset { x: vec![[0.0; 2]], t: vec![1] } }
    /// # fn main() -> nn_core::Result<()> {
    /// # let (train, test) = (data(), data());
    /// let mut net = Net::seeded(1);
    /// let mut trainer = Trainer::new(Adam::new(1e-3)).epochs(20).checkpoint("runs/first", 500);
    /// if let Some(step) = trainer.resume(&mut net)? {
    ///     println!("going on after step {step}");
    /// }
    /// let history = trainer.fit(&mut net, &train, &test)?; // of all processes together
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn checkpoint(mut self, folder: impl Into<PathBuf>, every: usize) -> Self {
        let keep = self
            .checkpoints
            .map_or(KEPT, |checkpoints| checkpoints.keep);
        self.checkpoints = Some(Checkpoints {
            folder: folder.into(),
            every,
            keep,
        });
        self
    }

    /// Sets how many of the newest checkpoints stay, 3 by default, 1 at least. Say first where they are: [`Trainer::checkpoint`].
    #[must_use]
    pub fn keep_checkpoints(mut self, count: usize) -> Self {
        if let Some(checkpoints) = &mut self.checkpoints {
            checkpoints.keep = count;
        }
        self
    }

    /// Lets Ctrl-C, or SIGTERM, stop `fit` after the step that is being made: it writes a checkpoint, if it writes any, reports
    /// [`Event::Stopped`], and returns a history that says [`History::stopped`](crate::History::stopped). A second Ctrl-C ends the process at
    /// once. Without this method, and after `fit`, signals do what they always do.
    ///
    /// The next `fit` goes on where this one was stopped. A program that ends instead says so by its exit code:
    ///
    /// ```no_run
    /// # use nn_core::prelude::*;
    /// # network! { struct Net< Affine(2, 2) -> SoftmaxWithLoss >; }
    /// # fn main() -> nn_core::Result<()> {
    /// # let data = Dataset { x: vec![[0.0; 2]], t: vec![1_u8] };
    /// # let mut net = Net::seeded(1);
    /// let mut trainer = Trainer::new(Sgd::new(0.1)).checkpoint("runs/first", 500).stop_on_ctrl_c();
    /// trainer.resume(&mut net)?;
    /// if trainer.fit(&mut net, &data, &data)?.stopped {
    ///     std::process::exit(130);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "ctrl-c")]
    #[must_use]
    pub fn stop_on_ctrl_c(mut self) -> Self {
        self.settings.stop_on_ctrl_c = true;
        self
    }

    /// Calls `on_event` with every event, instead of showing anything.
    ///
    /// ```
    /// use nn_core::{Event, Sgd, Trainer};
    ///
    /// let trainer = Trainer::new(Sgd::new(0.1)).on_event(|event| match event {
    ///     Event::Epoch { .. } => println!("{event}"),
    ///     _ => {}
    /// });
    /// ```
    #[must_use]
    pub fn on_event<G: FnMut(&Event)>(self, on_event: G) -> Trainer<O, G, S, C, M> {
        let mut trainer =
            self.change(|_, rate, callbacks, metrics| (on_event, rate, callbacks, metrics));
        trainer.screen.choice = Choice::Nothing;
        trainer
    }

    /// Prints lines on a terminal too: those of the textbook, which come where the output is none.
    #[must_use]
    pub fn lines(mut self) -> Self {
        self.screen.choice = Choice::Lines;
        self
    }

    /// Sets whether [`Trainer::summary_of`] the network is shown before the first step; by default it is where there is a progress bar.
    #[must_use]
    pub fn summary(mut self, show: bool) -> Self {
        self.screen.summary = Some(show);
        self
    }

    /// Shows nothing and calls nothing.
    #[must_use]
    pub fn silent(self) -> Trainer<O, fn(&Event), S, C, M> {
        let ignore: fn(&Event) = |_| {};
        self.on_event(ignore)
    }

    /// Changes the learning rate before every step: the schedule is asked with the number of steps that all calls on this trainer
    /// have made. What it gives is a multiple of the optimizer's own rate.
    ///
    /// ```
    /// use nn_core::prelude::*;
    ///
    /// let trainer = Trainer::new(Sgd::new(0.1)).schedule(Cosine::new(9_500).warm_up(500)).steps(10_000);
    /// ```
    #[must_use]
    pub fn schedule<R: Schedule>(self, schedule: R) -> Trainer<O, F, R, C, M> {
        self.with_rate(Rate::by_steps(schedule))
    }

    /// Changes the learning rate after every epoch: the schedule is asked with the number of epochs that all calls on this trainer
    /// have made. What it gives is a multiple of the optimizer's own rate.
    ///
    /// ```
    /// use nn_core::prelude::*;
    ///
    /// let trainer = Trainer::new(Sgd::new(0.1)).epoch_schedule(StepDecay::new(30, 0.1)).epochs(90);
    /// ```
    #[must_use]
    pub fn epoch_schedule<R: Schedule>(self, schedule: R) -> Trainer<O, F, R, C, M> {
        self.with_rate(Rate::by_epochs(schedule))
    }

    fn with_rate<R>(self, rate: Rate<R>) -> Trainer<O, F, R, C, M> {
        self.change(|on_event, _, callbacks, metrics| (on_event, rate, callbacks, metrics))
    }

    /// Lets a callback watch and steer the training, after those that were handed over before.
    ///
    /// ```
    /// use nn_core::prelude::*;
    ///
    /// # network! { struct Net< Affine(2, 2) -> SoftmaxWithLoss >; }
    /// # fn main() -> nn_core::Result<()> {
    /// # let (train, test) = (Dataset { x: vec![[0.0; 2]], t: vec![1_u8] }, Dataset { x: vec![[0.0; 2]], t: vec![1_u8] });
    /// # let mut net = Net::seeded(1);
    /// let mut trainer = Trainer::new(Adam::new(1e-3))
    ///     .epochs(100)
    ///     .callback(EarlyStopping::new(Watch::TestLoss).patience(5).restore_best(true));
    /// let history = trainer.fit(&mut net, &train, &test)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn callback<D>(self, callback: D) -> Trainer<O, F, S, (C, D), M> {
        self.change(|on_event, rate, callbacks, metrics| {
            (on_event, rate, (callbacks, callback), metrics)
        })
    }

    /// Computes something after every epoch from what the network gives for the test samples, before the loss, and their targets: it is part of the
    /// line that is printed, of the [`EpochRecord`](crate::EpochRecord) and the table of a history, and [`Watch::Largest`](crate::Watch::Largest)
    /// and [`Watch::Smallest`](crate::Watch::Smallest) look at it by its name.
    ///
    /// ```
    /// use nn_core::metrics::{Average, ConfusionMatrix, top_k_accuracy};
    /// use nn_core::prelude::*;
    ///
    /// # network! { struct Net< Affine(2, 3) -> SoftmaxWithLoss >; }
    /// # fn main() -> nn_core::Result<()> {
    /// # let (train, test) = (Dataset { x: vec![[0.0; 2]], t: vec![1_u8] }, Dataset { x: vec![[0.0; 2]], t: vec![1_u8] });
    /// # let mut net = Net::seeded(1);
    /// let mut trainer = Trainer::new(Sgd::new(0.1))
    ///     .metric("top 2", |scores: &[[f32; 3]], classes: &[u8]| top_k_accuracy(scores, classes, 2))
    ///     .metric("f1", |scores: &[[f32; 3]], classes: &[u8]| {
    ///         Ok(ConfusionMatrix::new(scores, classes)?.mean_f1(Average::Macro))
    ///     });
    /// let history = trainer.fit(&mut net, &train, &test)?;
    /// println!("{:?}", history.epochs[0].metric("f1"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn metric<X, Y, G>(
        self,
        name: impl Into<String>,
        measure: G,
    ) -> Trainer<O, F, S, C, (M, Metric<G>)>
    where
        G: FnMut(&[X], &[Y]) -> Result<f64>,
    {
        let name = name.into();
        self.change(|on_event, rate, callbacks, metrics| {
            (
                on_event,
                rate,
                callbacks,
                (metrics, Metric { name, measure }),
            )
        })
    }

    /// The same trainer with other parts.
    fn change<G, R, D, L>(
        self,
        change: impl FnOnce(F, Rate<S>, C, M) -> (G, Rate<R>, D, L),
    ) -> Trainer<O, G, R, D, L> {
        let (on_event, rate, callbacks, metrics) =
            change(self.on_event, self.rate, self.callbacks, self.metrics);
        Trainer {
            optimizer: self.optimizer,
            on_event,
            screen: self.screen,
            rate,
            callbacks,
            metrics,
            settings: self.settings,
            progress: self.progress,
            checkpoints: self.checkpoints,
            unfinished: self.unfinished,
        }
    }

    /// The callbacks: `()`, or pairs of those of before and the last one.
    pub fn callbacks(&self) -> &C {
        &self.callbacks
    }

    /// The callbacks, to be changed between calls.
    pub fn callbacks_mut(&mut self) -> &mut C {
        &mut self.callbacks
    }

    /// The optimizer.
    #[must_use]
    pub fn optimizer(&self) -> &O {
        &self.optimizer
    }

    /// The optimizer, to be changed between calls. A learning rate that is set here is what the schedule gives multiples of from
    /// then on.
    pub fn optimizer_mut(&mut self) -> &mut O {
        &mut self.optimizer
    }

    /// The schedule of the learning rate and what it remembers.
    pub fn scheduler(&self) -> &S {
        self.rate.schedule()
    }

    /// The schedule of the learning rate, to be changed between calls.
    pub fn scheduler_mut(&mut self) -> &mut S {
        self.rate.schedule_mut()
    }
}
