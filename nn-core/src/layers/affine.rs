use crate::element::Element;
use crate::init::Init;
use crate::kernels::Sizes;
use crate::layers::Layer;
use crate::params::Param;
use crate::rng::Rng;

/// Affine (fully connected) layer, also called linear or dense: I inputs, O outputs, one sample per row.
///
/// # Forward
/// ```text
/// y = x·W + b        x [N, I]   W [I, O]   b [O]   y [N, O]
/// ```
/// # Backward
/// ```text
/// dx = dy·Wᵀ         dW = xᵀ·dy            db = Σₙ dy[n, :]
/// ```
/// # Parameters
/// `W`: He normal before `Relu`, Xavier normal elsewhere, unless `init` says otherwise; `b`: zeros.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::{Layer, Param};
///
/// let affine = Affine { W: Param::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), b: Param::from([10.0, 20.0]) };
/// let (x, mut y) = ([[1.0, 0.0, 2.0]], [[0.0; 2]]);
/// affine.forward(&x, &mut y);
/// assert_eq!(y, [[21.0, 34.0]]); // 1·1 + 0·3 + 2·5 + 10, 1·2 + 0·4 + 2·6 + 20
///
/// let (dy, mut dx, mut gradient) = ([[1.0, -1.0]], [[0.0; 3]], Affine::zeros());
/// affine.backward(&x, &y, &dy, Some(&mut dx), &mut gradient);
/// assert_eq!(dx, [[-1.0, -1.0, -1.0]]); // 1·1 − 1·2, 1·3 − 1·4, 1·5 − 1·6
/// assert_eq!(*gradient.W, [[1.0, -1.0], [0.0, 0.0], [2.0, -2.0]]);
/// assert_eq!(*gradient.b, [1.0, -1.0]);
/// ```
/// # Source
/// He et al. 2015, arXiv:1502.01852, and Glorot and Bengio 2010 for the initialisations.
#[derive(Clone, Debug, PartialEq)]
#[expect(non_snake_case, reason = "W is the textbook's symbol")]
pub struct Affine<const I: usize, const O: usize, T: Element = f32> {
    /// Weights, `[I, O]`.
    pub W: Param<[[T; O]; I]>,
    /// Biases, `[O]`.
    pub b: Param<[T; O]>,
}

impl<const I: usize, const O: usize, T: Element> Affine<I, O, T> {
    /// The number of parameters: I·O + O.
    pub const PARAMETERS: usize = I * O + O;

    const fn sizes(n: usize) -> Sizes {
        Sizes { n, i: I, o: O }
    }

    /// All parameters zero, as a gradient starts.
    #[must_use]
    pub fn zeros() -> Self {
        Self {
            W: Param::zeros(),
            b: Param::zeros(),
        }
    }

    /// Forward with a `Relu` behind it, in one pass: `y = max(0, x·W + b)`.
    pub fn forward_relu(&self, x: &[[T; I]], y: &mut [[T; O]]) {
        self.forward_then(true, x, y);
    }

    fn forward_then(&self, relu: bool, x: &[[T; I]], y: &mut [[T; O]]) {
        let (bias, sizes) = (Some(self.b.flat()), Self::sizes(x.len()));
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

impl<const I: usize, const O: usize, T: Element> Default for Affine<I, O, T> {
    fn default() -> Self {
        Self::zeros()
    }
}

impl<const I: usize, const O: usize, T: Element> Layer<[T; I]> for Affine<I, O, T> {
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
        T::sum_rows(dy.as_flattened(), gradient.b.flat_mut());
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
