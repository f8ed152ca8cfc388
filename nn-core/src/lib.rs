//! Neural networks that are declared, not assembled: shapes are checked by the compiler, and training is straight-line
//! code over buffers that are used again and again.
//!
//! ```
//! use nn_core::prelude::*;
//!
//! network! {
//!     /// Learns whether exactly one of two inputs is on.
//!     pub struct Xor< Affine(2, 8) -> Tanh -> Affine(8, 1) -> SigmoidWithLoss >;
//! }
//!
//! fn main() -> nn_core::Result<()> {
//!     let inputs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
//!     let targets = [false, true, true, false];
//!
//!     let mut net = Xor::seeded(1);
//!     let mut adam = Adam::new(0.05);
//!     for _ in 0..300 {
//!         net.step(&mut adam, &inputs, &targets)?;
//!     }
//!     assert_eq!(net.accuracy(&inputs, &targets)?, 1.0);
//!     Ok(())
//! }
//! ```
//!
//! - [`network!`] declares a network; its documentation lists what can stand in a chain and what comes out of it.
//! - [`Trainer`] trains it on a [`Dataset`] and returns a [`History`].
//! - [`Sgd`], [`Momentum`], [`Nesterov`], [`AdaGrad`], [`RmsProp`], [`AdaDelta`], [`Adam`], [`AdamW`], [`Nadam`], [`RAdam`] and [`Lion`] are
//!   the optimizers; they work on bare arrays too. [`Groups`] gives some parameters other hyper-parameters, and a [`Schedule`] changes
//!   the learning rate while one trains.
//! - [`metrics`] says how good it is, beyond its accuracy.
//!
//! A sample is an array, `[f32; 784]`; a batch is a slice of samples or an `ndarray` view. Whatever can fail returns
//! [`Result`]; no function panics over what a caller hands in.

// The derive macro writes `::nn_core`.
extern crate self as nn_core;

mod arithmetic;
mod batch;
mod budget;
pub mod data;
mod element;
mod error;
mod files;
mod graph;
mod init;
mod kernels;
mod key;
mod layers;
pub mod logs;
mod losses;
mod memory;
pub mod metrics;
mod network;
mod optim;
mod own;
mod params;
#[cfg(feature = "plot")]
pub mod plot;
mod record;
#[cfg(feature = "plot")]
pub mod report;
mod rng;
mod sample;
mod summary;
mod trainer;
mod tuples;
mod workspace;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

/// Declares a network.
///
/// ```
/// use nn_core::prelude::*;
///
/// network! {
///     /// A two-layer perceptron for handwritten digits.
///     #[derive(Clone, Debug)]
///     pub struct Mnist< hidden: Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;
/// }
///
/// # fn main() -> nn_core::Result<()> {
/// let mut net = Mnist::seeded(42);
/// let (images, labels) = (vec![[0.5; 784]; 3], [5_u8, 0, 4]);
/// let scores: Vec<[f32; 10]> = net.predict(&images)?;
/// let loss: f32 = net.loss(&images, &labels)?;
/// let gradient = net.gradient(&images, &labels)?;
/// assert_eq!(gradient.hidden.W[0].len(), 50);
/// assert_eq!(gradient.get("hidden.W").unwrap().shape(), [784, 50]);
/// assert_eq!(Mnist::PARAMETERS, 784 * 50 + 50 + 50 * 10 + 10);
/// # let _ = (scores, loss);
/// # Ok(())
/// # }
/// ```
///
/// `network!(< chain >)`, without a name, is an expression: a fresh network of an anonymous type.
///
/// # The chain
/// Layers are joined by `->`. A layer is a name and its sizes, with an optional label before it and options behind the
/// sizes: `hidden: Affine(784, 50, init = he)`.
///
/// | layer | what it does |
/// |---|---|
/// | `Input(784)`, `Input(1, 28, 28)` | the shape of a sample; only needed where no size says it |
/// | [`Affine(inputs, outputs)`](Affine) | x·W + b |
/// | [`MatMul(inputs, outputs)`](MatMul) | x·W |
/// | [`Conv2d(maps, kernel)`](Conv2d), [`ConvTranspose2d(maps, kernel)`](ConvTranspose2d) | convolutions, see [below](#images) |
/// | [`MaxPool2d(window)`](MaxPool2d), [`AvgPool2d(window)`](AvgPool2d), [`GlobalAvgPool`] | the largest number or the mean of windows, and of whole channels |
/// | [`Pad(n)`](Pad), [`Upsample(n)`](Upsample) | more rows and columns: of one number, or n times as many |
/// | [`Flatten`], [`Reshape(16, 4, 4)`](Reshape) | the same numbers in another shape, without a copy |
/// | [`BatchNorm`], [`LayerNorm`], [`RmsNorm`], [`GroupNorm(groups)`](GroupNorm) | channels of a batch, samples, or parts of them, with mean 0 and variance 1, see [below](#normalisation-and-dropout) |
/// | [`Dropout(p)`](Dropout) | leaves out numbers while the network is trained |
/// | [`Relu`], [`Sigmoid`], [`Tanh`], [`Selu`], [`Silu`], [`HardSwish`] | activations, on samples of any shape |
/// | [`LeakyRelu`], [`Elu`], [`Softplus`], [`Gelu`] | activations with an option, which has a default: `LeakyRelu(0.2)`, `Elu(alpha = 0.5)`, `Gelu(tanh)` |
/// | [`PRelu`], [`PRelu(channels)`](PRelu) | an activation that learns one slope below zero, or one for each channel |
/// | [`Softmax`], [`LogSoftmax`] | probabilities, and their logarithms; of deeper samples along an axis, 0 the outermost: [`Softmax(axis = 0)`](SoftmaxOver) |
/// | [`Add`], [`Mul`], [`Concat`], [`MatMul`](MatMulOfTwo) without sizes | one value of several, see below |
/// | [`Identity`] | what it reads: a branch that changes nothing |
/// | [`Repeat(n)`](Repeat), [`Sum`] | [D, …] to [n, D, …] and back: each the other's backward pass |
/// | [`Scale(c)`](Scale), [`Shift(c)`](Shift) | c·x, x + c; c is a number or a constant of type `f64` |
/// | [`SoftmaxWithLoss`], [`SigmoidWithLoss`], [`MeanSquaredError`], [`MeanAbsoluteError`], [`Huber`], [`NegativeLogLikelihood`], [`KlDivergence`], [`Hinge`], [`MulticlassHinge`] | the loss, the last layer of a chain or a branch that is trained |
/// | any other name, or a path: `Slope(50)`, `my_crate::Swish`, `Encoder` | a type of your own: a layer, or a network without a loss |
///
/// A size is a number, a constant, or an expression of both; `_` takes the inputs from the layer before.
/// `init = he | xavier | lecun | orthogonal | normal(σ) | uniform(a) | constant(c) | zeros` says how weights start (see [`Init`], also
/// for `he_uniform` and its like); without it they start by He before `Relu` and by Xavier elsewhere.
///
/// `SoftmaxWithLoss(smoothing = 0.1, ignore = 255, weights = [1.0, 4.0])` spreads targets over all classes, leaves out samples of a
/// label, and lets classes count for more or less (see [`CrossEntropy`]); `SigmoidWithLoss(pos_weight = 3.0)` lets a yes count for more than
/// a no; `Huber(0.5)` and `MulticlassHinge(2.0)` take a number. Every loss takes a `weight`, see below.
///
/// The label is the layer's name everywhere; without one it is the kind and its ordinal among that kind: `affine1`,
/// `affine2`, `mat_mul1`.
///
/// # Normalisation and dropout
/// ```
/// use nn_core::prelude::*;
///
/// network! {
///     pub struct Sequence<
///         Input(16, 32) -> LayerNorm(axis = 1) -> Flatten -> Affine(_, 64) -> RmsNorm(eps = 1e-6) -> Relu -> Affine(64, 10) -> SoftmaxWithLoss
///     >;
/// }
/// network! {
///     pub struct Residual<
///         Input(3, 32, 32) -> Conv2d(16, 3, padding = same, bias = false) -> BatchNorm -> Relu
///         -> [ Conv2d(16, 3, padding = same, bias = false) -> BatchNorm -> Relu -> Conv2d(16, 3, padding = same) -> GroupNorm(4) | Identity ] -> Add
///         -> Relu -> GlobalAvgPool -> Dropout(0.1) -> Affine(_, 10) -> SoftmaxWithLoss
///     >;
/// }
/// # assert_eq!(Sequence::seeded(1).params.layer_norm1.gamma.len(), 32);
/// # assert_eq!(Residual::seeded(1).params.group_norm1.beta.len(), 16);
/// ```
///
/// | form | meaning |
/// |---|---|
/// | `LayerNorm`, `RmsNorm` | of vectors: all features of a sample |
/// | `LayerNorm(axis = 1)`, `RmsNorm(axis = 1)` | of deeper samples: the axes from this one on, 0 the outermost, together |
/// | `GroupNorm(4)` | the channels, or features, in 4 groups |
/// | `BatchNorm` | each channel, or feature, over the batch |
/// | `BatchNorm(momentum = 0.01)` | the part that a batch has in the running mean and variance, as in PyTorch; 0.1 without it |
/// | `Dropout(0.1)` | each number is left out with probability 0.1; 0.5 without it |
/// | `eps = 1e-6` | what is added to the variance; 1e-5 without it |
/// | `affine = false` | no parameters: no scale `gamma`, no shift `beta` |
///
/// `BatchNorm` and `Dropout` compute otherwise while they learn: by the batch, and with numbers left out, in `gradient`, `step` and `fit`; by
/// the running mean and variance, and with all numbers, in `predict`, `loss`, `losses` and `accuracy`. There is no mode that one could forget to
/// switch. So `step` returns a loss of the batch as it was learnt from, and `loss` one of what the network has learnt. A batch is normalised as a
/// whole, whatever chunks it goes through in, and `gradient` and `step` move the running mean and variance once. These are no parameters, but lie
/// beside them, as `net.params.batch_norm1.running_mean`, are saved and loaded with them, and `params.state()` lists them.
/// What is left out follows from the seed of `seeded` and the number of the step: a training repeats to the last bit.
///
/// A network with `BatchNorm` has a method `fold()`, which gives the same network for use alone: where it stands behind `Affine`, `MatMul`,
/// `Conv2d` or `ConvTranspose2d`, it has become a part of their weights, and takes no time any more. A network with `BatchNorm` or `Dropout`
/// cannot be a layer of another one.
///
/// # Images
/// ```
/// use nn_core::prelude::*;
///
/// network! {
///     pub struct LeNet<
///         Input(1, 28, 28)
///         -> Conv2d(6, 5, padding = same) -> Relu -> MaxPool2d(2)
///         -> Conv2d(16, 5) -> Relu -> MaxPool2d(2)
///         -> Flatten -> Affine(_, 120) -> Relu -> Affine(120, 10) -> SoftmaxWithLoss
///     >;
/// }
/// # assert_eq!(LeNet::PARAMETERS, 6 * 26 + 16 * 151 + 401 * 120 + 1_210);
/// ```
///
/// A sample is channels of rows of columns, `[[[f32; 28]; 28]; 1]`. Samples that come as one row, as MNIST's do, begin with
/// `Input(784) -> Reshape(1, 28, 28)`, which costs nothing.
///
/// | option | of | meaning |
/// |---|---|---|
/// | `stride = 2` | all windows | how far they are moved; 1, and for pooling the window's own size, unless it is given |
/// | `padding = 1` | all windows | zeros around the image, which `MaxPool2d` ignores; `valid`, none, unless it is given |
/// | `padding = same` | `Conv2d`, pooling | so much that there are as many windows as strides in the image, ⌈28 / stride⌉; an odd row or column of zeros comes below or to the right, as in Keras and TensorFlow |
/// | `dilation = 2` | convolutions | the numbers of a window are that far apart; 1 unless it is given |
/// | `groups = 4` | convolutions | channels and maps are cut into so many parts that do not see each other; 1 unless it is given |
/// | `bias = false` | convolutions | leaves out `b` |
/// | `init = he` | convolutions | as for `Affine` |
/// | `output_padding = 1` | `ConvTranspose2d` | rows and columns that are added below and to the right |
/// | `count_include_pad = false` | `AvgPool2d` | the mean is of the image's numbers alone; padding counts as zeros unless it is given |
/// | `floor = true` | `Conv2d`, pooling | rows and columns that no window reaches are left out, as in `PyTorch`; otherwise they are an error |
/// | `value = 0.5` | `Pad` | what is filled in; 0 unless it is given |
/// | `mode = bilinear` | `Upsample` | interpolates; `nearest` unless it is given |
///
/// Kernels, strides, dilations and factors are one size, or two for rows and columns: `Conv2d(16, (5, 3), stride = (2, 1))`. Padding may
/// also be `((above, below), (left, right))`. All are numbers or constants.
///
/// # Shared weights
/// ```
/// use nn_core::prelude::*;
///
/// network! {
///     pub struct Tied<
///         encoder: Affine(784, 50) -> Sigmoid -> decoder: Affine(50, 784, W = encoder.W.T) -> MeanSquaredError
///     >;
/// }
/// network! {
///     pub struct Unrolled<
///         first: Affine(50, 50) -> Tanh -> ( Affine(50, 50, W = first.W, b = first.b) -> Tanh ) * 3 -> MeanSquaredError
///     >;
/// }
/// # assert_eq!(Tied::PARAMETERS, 784 * 50 + 50 + 784);
/// # assert_eq!(Unrolled::PARAMETERS, 51 * 50);
/// ```
///
/// `W = label.W` makes the W of a layer that of another one, and `W = label.W.T` its transpose; `b = label.b` alike. The layer
/// that is named may be of another kind, stand further down, or share the parameter itself. In a repetition a label of the same
/// turn comes first. A parameter is there once: in the struct of parameters, in `PARAMETERS`, in `iter()`, for optimizers and
/// for clipping, under the key of the layer that does not share it. Its gradient is the sum over all layers. `get("decoder.W")` and
/// `get("W2")` find it too, as that layer sees it.
///
/// # Frozen layers
/// ```
/// use nn_core::prelude::*;
///
/// network! {
///     pub struct Tuned<
///         #[freeze] features: ( base: Affine(784, 50) -> Relu -> Affine(50, 50) -> Relu )
///             -> Affine(50, 10) -> SoftmaxWithLoss
///     >;
/// }
/// # assert_eq!(Tuned::seeded(1).params.count(), 2);
/// ```
///
/// `#[freeze]` before a layer, brackets or parentheses freezes the parameters that lie in it. They are in the struct, in `get` and
/// `iter()`, and `SUMMARY` says that they are frozen; [`Parameters::tensor`] has no number for them, so that no optimizer, one of
/// your own included, and no clipping finds them. Below the lowest layer that is trained nothing is computed on the way back. In a
/// gradient they are zeros that nobody writes or reads: the system gives memory for large ones only when somebody does. (A layer of
/// your own above one that is trained computes its gradient all the same; nobody reads it.)
///
/// A shared parameter is frozen for all if the layer in which it lies is. To freeze a layer that has the parameter of one that is
/// trained is an error, and so is a loss over layers of which all are frozen.
///
/// # Branches, named points, repetition
/// ```
/// use nn_core::prelude::*;
///
/// network! {
///     pub struct Residual<
///         Affine(784, 64) -> Relu
///             -> ( [ Affine(64, 64) -> Relu -> Affine(64, 64) | Identity ] -> Add -> Relu ) * 4
///             -> Affine(64, 10) -> SoftmaxWithLoss
///     >;
/// }
/// network! {
///     pub struct Gated<
///         Affine(8, 16) -> skip: Tanh -> Affine(16, 16) -> Sigmoid -> Mul(skip) -> Affine(16, 2) -> MeanSquaredError
///     >;
/// }
/// # assert_eq!(Residual::PARAMETERS, 785 * 64 + 8 * 65 * 64 + 650);
/// # assert_eq!(Gated::PARAMETERS, 9 * 16 + 17 * 16 + 34);
/// ```
///
/// | form | meaning |
/// |---|---|
/// | `[ chain \| chain \| … ]` | branches: all of them read the value that arrives. The next layer merges what they give |
/// | `Add`, `Mul` | the sum or the product of two or more values of one shape |
/// | `Concat` | vectors: features behind features; deeper samples along their outermost axis, where the other sizes are equal |
/// | `MatMul` | without sizes the product of two matrices for each sample, [A, B] and [B, C] |
/// | `Add(skip)`, `Mul(gate, skip)`, `Concat(skip)`, `MatMul(skip)` | merges the value that arrives, or the branches, with named points |
/// | `( chain )` | a part of a chain |
/// | `( chain ) * 3` | the same as the part three times, with parameters of its own for each turn; the number is a literal |
///
/// Each nests in each, as deep as one likes.
///
/// - A **point** is what a layer gives, under the layer's label: one that is written, or one like `affine1`. It can be named
///   anywhere further down, outside of its branch too, for it has been computed by then.
/// - A label before brackets, `skip: [ … ] -> Add`, is that of the layer that merges them. One before parentheses names what comes out
///   of them, after all turns.
/// - In a **repetition** labels get an ordinal: `block: Affine(50, 50)` becomes `block1`, `block2`, … Inside, `Add(block)` means
///   the one of the same turn; from outside `Add(block2)` names one. Layers without labels are counted on as always.
///
/// The backward pass of a value that several layers read adds their gradients, in a fixed order. It is all known while compiling:
/// what is generated is straight-line code, which copies and computes nothing that nobody needs.
///
/// # Several inputs, outputs and losses
/// ```
/// use nn_core::prelude::*;
///
/// network! {
///     /// Two heads: which digit, and whether it is odd.
///     pub struct Heads<
///         Affine(784, 50) -> Relu
///             -> [ digit: Affine(50, 10) -> SoftmaxWithLoss | odd: Affine(50, 1) -> SigmoidWithLoss(weight = 0.3) ]
///     >;
/// }
/// network! {
///     /// Two images, and what is known of both beside them.
///     pub struct Compare<
///         [ left: Input(784) -> Affine(_, 50) -> Relu | right: Input(784) -> Affine(_, 50) -> Relu | Input(2) ] -> Concat
///             -> Affine(_, 1) -> SigmoidWithLoss
///     >;
/// }
///
/// # fn main() -> nn_core::Result<()> {
/// let mut net = Heads::seeded(1);
/// let (images, digits, odd) = (vec![[0.5; 784]; 3], [5_u8, 0, 4], [true, false, false]);
/// net.step(&mut Sgd::new(0.1), &images, (&digits, &odd))?; // or &[(5_u8, true), (0, false), (4, false)]
/// for ([..], [score]) in net.predict(&images)? {
///     println!("odd: {}", score > 0.0);
/// }
/// for loss in net.losses(&images, (&digits, &odd))? {
///     println!("{} {:.3}", loss.name, loss.loss); // digit …, odd …
/// }
///
/// let net = Compare::seeded(1);
/// let known = [[0.0, 1.0]; 3];
/// let scores: Vec<[f32; 1]> = net.predict((&images, &images, &known))?; // or &[(image, image, known), …]
/// # let _ = scores;
/// # Ok(())
/// # }
/// ```
///
/// | form | meaning |
/// |---|---|
/// | `[ Input(784) -> … \| Input(10) -> … ] -> Concat` | at the beginning of the chain: inputs of their own, each with an `Input` |
/// | `[ a: Affine(50, 10) -> SoftmaxWithLoss \| … -> MeanSquaredError ]` | several losses: their sum is trained |
/// | `[ … -> SoftmaxWithLoss \| Identity ] -> …` | a loss on the way: the chain goes on with the other branch |
/// | `SoftmaxWithLoss(weight = 0.3)` | what the loss is multiplied by: a number above 0, or a constant of type `f64`; 1 without it |
/// | `[ mean: Affine(50, 2) \| variance: Affine(50, 2) ]` | at the end of a chain without losses: several outputs; the last layer of each branch has a label |
///
/// Samples, targets and scores are then tuples in the order of the declaration, of at most 6 parts. A batch is a slice of tuples,
/// `&[([f32; 784], [f32; 10])]`, or a tuple of batches, which is copied into one; a [`Dataset`] holds tuples, and a [`Trainer`]
/// trains on them. `loss` is the weighted sum, `losses` each of them by name with its accuracy, and `accuracy` that of the last loss
/// whose targets name classes. A loss goes by its label, or by that of the layer before it.
///
/// # Layers of your own, and networks in networks
/// A name that is none of the above, and every path with `::`, is a type: one that derives [`Parameters`](derive@Parameters) and implements
/// [`Layer`], where there is an example, or another network without a loss.
/// ```
/// use nn_core::prelude::*;
///
/// network! { pub struct Encoder< Affine(784, 50) -> Tanh -> Affine(50, 20) -> Tanh >; }
/// network! { pub struct Decoder< Affine(20, 50) -> Tanh -> Affine(50, 784) >; }
/// network! { pub struct Autoencoder< Encoder -> Decoder -> MeanSquaredError >; }
/// network! { pub struct Classifier< Encoder -> Affine(_, 10) -> SoftmaxWithLoss >; }
///
/// # fn main() -> nn_core::Result<()> {
/// # let (images, labels) = (vec![[0.5; 784]; 3], [5_u8, 0, 4]);
/// let mut pre_trained = Autoencoder::seeded(1);
/// pre_trained.step(&mut Adam::new(0.001), &images, &images)?;
///
/// let mut net = Classifier::seeded(2);
/// net.params.encoder1 = pre_trained.params.encoder1;
/// let gradient = net.gradient(&images, &labels)?;
/// assert_eq!(gradient.encoder1.affine2.b.len(), 20);
/// assert_eq!(gradient.get("encoder1.affine2.W").unwrap().shape(), [50, 20]);
/// let encoder = Encoder::from(net.params.encoder1.clone());
/// # let _ = encoder;
/// # Ok(())
/// # }
/// ```
/// - `Slope(50)` is the type `Slope<50>`: in the parentheses stand its `const` arguments, and `_` for the features that arrive. Its type
///   of numbers is the network's.
/// - `Slope(50, alpha = 0.1)` sets a field: a parameter starts as a number or by one of [`Init`], as in `he` or `normal(0.1)`, and another field has
///   this value.
/// - What the layer gives is its [`Layer::Output`]; the next layer is checked against it as against any other, and `_` takes its size.
///   `MatMul` of two values and `Concat` of deeper samples than vectors need to know more, and are not possible right behind it.
/// - Its label is its name in small letters and an ordinal: `slope1`, `leaky_relu1`. Its parameters are `params.slope1.alpha`, with
///   the key `slope1.alpha`; twice the same type is two sets of parameters.
/// - A network computes in the memory of the one that it is a layer of, nests as deep as one likes, and follows its type of numbers.
/// - A name that is nearly one of ours, or what others call one of ours, is taken for a slip; `self::Residual` is a type in any case.
///
/// # Sizes left open
/// ```
/// use nn_core::prelude::*;
///
/// network! {
///     pub struct Mlp<const H: usize, const CLASSES: usize = 10><
///         Affine(784, H) -> Relu -> Affine(H, CLASSES) -> SoftmaxWithLoss
///     >;
/// }
/// network! { pub struct Wide< Input(784) -> hidden: Hidden(200) -> Affine(_, 10) -> SoftmaxWithLoss >; }
/// network! { pub struct Hidden<const H: usize>< Affine(784, H) -> Relu >; }
///
/// # fn main() -> nn_core::Result<()> {
/// let small = Mlp::<16>::seeded(1);
/// let large = Mlp::<256, 26, f64>::seeded(1);
/// assert_eq!(Mlp::<16>::PARAMETERS, 785 * 16 + 17 * 10);
/// assert_eq!(large.predict_one(&[0.0; 784]).len(), 26);
/// # let _ = (small, Wide::seeded(1));
/// # Ok(())
/// # }
/// ```
///
/// A network is generic over the sizes that stand as `const H: usize` behind its name, with defaults as in any struct; the type of
/// numbers comes last. Layers of your own and networks in it take them as any other size, and such a network is a layer with the
/// sizes in its parentheses. Shapes are checked once for all sizes: `H` fits `H`, and nothing else. Rust cannot compute with such sizes
/// in types: instead of `2 * H` one leaves another size open, vectors of which one is open cannot be joined by `Concat`, and `_` does
/// not stand for what a layer of your own gives if that depends on one.
///
/// # Budgets
/// `#[budget(parameters <= 50_000, macs <= 40_000)]` before the struct, or before the `<` of an expression, limits what the network
/// costs: its parameters, and the multiply-adds of one sample ([`Network::MACS`]). With `<` the limit itself is too much. A limit is
/// written as sizes are; above it the declaration does not compile, and the error says by how much and which layers cost what. Where
/// sizes are left open, it is the use of the network with certain sizes that does not.
///
/// # What comes out
/// For `struct Mnist< … >`, generic over the numbers it computes with, `f32` unless one writes `Mnist<f64>`:
///
/// | name | what |
/// |---|---|
/// | `Mnist::seeded(seed)`, `Mnist::new()` | initialised parameters: the same everywhere for a seed; others each time |
/// | `net.params.affine1.W[i][j]` | the parameters, in a struct `MnistParams` |
/// | `net.predict(batch)`, `net.predict_into(batch, &mut scores)`, `net.predict_one(&sample)` | the scores before the loss |
/// | `net.loss(batch, targets)`, `net.losses(batch, targets)` | the mean loss; each loss by name, see [`LossValue`] |
/// | `net.accuracy(batch, targets)` | the share of samples whose largest score is the target's |
/// | `net.gradient(batch, targets)` | the gradient of the mean loss, a `&MnistParams` |
/// | `net.step(&mut optimizer, batch, targets)` | one step of training |
/// | `net.save(path)`, `Mnist::load(path)` | the parameters in a file, `.safetensors` or `.npz`, see [`Network::save`], [`Network::load_with`] |
/// | `get(key)`, `get_mut(key)`, `iter()` of `MnistParams` | look-up by `affine1.W` or `W1`; all in order |
/// | `Mnist::INPUT`, `OUTPUT`, `PARAMETERS`, `SUMMARY` | shapes, the number of parameters, the table of layers |
/// | `Mnist::INPUTS`, `OUTPUTS` | names and shapes of the parts where there are several, see [`Port`] |
/// | `Mnist::MACS` | the multiply-adds of one sample, see [`Network::MACS`] |
/// | `Mnist::graph()` | the [`Graph`] of the network, which draws itself as SVG, DOT and Mermaid |
/// | `Mnist::WORKSPACE_BYTES_PER_SAMPLE` | the memory that training needs for each sample of a chunk |
///
/// Large batches go through in chunks that stay in the cache, on all cores; [`with_threads`] and [`Trainer::threads`] say on how
/// many. The same bits come out on any number of them.
///
/// `Mnist::seeded(1)` is an `Mnist<f32>`; for `f64` write `Mnist::<f64>::seeded(1)`, with the trait [`Network`] in scope.
///
/// A chain without a loss has `predict`, and none of `loss`, `losses`, `accuracy`, `gradient` and `step`.
pub use nn_macros::network;

/// Makes a struct of parameters a layer that can stand in the chain of a network, once it implements [`Layer`] too.
///
/// ```
/// use nn_core::prelude::*;
/// use nn_core::{Element, Param};
///
/// #[derive(Clone, Debug, Default, PartialEq, Parameters)]
/// pub struct Gate<const I: usize, const O: usize, T: Element = f32> {
///     #[init(xavier)]
///     pub weights: Param<[[T; O]; I]>,
///     /// Zeros, since nothing else is said.
///     pub offsets: Param<[T; O]>,
///     #[constant(1.5)]
///     pub steepness: f64,
/// }
/// # assert_eq!(<Gate<2, 3> as nn_core::Initial<f32>>::NUMBERS, 9);
/// ```
///
/// - The sizes of the struct are `const` parameters, and come first. Its type of numbers, if it has one, comes last, with a default:
///   `T: Element = f32`.
/// - Every field is a [`Param`], or itself a layer with parameters, such as [`Affine`]. Its name is part of the key: `gate1.weights`.
/// - `#[init(…)]` says how a parameter starts: a number, or one of [`Init`], such as `he` or `normal(0.1)`; without it at zero.
/// - `#[constant(…)]` marks a field that is no parameter, and says its value; without one it is the default of its type.
///
/// The struct derives `Clone`, `Debug`, `Default` and `PartialEq` too, as the parameters of a network do. It is the type of its own
/// gradient.
pub use nn_macros::Parameters;

pub use ndarray::{self, ArrayViewD, ArrayViewMutD};

pub use batch::{Batch, TargetNumber, Targets};
#[cfg(feature = "mnist")]
pub use data::mnist;
pub use data::{Dataset, one_hot};
pub use element::Element;
pub use error::{Error, Result};
pub use files::{ArrayProblem, KeyMap, LoadProblem, Mismatch, OtherNumbers, OtherShape};
pub use graph::{Graph, GraphEdge, GraphNode, GraphRole, GraphShare};
pub use init::Init;
pub use kernels::with_threads;
pub use layers::{
    Add, Affine, AffineRef, AvgPool2d, BatchNorm, BatchStatistics, Bias, Concat, Conv2d,
    ConvTranspose2d, Draws, Dropout, Elu, Flatten, Gelu, GlobalAvgPool, Gradient, GroupNorm,
    HardSwish, Identity, Image, InPlace, KeepsInput, Layer, LayerNorm, LeakyRelu, LogSoftmax,
    LogSoftmaxOver, MatMul, MatMulOfTwo, MatMulRef, MaxPool2d, Mul, PRelu, Pad, Relu, Repeat,
    Reshape, RmsNorm, Scale, Selu, Shift, Sigmoid, Silu, SlopesAtFirst, Softmax, SoftmaxOver,
    Softplus, Stored, Sum, Tanh, Upsample, Weights,
};
pub use losses::{
    Amounts, BinaryCrossEntropy, ClassTarget, CrossEntropy, Hinge, Hits, Huber, KlDivergence,
    LogLikelihood, Loss, Losses, MeanAbsoluteError, MeanSquaredError, MulticlassHinge,
    NegativeLogLikelihood, Shares, SigmoidWithLoss, SoftmaxWithLoss, ValueTarget, Verdict,
    Weighted,
};
pub use metrics::MetricValue;
pub use network::{LossValue, Network, Trainable};
pub use optim::{
    AdaDelta, AdaGrad, Adam, AdamW, ConstantRate, Cosine, EpochOutcome, ExponentialDecay, Groups,
    LinearDecay, Lion, Momentum, MultiStepDecay, Nadam, Nesterov, OneCycle, Optimizer, Plateau,
    PolynomialDecay, RAdam, RmsProp, Schedule, Sgd, StatePart, StateProblem, StateValue, StepDecay,
    WarmUp, Watch, clip_grads, clip_grads_by_value,
};
pub use own::{Initial, Named};
pub use params::{Param, Parameters, Tensor};
pub use record::Record;
pub use rng::Rng;
pub use sample::{Sample, Shape};
pub use summary::{LayerSummary, Port, SharedParameter};
pub use trainer::{
    Anomaly, Callback, Context, Culprit, EarlyStopping, Ema, EpochRecord, Event, GradientNorms,
    History, LayerRow, LossRecord, LrFinder, LrPoint, LrSweep, Metric, Metrics, NormRecord,
    SaveBest, Swa, TimeLimit, Trainer,
};

/// What one needs to declare, train and query a network: `use nn_core::prelude::*;`.
pub mod prelude {
    #[cfg(feature = "mnist")]
    pub use crate::mnist;
    pub use crate::{
        AdaDelta, AdaGrad, Adam, AdamW, Add, Affine, AvgPool2d, BatchNorm, Concat, ConstantRate,
        Conv2d, ConvTranspose2d, Cosine, Dataset, Dropout, EarlyStopping, Elu, Ema,
        ExponentialDecay, Flatten, Gelu, GlobalAvgPool, GradientNorms, GroupNorm, Groups,
        HardSwish, Hinge, Huber, Identity, KlDivergence, LayerNorm, LeakyRelu, LinearDecay, Lion,
        LogSoftmax, LrFinder, MatMul, MaxPool2d, MeanAbsoluteError, MeanSquaredError, Momentum,
        Mul, MultiStepDecay, MulticlassHinge, Nadam, NegativeLogLikelihood, Nesterov, Network,
        OneCycle, Optimizer, PRelu, Pad, Parameters, Plateau, PolynomialDecay, RAdam, Relu, Repeat,
        Reshape, RmsNorm, RmsProp, SaveBest, Scale, Schedule, Selu, Sgd, Shift, Sigmoid,
        SigmoidWithLoss, Silu, Softmax, SoftmaxWithLoss, Softplus, StepDecay, Sum, Swa, Tanh,
        TimeLimit, Trainable, Trainer, Upsample, Watch, network,
    };
}

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
