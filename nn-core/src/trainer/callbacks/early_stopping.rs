use super::snapshot;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::network::Trainable;
use crate::optim::{EpochOutcome, Reader, StatePart, Watch};
use crate::trainer::{Callback, Context};

/// Ends a training when nothing has got better for some epochs.
///
/// It looks at one value of each epoch. A value is better if it differs from the best one so far by more than `min_change`, downwards for losses,
/// upwards for accuracies; NaN is no better than anything. After `patience` epochs in a row that were no better the training ends. With
/// `restore_best` the network then has the parameters of the best epoch, and so it has when the training ends otherwise, unless it
/// is only interrupted. As Keras's `EarlyStopping` with `start_from_epoch = 0`, there with `restore_best_weights`.
///
/// The defaults are `patience` 5, `min_change` 0, and the last parameters stay. All of it is part of checkpoints: a training that is resumed ends at the
/// same epoch. A new call of `fit` begins anew.
///
/// ```
/// use nn_core::prelude::*;
///
/// network! { struct Net< Affine(1, 1) -> MeanSquaredError >; }
///
/// # fn main() -> nn_core::Result<()> {
/// // What is to be learned and what it is tested on have nothing in common: the test loss soon gets worse.
/// let train = Dataset { x: vec![[1.0], [2.0]], t: vec![[1.0], [2.0]] };
/// let test = Dataset { x: vec![[1.0], [2.0]], t: vec![[-1.0], [-2.0]] };
/// let mut stopping = EarlyStopping::new(Watch::TestLoss).patience(2).restore_best(true);
/// let mut net = Net::seeded(1);
/// net.params.affine1.W[0][0] = -0.5;
/// let mut trainer = Trainer::new(Sgd::new(0.01)).silent().callback(&mut stopping);
/// let history = trainer.fit(&mut net, &train, &test)?;
/// assert_eq!(history.epochs.len(), 3); // the best one, and two that are worse
/// assert_eq!(stopping.best_epoch(), Some(1));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct EarlyStopping<T = f32> {
    watch: Watch,
    patience: usize,
    min_change: f64,
    restore_best: bool,
    best: Option<f64>,
    best_epoch: usize,
    /// How many epochs in a row were no better.
    worse: u64,
    /// The parameters of the best epoch, if they are wanted.
    params: Vec<T>,
}

impl<T: Element> EarlyStopping<T> {
    /// Looks at this value.
    #[must_use]
    pub const fn new(watch: Watch) -> Self {
        Self {
            watch,
            patience: 5,
            min_change: 0.0,
            restore_best: false,
            best: None,
            best_epoch: 0,
            worse: 0,
            params: Vec::new(),
        }
    }

    /// Sets after how many epochs in a row that are no better the training ends, 5 by default; 0 is as 1.
    #[must_use]
    pub const fn patience(mut self, epochs: usize) -> Self {
        self.patience = epochs;
        self
    }

    /// Sets by how much more than this a better value must differ from the best, 0 by default.
    #[must_use]
    pub const fn min_change(mut self, change: f64) -> Self {
        self.min_change = change;
        self
    }

    /// Sets whether the network has the parameters of the best epoch in the end; by default it keeps the last ones.
    #[must_use]
    pub const fn restore_best(mut self, restore: bool) -> Self {
        self.restore_best = restore;
        self
    }

    /// The best value so far; `None` before the first one that is a number.
    #[must_use]
    pub const fn best(&self) -> Option<f64> {
        self.best
    }

    /// The epoch that came to it.
    #[must_use]
    pub fn best_epoch(&self) -> Option<usize> {
        self.best.map(|_| self.best_epoch)
    }

    /// Takes the value of the next epoch into account; whether it is the best so far.
    fn observe(&mut self, value: f64, epoch: usize) -> bool {
        let change = |best: f64| {
            if self.watch.larger_is_better() {
                value - best
            } else {
                best - value
            }
        };
        let better = match self.best {
            Some(best) => change(best) > self.min_change,
            None => !value.is_nan(),
        };
        if better {
            self.best = Some(value);
            self.best_epoch = epoch;
            self.worse = 0;
        } else {
            self.worse += 1;
        }
        better
    }

    /// Why the training should end, if it should.
    fn reason(&self) -> Option<String> {
        if self.worse < self.patience.max(1) as u64 {
            return None;
        }
        let (name, worse) = (self.watch.name(), self.worse);
        let epochs = if worse == 1 { "epoch" } else { "epochs" };
        Some(match self.best {
            Some(best) => {
                let epoch = self.best_epoch;
                format!("{name} no better for {worse} {epochs} than {best:.4} of epoch {epoch}")
            }
            None => format!("{name} not a number for {worse} {epochs}"),
        })
    }
}

impl<N: Trainable> Callback<N> for EarlyStopping<N::Element> {
    fn name(&self) -> &'static str {
        "early_stopping"
    }

    fn before_training(&mut self, _: &mut N, at: &mut Context<'_>) -> Result<()> {
        if !(self.min_change >= 0.0 && self.min_change.is_finite()) {
            return Err(Error::HyperParameter {
                name: "min_change",
                value: self.min_change,
                expected: "a finite number from 0 on",
            });
        }
        if !at.resumed {
            (self.best, self.best_epoch, self.worse) = (None, 0, 0);
            self.params.clear();
        } else if let Some(reason) = self.reason() {
            at.stop(reason);
        }
        Ok(())
    }

    fn after_epoch(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        let Some(record) = at.epoch_record() else {
            return Ok(());
        };
        let value = self.watch.value(&EpochOutcome::from(record))?;
        let better = self.observe(value, at.epoch);
        if better && self.restore_best {
            snapshot::copy(net.params(), &mut self.params);
        }
        if let Some(reason) = self.reason() {
            at.stop(reason);
        }
        Ok(())
    }

    fn after_training(&mut self, net: &mut N, at: &mut Context<'_>) -> Result<()> {
        if self.restore_best && !at.paused {
            snapshot::restore(net.params_mut(), &self.params);
        }
        Ok(())
    }

    fn state(&self) -> Vec<StatePart<'_, N::Element>> {
        vec![
            // There is none as long as it is NaN.
            StatePart::number("best", self.best.unwrap_or(f64::NAN)),
            StatePart::number("best_epoch", self.best_epoch as f64),
            StatePart::number("worse", self.worse as f64),
            StatePart::numbers("params", &self.params),
        ]
    }

    fn load_state(&mut self, net: &N, state: &[StatePart<'_, N::Element>]) -> Result<()> {
        let mut read = Reader::of_numbers(state)?;
        let best = read.number("best")?;
        let best_epoch = read.count("best_epoch")?;
        let worse = read.count("worse")?;
        let params = read.list("params", snapshot::len(net.params()))?;
        read.finish()?;
        self.best = Some(best).filter(|best| !best.is_nan());
        self.best_epoch = usize::try_from(best_epoch).unwrap_or(usize::MAX);
        self.worse = worse;
        self.params = params.to_vec();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::EarlyStopping;
    use crate::optim::Watch;

    /// By hand: 2.75 is better than 3 by 0.25, which is not more than 0.25; 2.5 is.
    #[test]
    fn a_change_must_be_large_enough() {
        let mut stopping = EarlyStopping::<f32>::new(Watch::TestLoss)
            .min_change(0.25)
            .patience(2);
        let values = [f64::NAN, 4.0, 3.0, 2.75, 2.5, f64::NAN];
        let better: Vec<bool> = values
            .into_iter()
            .enumerate()
            .map(|(index, value)| stopping.observe(value, index + 1))
            .collect();
        assert_eq!(better, [false, true, true, false, true, false]);
        assert_eq!(
            (stopping.best(), stopping.best_epoch()),
            (Some(2.5), Some(5))
        );
        assert_eq!(stopping.reason(), None);
        stopping.observe(2.25, 7);
        assert_eq!(
            stopping.reason().unwrap(),
            "test loss no better for 2 epochs than 2.5000 of epoch 5"
        );
    }

    #[test]
    fn accuracies_go_up() {
        let mut stopping = EarlyStopping::<f32>::new(Watch::Largest("f1")).patience(0);
        assert!(stopping.observe(0.5, 1) && stopping.observe(0.75, 2));
        assert!(!stopping.observe(0.75, 3));
        assert_eq!(
            stopping.reason().unwrap(),
            "f1 no better for 1 epoch than 0.7500 of epoch 2"
        );
    }

    #[test]
    fn nothing_but_nan_is_no_better_either() {
        let mut stopping = EarlyStopping::<f32>::new(Watch::TrainLoss).patience(2);
        assert!(!stopping.observe(f64::NAN, 1) && !stopping.observe(f64::NAN, 2));
        assert_eq!(stopping.best_epoch(), None);
        assert_eq!(
            stopping.reason().unwrap(),
            "training loss not a number for 2 epochs"
        );
    }
}
