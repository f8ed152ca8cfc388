use nn_macros::Parameters;

use crate::element::Element;
use crate::layers::Layer;
use crate::params::Param;
use crate::sample::Sample;

/// Parametric rectified linear unit, on samples of any shape: a [`LeakyRelu`](crate::LeakyRelu) whose slopes below zero are learnt.
///
/// In a declaration: `PRelu` with one slope for all numbers, `PRelu(channels)` with one for each channel, which of a vector is one for each
/// feature. `PRelu(channels, alpha = 0.1)` starts with other slopes.
///
/// # Forward
/// ```text
/// y[n, c, …] = x[n, c, …] where that is above 0, else alpha[c]·x[n, c, …]        x, y [N, C, …]   alpha [C], or [1] for all c
/// ```
/// # Backward
/// ```text
/// dx[n, c, …] = dy[n, c, …] where x[n, c, …] > 0, else alpha[c]·dy[n, c, …]
/// dalpha[c] = Σₙ… dy[n, c, …]·x[n, c, …] over the numbers with x ≤ 0
/// ```
/// # Parameters
/// `alpha`: 0.25, unless `alpha` says otherwise. As in the paper, no weight decay should pull slopes to zero: see
/// [`Groups`](crate::Groups).
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::{Layer, Param};
///
/// let layer = PRelu { alpha: Param::from([0.5, 0.25]) };
/// let (x, mut y) = ([[2.0, -8.0], [-3.0, 0.0]], [[0.0; 2]; 2]);
/// layer.forward(&x, &mut y);
/// assert_eq!(y, [[2.0, -2.0], [-1.5, 0.0]]);
///
/// let (dy, mut dx, mut gradient) = ([[5.0, 4.0], [6.0, 8.0]], [[0.0; 2]; 2], PRelu::zeros());
/// layer.backward(&x, &y, &dy, Some(&mut dx), &mut gradient);
/// assert_eq!(dx, [[5.0, 1.0], [3.0, 2.0]]); // 5, 0.25·4; 0.5·6, 0.25·8
/// assert_eq!(*gradient.alpha, [-18.0, -32.0]); // 6·(−3), 4·(−8) + 8·0
/// ```
/// # Source
/// He et al. 2015, arXiv:1502.01852, section 2.1; at 0 the slope is α, as in PyTorch.
#[derive(Clone, Debug, PartialEq, Parameters)]
pub struct PRelu<const C: usize = 1, T: Element = f32> {
    /// Slopes below zero, `[C]`: one for each channel, or one for all.
    #[init(0.25)]
    pub alpha: Param<[T; C]>,
}

impl<const C: usize, T: Element> PRelu<C, T> {
    /// The number of parameters: C.
    pub const PARAMETERS: usize = C;

    /// All slopes zero, as a gradient starts.
    #[must_use]
    pub fn zeros() -> Self {
        Self {
            alpha: Param::zeros(),
        }
    }

    /// How many numbers of a sample have one slope.
    const fn per_slope<X: Sample>() -> usize {
        assert!(
            C == 1 || matches!(*X::SHAPE.sizes(), [channels, ..] if channels == C),
            "a slope for each channel, or one for all"
        );
        X::LEN / C
    }
}

impl<const C: usize, T: Element> Default for PRelu<C, T> {
    fn default() -> Self {
        Self::zeros()
    }
}

impl<X: Sample<Element = T>, const C: usize, T: Element> Layer<X> for PRelu<C, T> {
    type Output = X;

    fn forward(&self, x: &[X], y: &mut [X]) {
        let len = const { Self::per_slope::<X>() };
        T::prelu_forward(X::flat(x), self.alpha.flat(), X::flat_mut(y), len);
    }

    fn backward(&self, x: &[X], _y: &[X], dy: &[X], dx: Option<&mut [X]>, gradient: &mut Self) {
        let len = const { Self::per_slope::<X>() };
        let (x, dy) = (X::flat(x), X::flat(dy));
        T::prelu_slopes(x, dy, gradient.alpha.flat_mut(), len);
        if let Some(dx) = dx {
            T::prelu_backward(x, dy, self.alpha.flat(), X::flat_mut(dx), len);
        }
    }
}

/// What a declaration says of a `PRelu`, as it is checked: `PRelu(channels, alpha = 0.1)`.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct SlopesAtFirst {
    alpha: f64,
}

impl SlopesAtFirst {
    #[must_use]
    pub const fn new() -> Self {
        Self { alpha: 0.25 }
    }

    #[must_use]
    pub const fn channels(self) -> Self {
        self
    }

    #[must_use]
    pub const fn alpha(mut self, alpha: f64) -> Self {
        self.alpha = alpha;
        self
    }

    #[must_use]
    pub const fn is_valid(&self) -> bool {
        0.0 <= self.alpha && self.alpha.is_finite()
    }
}
