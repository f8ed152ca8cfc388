use crate::element::Element;
use crate::error::{Error, Result};

/// A target that names one of C classes: a label from 0 to C − 1, or a row of C numbers: one-hot, or probabilities.
#[diagnostic::on_unimplemented(
    message = "targets of type `{Self}` do not fit {C} class scores",
    note = "a target is a label (`u8`, `usize`, …) or a row of as many numbers as the network has scores"
)]
pub trait ClassTarget<T: Element, const C: usize>: Copy {
    /// Whether this target, at place `index`, is valid.
    ///
    /// # Errors
    /// [`Error::LabelOutOfRange`] for a label from C on, [`Error::Target`] for a row that is no distribution.
    fn check(&self, index: usize) -> Result<()>;

    /// The class, the most probable one of a distribution.
    fn class(&self) -> Option<usize>;

    /// The label, if it is one: also one that is no class, for a loss that ignores it.
    fn label(&self) -> Option<i128>;

    /// The probability of a class, `t[j]`.
    fn probability(&self, class: usize) -> T;

    /// `−Σⱼ t[j]·ln p[j]`, where `ln p[j] = scores[j] − largest − log_sum`.
    fn cross_entropy(&self, scores: &[T; C], largest: T, log_sum: T) -> T;

    /// p − t, in place of p.
    fn subtract_from(&self, probs: &mut [T; C]);
}

macro_rules! labels {
    ($($label:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Element, const C: usize> ClassTarget<T, C> for $label {
            fn check(&self, index: usize) -> Result<()> {
                match usize::try_from(*self) {
                    Ok(class) if class < C => Ok(()),
                    #[expect(clippy::allow_attributes, reason = "usize and u64 have no lossless conversion, the others do")]
                    #[allow(clippy::cast_lossless, reason = "as above")]
                    _ => Err(Error::LabelOutOfRange { index, label: *self as i128, classes: C }),
                }
            }

            fn class(&self) -> Option<usize> {
                usize::try_from(*self).ok()
            }

            fn label(&self) -> Option<i128> {
                #[expect(clippy::allow_attributes, reason = "usize and u64 have no lossless conversion, the others do")]
                #[allow(clippy::cast_lossless, reason = "as above")]
                Some(*self as i128)
            }

            fn probability(&self, class: usize) -> T {
                if usize::try_from(*self) == Ok(class) { T::one() } else { T::zero() }
            }

            fn cross_entropy(&self, scores: &[T; C], largest: T, log_sum: T) -> T {
                let score = usize::try_from(*self).ok().and_then(|class| scores.get(class));
                score.map_or_else(T::nan, |&score| log_sum + (largest - score))
            }

            fn subtract_from(&self, probs: &mut [T; C]) {
                if let Some(prob) = usize::try_from(*self).ok().and_then(|class| probs.get_mut(class)) {
                    *prob -= T::one();
                }
            }
        }
    )*};
}

labels!(u8, u16, u32, u64, usize, i32, i64);

#[diagnostic::do_not_recommend]
impl<T: Element, const C: usize> ClassTarget<T, C> for [T; C] {
    fn check(&self, index: usize) -> Result<()> {
        // What one-hot rows and rounded probabilities keep, and a row of raw scores or counts does not.
        const TOLERANCE: f64 = 1e-3;
        if !self.iter().all(|&t| t >= T::zero() && t.is_finite()) {
            return Err(Error::Target {
                index,
                reason: "a row of targets holds probabilities, none below 0",
            });
        }
        let sum: f64 = self.iter().map(|t| t.as_f64()).sum();
        if (sum - 1.0).abs() > TOLERANCE {
            return Err(Error::Target {
                index,
                reason: "a row of targets is one-hot, or probabilities whose sum is 1",
            });
        }
        Ok(())
    }

    fn class(&self) -> Option<usize> {
        super::argmax(self)
    }

    fn label(&self) -> Option<i128> {
        None
    }

    fn probability(&self, class: usize) -> T {
        self.get(class).copied().unwrap_or_else(T::zero)
    }

    fn cross_entropy(&self, scores: &[T; C], largest: T, log_sum: T) -> T {
        // 0·ln 0 counts as 0, as the entropy of a distribution has it.
        let present = self.iter().zip(scores).filter(|(t, _)| **t > T::zero());
        present
            .map(|(&t, &score)| t * (log_sum + (largest - score)))
            .sum()
    }

    fn subtract_from(&self, probs: &mut [T; C]) {
        for (prob, &t) in probs.iter_mut().zip(self) {
            *prob -= t;
        }
    }
}
