use std::marker::PhantomData;

use crate::kernels::{Kernels as _, Rows};
use crate::layers::normalising::{EPS, parameters_of_norm};
use crate::layers::{Layer, check_rows};
use crate::params::Param;
use crate::sample::Sample;

/// Layer normalisation: the numbers of each sample, or those of its inner axes, get mean 0 and variance 1, then a scale and a shift
/// of their own.
///
/// In a declaration: `LayerNorm` for vectors; `LayerNorm(axis = 1)` for deeper samples, whose axes from this one on are normalised
/// together: 0 for the whole sample, the number of the innermost one for each of its rows. Its options are `axis`, `eps`, 1e-5 unless one
/// says otherwise, and `affine = false` for a layer without parameters; see [`network!`](crate::network).
///
/// # Forward
/// With m and v the mean and the variance of the D numbers of a row:
/// ```text
/// y[n, :] = (x[n, :] − m) / √(v + ε) ⊙ gamma + beta      x [N, …, D]   gamma [D]   beta [D]   y as x
/// m = 1/D · Σⱼ x[n, j]                                   v = 1/D · Σⱼ (x[n, j] − m)²
/// ```
/// D stands for all normalised axes: those of X, the parameters' shape. The variance is the one that is divided by D, as everywhere.
/// # Backward
/// With x̂ = (x − m) / √(v + ε), g = gamma ⊙ dy and ⟨…⟩ the mean over a row:
/// ```text
/// dx = (g − ⟨g⟩ − x̂ ⊙ ⟨g ⊙ x̂⟩) / √(v + ε)      dgamma = Σₙ dy[n, :] ⊙ x̂[n, :]      dbeta = Σₙ dy[n, :]
/// ```
/// # Parameters
/// `gamma`: ones; `beta`: zeros. With `affine = false` P is an array of 0 numbers. The type also says ε, as the bits of an `f64`.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// const TINY: u64 = 1e-300_f64.to_bits();
/// let mut norm = LayerNorm::<[f64; 2], [f64; 2], TINY>::new();
/// *norm.gamma = [1.0, 10.0];
/// let (x, mut y) = ([[1.0, 5.0]], [[0.0; 2]]);
/// norm.forward(&x, &mut y);
/// assert_eq!(y, [[-1.0, 10.0]]); // mean 3, variance 4
///
/// // Of two numbers that become −1 and 1 whatever they are, nothing changes but by gamma and beta.
/// let (dy, mut dx, mut gradient) = ([[3.0, 7.0]], x, LayerNorm::new());
/// norm.backward(&x, &y, &dy, Some(&mut dx), &mut gradient);
/// assert_eq!(dx, [[0.0, 0.0]]);
/// assert_eq!((*gradient.gamma, *gradient.beta), ([-3.0, 7.0], [3.0, 7.0]));
/// ```
/// # Source
/// Ba, Kiros and Hinton 2016, arXiv:1607.06450, equations 2 to 4.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerNorm<
    X: Sample,
    P: Sample<Element = <X as Sample>::Element> = X,
    const EPS_BITS: u64 = EPS,
> {
    /// What normalised numbers are multiplied by.
    pub gamma: Param<P>,
    /// What is added to them.
    pub beta: Param<P>,
    row: PhantomData<X>,
}

impl<X: Sample, P: Sample<Element = X::Element>, const EPS_BITS: u64> LayerNorm<X, P, EPS_BITS> {
    /// The number of parameters.
    pub const PARAMETERS: usize = 2 * P::LEN;

    const AFFINE: bool = P::LEN > 0;

    /// Ones for `gamma`, zeros for `beta`.
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
            centred: true,
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
> Layer<R> for LayerNorm<X, P, EPS_BITS>
{
    type Output = R;

    fn forward(&self, x: &[R], y: &mut [R]) {
        const { check_rows::<R, X, P>() };
        let (gamma, beta) = (self.gamma.flat(), self.beta.flat());
        X::Element::normalise_rows(R::flat(x), gamma, beta, R::flat_mut(y), Self::rows());
    }

    fn backward(&self, x: &[R], _y: &[R], dy: &[R], dx: Option<&mut [R]>, gradient: &mut Self) {
        if let Some(dx) = dx {
            self.backward_input(x, dy, dx);
        }
        let (gamma, beta) = (gradient.gamma.flat_mut(), gradient.beta.flat_mut());
        X::Element::normalise_rows_gradient(R::flat(x), R::flat(dy), gamma, beta, Self::rows());
    }
}

parameters_of_norm!({X: Sample, P: Sample<Element = <X as Sample>::Element>, const EPS_BITS: u64} LayerNorm<X, P, EPS_BITS>, X::Element: gamma, beta);

/// Zeros, as a gradient starts.
impl<X: Sample, P: Sample<Element = X::Element>, const EPS_BITS: u64> Default
    for LayerNorm<X, P, EPS_BITS>
{
    fn default() -> Self {
        Self {
            gamma: Param::zeros(),
            beta: Param::zeros(),
            row: PhantomData,
        }
    }
}
