//! Layers: one per file, `forward` above `backward`. No layer hides state: what its backward pass needs comes in.
//!
//! Those that make one value of several, such as [`Add`], are no [`Layer`], which reads one: they have the same two passes as
//! methods of their own.

mod add;
mod affine;
mod concat;
mod identity;
mod matmul;
mod matmul_of_two;
mod mul;
mod products;
mod relu;
mod repeat;
mod scale;
mod sharing;
mod shift;
mod sigmoid;
mod softmax;
mod sum;
mod tanh;

pub use add::Add;
pub use affine::Affine;
pub use concat::Concat;
pub use identity::Identity;
pub use matmul::MatMul;
pub use matmul_of_two::MatMulOfTwo;
pub use mul::Mul;
pub use relu::Relu;
pub use repeat::Repeat;
pub use scale::Scale;
pub use sharing::{AffineRef, Bias, Gradient, MatMulRef, Stored, Weights};
pub use shift::Shift;
pub use sigmoid::Sigmoid;
pub use softmax::Softmax;
pub use sum::Sum;
pub use tanh::Tanh;

use crate::sample::Sample;

/// A layer that reads samples of type `X`: a struct of its parameters, and two functions over batches.
///
/// A batch is a slice of samples, x [N, …]. All slices are the caller's and are overwritten, so that nothing is allocated
/// while a network trains. `y` and `dy` are as long as `x`.
#[diagnostic::on_unimplemented(
    message = "the layer `{Self}` cannot read samples of type `{X}`",
    label = "is given samples of type `{X}`"
)]
pub trait Layer<X: Sample> {
    /// One sample of what the layer gives.
    type Output: Sample<Element = X::Element>;

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
