use std::fmt::{self, Display, Formatter};

use super::classes::classes;
use crate::batch::check_pairs;
use crate::element::Element;
use crate::error::Result;
use crate::losses::{ClassTarget, argmax};

/// How often samples of each class were taken for each class, and what follows from it.
///
/// ```
/// use nn_core::metrics::{Average, ConfusionMatrix};
///
/// // What a network gave for four samples, and what they are.
/// let scores = [[0.9, 0.1], [0.4, 0.6], [0.3, 0.7], [0.2, 0.8]];
/// let matrix = ConfusionMatrix::new(&scores, &[0_u8, 0, 1, 1])?;
/// assert_eq!(matrix.counts(), [[1, 1], [0, 2]]); // rows are the true classes
/// assert_eq!(matrix.accuracy(), 0.75);
/// assert_eq!((matrix.precision(1), matrix.recall(1)), (2.0 / 3.0, 1.0));
/// assert_eq!(matrix.f1(1), 0.8);
/// assert_eq!(matrix.mean_recall(Average::Macro), 0.75);
/// println!("{matrix}");
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// Where a share has nothing below the line, the precision of a class that was never predicted, it is 0, as scikit-learn's is by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix<const C: usize> {
    counts: Vec<[usize; C]>,
    /// Samples for which a network gave NaN, by their class: wrong, whatever they are.
    unclassified: Vec<usize>,
}

/// How the figures of single classes become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Average {
    /// Their mean, every class alike. Classes that neither occur nor are predicted are left out, as scikit-learn does.
    Macro,
    /// The figure of all decisions together; for precision, recall and F1 of one class for each sample it is the accuracy.
    Micro,
    /// Their mean, weighted by how often a class occurs.
    Weighted,
}

impl<const C: usize> ConfusionMatrix<C> {
    /// Counts the largest score of each sample against its target, a label or a row of probabilities.
    ///
    /// Of equal scores the first counts, as in the accuracy. A sample with a score that is NaN is no class at all, and so wrong.
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty), [`Error::LengthMismatch`](crate::Error::LengthMismatch),
    /// [`Error::LabelOutOfRange`](crate::Error::LabelOutOfRange) or [`Error::Target`](crate::Error::Target).
    pub fn new<T: Element, Y: ClassTarget<T, C>>(scores: &[[T; C]], targets: &[Y]) -> Result<Self> {
        let mut matrix = Self::empty();
        for (scores, class) in scores.iter().zip(classes(scores, targets)?) {
            match argmax(scores) {
                Some(predicted) => matrix.counts[class][predicted] += 1,
                None => matrix.unclassified[class] += 1,
            }
        }
        Ok(matrix)
    }

    fn empty() -> Self {
        Self {
            counts: vec![[0; C]; C],
            unclassified: vec![0; C],
        }
    }

    /// How often samples of class i, the row, were taken for class j, the column.
    #[must_use]
    pub fn counts(&self) -> &[[usize; C]] {
        &self.counts
    }

    /// How many samples there are of a class; 0 for a class that is not there.
    #[must_use]
    pub fn support(&self, class: usize) -> usize {
        let row = self.counts.get(class).map_or(0, |row| row.iter().sum());
        row + self.unclassified.get(class).copied().unwrap_or(0)
    }

    /// How many samples were taken for a class; 0 for a class that is not there.
    #[must_use]
    pub fn predicted(&self, class: usize) -> usize {
        let column = self.counts.iter().filter_map(|row| row.get(class));
        column.sum()
    }

    /// How many samples of a class were taken for it; 0 for a class that is not there.
    #[must_use]
    pub fn hits(&self, class: usize) -> usize {
        let row = self.counts.get(class);
        row.map_or(0, |row| row[class])
    }

    /// How many samples there are.
    #[must_use]
    pub fn samples(&self) -> usize {
        (0..C).map(|class| self.support(class)).sum()
    }

    /// The share of samples that were taken for what they are.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        let hits = (0..C).map(|class| self.hits(class)).sum();
        share(hits, self.samples())
    }

    /// Of the samples that were taken for a class, the share that is of it: `TP / (TP + FP)`.
    #[must_use]
    pub fn precision(&self, class: usize) -> f64 {
        share(self.hits(class), self.predicted(class))
    }

    /// Of the samples of a class, the share that was taken for it: `TP / (TP + FN)`.
    #[must_use]
    pub fn recall(&self, class: usize) -> f64 {
        share(self.hits(class), self.support(class))
    }

    /// The harmonic mean of precision and recall: `2·TP / (2·TP + FP + FN)`.
    #[must_use]
    pub fn f1(&self, class: usize) -> f64 {
        share(
            2 * self.hits(class),
            self.support(class) + self.predicted(class),
        )
    }

    /// [`ConfusionMatrix::precision`] over all classes.
    #[must_use]
    pub fn mean_precision(&self, average: Average) -> f64 {
        self.mean(average, Self::precision)
    }

    /// [`ConfusionMatrix::recall`] over all classes; [`Average::Macro`] is the balanced accuracy.
    #[must_use]
    pub fn mean_recall(&self, average: Average) -> f64 {
        self.mean(average, Self::recall)
    }

    /// [`ConfusionMatrix::f1`] over all classes.
    #[must_use]
    pub fn mean_f1(&self, average: Average) -> f64 {
        self.mean(average, Self::f1)
    }

    fn mean(&self, average: Average, figure: impl Fn(&Self, usize) -> f64) -> f64 {
        let occurs = |class: &usize| self.support(*class) + self.predicted(*class) > 0;
        match average {
            Average::Macro => {
                let classes = || (0..C).filter(occurs);
                let sum: f64 = classes().map(|class| figure(self, class)).sum();
                sum / classes().count() as f64
            }
            Average::Micro => self.accuracy(),
            Average::Weighted => {
                let weigh = |class| figure(self, class) * self.support(class) as f64;
                (0..C).map(weigh).sum::<f64>() / self.samples() as f64
            }
        }
    }
}

impl ConfusionMatrix<2> {
    /// Counts scores of which each says yes or no, as [`SigmoidWithLoss`](crate::SigmoidWithLoss) reads them: above 0 is class 1.
    ///
    /// ```
    /// use nn_core::metrics::ConfusionMatrix;
    ///
    /// let matrix = ConfusionMatrix::binary(&[[1.5], [-0.5], [0.2]], &[true, false, false])?;
    /// assert_eq!(matrix.counts(), [[1, 1], [0, 1]]);
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty), [`Error::LengthMismatch`](crate::Error::LengthMismatch).
    pub fn binary<T: Element>(scores: &[[T; 1]], targets: &[bool]) -> Result<Self> {
        check_pairs(scores, targets)?;
        let mut matrix = Self::empty();
        for ([score], &target) in scores.iter().zip(targets) {
            let class = usize::from(target);
            if score.is_nan() {
                matrix.unclassified[class] += 1;
            } else {
                matrix.counts[class][usize::from(*score > T::zero())] += 1;
            }
        }
        Ok(matrix)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
}

/// A table: a row for each true class, a column for each predicted one, and the recall at the end of the row.
impl<const C: usize> Display for ConfusionMatrix<C> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let largest = self.counts.as_slice().as_flattened().iter().copied().max();
        let width = largest.unwrap_or(0).max(C).to_string().len() + 1;
        let names = C.saturating_sub(1).to_string().len().max("true".len());
        write!(f, "{:<names$}", "true")?;
        for class in 0..C {
            write!(f, "{class:>width$}")?;
        }
        writeln!(f, "  recall")?;
        for (class, row) in self.counts.iter().enumerate() {
            write!(f, "{class:>names$}")?;
            for (column, count) in row.iter().enumerate() {
                if *count == 0 && column != class {
                    write!(f, "{:>width$}", "·")?;
                } else {
                    write!(f, "{count:>width$}")?;
                }
            }
            writeln!(f, "{:>8.4}", self.recall(class))?;
        }
        let (accuracy, samples) = (self.accuracy(), self.samples());
        write!(f, "accuracy {accuracy:.4} of {samples} samples")
    }
}
