use crate::error::{Error, Result};
use crate::optim::EpochOutcome;

/// What a [`Plateau`](crate::Plateau) or a callback looks at after each epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Watch {
    /// The mean training loss; smaller is better.
    TrainLoss,
    /// The mean loss of the test samples; smaller is better.
    TestLoss,
    /// The share of training samples that are classified correctly; larger is better.
    TrainAccuracy,
    /// The share of test samples that are classified correctly; larger is better.
    TestAccuracy,
    /// The metric of this name, see [`Trainer::metric`](crate::Trainer::metric); larger is better.
    Largest(&'static str),
    /// The metric of this name; smaller is better.
    Smallest(&'static str),
}

impl Watch {
    /// What it is called: `test loss`, or the name of the metric.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TrainLoss => "training loss",
            Self::TestLoss => "test loss",
            Self::TrainAccuracy => "train accuracy",
            Self::TestAccuracy => "test accuracy",
            Self::Largest(name) | Self::Smallest(name) => name,
        }
    }

    /// Whether a larger value is a better one.
    #[must_use]
    pub const fn larger_is_better(self) -> bool {
        match self {
            Self::TrainLoss | Self::TestLoss | Self::Smallest(_) => false,
            Self::TrainAccuracy | Self::TestAccuracy | Self::Largest(_) => true,
        }
    }

    /// The value that an epoch came to.
    ///
    /// # Errors
    /// [`Error::NothingToWatch`] if it was not computed.
    pub fn value(self, epoch: &EpochOutcome) -> Result<f64> {
        let (value, needed) = match self {
            Self::TrainLoss => (Some(epoch.loss), ""),
            Self::TestLoss => (epoch.test_loss, "it takes a test set"),
            Self::TrainAccuracy => (
                epoch.train_accuracy,
                "it takes `train_accuracy(true)` and targets that name a class",
            ),
            Self::TestAccuracy => (
                epoch.test_accuracy,
                "it takes a test set whose targets name a class",
            ),
            Self::Largest(name) | Self::Smallest(name) => {
                let metric = epoch.metrics.iter().find(|metric| metric.name == name);
                let needed = "it takes a test set, and `Trainer::metric` with this name";
                (metric.map(|metric| metric.value), needed)
            }
        };
        value.ok_or(Error::NothingToWatch {
            watched: self.name(),
            needed,
        })
    }
}
