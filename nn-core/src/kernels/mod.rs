//! The arithmetic, on flat slices, compiled once for `f32` and `f64`.
//!
//! Layers hand over slices and sizes; what is in here knows neither layers nor networks. It is the only place in the
//! library that may use `unsafe`. Lengths that do not fit together are a broken invariant of a layer, and panic.

mod activation;
mod math;
mod matmul;
mod prefetch;
mod product;
mod scratch;
mod simd;
mod threads;
mod update;

pub(crate) use prefetch::prefetch;
use simd::vectorised;
pub(crate) use threads::for_each_mut;
pub use threads::with_threads;

/// The sizes of a matrix product in a layer: a batch of `n` samples, `i` inputs, `o` outputs.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub n: usize,
    pub i: usize,
    pub o: usize,
}

/// The hyper-parameters of one Adam step, as numbers of the network's type.
#[derive(Clone, Copy, Debug)]
pub struct AdamStep<T> {
    /// lr·√(1 − β₂ᵗ) / (1 − β₁ᵗ)
    pub lr_t: T,
    /// 1 − β₁
    pub one_minus_beta1: T,
    /// 1 − β₂
    pub one_minus_beta2: T,
    pub eps: T,
}

/// The arithmetic that a type of number brings along. Not part of the public interface: [`crate::Element`] is.
pub trait Kernels: Sized {
    /// y = x·W, or y = x·W + b; then Relu, if asked for.
    fn matmul(x: &[Self], w: &[Self], b: Option<&[Self]>, relu: bool, y: &mut [Self], sizes: Sizes);
    /// dx = dy·Wᵀ; zero where a number of `relu` is not above zero.
    fn matmul_dx(dy: &[Self], w: &[Self], relu: Option<&[Self]>, dx: &mut [Self], sizes: Sizes);
    /// dW = xᵀ·dy and db = Σₙ dy[n, :], or W ← W − lr·dW and b ← b − lr·db with `descend`, the learning rate.
    fn matmul_dw(
        x: &[Self],
        dy: &[Self],
        w: &mut [Self],
        b: Option<&mut [Self]>,
        descend: Option<Self>,
        sizes: Sizes,
    );

    // Activations overwrite their input, and their backward passes the gradient: d is dy before and dx after.

    fn relu_forward(y: &mut [Self]);
    fn relu_backward(y: &[Self], d: &mut [Self]);
    fn sigmoid_forward(y: &mut [Self]);
    fn sigmoid_backward(y: &[Self], d: &mut [Self]);
    fn tanh_forward(y: &mut [Self]);
    fn tanh_backward(y: &[Self], d: &mut [Self]);
    /// Softmax of each row of `columns` numbers.
    fn softmax_forward(y: &mut [Self], columns: usize);
    fn softmax_backward(y: &[Self], d: &mut [Self], columns: usize);
    /// ln(1 + exp(x)) − t·x, without overflow.
    fn binary_cross_entropy(x: Self, t: Self) -> Self;

    fn sgd(p: &mut [Self], g: &[Self], lr: Self);
    fn momentum(p: &mut [Self], g: &[Self], velocity: &mut [Self], lr: Self, momentum: Self);
    fn ada_grad(p: &mut [Self], g: &[Self], h: &mut [Self], lr: Self, eps: Self);
    /// `decay_rate` comes with 1 − `decay_rate`, which is rounded once this way.
    fn rms_prop(
        p: &mut [Self],
        g: &[Self],
        h: &mut [Self],
        lr: Self,
        decay_rate: (Self, Self),
        eps: Self,
    );
    fn adam(p: &mut [Self], g: &[Self], m: &mut [Self], v: &mut [Self], step: AdamStep<Self>);
    /// Σ g², in f64.
    fn sum_of_squares(g: &[Self]) -> f64;
    fn scale(g: &mut [Self], factor: Self);
}

macro_rules! kernels {
    ($($scalar:ty),*) => {$(
        impl Kernels for $scalar {
            fn matmul(x: &[Self], w: &[Self], b: Option<&[Self]>, relu: bool, y: &mut [Self], sizes: Sizes) {
                matmul::forward(x, w, b, relu, y, sizes);
            }
            fn matmul_dx(dy: &[Self], w: &[Self], relu: Option<&[Self]>, dx: &mut [Self], sizes: Sizes) {
                matmul::input_gradient(dy, w, relu, dx, sizes);
            }
            fn matmul_dw(
                x: &[Self],
                dy: &[Self],
                w: &mut [Self],
                b: Option<&mut [Self]>,
                descend: Option<Self>,
                sizes: Sizes,
            ) {
                matmul::weight_gradient(x, dy, w, b, descend, sizes);
            }

            fn relu_forward(y: &mut [Self]) {
                vectorised(|| activation::relu_forward(y));
            }
            fn relu_backward(y: &[Self], d: &mut [Self]) {
                vectorised(|| activation::relu_backward(y, d));
            }
            fn sigmoid_forward(y: &mut [Self]) {
                vectorised(|| activation::sigmoid_forward(y));
            }
            fn sigmoid_backward(y: &[Self], d: &mut [Self]) {
                vectorised(|| activation::sigmoid_backward(y, d));
            }
            fn tanh_forward(y: &mut [Self]) {
                vectorised(|| activation::tanh_forward(y));
            }
            fn tanh_backward(y: &[Self], d: &mut [Self]) {
                vectorised(|| activation::tanh_backward(y, d));
            }
            fn softmax_forward(y: &mut [Self], columns: usize) {
                vectorised(|| activation::softmax_forward(y, columns));
            }
            fn softmax_backward(y: &[Self], d: &mut [Self], columns: usize) {
                vectorised(|| activation::softmax_backward(y, d, columns));
            }
            fn binary_cross_entropy(x: Self, t: Self) -> Self {
                activation::binary_cross_entropy(x, t)
            }

            fn sgd(p: &mut [Self], g: &[Self], lr: Self) {
                vectorised(|| update::sgd(p, g, lr));
            }
            fn momentum(p: &mut [Self], g: &[Self], velocity: &mut [Self], lr: Self, momentum: Self) {
                vectorised(|| update::momentum(p, g, velocity, lr, momentum));
            }
            fn ada_grad(p: &mut [Self], g: &[Self], h: &mut [Self], lr: Self, eps: Self) {
                vectorised(|| update::ada_grad(p, g, h, lr, eps));
            }
            fn rms_prop(p: &mut [Self], g: &[Self], h: &mut [Self], lr: Self, decay_rate: (Self, Self), eps: Self) {
                vectorised(|| update::rms_prop(p, g, h, lr, decay_rate, eps));
            }
            fn adam(p: &mut [Self], g: &[Self], m: &mut [Self], v: &mut [Self], step: AdamStep<Self>) {
                vectorised(|| update::adam(p, g, m, v, step));
            }
            fn sum_of_squares(g: &[Self]) -> f64 {
                vectorised(|| update::sum_of_squares(g))
            }
            fn scale(g: &mut [Self], factor: Self) {
                vectorised(|| update::scale(g, factor));
            }
        }
    )*};
}

kernels!(f32, f64);
