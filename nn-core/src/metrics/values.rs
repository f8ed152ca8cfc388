use crate::batch::check_pairs;
use crate::element::Element;
use crate::error::{Error, Result};

/// `1/(N·D) · Σ |y − t|` over N samples of D numbers.
///
/// ```
/// use nn_core::metrics::mean_absolute_error;
///
/// assert_eq!(mean_absolute_error(&[[2.5], [0.0], [2.0]], &[[3.0], [-0.5], [2.0]])?, 1.0 / 3.0);
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::Empty`], [`Error::LengthMismatch`].
pub fn mean_absolute_error<T: Element, const D: usize>(
    predictions: &[[T; D]],
    targets: &[[T; D]],
) -> Result<f64> {
    check(predictions, targets)?;
    let pairs = predictions
        .as_flattened()
        .iter()
        .zip(targets.as_flattened());
    let sum: f64 = pairs.map(|(y, t)| (y.as_f64() - t.as_f64()).abs()).sum();
    Ok(sum / (predictions.len() * D) as f64)
}

/// The coefficient of determination, `1 − Σ (y − t)² / Σ (t − t̄)²`, the mean over the D columns of a sample.
///
/// 1 is a perfect prediction, 0 is as good as the mean of the targets, and it has no lower bound. A column whose targets are all equal
/// counts 1 if it is predicted exactly and 0 if not, as in scikit-learn (`r2_score`, `force_finite=True`).
///
/// ```
/// use nn_core::metrics::r2;
///
/// let score = r2(&[[2.5], [0.0], [2.0], [8.0]], &[[3.0], [-0.5], [2.0], [7.0]])?;
/// assert!((score - 0.948_608_137).abs() < 1e-9);
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::Empty`], also for samples without numbers; [`Error::LengthMismatch`].
pub fn r2<T: Element, const D: usize>(predictions: &[[T; D]], targets: &[[T; D]]) -> Result<f64> {
    check(predictions, targets)?;
    let count = targets.len() as f64;
    let mut total = 0.0;
    for column in 0..D {
        let mean = targets.iter().map(|t| t[column].as_f64()).sum::<f64>() / count;
        let (mut unexplained, mut variance) = (0.0, 0.0);
        for (y, t) in predictions.iter().zip(targets) {
            let (y, t) = (y[column].as_f64(), t[column].as_f64());
            unexplained += (y - t).powi(2);
            variance += (t - mean).powi(2);
        }
        total += if variance > 0.0 {
            1.0 - unexplained / variance
        } else {
            f64::from(u8::from(unexplained == 0.0))
        };
    }
    Ok(total / D as f64)
}

fn check<T, const D: usize>(predictions: &[[T; D]], targets: &[[T; D]]) -> Result<()> {
    if D == 0 {
        return Err(Error::Empty);
    }
    check_pairs(predictions, targets)
}
