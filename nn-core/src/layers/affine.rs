use crate::element::Element;
use crate::init::Init;
use crate::kernels::Update;
use crate::layers::{Layer, products};
use crate::params::Param;
use crate::rng::Rng;
use nn_macros::Parameters;

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
#[derive(Clone, Debug, PartialEq, Parameters)]
#[expect(non_snake_case, reason = "W is the textbook's symbol")]
pub struct Affine<const I: usize, const O: usize, T: Element = f32> {
    /// Weights, `[I, O]`.
    #[init(xavier)]
    pub W: Param<[[T; O]; I]>,
    /// Biases, `[O]`.
    pub b: Param<[T; O]>,
}

impl<const I: usize, const O: usize, T: Element> Affine<I, O, T> {
    /// The number of parameters: I·O + O.
    pub const PARAMETERS: usize = I * O + O;

    /// How many multiply-adds the forward pass takes for each sample.
    pub const MACS: usize = I * O;

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
        products::forward(products::plain(&self.W), Some(self.b.flat()), true, x, y);
    }

    /// Backward with a `Relu` in front, in one pass: `x` is what that gave, and `dx` the gradient of what it read.
    pub fn backward_relu(
        &self,
        x: &[[T; I]],
        dy: &[[T; O]],
        dx: &mut [[T; I]],
        gradient: &mut Self,
    ) {
        products::input_gradient(products::plain(&self.W), Some(x), dy, dx);
        products::parameter_gradient(x, dy, &mut gradient.W, Some(&mut gradient.b), Update::Write);
    }

    /// The gradient of the input alone, for a layer that is not trained.
    pub fn backward_input(&self, dy: &[[T; O]], dx: &mut [[T; I]]) {
        products::input_gradient(products::plain(&self.W), None, dy, dx);
    }

    /// [`Self::backward_input`] with a `Relu` in front, as [`Self::backward_relu`].
    pub fn backward_input_relu(&self, x: &[[T; I]], dy: &[[T; O]], dx: &mut [[T; I]]) {
        products::input_gradient(products::plain(&self.W), Some(x), dy, dx);
    }

    /// Backward, and `p ← p − lr·g` for each parameter, in one pass: the gradient is not kept.
    pub fn descend(&mut self, x: &[[T; I]], dy: &[[T; O]], dx: Option<&mut [[T; I]]>, lr: T) {
        if let Some(dx) = dx {
            products::input_gradient(products::plain(&self.W), None, dy, dx);
        }
        products::parameter_gradient(x, dy, &mut self.W, Some(&mut self.b), Update::Descend(lr));
    }

    /// [`Self::descend`] with a `Relu` in front, as [`Self::backward_relu`].
    pub fn descend_relu(&mut self, x: &[[T; I]], dy: &[[T; O]], dx: &mut [[T; I]], lr: T) {
        products::input_gradient(products::plain(&self.W), Some(x), dy, dx);
        products::parameter_gradient(x, dy, &mut self.W, Some(&mut self.b), Update::Descend(lr));
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
        products::forward(products::plain(&self.W), Some(self.b.flat()), false, x, y);
    }

    fn backward(
        &self,
        x: &[[T; I]],
        _y: &[[T; O]],
        dy: &[[T; O]],
        dx: Option<&mut [[T; I]]>,
        gradient: &mut Self,
    ) {
        products::parameter_gradient(x, dy, &mut gradient.W, Some(&mut gradient.b), Update::Write);
        if let Some(dx) = dx {
            products::input_gradient(products::plain(&self.W), None, dy, dx);
        }
    }
}
