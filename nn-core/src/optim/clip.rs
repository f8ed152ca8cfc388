use crate::element::Element;
use crate::error::{Error, Result};
use crate::optim::check::check;
use crate::optim::walk::tensors;
use crate::params::Parameters;

/// Scales a gradient down to the norm `max_norm`, if it is longer; returns the norm that it had.
///
/// The norm is taken over all parameters together: √Σ g². A longer gradient is multiplied by `max_norm / (norm + 1e-6)`.
///
/// # Errors
/// [`Error::HyperParameter`] if `max_norm` is not a number above 0; [`Error::GradientNotFinite`] if the norm is infinite or
/// NaN.
/// # Source
/// Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063, algorithm 1.
pub fn clip_grads<T: Element>(gradient: &mut dyn Parameters<T>, max_norm: f64) -> Result<f64> {
    let norm = norm(gradient, max_norm)?;
    scale(gradient, factor(norm, max_norm));
    Ok(norm)
}

/// Brings each number of a gradient into the range from −`max_value` to `max_value`. This may turn the gradient, which [`clip_grads`] does not.
///
/// ```
/// let mut gradient = [3.0_f32, -0.5, f32::NEG_INFINITY];
/// nn_core::clip_grads_by_value(&mut gradient, 1.0)?;
/// assert_eq!(gradient, [1.0, -0.5, -1.0]);
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::HyperParameter`] if `max_value` is not a number above 0; [`Error::GradientNotFinite`] if a number is NaN. Nothing is changed then.
pub fn clip_grads_by_value<T: Element>(
    gradient: &mut dyn Parameters<T>,
    max_value: f64,
) -> Result<()> {
    let expected = "a number above 0";
    check(max_value > 0.0, "max_grad_value", max_value, expected)?;
    let is_nan = |numbers: &[T]| numbers.iter().fold(false, |any, g| any | g.is_nan());
    if tensors(gradient).any(is_nan) {
        return Err(Error::GradientNotFinite { norm: f64::NAN });
    }
    for index in 0..gradient.count() {
        if let Some(numbers) = gradient.numbers_mut(index) {
            T::clip(numbers, T::of(max_value));
        }
    }
    Ok(())
}

/// What [`clip_grads`] would multiply a gradient by, 1 if it is not longer than `max_norm`.
pub(crate) fn clipping_factor<T: Element>(
    gradient: &dyn Parameters<T>,
    max_norm: f64,
) -> Result<f64> {
    Ok(factor(norm(gradient, max_norm)?, max_norm))
}

fn norm<T: Element>(gradient: &dyn Parameters<T>, max_norm: f64) -> Result<f64> {
    check(max_norm > 0.0, "max_grad", max_norm, "a number above 0")?;
    let norm = tensors(gradient).map(T::sum_of_squares).sum::<f64>().sqrt();
    if norm.is_finite() {
        Ok(norm)
    } else {
        Err(Error::GradientNotFinite { norm })
    }
}

fn factor(norm: f64, max_norm: f64) -> f64 {
    (max_norm / (norm + 1e-6)).min(1.0)
}

/// Multiplies a gradient by a factor.
pub(super) fn scale<T: Element>(gradient: &mut dyn Parameters<T>, factor: f64) {
    if factor == 1.0 {
        return;
    }
    for index in 0..gradient.count() {
        if let Some(numbers) = gradient.numbers_mut(index) {
            T::scale(numbers, T::of(factor));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{clip_grads, clip_grads_by_value};
    use crate::error::Error;

    #[test]
    fn a_long_gradient_is_scaled_to_the_norm_a_short_one_is_left_alone() {
        let mut gradient = [[3.0_f64, 0.0], [0.0, 4.0]];
        assert_eq!(clip_grads(&mut gradient, 6.0).unwrap(), 5.0);
        assert_eq!(gradient, [[3.0, 0.0], [0.0, 4.0]]);
        assert_eq!(clip_grads(&mut gradient, 2.5).unwrap(), 5.0);
        // 3·2.5/(5 + 1e-6), 4·2.5/(5 + 1e-6), worked out by hand to nine places.
        assert!(
            (gradient[0][0] - 1.499_999_7).abs() < 1e-12
                && (gradient[1][1] - 1.999_999_6).abs() < 1e-12
        );
    }

    #[test]
    fn numbers_are_brought_into_their_range() {
        // All lengths that fill registers and do not; NumPy's clip says the same.
        for len in 0..40 {
            let mut gradient = vec![[0.0_f32; 1]; len];
            for (index, g) in gradient.iter_mut().enumerate() {
                g[0] = index as f32 * 0.125 - 2.0;
            }
            let mut clipped: [[f32; 1]; 40] = [[0.0; 1]; 40];
            clipped[..len].copy_from_slice(&gradient);
            clip_grads_by_value(&mut clipped, 0.75).unwrap();
            for (clipped, [g]) in clipped.iter().zip(gradient) {
                let expected = g.clamp(-0.75, 0.75);
                assert_eq!(*clipped, [expected]);
            }
        }
        let mut gradient = [f64::INFINITY, f64::NAN];
        let error = clip_grads_by_value(&mut gradient, 1.0);
        assert!(matches!(error, Err(Error::GradientNotFinite { .. })));
        assert_eq!(gradient[0], f64::INFINITY);
        for limit in [0.0, -1.0, f64::NAN] {
            let error = clip_grads_by_value(&mut [1.0_f32], limit);
            assert!(matches!(error, Err(Error::HyperParameter { .. })));
        }
    }

    #[test]
    fn what_cannot_be_clipped_is_an_error_and_is_left_alone() {
        assert!(matches!(
            clip_grads(&mut [f64::NAN, 1.0], 1.0),
            Err(Error::GradientNotFinite { .. })
        ));
        for max_norm in [0.0, -1.0, f64::NAN] {
            assert!(matches!(
                clip_grads(&mut [1.0_f32], max_norm),
                Err(Error::HyperParameter { .. })
            ));
        }
    }
}
