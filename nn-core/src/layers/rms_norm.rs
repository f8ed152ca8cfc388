use std::marker::PhantomData;

use crate::kernels::{Kernels as _, Rows};
use crate::layers::normalising::{EPS, parameters_of_norm};
use crate::layers::{Layer, check_rows};
use crate::params::Param;
use crate::sample::Sample;

/// Root mean square normalisation: the numbers of each sample, or those of its inner axes, are divided by the root of their mean
/// square, then get a scale of their own. It is [`LayerNorm`](crate::LayerNorm) without means and shifts.
///
/// In a declaration: `RmsNorm` for vectors, `RmsNorm(axis = 1)` for deeper samples. Its options are `axis`, `eps`, 1e-5 unless one says
/// otherwise as in ONNX (PyTorch takes the machine's ε), and `affine = false` for a layer without parameters; see
/// [`network!`](crate::network).
///
/// # Forward
/// ```text
/// y[n, :] = x[n, :] / √(q + ε) ⊙ gamma      q = 1/D · Σⱼ x[n, j]²      x [N, …, D]   gamma [D]   y as x
/// ```
/// # Backward
/// With x̂ = x / √(q + ε), g = gamma ⊙ dy and ⟨…⟩ the mean over a row:
/// ```text
/// dx = (g − x̂ ⊙ ⟨g ⊙ x̂⟩) / √(q + ε)      dgamma = Σₙ dy[n, :] ⊙ x̂[n, :]
/// ```
/// # Parameters
/// `gamma`: ones. With `affine = false` P is an array of 0 numbers. The type also says ε, as the bits of an `f64`.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// const TINY: u64 = 1e-300_f64.to_bits();
/// let mut norm = RmsNorm::<[f64; 2], [f64; 2], TINY>::new();
/// *norm.gamma = [1.0, 10.0];
/// let (x, mut y) = ([[1.0_f64, 7.0]], [[0.0; 2]]);
/// norm.forward(&x, &mut y);
/// assert!((y[0][0] - 0.2).abs() < 1e-14 && (y[0][1] - 14.0).abs() < 1e-14); // the mean square is 25
///
/// let (dy, mut dx, mut gradient) = ([[5.0, 1.0]], x, RmsNorm::new());
/// norm.backward(&x, &y, &dy, Some(&mut dx), &mut gradient);
/// // g = (5, 10), x̂ = (0.2, 1.4), ⟨g ⊙ x̂⟩ = 7.5; (5 − 1.5) / 5 and (10 − 10.5) / 5
/// assert!((dx[0][0] - 0.7).abs() < 1e-15 && (dx[0][1] + 0.1).abs() < 1e-15);
/// assert!((gradient.gamma[0] - 1.0).abs() < 1e-14 && (gradient.gamma[1] - 1.4).abs() < 1e-14);
/// ```
/// # Source
/// Zhang and Sennrich 2019, arXiv:1910.07467, equation 4.
#[derive(Clone, Debug, PartialEq)]
pub struct RmsNorm<
    X: Sample,
    P: Sample<Element = <X as Sample>::Element> = X,
    const EPS_BITS: u64 = EPS,
> {
    /// What normalised numbers are multiplied by.
    pub gamma: Param<P>,
    row: PhantomData<X>,
}

impl<X: Sample, P: Sample<Element = X::Element>, const EPS_BITS: u64> RmsNorm<X, P, EPS_BITS> {
    /// The number of parameters.
    pub const PARAMETERS: usize = P::LEN;

    const AFFINE: bool = P::LEN > 0;

    /// Ones for `gamma`.
    #[must_use]
    pub fn new() -> Self {
        let mut layer = Self::default();
        layer.gamma.flat_mut().fill(num_traits::One::one());
        layer
    }

    fn rows() -> Rows<X::Element> {
        Rows {
            len: X::LEN,
            eps: crate::Element::of(f64::from_bits(EPS_BITS)),
            centred: false,
        }
    }

    /// The gradient of the input alone, for a layer that is not trained.
    pub fn backward_input<R: Sample<Element = X::Element>>(&self, x: &[R], dy: &[R], dx: &mut [R]) {
        const { check_rows::<R, X, P>() };
        let (x, dy, dx) = (R::flat(x), R::flat(dy), R::flat_mut(dx));
        X::Element::normalise_rows_backward(x, self.gamma.flat(), dy, dx, Self::rows());
    }
}

impl<
    R: Sample,
    X: Sample<Element = R::Element>,
    P: Sample<Element = R::Element>,
    const EPS_BITS: u64,
> Layer<R> for RmsNorm<X, P, EPS_BITS>
{
    type Output = R;

    fn forward(&self, x: &[R], y: &mut [R]) {
        const { check_rows::<R, X, P>() };
        let (x, y) = (R::flat(x), R::flat_mut(y));
        X::Element::normalise_rows(x, self.gamma.flat(), &[], y, Self::rows());
    }

    fn backward(&self, x: &[R], _y: &[R], dy: &[R], dx: Option<&mut [R]>, gradient: &mut Self) {
        if let Some(dx) = dx {
            self.backward_input(x, dy, dx);
        }
        let gamma = gradient.gamma.flat_mut();
        X::Element::normalise_rows_gradient(R::flat(x), R::flat(dy), gamma, &mut [], Self::rows());
    }
}

parameters_of_norm!({X: Sample, P: Sample<Element = <X as Sample>::Element>, const EPS_BITS: u64} RmsNorm<X, P, EPS_BITS>, X::Element: gamma);

/// Zeros, as a gradient starts.
impl<X: Sample, P: Sample<Element = X::Element>, const EPS_BITS: u64> Default
    for RmsNorm<X, P, EPS_BITS>
{
    fn default() -> Self {
        Self {
            gamma: Param::zeros(),
            row: PhantomData,
        }
    }
}
