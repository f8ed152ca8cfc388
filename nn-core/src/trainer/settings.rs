use crate::error::{Error, Result};
use crate::network::steps::Rules;

/// What the builder methods of a trainer set.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(super) struct Settings {
    pub(super) batch_size: usize,
    pub(super) length: Length,
    pub(super) seed: u64,
    /// How many of them a step takes.
    pub(super) accumulate: usize,
    pub(super) max_grad: Option<f64>,
    pub(super) max_grad_value: Option<f64>,
    pub(super) detect_anomaly: bool,
    pub(super) eval_interval: Option<usize>,
    pub(super) drop_last: bool,
    pub(super) train_accuracy: bool,
    pub(super) threads: Option<usize>,
    pub(super) stop_on_ctrl_c: bool,
}

/// How long one call of `fit` trains.
#[derive(Clone, Copy, Debug)]
pub(super) enum Length {
    Epochs(usize),
    Steps(usize),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            batch_size: 32,
            length: Length::Epochs(10),
            seed: 0,
            accumulate: 1,
            max_grad: None,
            max_grad_value: None,
            detect_anomaly: false,
            eval_interval: Some(20),
            drop_last: false,
            train_accuracy: true,
            threads: None,
            stop_on_ctrl_c: false,
        }
    }
}

impl Settings {
    /// Whether everything is in its range that says nothing of batches.
    pub(super) fn check(&self) -> Result<()> {
        self.eval_interval
            .map_or(Ok(()), |steps| positive("eval_interval", steps))
    }

    /// How many steps an epoch over this many samples has, at least one.
    pub(super) fn steps_per_epoch(&self, samples: usize) -> Result<usize> {
        positive("batch_size", self.batch_size)?;
        positive("accumulate", self.accumulate)?;
        if !self.drop_last {
            return Ok(samples.div_ceil(self.samples_per_step()));
        }
        match samples / self.samples_per_step() {
            0 => Err(Error::NoFullBatch {
                batch_size: self.samples_per_step(),
                samples,
            }),
            steps => Ok(steps),
        }
    }

    /// How many samples a step takes, save for the last of an epoch.
    pub(super) fn samples_per_step(&self) -> usize {
        self.batch_size.saturating_mul(self.accumulate)
    }

    /// How steps are made.
    pub(super) fn rules(&self) -> Rules {
        Rules {
            max_grad: self.max_grad,
            max_grad_value: self.max_grad_value,
            keeps_gradient: false,
        }
    }

    /// On how many threads to compute, where that was set.
    pub(super) fn threads(&self) -> Result<Option<usize>> {
        self.threads
            .map_or(Ok(()), |threads| positive("threads", threads))?;
        Ok(self.threads)
    }

    /// Whether the mean loss is reported at this step of an epoch: the first one, and then at regular intervals.
    pub(super) fn reports_at(&self, iter: usize) -> bool {
        self.eval_interval
            .is_some_and(|interval| (iter - 1).is_multiple_of(interval))
    }
}

impl Length {
    pub(super) fn steps(self, steps_per_epoch: usize) -> usize {
        match self {
            Self::Epochs(epochs) => epochs.saturating_mul(steps_per_epoch),
            Self::Steps(steps) => steps,
        }
    }
}

pub(super) fn positive(name: &'static str, value: usize) -> Result<()> {
    if value == 0 {
        return Err(Error::HyperParameter {
            name,
            value: 0.0,
            expected: "a whole number from 1 on",
        });
    }
    Ok(())
}
