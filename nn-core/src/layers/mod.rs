//! Layers: one per file, `forward` above `backward`. No layer hides state: what its backward pass needs comes in.
//!
//! Those that make one value of several, such as [`Add`], are no [`Layer`], which reads one: they have the same two passes as
//! methods of their own. So have those that give a size which follows from others by arithmetic, such as [`Conv2d`], and those that
//! compute otherwise while they learn, such as [`BatchNorm`] and [`Dropout`].

mod add;
mod affine;
mod avg_pool2d;
mod batch_norm;
mod concat;
mod conv2d;
mod conv_transpose2d;
mod convolving;
mod dropout;
mod elu;
mod flatten;
mod gelu;
mod global_avg_pool;
mod group_norm;
mod hard_swish;
mod identity;
mod images;
mod layer_norm;
mod leaky_relu;
mod log_softmax;
mod matmul;
mod matmul_of_two;
mod max_pool2d;
mod mul;
pub(crate) mod normalising;
mod pad;
mod prelu;
mod products;
mod relu;
mod repeat;
mod reshape;
mod rms_norm;
mod scale;
mod selu;
mod sharing;
mod shift;
mod sigmoid;
mod silu;
mod softmax;
mod softmax_over;
mod softplus;
mod sum;
mod tanh;
mod upsample;

pub use add::Add;
pub use affine::Affine;
pub use avg_pool2d::AvgPool2d;
pub use batch_norm::{BatchNorm, BatchStatistics};
pub use concat::Concat;
pub use conv_transpose2d::ConvTranspose2d;
pub use conv2d::Conv2d;
pub(crate) use dropout::Draw;
pub use dropout::{Draws, Dropout};
pub use elu::Elu;
pub use flatten::Flatten;
pub use gelu::Gelu;
pub use global_avg_pool::GlobalAvgPool;
pub use group_norm::GroupNorm;
pub use hard_swish::HardSwish;
pub use identity::Identity;
pub use images::Image;
pub use layer_norm::LayerNorm;
pub use leaky_relu::LeakyRelu;
pub use log_softmax::LogSoftmax;
pub use matmul::MatMul;
pub use matmul_of_two::MatMulOfTwo;
pub use max_pool2d::MaxPool2d;
pub use mul::Mul;
pub use pad::Pad;
pub use prelu::{PRelu, SlopesAtFirst};
pub use relu::Relu;
pub use repeat::Repeat;
pub use reshape::Reshape;
pub use rms_norm::RmsNorm;
pub use scale::Scale;
pub use selu::Selu;
pub use sharing::{AffineRef, Bias, Gradient, MatMulRef, Stored, Weights};
pub use shift::Shift;
pub use sigmoid::Sigmoid;
pub use silu::Silu;
pub use softmax::Softmax;
pub use softmax_over::{LogSoftmaxOver, SoftmaxOver};
pub use softplus::Softplus;
pub use sum::Sum;
pub use tanh::Tanh;
pub use upsample::Upsample;

use crate::sample::Sample;

/// A layer that reads samples of type `X`: a struct of its parameters, and two functions over batches.
///
/// A batch is a slice of samples, x [N, …]. All slices are the caller's and are overwritten, so that nothing is allocated
/// while a network trains. `y` and `dy` are as long as `x`.
///
/// # A layer of one's own
/// A type that implements this trait and derives [`Parameters`](crate::Parameters) stands in a chain like any other layer. Here is
/// one with parameters, a slope below zero for each feature, and one without:
/// ```
/// use nn_core::prelude::*;
/// use nn_core::{Element, Layer, Param, Sample};
///
/// /// y = x where x > 0, else alpha·x
/// #[derive(Clone, Debug, Default, PartialEq, Parameters)]
/// pub struct Slope<const N: usize, T: Element = f32> {
///     #[init(0.25)]
///     pub alpha: Param<[T; N]>,
/// }
///
/// impl<const N: usize, T: Element> Layer<[T; N]> for Slope<N, T> {
///     type Output = [T; N];
///
///     fn forward(&self, x: &[[T; N]], y: &mut [[T; N]]) {
///         for (x, y) in x.iter().zip(y) {
///             for j in 0..N {
///                 y[j] = if x[j] > T::zero() { x[j] } else { self.alpha[j] * x[j] };
///             }
///         }
///     }
///
///     fn backward(&self, x: &[[T; N]], _y: &[[T; N]], dy: &[[T; N]], mut dx: Option<&mut [[T; N]]>, gradient: &mut Self) {
///         gradient.alpha.fill(T::zero());
///         for (n, (x, dy)) in x.iter().zip(dy).enumerate() {
///             for j in 0..N {
///                 let is_below = x[j] <= T::zero();
///                 if is_below {
///                     gradient.alpha[j] += dy[j] * x[j];
///                 }
///                 if let Some(dx) = dx.as_deref_mut() {
///                     dx[n][j] = if is_below { self.alpha[j] * dy[j] } else { dy[j] };
///                 }
///             }
///         }
///     }
/// }
///
/// /// y = x·σ(x), on samples of any shape. Ramachandran, Zoph and Le 2017, arXiv:1710.05941.
/// #[derive(Clone, Debug, Default, PartialEq, Parameters)]
/// pub struct Swish;
///
/// fn sigmoid<T: Element>(x: T) -> T {
///     T::one() / (T::one() + (-x).exp())
/// }
///
/// impl<X: Sample> Layer<X> for Swish {
///     type Output = X;
///
///     fn forward(&self, x: &[X], y: &mut [X]) {
///         for (&x, y) in X::flat(x).iter().zip(X::flat_mut(y)) {
///             *y = x * sigmoid(x);
///         }
///     }
///
///     // dy/dx = y + σ(x)·(1 − y)
///     fn backward(&self, x: &[X], y: &[X], dy: &[X], dx: Option<&mut [X]>, _gradient: &mut Self) {
///         let Some(dx) = dx else { return };
///         let given = X::flat(x).iter().zip(X::flat(y)).zip(X::flat(dy));
///         for (dx, ((&x, &y), &dy)) in X::flat_mut(dx).iter_mut().zip(given) {
///             *dx = dy * (y + sigmoid(x) * (X::Element::of(1.0) - y));
///         }
///     }
/// }
///
/// network! {
///     pub struct Digits< Affine(784, 50) -> Slope(50) -> Affine(50, 20) -> Swish -> Affine(_, 10) -> SoftmaxWithLoss >;
/// }
///
/// # fn main() -> nn_core::Result<()> {
/// let mut net = Digits::seeded(1);
/// assert_eq!(net.params.slope1.alpha[7], 0.25);
/// let gradient = net.gradient(&[[0.5; 784]], &[3_u8])?;
/// assert_eq!(gradient.get("slope1.alpha").unwrap().shape(), [50]);
/// # Ok(())
/// # }
/// ```
/// What a network relies on, for each batch: `forward` writes all of y; `backward` writes all of dx, unless it is `None`, and all of
/// the gradient. What lies in them before is of any value. A layer that keeps to
/// none of it makes wrong numbers, or a panic, and nothing worse.
#[diagnostic::on_unimplemented(
    message = "the layer `{Self}` cannot read samples of type `{X}`",
    label = "is given samples of type `{X}`"
)]
pub trait Layer<X: Sample> {
    /// One sample of what the layer gives.
    type Output: Sample<Element = X::Element>;

    /// How many numbers the layer wants to keep for each sample, from its forward pass to its backward pass: then it has
    /// [`Layer::forward_with`] and [`Layer::backward_with`], which are handed memory for them. Most layers want none.
    const MEMORY: usize = 0;

    /// How many numbers [`Layer::predict_with`] wants to work with for each sample.
    #[doc(hidden)]
    const SCRATCH: usize = Self::MEMORY;

    /// Computes y from x.
    fn forward(&self, x: &[X], y: &mut [Self::Output]);

    /// Computes, from the upstream gradient dy, the gradient of the layer's parameters and, unless nobody needs it,
    /// dx. `x` and `y` are those of the forward pass.
    fn backward(
        &self,
        x: &[X],
        y: &[Self::Output],
        dy: &[Self::Output],
        dx: Option<&mut [X]>,
        gradient: &mut Self,
    );

    /// [`Layer::forward`] with [`Layer::MEMORY`] numbers for each sample, or more, of any value. This is what networks call.
    fn forward_with(&self, x: &[X], y: &mut [Self::Output], memory: &mut [X::Element]) {
        let _ = memory;
        self.forward(x, y);
    }

    /// [`Layer::backward`] with the memory that [`Layer::forward_with`] of the same batch has left, to be overwritten at will.
    /// This is what networks call.
    fn backward_with(
        &self,
        x: &[X],
        y: &[Self::Output],
        dy: &[Self::Output],
        dx: Option<&mut [X]>,
        memory: &mut [X::Element],
        gradient: &mut Self,
    ) {
        let _ = memory;
        self.backward(x, y, dy, dx, gradient);
    }

    /// [`Layer::forward`] where no backward pass will follow.
    #[doc(hidden)]
    fn predict_with(&self, x: &[X], y: &mut [Self::Output], memory: &mut [X::Element]) {
        self.forward_with(x, y, memory);
    }
}

/// A layer without parameters that can overwrite what it reads, because its backward pass needs only what it gave.
///
/// Behind a layer that does not need its own output again, such as [`Affine`], a network computes it in place.
pub trait InPlace<X: Sample>: Layer<X, Output = X> {
    /// Overwrites x with y.
    fn forward_in_place(&self, y: &mut [X]);

    /// Overwrites dy with dx, given the y of the forward pass.
    fn backward_in_place(&self, y: &[X], d: &mut [X]);
}

/// A layer without parameters whose backward pass needs what it read.
pub trait KeepsInput<X: Sample>: Layer<X, Output = X> {
    /// Computes y from x.
    fn compute(&self, x: &[X], y: &mut [X]);

    /// Overwrites dy with dx, given the x of the forward pass.
    fn backward_in_place(&self, x: &[X], d: &mut [X]);
}

/// Samples of type R are rows of type X, and those have as many parameters, or none.
const fn check_rows<R: Sample, X: Sample, P: Sample>() {
    assert!(
        X::LEN > 0 && R::LEN.is_multiple_of(X::LEN),
        "what is normalised is a part of a sample"
    );
    assert!(
        P::LEN == X::LEN || P::LEN == 0,
        "a parameter for each number, or none"
    );
}

/// The layer that such an activation is.
macro_rules! keeping_layer {
    ($layer:ty) => {
        impl<X: crate::sample::Sample> crate::layers::Layer<X> for $layer {
            type Output = X;

            fn forward(&self, x: &[X], y: &mut [X]) {
                self.compute(x, y);
            }

            fn backward(
                &self,
                x: &[X],
                _y: &[X],
                dy: &[X],
                dx: Option<&mut [X]>,
                _gradient: &mut Self,
            ) {
                if let Some(dx) = dx {
                    dx.copy_from_slice(dy);
                    self.backward_in_place(x, dx);
                }
            }
        }
    };
}
use keeping_layer;

/// The layer that an activation in place is when its input must be kept: a copy, then in place.
macro_rules! in_place_layer {
    ({$($generics:tt)*} $layer:ty, $sample:ty) => {
        impl<$($generics)*> crate::layers::Layer<$sample> for $layer {
            type Output = $sample;

            fn forward(&self, x: &[$sample], y: &mut [$sample]) {
                y.copy_from_slice(x);
                self.forward_in_place(y);
            }

            fn backward(
                &self,
                _x: &[$sample],
                y: &[$sample],
                dy: &[$sample],
                dx: Option<&mut [$sample]>,
                _gradient: &mut Self,
            ) {
                if let Some(dx) = dx {
                    dx.copy_from_slice(dy);
                    self.backward_in_place(y, dx);
                }
            }
        }
    };
}
use in_place_layer;
