//! Layers: one per file, `forward` above `backward`. No layer hides state: what its backward pass needs comes in.

mod affine;
mod matmul;
mod relu;
mod sigmoid;
mod softmax;
mod tanh;

pub use affine::Affine;
pub use matmul::MatMul;
pub use relu::Relu;
pub use sigmoid::Sigmoid;
pub use softmax::Softmax;
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
