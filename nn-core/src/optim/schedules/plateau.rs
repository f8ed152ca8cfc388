use crate::error::Result;
use crate::optim::check::{check, check_from_zero};
use crate::optim::state::Reader;
use crate::optim::{EpochOutcome, Schedule, StatePart, Watch};

/// Multiplies the rate by a factor whenever nothing has got better for some epochs.
///
/// # Rate
/// base·factor^k, not below base·floor, where k counts how often more than `patience` values in a row were no better than the
/// best before them. A value is better if it is below best − threshold·|best|; if larger is better, above best + threshold·|best|.
/// For `cooldown` values after a reduction none is counted. As PyTorch's `ReduceLROnPlateau` with `threshold_mode='rel'`, there
/// with the sign of the best value; with [`Plateau::absolute`] as with `'abs'`.
///
/// It watches the mean training loss of each epoch unless [`Plateau::watch`] says otherwise. Without a trainer
/// [`Plateau::observe`] takes values by hand.
/// # Hyper-parameters
/// `factor` from 0 on, below 1, 0.1 by default; `patience` 10; `threshold` from 0 on, 1e-4; `cooldown` 0; `floor` from 0 on, 0.
/// # Examples
/// ```
/// use nn_core::{Plateau, Schedule};
///
/// let mut schedule = Plateau::new().factor(0.5).patience(1);
/// for loss in [3.0, 2.0, 2.0] {
///     schedule.observe(loss);
/// }
/// assert_eq!(schedule.lr(0.8, 3)?, 0.8); // once no better
/// schedule.observe(2.0);
/// assert_eq!(schedule.lr(0.8, 4)?, 0.4); // more often than patience allows
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plateau {
    watch: Watch,
    larger_is_better: bool,
    factor: f64,
    patience: usize,
    threshold: f64,
    absolute: bool,
    cooldown: usize,
    floor: f64,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct State {
    /// The factors so far, multiplied.
    multiple: f64,
    best: Option<f64>,
    /// How many values in a row have been no better.
    worse: u64,
    /// For how many values to come none is counted.
    resting: u64,
}

impl Default for Plateau {
    fn default() -> Self {
        Self::new()
    }
}

impl Plateau {
    /// With the defaults above.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            watch: Watch::TrainLoss,
            larger_is_better: false,
            factor: 0.1,
            patience: 10,
            threshold: 1e-4,
            absolute: false,
            cooldown: 0,
            floor: 0.0,
            state: State {
                multiple: 1.0,
                best: None,
                worse: 0,
                resting: 0,
            },
        }
    }

    /// Sets what is looked at after each epoch, the training loss by default, and with it whether larger is better.
    #[must_use]
    pub const fn watch(mut self, watch: Watch) -> Self {
        self.larger_is_better = watch.larger_is_better();
        self.watch = watch;
        self
    }

    /// Takes larger values for better ones: for values by hand.
    #[must_use]
    pub const fn larger_is_better(mut self) -> Self {
        self.larger_is_better = true;
        self
    }

    /// Sets what the rate is multiplied by, 0.1 by default.
    #[must_use]
    pub const fn factor(mut self, factor: f64) -> Self {
        self.factor = factor;
        self
    }

    /// Sets how many values in a row may be no better, 10 by default.
    #[must_use]
    pub const fn patience(mut self, values: usize) -> Self {
        self.patience = values;
        self
    }

    /// Sets by how much of the best value a better one must differ, 1e-4 by default.
    #[must_use]
    pub const fn threshold(mut self, threshold: f64) -> Self {
        self.threshold = threshold;
        self
    }

    /// Takes the threshold itself, not a share of the best value.
    #[must_use]
    pub const fn absolute(mut self) -> Self {
        self.absolute = true;
        self
    }

    /// Sets for how many values after a reduction none is counted, 0 by default.
    #[must_use]
    pub const fn cooldown(mut self, values: usize) -> Self {
        self.cooldown = values;
        self
    }

    /// Sets the smallest rate, as a multiple of the optimizer's, 0 by default.
    #[must_use]
    pub const fn floor(mut self, floor: f64) -> Self {
        self.floor = floor;
        self
    }

    /// Takes the next value into account. NaN is no better than anything.
    pub fn observe(&mut self, value: f64) {
        if self.is_better(value) {
            self.state.best = Some(value);
            self.state.worse = 0;
        } else {
            self.state.worse += 1;
        }
        if self.state.resting > 0 {
            self.state.resting -= 1;
            self.state.worse = 0;
        }
        if self.state.worse > self.patience as u64 {
            let reduced = (self.state.multiple * self.factor).max(self.floor);
            self.state.multiple = reduced.min(self.state.multiple);
            self.state.resting = self.cooldown as u64;
            self.state.worse = 0;
        }
    }

    fn is_better(&self, value: f64) -> bool {
        let Some(best) = self.state.best else {
            return !value.is_nan();
        };
        let margin = if self.absolute {
            self.threshold
        } else {
            self.threshold * best.abs()
        };
        if self.larger_is_better {
            value > best + margin
        } else {
            value < best - margin
        }
    }
}

impl Schedule for Plateau {
    fn lr(&self, base: f64, _: usize) -> Result<f64> {
        let valid = (0.0..1.0).contains(&self.factor);
        check(valid, "factor", self.factor, "a number from 0 on, below 1")?;
        check_from_zero("threshold", self.threshold)?;
        check_from_zero("floor", self.floor)?;
        Ok(base * self.state.multiple)
    }

    fn end_of_epoch(&mut self, epoch: &EpochOutcome) -> Result<()> {
        let value = self.watch.value(epoch)?;
        self.observe(value);
        Ok(())
    }

    fn state(&self) -> Vec<StatePart<'_, f64>> {
        let State {
            multiple,
            best,
            worse,
            resting,
        } = self.state;
        vec![
            StatePart::number("multiple", multiple),
            // There is none as long as it is NaN.
            StatePart::number("best", best.unwrap_or(f64::NAN)),
            StatePart::number("worse", worse as f64),
            StatePart::number("resting", resting as f64),
        ]
    }

    fn load_state(&mut self, state: &[StatePart<'_, f64>]) -> Result<()> {
        let mut read = Reader::of_numbers(state)?;
        let valid = |multiple: f64| multiple.is_finite() && multiple >= 0.0;
        let state = State {
            multiple: read.number_in("multiple", valid, "a finite number from 0 on")?,
            best: Some(read.number("best")?).filter(|best| !best.is_nan()),
            worse: read.count("worse")?,
            resting: read.count("resting")?,
        };
        read.finish()?;
        self.state = state;
        Ok(())
    }
}
