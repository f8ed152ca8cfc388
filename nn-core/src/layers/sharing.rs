//! Layers that share parameters: what is theirs alone, and the same arithmetic with parameters that lie in other layers.

use crate::element::Element;
use crate::init::Init;
use crate::kernels::{Kernels, Matrix, Sizes, Update};
use crate::layers::products;
use crate::params::Param;
use crate::rng::Rng;
use nn_macros::Parameters;

/// What a layer has of its own whose other parameters are those of other layers: weights.
#[derive(Clone, Debug, PartialEq, Parameters)]
#[expect(non_snake_case, reason = "W is the textbook's symbol")]
pub struct Weights<const I: usize, const O: usize, T: Element = f32> {
    /// Weights, `[I, O]`.
    #[init(xavier)]
    pub W: Param<[[T; O]; I]>,
}

impl<const I: usize, const O: usize, T: Element> Weights<I, O, T> {
    /// All zeros, as a gradient starts.
    #[must_use]
    pub fn zeros() -> Self {
        Self { W: Param::zeros() }
    }

    /// Fresh weights.
    #[must_use]
    pub fn init(init: Init, rng: &mut Rng) -> Self {
        let mut weights = Self::zeros();
        init.fill(weights.W.flat_mut(), I, O, rng);
        weights
    }
}

impl<const I: usize, const O: usize, T: Element> Default for Weights<I, O, T> {
    fn default() -> Self {
        Self::zeros()
    }
}

/// What a layer has of its own whose other parameters are those of other layers: biases.
#[derive(Clone, Debug, PartialEq, Parameters)]
pub struct Bias<const O: usize, T: Element = f32> {
    /// Biases, `[O]`.
    pub b: Param<[T; O]>,
}

impl<const O: usize, T: Element> Bias<O, T> {
    /// All zeros, as biases and gradients start.
    #[must_use]
    pub fn zeros() -> Self {
        Self { b: Param::zeros() }
    }
}

impl<const O: usize, T: Element> Default for Bias<O, T> {
    fn default() -> Self {
        Self::zeros()
    }
}

/// A matrix of weights [I, O] that lies in another layer, which may see it the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored<P, Q> {
    /// As it is, `[I, O]`.
    AsIs(P),
    /// As its transpose, `[O, I]`.
    Transposed(Q),
}

/// What becomes of the gradient of a parameter that layers share: the first of them writes it, the others add theirs.
#[derive(Debug, PartialEq, Eq)]
pub enum Gradient<P> {
    /// Nobody needs it, and it is not computed.
    Nowhere,
    /// It is written over what is there.
    Write(P),
    /// It is added to what is there.
    Add(P),
}

impl<P> Gradient<P> {
    /// Where the gradient goes and how, if anywhere.
    fn place<T>(self) -> Option<(P, Update<T>)> {
        match self {
            Self::Nowhere => None,
            Self::Write(place) => Some((place, Update::Write)),
            Self::Add(place) => Some((place, Update::Add)),
        }
    }
}

type WeightsRef<'p, const I: usize, const O: usize, T> =
    Stored<&'p Param<[[T; O]; I]>, &'p Param<[[T; I]; O]>>;
type WeightsMut<'p, const I: usize, const O: usize, T> =
    Stored<&'p mut Param<[[T; O]; I]>, &'p mut Param<[[T; I]; O]>>;

fn matrix<const I: usize, const O: usize, T: Element>(
    weights: WeightsRef<'_, I, O, T>,
) -> Matrix<'_, T> {
    let (numbers, transposed) = match weights {
        Stored::AsIs(weights) => (weights.flat(), false),
        Stored::Transposed(weights) => (weights.flat(), true),
    };
    Matrix {
        numbers,
        transposed,
    }
}

/// dW = xᵀ·dy, or its transpose dyᵀ·x where that is what is stored: no number is copied.
fn weight_gradient<const I: usize, const O: usize, T: Element>(
    x: &[[T; I]],
    dy: &[[T; O]],
    gradient: Gradient<WeightsMut<'_, I, O, T>>,
) {
    let n = x.len();
    let (x, dy) = (x.as_flattened(), dy.as_flattened());
    match gradient.place() {
        None => {}
        Some((Stored::AsIs(dw), update)) => {
            let sizes = Sizes { n, i: I, o: O };
            T::matmul_dw(x, dy, dw.flat_mut(), None, update, sizes);
        }
        Some((Stored::Transposed(dw), update)) => {
            let sizes = Sizes { n, i: O, o: I };
            T::matmul_dw(dy, x, dw.flat_mut(), None, update, sizes);
        }
    }
}

/// db = Σₙ dy[n, :]
fn bias_gradient<const O: usize, const B: usize, T: Element>(
    dy: &[[T; O]],
    gradient: Gradient<&mut Param<[T; B]>>,
) {
    match gradient {
        Gradient::Nowhere => {}
        Gradient::Write(db) => Kernels::sum(dy.as_flattened(), db.flat_mut(), O, dy.len()),
        Gradient::Add(db) => {
            for dy in dy {
                T::add_to(db.flat_mut(), dy);
            }
        }
    }
}

/// An [`Affine`](crate::Affine) layer some of whose parameters lie in other layers.
///
/// B is O, and has a name of its own: where weights and biases of different layers do not fit, the compiler says so when it
/// instantiates the layer, while `network!` has said it in words of its own.
///
/// # Examples
/// A decoder that reads back what an encoder of 3 inputs and 2 outputs wrote, with the encoder's weights.
/// ```
/// use nn_core::prelude::*;
/// use nn_core::{AffineRef, Bias, Gradient, Param, Stored};
///
/// let encoder = Affine { W: Param::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), b: Param::zeros() };
/// let own = Bias { b: Param::from([10.0, 20.0, 30.0]) };
/// let decoder = AffineRef { W: Stored::Transposed(&encoder.W), b: &own.b };
/// let (x, mut y) = ([[1.0, -1.0]], [[0.0; 3]]);
/// decoder.forward(&x, &mut y);
/// assert_eq!(y, [[9.0, 19.0, 29.0]]); // 1·1 − 1·2 + 10, 1·3 − 1·4 + 20, 1·5 − 1·6 + 30
///
/// let (dy, mut dx, mut dw, mut db) = ([[1.0, 0.0, 2.0]], [[0.0; 2]], Affine::zeros(), Bias::zeros());
/// *dw.W = [[100.0, 100.0]; 3];
/// let to = (Gradient::Add(Stored::Transposed(&mut dw.W)), Gradient::Write(&mut db.b));
/// decoder.backward(&x, &dy, Some(&mut dx), to.0, to.1);
/// assert_eq!(dx, [[11.0, 14.0]]); // 1·1 + 2·5, 1·2 + 2·6
/// assert_eq!(*dw.W, [[101.0, 99.0], [100.0, 100.0], [102.0, 98.0]]); // 100 + dyᵀ·x
/// assert_eq!(*db.b, [1.0, 0.0, 2.0]);
/// ```
#[derive(Clone, Copy, Debug)]
#[expect(non_snake_case, reason = "W is the textbook's symbol")]
pub struct AffineRef<'p, const I: usize, const O: usize, const B: usize, T: Element = f32> {
    /// Weights, `[I, O]`.
    pub W: WeightsRef<'p, I, O, T>,
    /// Biases, `[B]`.
    pub b: &'p Param<[T; B]>,
}

impl<const I: usize, const O: usize, const B: usize, T: Element> AffineRef<'_, I, O, B, T> {
    const AS_MANY_BIASES_AS_OUTPUTS: () = assert!(B == O, "there are as many biases as outputs");

    /// Computes y from x.
    pub fn forward(&self, x: &[[T; I]], y: &mut [[T; O]]) {
        self.compute(false, x, y);
    }

    /// Forward with a `Relu` behind it, in one pass.
    pub fn forward_relu(&self, x: &[[T; I]], y: &mut [[T; O]]) {
        self.compute(true, x, y);
    }

    fn compute(&self, relu: bool, x: &[[T; I]], y: &mut [[T; O]]) {
        let () = Self::AS_MANY_BIASES_AS_OUTPUTS;
        products::forward(matrix(self.W), Some(self.b.flat()), relu, x, y);
    }

    /// Computes, from the upstream gradient dy, those of the parameters and, unless nobody needs it, dx.
    pub fn backward(
        &self,
        x: &[[T; I]],
        dy: &[[T; O]],
        dx: Option<&mut [[T; I]]>,
        dw: Gradient<WeightsMut<'_, I, O, T>>,
        db: Gradient<&mut Param<[T; B]>>,
    ) {
        weight_gradient(x, dy, dw);
        bias_gradient(dy, db);
        if let Some(dx) = dx {
            products::input_gradient(matrix(self.W), None, dy, dx);
        }
    }

    /// Backward with a `Relu` in front, in one pass: `x` is what that gave, and `dx` the gradient of what it read.
    pub fn backward_relu(
        &self,
        x: &[[T; I]],
        dy: &[[T; O]],
        dx: &mut [[T; I]],
        dw: Gradient<WeightsMut<'_, I, O, T>>,
        db: Gradient<&mut Param<[T; B]>>,
    ) {
        weight_gradient(x, dy, dw);
        bias_gradient(dy, db);
        products::input_gradient(matrix(self.W), Some(x), dy, dx);
    }

    /// The gradient of the input alone, for a layer that is not trained.
    pub fn backward_input(&self, dy: &[[T; O]], dx: &mut [[T; I]]) {
        products::input_gradient(matrix(self.W), None, dy, dx);
    }

    /// [`Self::backward_input`] with a `Relu` in front, as [`Self::backward_relu`].
    pub fn backward_input_relu(&self, x: &[[T; I]], dy: &[[T; O]], dx: &mut [[T; I]]) {
        products::input_gradient(matrix(self.W), Some(x), dy, dx);
    }
}

/// A [`MatMul`](crate::MatMul) layer whose weights lie in another layer.
///
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::{MatMulRef, Param, Stored};
///
/// let first = MatMul { W: Param::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]) };
/// let (x, mut y) = ([[1.0, -1.0]], [[0.0; 3]]);
/// MatMulRef { W: Stored::Transposed(&first.W) }.forward(&x, &mut y);
/// assert_eq!(y, [[-1.0, -1.0, -1.0]]); // 1·1 − 1·2, 1·3 − 1·4, 1·5 − 1·6
/// ```
#[derive(Clone, Copy, Debug)]
#[expect(non_snake_case, reason = "W is the textbook's symbol")]
pub struct MatMulRef<'p, const I: usize, const O: usize, T: Element = f32> {
    /// Weights, `[I, O]`.
    pub W: WeightsRef<'p, I, O, T>,
}

impl<const I: usize, const O: usize, T: Element> MatMulRef<'_, I, O, T> {
    /// Computes y from x.
    pub fn forward(&self, x: &[[T; I]], y: &mut [[T; O]]) {
        products::forward(matrix(self.W), None, false, x, y);
    }

    /// Forward with a `Relu` behind it, in one pass.
    pub fn forward_relu(&self, x: &[[T; I]], y: &mut [[T; O]]) {
        products::forward(matrix(self.W), None, true, x, y);
    }

    /// Computes, from the upstream gradient dy, that of the weights and, unless nobody needs it, dx.
    pub fn backward(
        &self,
        x: &[[T; I]],
        dy: &[[T; O]],
        dx: Option<&mut [[T; I]]>,
        dw: Gradient<WeightsMut<'_, I, O, T>>,
    ) {
        weight_gradient(x, dy, dw);
        if let Some(dx) = dx {
            products::input_gradient(matrix(self.W), None, dy, dx);
        }
    }

    /// Backward with a `Relu` in front, in one pass: `x` is what that gave, and `dx` the gradient of what it read.
    pub fn backward_relu(
        &self,
        x: &[[T; I]],
        dy: &[[T; O]],
        dx: &mut [[T; I]],
        dw: Gradient<WeightsMut<'_, I, O, T>>,
    ) {
        weight_gradient(x, dy, dw);
        products::input_gradient(matrix(self.W), Some(x), dy, dx);
    }

    /// The gradient of the input alone, for a layer that is not trained.
    pub fn backward_input(&self, dy: &[[T; O]], dx: &mut [[T; I]]) {
        products::input_gradient(matrix(self.W), None, dy, dx);
    }

    /// [`Self::backward_input`] with a `Relu` in front, as [`Self::backward_relu`].
    pub fn backward_input_relu(&self, x: &[[T; I]], dy: &[[T; O]], dx: &mut [[T; I]]) {
        products::input_gradient(matrix(self.W), Some(x), dy, dx);
    }
}
