use crate::element::Element;
use crate::kernels::ChannelGroups;
use crate::layers::Layer;
use crate::layers::normalising::{EPS, parameters_of_norm};
use crate::params::Param;
use crate::sample::Sample;

/// Group normalisation: in each sample groups of channels get mean 0 and variance 1, then each channel a scale and a shift of its own.
///
/// In a declaration: `GroupNorm(8)` for 8 groups, which divide the channels. One group is a normalisation of whole samples; as many groups
/// as channels are what is called instance normalisation. Channels are the outermost axis: those of images, or the features of vectors.
/// Its options are `eps`, 1e-5 unless one says otherwise, and `affine = false` for a layer without parameters; see
/// [`network!`](crate::network).
///
/// # Forward
/// With m and v the mean and the variance of all numbers of the group that channel c is in:
/// ```text
/// y[n, c, …] = (x[n, c, …] − m) / √(v + ε) · gamma[c] + beta[c]      x [N, C, …]   gamma [C]   beta [C]   y as x
/// ```
/// # Backward
/// With x̂ = (x − m) / √(v + ε), g = gamma\[c\]·dy and ⟨…⟩ the mean over a group:
/// ```text
/// dx = (g − ⟨g⟩ − x̂·⟨g·x̂⟩) / √(v + ε)      dgamma[c] = Σ dy[n, c, …]·x̂[n, c, …]      dbeta[c] = Σ dy[n, c, …]
/// ```
/// # Parameters
/// `gamma`: ones; `beta`: zeros. With `affine = false` A is 0 instead of C. The type also says ε, as the bits of an `f64`.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// const TINY: u64 = 1e-300_f64.to_bits();
/// // Three channels of two places, each of them a group.
/// let mut norm = GroupNorm::<3, 3, f64, 3, TINY>::new();
/// *norm.gamma = [1.0, 2.0, 3.0];
/// let (x, mut y) = ([[[1.0, 5.0], [0.0, 2.0], [9.0, 7.0]]], [[[0.0; 2]; 3]]);
/// norm.forward(&x, &mut y);
/// assert_eq!(y, [[[-1.0, 1.0], [-2.0, 2.0], [3.0, -3.0]]]);
///
/// let (dy, mut dx, mut gradient) = ([[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]], x, GroupNorm::new());
/// norm.backward(&x, &y, &dy, Some(&mut dx), &mut gradient);
/// assert_eq!((*gradient.gamma, *gradient.beta), ([1.0, 1.0, -1.0], [3.0, 7.0, 11.0]));
/// assert_eq!(dx, [[[0.0; 2]; 3]]); // two numbers become −1 and 1 whatever they are
/// ```
/// # Source
/// Wu and He 2018, arXiv:1803.08494, equations 1, 2, 6 and 7.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupNorm<
    const C: usize,
    const GROUPS: usize,
    T: Element = f32,
    const A: usize = C,
    const EPS_BITS: u64 = EPS,
> {
    /// What each channel is multiplied by, `[C]`, or none.
    pub gamma: Param<[T; A]>,
    /// What is added to each channel, `[C]`, or none.
    pub beta: Param<[T; A]>,
}

impl<const C: usize, const GROUPS: usize, T: Element, const A: usize, const EPS_BITS: u64>
    GroupNorm<C, GROUPS, T, A, EPS_BITS>
{
    /// The number of parameters.
    pub const PARAMETERS: usize = 2 * A;

    const AFFINE: bool = A > 0;

    /// Ones for `gamma`, zeros for `beta`.
    #[must_use]
    pub fn new() -> Self {
        const { assert!(A == C || A == 0, "parameters for each channel, or none") };
        let mut layer = Self::default();
        layer.gamma.flat_mut().fill(T::one());
        layer
    }

    fn sizes<X: Sample>() -> ChannelGroups<T> {
        const {
            assert!(
                GROUPS > 0 && C.is_multiple_of(GROUPS),
                "the groups divide the channels"
            );
        };
        ChannelGroups {
            channels: C,
            plane: X::LEN,
            groups: GROUPS,
            eps: T::of(f64::from_bits(EPS_BITS)),
        }
    }

    /// The gradient of the input alone, for a layer that is not trained.
    pub fn backward_input<X: Sample<Element = T>>(
        &self,
        x: &[[X; C]],
        dy: &[[X; C]],
        dx: &mut [[X; C]],
    ) {
        let (x, dy, dx) = (flat(x), flat(dy), X::flat_mut(dx.as_flattened_mut()));
        let none: [&mut [T]; 2] = [&mut [], &mut []];
        T::normalise_groups_backward(x, self.gamma.flat(), dy, dx, none, Self::sizes::<X>());
    }
}

fn flat<X: Sample, const C: usize>(samples: &[[X; C]]) -> &[X::Element] {
    X::flat(samples.as_flattened())
}

impl<
    X: Sample<Element = T>,
    const C: usize,
    const GROUPS: usize,
    T: Element,
    const A: usize,
    const EPS_BITS: u64,
> Layer<[X; C]> for GroupNorm<C, GROUPS, T, A, EPS_BITS>
{
    type Output = [X; C];

    fn forward(&self, x: &[[X; C]], y: &mut [[X; C]]) {
        let (gamma, beta) = (self.gamma.flat(), self.beta.flat());
        let y = X::flat_mut(y.as_flattened_mut());
        T::normalise_groups(flat(x), gamma, beta, y, Self::sizes::<X>());
    }

    fn backward(
        &self,
        x: &[[X; C]],
        _y: &[[X; C]],
        dy: &[[X; C]],
        dx: Option<&mut [[X; C]]>,
        gradient: &mut Self,
    ) {
        let dx = dx.map_or(&mut [][..], |dx| X::flat_mut(dx.as_flattened_mut()));
        let gradients = [gradient.gamma.flat_mut(), gradient.beta.flat_mut()];
        let (x, dy, gamma) = (flat(x), flat(dy), self.gamma.flat());
        T::normalise_groups_backward(x, gamma, dy, dx, gradients, Self::sizes::<X>());
    }
}

parameters_of_norm!({const C: usize, const GROUPS: usize, T: Element, const A: usize, const EPS_BITS: u64} GroupNorm<C, GROUPS, T, A, EPS_BITS>, T: gamma, beta);

/// Zeros, as a gradient starts.
impl<const C: usize, const GROUPS: usize, T: Element, const A: usize, const EPS_BITS: u64> Default
    for GroupNorm<C, GROUPS, T, A, EPS_BITS>
{
    fn default() -> Self {
        Self {
            gamma: Param::zeros(),
            beta: Param::zeros(),
        }
    }
}
