use crate::element::Element;
use crate::init::Init;
use crate::kernels::Sizes;
use crate::layers::Layer;
use crate::params::Param;
use crate::rng::Rng;

/// Matrix product without a bias: I inputs, O outputs, one sample per row.
///
/// # Forward
/// ```text
/// y = x·W            x [N, I]   W [I, O]   y [N, O]
/// ```
/// # Backward
/// ```text
/// dx = dy·Wᵀ         dW = xᵀ·dy
/// ```
/// # Parameters
/// `W`: He normal before `Relu`, Xavier normal elsewhere, unless `init` says otherwise.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::{Layer, Param};
///
/// let matmul = MatMul { W: Param::from([[1.0, 2.0], [3.0, 4.0]]) };
/// let (x, mut y) = ([[1.0, 10.0]], [[0.0; 2]]);
/// matmul.forward(&x, &mut y);
/// assert_eq!(y, [[31.0, 42.0]]); // 1·1 + 10·3, 1·2 + 10·4
///
/// let (dy, mut dx, mut gradient) = ([[1.0, -1.0]], [[0.0; 2]], MatMul::zeros());
/// matmul.backward(&x, &y, &dy, Some(&mut dx), &mut gradient);
/// assert_eq!(dx, [[-1.0, -1.0]]); // 1·1 − 1·2, 1·3 − 1·4
/// assert_eq!(*gradient.W, [[1.0, -1.0], [10.0, -10.0]]);
/// ```
/// # Source
/// He et al. 2015, arXiv:1502.01852, and Glorot and Bengio 2010 for the initialisations.
#[derive(Clone, Debug, PartialEq)]
#[expect(non_snake_case, reason = "W is the textbook's symbol")]
pub struct MatMul<const I: usize, const O: usize, T: Element = f32> {
    /// Weights, `[I, O]`.
    pub W: Param<[[T; O]; I]>,
}

impl<const I: usize, const O: usize, T: Element> MatMul<I, O, T> {
    /// The number of parameters: I·O.
    pub const PARAMETERS: usize = I * O;

    const fn sizes(n: usize) -> Sizes {
        Sizes { n, i: I, o: O }
    }

    /// All parameters zero, as a gradient starts.
    #[must_use]
    pub fn zeros() -> Self {
        Self { W: Param::zeros() }
    }

    /// Forward with a `Relu` behind it, in one pass: `y = max(0, x·W)`.
    pub fn forward_relu(&self, x: &[[T; I]], y: &mut [[T; O]]) {
        self.forward_then(true, x, y);
    }

    fn forward_then(&self, relu: bool, x: &[[T; I]], y: &mut [[T; O]]) {
        let (bias, sizes) = (None, Self::sizes(x.len()));
        T::matmul(
            x.as_flattened(),
            self.W.flat(),
            bias,
            relu,
            y.as_flattened_mut(),
            sizes,
        );
    }

    /// Fresh parameters.
    #[must_use]
    pub fn init(init: Init, rng: &mut Rng) -> Self {
        let mut layer = Self::zeros();
        init.fill(layer.W.flat_mut(), I, O, rng);
        layer
    }
}

impl<const I: usize, const O: usize, T: Element> Default for MatMul<I, O, T> {
    fn default() -> Self {
        Self::zeros()
    }
}

impl<const I: usize, const O: usize, T: Element> Layer<[T; I]> for MatMul<I, O, T> {
    type Output = [T; O];

    fn forward(&self, x: &[[T; I]], y: &mut [[T; O]]) {
        self.forward_then(false, x, y);
    }

    fn backward(
        &self,
        x: &[[T; I]],
        _y: &[[T; O]],
        dy: &[[T; O]],
        dx: Option<&mut [[T; I]]>,
        gradient: &mut Self,
    ) {
        T::matmul_dw(
            x.as_flattened(),
            dy.as_flattened(),
            gradient.W.flat_mut(),
            Self::sizes(x.len()),
        );
        if let Some(dx) = dx {
            T::matmul_dx(
                dy.as_flattened(),
                self.W.flat(),
                dx.as_flattened_mut(),
                Self::sizes(x.len()),
            );
        }
    }
}
