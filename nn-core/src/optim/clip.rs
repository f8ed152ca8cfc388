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
    use super::clip_grads;
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
