//! What several tests share: gradients by central differences, how far two arrays are apart, layers of a user's, and
//! numbers that were computed elsewhere.

pub mod fixture;
pub mod layers;
pub mod tally;

/// The gradient of `f` at `x` by central differences: (f(x + step·eⱼ) − f(x − step·eⱼ)) / (2·step) for each j.
///
/// Its error is of the order step²·f‴, plus the rounding of f divided by the step; 1e-5 suits functions around 1 in f64.
/// The gradient of a network with respect to one of its parameters comes out of a closure that copies the numbers into the
/// parameter and computes the loss.
///
/// ```
/// let gradient = nn_tests::numeric_gradient(&[2.0, 1.0], 1e-5, |x| x[0] * x[0] + 3.0 * x[1]);
/// assert!(nn_tests::relative_error(&gradient, &[4.0, 3.0]) < 1e-9);
/// ```
#[must_use]
pub fn numeric_gradient(x: &[f64], step: f64, mut f: impl FnMut(&[f64]) -> f64) -> Vec<f64> {
    let mut moved = x.to_vec();
    let mut slope = |(j, &centre): (usize, &f64)| {
        // Rounding changes the step a little: what counts is the distance between the two numbers.
        let (above, below) = (centre + step, centre - step);
        moved[j] = above;
        let f_above = f(&moved);
        moved[j] = below;
        let f_below = f(&moved);
        moved[j] = centre;
        (f_above - f_below) / (above - below)
    };
    x.iter().enumerate().map(&mut slope).collect()
}

/// ‖a − b‖ / (‖a‖ + ‖b‖), a number from 0 to 1; 0 if both are zero, NaN if a number is NaN.
///
/// # Panics
/// If one is longer than the other.
///
/// ```
/// assert_eq!(nn_tests::relative_error(&[3.0, 4.0], &[3.0, 4.0]), 0.0);
/// assert_eq!(nn_tests::relative_error(&[3.0, 4.0], &[-3.0, -4.0]), 1.0); // 10 / (5 + 5)
/// assert!(nn_tests::relative_error(&[f64::NAN], &[0.0]).is_nan());
/// ```
#[must_use]
pub fn relative_error(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "arrays of different lengths");
    let norm = |numbers: &[f64]| numbers.iter().map(|x| x * x).sum::<f64>().sqrt();
    let difference: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    let sum = norm(a) + norm(b);
    if sum == 0.0 {
        0.0
    } else {
        norm(&difference) / sum
    }
}
