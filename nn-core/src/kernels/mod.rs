//! The arithmetic, on flat slices, compiled once for `f32` and `f64`.
//!
//! Layers hand over slices and sizes; what is in here knows neither layers nor networks. It is the only place in the
//! library that may use `unsafe`. Lengths that do not fit together are a broken invariant of a layer, and panic.

mod activation;
mod convolution;
mod dropout;
mod images;
mod math;
mod matmul;
mod nodes;
mod normalise;
mod pooling;
mod prefetch;
mod product;
mod scratch;
mod simd;
mod softmax;
mod threads;
mod update;

pub(crate) use convolution::Convolution;
pub(crate) use dropout::Mask;
pub(crate) use normalise::batch::{Channels, Moments};
pub(crate) use normalise::{ChannelGroups, Rows};
pub(crate) use pooling::Pooling;
pub(crate) use prefetch::prefetch;
use simd::{Level, vectorised};
pub use threads::with_threads;
pub(crate) use threads::{for_each_mut, for_each_run_of};

/// The sizes of a matrix product in a layer: a batch of `n` samples, `i` inputs, `o` outputs.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub n: usize,
    pub i: usize,
    pub o: usize,
}

/// A matrix of weights [I, O], row-major, or its transpose [O, I].
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'w, T> {
    pub numbers: &'w [T],
    pub transposed: bool,
}

/// What becomes of a parameter's gradient.
#[derive(Clone, Copy, Debug)]
pub enum Update<T> {
    /// It is written over what is there.
    Write,
    /// It is added to what is there.
    Add,
    /// What is there is the parameter, and loses so many times the gradient.
    Descend(T),
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

/// One `AdamW` step: Adam's, after p has been multiplied by `keep`.
#[derive(Clone, Copy, Debug)]
pub struct AdamWStep<T> {
    pub adam: AdamStep<T>,
    /// 1 − lr·weight decay
    pub keep: T,
}

/// One Nadam step: Adam's, with a part of the gradient itself beside its mean.
#[derive(Clone, Copy, Debug)]
pub struct NadamStep<T> {
    pub adam: AdamStep<T>,
    pub lr_g: T,
}

/// The hyper-parameters of one `AdaDelta` step.
#[derive(Clone, Copy, Debug)]
pub struct AdaDeltaStep<T> {
    pub lr: T,
    pub one_minus_decay_rate: T,
    pub eps: T,
}

/// The hyper-parameters of one Lion step.
#[derive(Clone, Copy, Debug)]
pub struct LionStep<T> {
    pub lr: T,
    pub one_minus_beta1: T,
    pub one_minus_beta2: T,
    /// 1 − lr·weight decay
    pub keep: T,
}

/// The gradient of a parameter p as an update rule takes it: scale·g + decay·p.
#[derive(Clone, Copy, Debug)]
pub struct Gradient<'g, T> {
    pub numbers: &'g [T],
    pub scale: T,
    pub decay: T,
}

impl<'g, T: num_traits::Float> Gradient<'g, T> {
    /// As it is.
    pub(crate) fn whole(numbers: &'g [T]) -> Self {
        Self {
            numbers,
            scale: T::one(),
            decay: T::zero(),
        }
    }
}

/// The arithmetic that a type of number brings along. Not part of the public interface: [`crate::Element`] is.
pub trait Kernels: Sized {
    /// y = x·W, or y = x·W + b; then Relu, if asked for.
    fn matmul(
        x: &[Self],
        w: Matrix<'_, Self>,
        b: Option<&[Self]>,
        relu: bool,
        y: &mut [Self],
        sizes: Sizes,
    );
    /// dx = dy·Wᵀ; zero where a number of `relu` is not above zero.
    fn matmul_dx(
        dy: &[Self],
        w: Matrix<'_, Self>,
        relu: Option<&[Self]>,
        dx: &mut [Self],
        sizes: Sizes,
    );
    /// dW = xᵀ·dy, and db = Σₙ dy[n, :].
    fn matmul_dw(
        x: &[Self],
        dy: &[Self],
        w: &mut [Self],
        b: Option<&mut [Self]>,
        update: Update<Self>,
        sizes: Sizes,
    );

    // Convolutions: of images `x` to maps `y`, with weights [map, channel of a group, row, column].

    /// y = x ⋆ w, or y = x ⋆ w + b; then Relu, if asked for.
    fn correlate(
        x: &[Self],
        w: &[Self],
        b: Option<&[Self]>,
        relu: bool,
        y: &mut [Self],
        sizes: &Convolution,
    );
    /// x = y spread by w, or that and a number for each channel: the gradient of [`Kernels::correlate`] by x, given that by y.
    fn spread(y: &[Self], w: &[Self], b: Option<&[Self]>, x: &mut [Self], sizes: &Convolution);
    /// The gradient of [`Kernels::correlate`] by w, given that by y; or w ← w − lr·dw with `descend`, the learning rate.
    fn correlate_dw(
        x: &[Self],
        dy: &[Self],
        w: &mut [Self],
        descend: Option<Self>,
        sizes: &Convolution,
    );
    /// The sum of each of the maps of `len` numbers, over all samples; or sums ← sums − lr·that with `descend`.
    fn sum_maps(y: &[Self], sums: &mut [Self], len: usize, descend: Option<Self>);

    // Pooling, of each plane by itself.

    /// The largest number of each window; NaN, if one is.
    fn maxima(x: &[Self], y: &mut [Self], sizes: &Pooling);
    /// Its gradient, which goes to the first of the largest numbers; to none that are not above zero, if `relu`.
    fn maxima_backward(x: &[Self], dy: &[Self], relu: bool, dx: &mut [Self], sizes: &Pooling);
    /// The mean of each window, over its places in the image and, if asked for, those beside it, which are zeros.
    fn means(x: &[Self], y: &mut [Self], counts_padding: bool, sizes: &Pooling);
    fn means_backward(dy: &[Self], dx: &mut [Self], counts_padding: bool, sizes: &Pooling);

    // Images of some rows and columns, plane by plane.

    /// y: x from row `start[0]` and column `start[1]` on, and a value elsewhere.
    fn pad(
        x: &[Self],
        y: &mut [Self],
        small: [usize; 2],
        large: [usize; 2],
        start: [usize; 2],
        value: Self,
    );
    /// y: the part of x that begins at `start`.
    fn crop(x: &[Self], y: &mut [Self], large: [usize; 2], small: [usize; 2], start: [usize; 2]);
    /// y: x with `factors` times the rows and columns; repeated, or interpolated if `bilinear`.
    fn enlarge(x: &[Self], y: &mut [Self], image: [usize; 2], factors: [usize; 2], bilinear: bool);
    fn enlarge_backward(
        dy: &[Self],
        dx: &mut [Self],
        image: [usize; 2],
        factors: [usize; 2],
        bilinear: bool,
    );
    /// The mean of each plane of `len` numbers.
    fn mean(x: &[Self], y: &mut [Self], len: usize);
    fn mean_backward(dy: &[Self], dx: &mut [Self], len: usize);

    // Normalisation. Where gamma or beta are empty, numbers are not scaled or shifted.

    /// Each row by itself.
    fn normalise_rows(x: &[Self], gamma: &[Self], beta: &[Self], y: &mut [Self], rows: Rows<Self>);
    fn normalise_rows_backward(
        x: &[Self],
        gamma: &[Self],
        dy: &[Self],
        dx: &mut [Self],
        rows: Rows<Self>,
    );
    /// The gradients of gamma and of beta, unless they are empty.
    fn normalise_rows_gradient(
        x: &[Self],
        dy: &[Self],
        dgamma: &mut [Self],
        dbeta: &mut [Self],
        rows: Rows<Self>,
    );
    /// Each group of channels by itself.
    fn normalise_groups(
        x: &[Self],
        gamma: &[Self],
        beta: &[Self],
        y: &mut [Self],
        sizes: ChannelGroups<Self>,
    );
    /// dx, and the gradients of gamma and beta; each unless it is empty.
    fn normalise_groups_backward(
        x: &[Self],
        gamma: &[Self],
        dy: &[Self],
        dx: &mut [Self],
        gradients: [&mut [Self]; 2],
        sizes: ChannelGroups<Self>,
    );
    /// Of a part of a batch the mean of each channel, then the sums of squared differences from it.
    fn measure(x: &[Self], found: &mut [f64], sizes: Channels);
    /// Each channel by its mean and its variance; `parameters` are gamma and beta.
    fn normalise(
        x: &[Self],
        moments: Moments<'_, Self>,
        parameters: [&[Self]; 2],
        eps: f64,
        y: &mut [Self],
        sizes: Channels,
    );
    fn normalise_in_place(
        y: &mut [Self],
        moments: Moments<'_, Self>,
        parameters: [&[Self]; 2],
        eps: f64,
        sizes: Channels,
    );
    /// Of a part of a batch the sum of dy for each channel, then the sum of dy times the normalised x.
    fn sum_gradients(
        x: &[Self],
        dy: &[Self],
        moments: Moments<'_, Self>,
        eps: f64,
        found: &mut [f64],
        sizes: Channels,
    );
    /// dx, given gamma and dy, and for the whole batch those sums, ε, and how many numbers a channel has.
    fn spread_gradients(
        x: &[Self],
        gamma_and_dy: [&[Self]; 2],
        moments: Moments<'_, Self>,
        sums: (&[f64], f64, f64),
        dx: &mut [Self],
        sizes: Channels,
    );
    /// dx, given gamma and dy, where mean and variance are constants.
    fn scale_gradients(
        moments: Moments<'_, Self>,
        gamma_and_dy: [&[Self]; 2],
        eps: f64,
        dx: &mut [Self],
        sizes: Channels,
    );

    /// Each number of samples of `len` becomes 0, or is scaled, as the mask has it.
    fn drop_out(y: &mut [Self], len: usize, mask: Mask);

    // Activations overwrite their input, and their backward passes the gradient: d is dy before and dx after.

    fn relu_forward(y: &mut [Self]);
    fn relu_backward(y: &[Self], d: &mut [Self]);
    fn sigmoid_forward(y: &mut [Self]);
    fn sigmoid_backward(y: &[Self], d: &mut [Self]);
    fn tanh_forward(y: &mut [Self]);
    fn tanh_backward(y: &[Self], d: &mut [Self]);
    fn leaky_relu_forward(y: &mut [Self], alpha: Self);
    fn leaky_relu_backward(y: &[Self], d: &mut [Self], alpha: Self);
    /// With slopes that take turns, each for `len` numbers.
    fn prelu_forward(x: &[Self], slopes: &[Self], y: &mut [Self], len: usize);
    fn prelu_backward(x: &[Self], dy: &[Self], slopes: &[Self], dx: &mut [Self], len: usize);
    /// The gradient of the slopes.
    fn prelu_slopes(x: &[Self], dy: &[Self], sums: &mut [Self], len: usize);
    fn elu_forward(y: &mut [Self], alpha: Self, scale: Self);
    fn elu_backward(y: &[Self], d: &mut [Self], alpha: Self, scale: Self);
    fn softplus_forward(y: &mut [Self], beta: Self);
    fn softplus_backward(y: &[Self], d: &mut [Self], beta: Self);

    // These leave what they read, and their backward passes need it.

    fn gelu_forward(x: &[Self], y: &mut [Self]);
    fn gelu_backward(x: &[Self], d: &mut [Self]);
    fn gelu_tanh_forward(x: &[Self], y: &mut [Self]);
    fn gelu_tanh_backward(x: &[Self], d: &mut [Self]);
    fn silu_forward(x: &[Self], y: &mut [Self]);
    fn silu_backward(x: &[Self], d: &mut [Self]);
    fn hard_swish_forward(x: &[Self], y: &mut [Self]);
    fn hard_swish_backward(x: &[Self], d: &mut [Self]);

    /// Softmax, or its logarithm, of each row of `columns` numbers. `each` is called with the index of a row, its largest score, and
    /// ln Σⱼ exp(x[j] − largest).
    fn softmax_forward(
        y: &mut [Self],
        columns: usize,
        log: bool,
        each: &mut dyn FnMut(usize, Self, Self),
    );
    fn softmax_backward(y: &[Self], d: &mut [Self], columns: usize);
    fn log_softmax_backward(y: &[Self], d: &mut [Self], columns: usize);
    /// Softmax, or its logarithm, down the columns of blocks of so many rows of so many numbers.
    fn softmax_over_forward(y: &mut [Self], block: (usize, usize), log: bool);
    fn softmax_over_backward(y: &[Self], d: &mut [Self], block: (usize, usize), log: bool);
    /// ln(1 + exp(−|x|)), in place of x.
    fn soft_edge(x: &mut [Self]);

    fn sgd(p: &mut [Self], g: Gradient<'_, Self>, lr: Self);
    fn momentum(
        p: &mut [Self],
        g: Gradient<'_, Self>,
        velocity: &mut [Self],
        lr: Self,
        momentum: Self,
    );
    fn ada_grad(p: &mut [Self], g: Gradient<'_, Self>, h: &mut [Self], lr: Self, eps: Self);
    /// `decay_rate` comes with 1 − `decay_rate`, which is rounded once this way.
    fn rms_prop(
        p: &mut [Self],
        g: Gradient<'_, Self>,
        h: &mut [Self],
        lr: Self,
        decay_rate: (Self, Self),
        eps: Self,
    );
    fn nesterov(
        p: &mut [Self],
        g: Gradient<'_, Self>,
        velocity: &mut [Self],
        lr: Self,
        momentum: Self,
    );
    fn ada_delta(
        p: &mut [Self],
        g: Gradient<'_, Self>,
        h: &mut [Self],
        u: &mut [Self],
        step: AdaDeltaStep<Self>,
    );
    fn adam(
        p: &mut [Self],
        g: Gradient<'_, Self>,
        m: &mut [Self],
        v: &mut [Self],
        step: AdamStep<Self>,
    );
    fn adam_w(
        p: &mut [Self],
        g: Gradient<'_, Self>,
        m: &mut [Self],
        v: &mut [Self],
        step: AdamWStep<Self>,
    );
    fn nadam(
        p: &mut [Self],
        g: Gradient<'_, Self>,
        m: &mut [Self],
        v: &mut [Self],
        step: NadamStep<Self>,
    );
    /// Moves m and v as [`Kernels::adam`] does, and p by the mean alone: p ← p − `lr_t`·m.
    fn mean_step(
        p: &mut [Self],
        g: Gradient<'_, Self>,
        m: &mut [Self],
        v: &mut [Self],
        step: AdamStep<Self>,
    );
    fn lion(p: &mut [Self], g: Gradient<'_, Self>, m: &mut [Self], step: LionStep<Self>);
    /// Σ g², in f64.
    fn sum_of_squares(g: &[Self]) -> f64;
    fn scale(g: &mut [Self], factor: Self);
    /// What is above `limit`, or below −`limit`, becomes that; NaN stays.
    fn clip(g: &mut [Self], limit: Self);
    /// average ← average + share·(p − average)
    fn approach(average: &mut [Self], p: &[Self], share: Self);

    // Nodes of the graph.

    fn add_to(y: &mut [Self], x: &[Self]);
    fn add(a: &[Self], b: &[Self], y: &mut [Self]);
    fn multiply_by(y: &mut [Self], x: &[Self]);
    fn multiply(a: &[Self], b: &[Self], y: &mut [Self]);
    fn shift(y: &mut [Self], c: Self);
    /// Each sample of `len` numbers, `times` times.
    fn repeat(x: &[Self], y: &mut [Self], len: usize, times: usize);
    /// The sum of each `times` items of `len` numbers.
    fn sum(x: &[Self], y: &mut [Self], len: usize, times: usize);
}

/// Methods that each are one plain function over slices.
macro_rules! vector_methods {
    ($scalar:ty: $(fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)? = $($function:ident)::+ $(($fused:ident))?;)*) => {$(
        fn $name($($argument: $type),*) $(-> $result)? {
            vectorised!(|$($argument: $type),*; fused| $(-> $result)? {
                vector_methods!(@call $($function)::+, ($($argument),*), fused $(, $fused)?)
            })
        }
    )*};
    (@call $function:path, ($($argument:ident),*), $given:ident) => { $function($($argument),*) };
    (@call $function:path, ($($argument:ident),*), $given:ident, $fused:ident) => { $function($($argument,)* $given) };
}

macro_rules! kernels {
    ($($scalar:ty),*) => {$(
        #[expect(unsafe_code, reason = "functions of an instruction set are called where it is there")]
        impl Kernels for $scalar {
            fn matmul(
                x: &[Self],
                w: Matrix<'_, Self>,
                b: Option<&[Self]>,
                relu: bool,
                y: &mut [Self],
                sizes: Sizes,
            ) {
                matmul::forward(x, w, b, relu, y, sizes);
            }
            fn matmul_dx(dy: &[Self], w: Matrix<'_, Self>, relu: Option<&[Self]>, dx: &mut [Self], sizes: Sizes) {
                matmul::input_gradient(dy, w, relu, dx, sizes);
            }
            fn matmul_dw(
                x: &[Self],
                dy: &[Self],
                w: &mut [Self],
                b: Option<&mut [Self]>,
                update: Update<Self>,
                sizes: Sizes,
            ) {
                matmul::weight_gradient(x, dy, w, b, update, sizes);
            }

            fn correlate(
                x: &[Self],
                w: &[Self],
                b: Option<&[Self]>,
                relu: bool,
                y: &mut [Self],
                sizes: &Convolution,
            ) {
                convolution::correlate(Level::of_this_machine(), x, w, b, relu, y, sizes);
            }
            fn spread(y: &[Self], w: &[Self], b: Option<&[Self]>, x: &mut [Self], sizes: &Convolution) {
                convolution::spread(Level::of_this_machine(), y, w, b, x, sizes);
            }
            fn correlate_dw(
                x: &[Self],
                dy: &[Self],
                w: &mut [Self],
                descend: Option<Self>,
                sizes: &Convolution,
            ) {
                convolution::weight_gradient(Level::of_this_machine(), x, dy, w, descend, sizes);
            }
            fn maxima(x: &[Self], y: &mut [Self], sizes: &Pooling) {
                pooling::maxima(x, y, sizes);
            }
            fn maxima_backward(x: &[Self], dy: &[Self], relu: bool, dx: &mut [Self], sizes: &Pooling) {
                pooling::maxima_backward(x, dy, relu, dx, sizes);
            }

            // Those marked `fused` are told whether there is an instruction for a·b + c.
            vector_methods! { $scalar:
                fn sum_maps(y: &[$scalar], sums: &mut [$scalar], len: usize, descend: Option<$scalar>) = update::sum_maps;
                fn means(x: &[$scalar], y: &mut [$scalar], counts_padding: bool, sizes: &Pooling) = pooling::means;
                fn means_backward(dy: &[$scalar], dx: &mut [$scalar], counts_padding: bool, sizes: &Pooling) = pooling::means_backward;
                fn pad(
                    x: &[$scalar], y: &mut [$scalar], small: [usize; 2], large: [usize; 2], start: [usize; 2], value: $scalar
                ) = images::pad;
                fn crop(x: &[$scalar], y: &mut [$scalar], large: [usize; 2], small: [usize; 2], start: [usize; 2]) = images::crop;
                fn enlarge(x: &[$scalar], y: &mut [$scalar], image: [usize; 2], factors: [usize; 2], bilinear: bool) = images::enlarge;
                fn enlarge_backward(dy: &[$scalar], dx: &mut [$scalar], image: [usize; 2], factors: [usize; 2], bilinear: bool)
                    = images::enlarge_backward;
                fn mean(x: &[$scalar], y: &mut [$scalar], len: usize) = images::mean;
                fn mean_backward(dy: &[$scalar], dx: &mut [$scalar], len: usize) = images::mean_backward;
                fn normalise_rows(x: &[$scalar], gamma: &[$scalar], beta: &[$scalar], y: &mut [$scalar], rows: Rows<$scalar>)
                    = normalise::rows;
                fn normalise_rows_backward(
                    x: &[$scalar], gamma: &[$scalar], dy: &[$scalar], dx: &mut [$scalar], rows: Rows<$scalar>
                ) = normalise::rows_backward;
                fn normalise_rows_gradient(
                    x: &[$scalar], dy: &[$scalar], dgamma: &mut [$scalar], dbeta: &mut [$scalar], rows: Rows<$scalar>
                ) = normalise::rows_gradient;
                fn normalise_groups(
                    x: &[$scalar], gamma: &[$scalar], beta: &[$scalar], y: &mut [$scalar], sizes: ChannelGroups<$scalar>
                ) = normalise::groups;
                fn normalise_groups_backward(
                    x: &[$scalar], gamma: &[$scalar], dy: &[$scalar], dx: &mut [$scalar], gradients: [&mut [$scalar]; 2],
                    sizes: ChannelGroups<$scalar>
                ) = normalise::groups_backward;
                fn measure(x: &[$scalar], found: &mut [f64], sizes: Channels) = normalise::batch::measure;
                fn normalise(
                    x: &[$scalar], moments: Moments<'_, $scalar>, parameters: [&[$scalar]; 2], eps: f64, y: &mut [$scalar], sizes: Channels
                ) = normalise::batch::normalise;
                fn normalise_in_place(
                    y: &mut [$scalar], moments: Moments<'_, $scalar>, parameters: [&[$scalar]; 2], eps: f64, sizes: Channels
                ) = normalise::batch::normalise_in_place;
                fn sum_gradients(
                    x: &[$scalar], dy: &[$scalar], moments: Moments<'_, $scalar>, eps: f64, found: &mut [f64], sizes: Channels
                ) = normalise::batch::sum_gradients;
                fn spread_gradients(
                    x: &[$scalar], gamma_and_dy: [&[$scalar]; 2], moments: Moments<'_, $scalar>, sums: (&[f64], f64, f64),
                    dx: &mut [$scalar], sizes: Channels
                ) = normalise::batch::spread_gradients;
                fn scale_gradients(
                    moments: Moments<'_, $scalar>, gamma_and_dy: [&[$scalar]; 2], eps: f64, dx: &mut [$scalar], sizes: Channels
                ) = normalise::batch::scale_gradients;
                fn drop_out(y: &mut [$scalar], len: usize, mask: Mask) = dropout::drop_out;
                fn relu_forward(y: &mut [$scalar]) = activation::relu_forward;
                fn relu_backward(y: &[$scalar], d: &mut [$scalar]) = activation::relu_backward;
                fn sigmoid_forward(y: &mut [$scalar]) = activation::sigmoid_forward (fused);
                fn sigmoid_backward(y: &[$scalar], d: &mut [$scalar]) = activation::sigmoid_backward;
                fn tanh_forward(y: &mut [$scalar]) = activation::tanh_forward (fused);
                fn tanh_backward(y: &[$scalar], d: &mut [$scalar]) = activation::tanh_backward;
                fn softmax_forward(y: &mut [$scalar], columns: usize, log: bool, each: &mut dyn FnMut(usize, $scalar, $scalar))
                    = softmax::softmax_forward (fused);
                fn softmax_backward(y: &[$scalar], d: &mut [$scalar], columns: usize) = softmax::softmax_backward;
                fn log_softmax_backward(y: &[$scalar], d: &mut [$scalar], columns: usize) = softmax::log_softmax_backward (fused);
                fn softmax_over_forward(y: &mut [$scalar], block: (usize, usize), log: bool) = softmax::softmax_over_forward (fused);
                fn softmax_over_backward(y: &[$scalar], d: &mut [$scalar], block: (usize, usize), log: bool)
                    = softmax::softmax_over_backward (fused);
                fn leaky_relu_forward(y: &mut [$scalar], alpha: $scalar) = activation::leaky_relu_forward;
                fn leaky_relu_backward(y: &[$scalar], d: &mut [$scalar], alpha: $scalar) = activation::leaky_relu_backward;
                fn prelu_forward(x: &[$scalar], slopes: &[$scalar], y: &mut [$scalar], len: usize) = activation::prelu_forward;
                fn prelu_backward(x: &[$scalar], dy: &[$scalar], slopes: &[$scalar], dx: &mut [$scalar], len: usize)
                    = activation::prelu_backward;
                fn prelu_slopes(x: &[$scalar], dy: &[$scalar], sums: &mut [$scalar], len: usize) = activation::prelu_slopes;
                fn elu_forward(y: &mut [$scalar], alpha: $scalar, scale: $scalar) = activation::elu_forward (fused);
                fn elu_backward(y: &[$scalar], d: &mut [$scalar], alpha: $scalar, scale: $scalar) = activation::elu_backward;
                fn softplus_forward(y: &mut [$scalar], beta: $scalar) = activation::softplus_forward (fused);
                fn softplus_backward(y: &[$scalar], d: &mut [$scalar], beta: $scalar) = activation::softplus_backward (fused);
                fn gelu_forward(x: &[$scalar], y: &mut [$scalar]) = activation::gelu_forward (fused);
                fn gelu_backward(x: &[$scalar], d: &mut [$scalar]) = activation::gelu_backward (fused);
                fn gelu_tanh_forward(x: &[$scalar], y: &mut [$scalar]) = activation::gelu_tanh_forward (fused);
                fn gelu_tanh_backward(x: &[$scalar], d: &mut [$scalar]) = activation::gelu_tanh_backward (fused);
                fn silu_forward(x: &[$scalar], y: &mut [$scalar]) = activation::silu_forward (fused);
                fn silu_backward(x: &[$scalar], d: &mut [$scalar]) = activation::silu_backward (fused);
                fn hard_swish_forward(x: &[$scalar], y: &mut [$scalar]) = activation::hard_swish_forward;
                fn hard_swish_backward(x: &[$scalar], d: &mut [$scalar]) = activation::hard_swish_backward;
                fn soft_edge(x: &mut [$scalar]) = activation::soft_edge (fused);
                fn sgd(p: &mut [$scalar], g: Gradient<'_, $scalar>, lr: $scalar) = update::sgd;
                fn momentum(p: &mut [$scalar], g: Gradient<'_, $scalar>, velocity: &mut [$scalar], lr: $scalar, momentum: $scalar)
                    = update::momentum;
                fn ada_grad(p: &mut [$scalar], g: Gradient<'_, $scalar>, h: &mut [$scalar], lr: $scalar, eps: $scalar) = update::ada_grad;
                fn rms_prop(
                    p: &mut [$scalar], g: Gradient<'_, $scalar>, h: &mut [$scalar], lr: $scalar, decay_rate: ($scalar, $scalar), eps: $scalar
                ) = update::rms_prop;
                fn nesterov(p: &mut [$scalar], g: Gradient<'_, $scalar>, velocity: &mut [$scalar], lr: $scalar, momentum: $scalar)
                    = update::nesterov;
                fn ada_delta(p: &mut [$scalar], g: Gradient<'_, $scalar>, h: &mut [$scalar], u: &mut [$scalar], step: AdaDeltaStep<$scalar>)
                    = update::ada_delta;
                fn adam(p: &mut [$scalar], g: Gradient<'_, $scalar>, m: &mut [$scalar], v: &mut [$scalar], step: AdamStep<$scalar>)
                    = update::adam;
                fn adam_w(p: &mut [$scalar], g: Gradient<'_, $scalar>, m: &mut [$scalar], v: &mut [$scalar], step: AdamWStep<$scalar>)
                    = update::adam_w;
                fn nadam(p: &mut [$scalar], g: Gradient<'_, $scalar>, m: &mut [$scalar], v: &mut [$scalar], step: NadamStep<$scalar>)
                    = update::nadam;
                fn mean_step(p: &mut [$scalar], g: Gradient<'_, $scalar>, m: &mut [$scalar], v: &mut [$scalar], step: AdamStep<$scalar>)
                    = update::mean_step;
                fn lion(p: &mut [$scalar], g: Gradient<'_, $scalar>, m: &mut [$scalar], step: LionStep<$scalar>) = update::lion;
                fn sum_of_squares(g: &[$scalar]) -> f64 = update::sum_of_squares;
                fn scale(g: &mut [$scalar], factor: $scalar) = update::scale;
                fn clip(g: &mut [$scalar], limit: $scalar) = update::clip;
                fn approach(average: &mut [$scalar], p: &[$scalar], share: $scalar) = update::approach;
                fn add_to(y: &mut [$scalar], x: &[$scalar]) = nodes::add_to;
                fn add(a: &[$scalar], b: &[$scalar], y: &mut [$scalar]) = nodes::add;
                fn multiply_by(y: &mut [$scalar], x: &[$scalar]) = nodes::multiply_by;
                fn multiply(a: &[$scalar], b: &[$scalar], y: &mut [$scalar]) = nodes::multiply;
                fn shift(y: &mut [$scalar], c: $scalar) = nodes::shift;
                fn repeat(x: &[$scalar], y: &mut [$scalar], len: usize, times: usize) = nodes::repeat;
                fn sum(x: &[$scalar], y: &mut [$scalar], len: usize, times: usize) = nodes::sum;
            }
        }
    )*};
}

kernels!(f32, f64);
