//! What `network!` writes for this declaration:
//!
//! ```text
//! network! {
//!     /// A two-layer perceptron for handwritten digits.
//!     #[derive(Debug)]
//!     pub struct Mnist< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;
//! }
//! ```
//!
//! A test keeps this file equal to the expansion, save for comments and `main`.

fn main() -> nn_core::Result<()> {
    let mut net = Mnist::seeded(42);
    let loss = net.step(&mut nn_core::Sgd::new(0.1), &[[0.5; 784]], &[7])?;
    println!(
        "{}\n\nloss before the first step: {loss:.4}",
        Mnist::SUMMARY
    );
    Ok(())
}

// The network: its parameters, which are public, and what it computes in, which is not.
// Attributes and doc comments are the user's own; the table is added to them.
/// A two-layer perceptron for handwritten digits.
#[derive(Debug)]
///
/// A network of these layers, trained by `SoftmaxWithLoss`:
///
/// | label | layer | input | output | parameters |
/// |---|---|--:|--:|--:|
/// | `affine1` | `Affine(784, 50)` | 784 | 50 | 39250 |
/// | `relu1` | `Relu` | 50 | 50 | 0 |
/// | `affine2` | `Affine(50, 10)` | 50 | 10 | 510 |
/// | `softmax_with_loss1` | `SoftmaxWithLoss` | 10 | 1 | 0 |
/// | total | | 784 | 10 | 39760 |
pub struct Mnist<T: ::nn_core::Element = f32> {
    /// The parameters, by the labels of their layers.
    pub params: MnistParams<T>,
    workspace: ::nn_core::__private::Workspace<MnistParams<T>, MnistValues<T>>,
}
// One field for each layer that has parameters. A gradient is of this type too, so that `gradient.affine1.W` is the
// derivative of `params.affine1.W`.
/// The parameters of [`Mnist`], by layer; a gradient has the same type.
#[allow(non_snake_case)]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MnistParams<T: ::nn_core::Element = f32> {
    /// `Affine(784, 50)`: `W` \[784, 50\], `b` \[50\].
    pub affine1: ::nn_core::Affine<784, 50, T>,
    /// `Affine(50, 10)`: `W` \[50, 10\], `b` \[10\].
    pub affine2: ::nn_core::Affine<50, 10, T>,
}
// The parameters as numbered flat slices: what optimizers work on, and what look-up by key goes through.
impl<T: ::nn_core::Element> ::nn_core::Parameters<T> for MnistParams<T> {
    fn count(&self) -> usize {
        4
    }
    fn tensor(&self, index: usize) -> ::core::option::Option<::nn_core::Tensor<'_, T>> {
        ::core::option::Option::Some(match index {
            0 => ::nn_core::Tensor::new("affine1.W", &self.affine1.W),
            1 => ::nn_core::Tensor::new("affine1.b", &self.affine1.b),
            2 => ::nn_core::Tensor::new("affine2.W", &self.affine2.W),
            3 => ::nn_core::Tensor::new("affine2.b", &self.affine2.b),
            _ => return ::core::option::Option::None,
        })
    }
    fn numbers_mut(&mut self, index: usize) -> ::core::option::Option<&mut [T]> {
        ::core::option::Option::Some(match index {
            0 => self.affine1.W.flat_mut(),
            1 => self.affine1.b.flat_mut(),
            2 => self.affine2.W.flat_mut(),
            3 => self.affine2.b.flat_mut(),
            _ => return ::core::option::Option::None,
        })
    }
}
#[allow(dead_code)]
impl<T: ::nn_core::Element> MnistParams<T> {
    /// Initial values.
    fn init(rng: &mut ::nn_core::Rng) -> Self {
        Self {
            // He, because `Relu` follows; the other layer starts by Xavier. An `init` option would stand here.
            affine1: ::nn_core::Affine::init(::nn_core::Init::He, rng),
            affine2: ::nn_core::Affine::init(::nn_core::Init::Xavier, rng),
        }
    }
    /// The parameter with this key, such as `affine1.W`, or `W1` for short; `None` for a key that is not there.
    #[must_use]
    pub fn get(&self, key: &str) -> ::core::option::Option<::nn_core::ArrayViewD<'_, T>> {
        ::nn_core::__private::get(self, key)
    }
    /// The parameter with this key, to be changed; `None` for a key that is not there.
    pub fn get_mut(
        &mut self,
        key: &str,
    ) -> ::core::option::Option<::nn_core::ArrayViewMutD<'_, T>> {
        ::nn_core::__private::get_mut(self, key)
    }
    /// Key and view of every parameter, in the order of declaration.
    pub fn iter(
        &self,
    ) -> impl ::core::iter::Iterator<Item = (&'static str, ::nn_core::ArrayViewD<'_, T>)> {
        ::nn_core::__private::iter(self)
    }
}
// One buffer for each layer's output that is kept. The gradients of these outputs are a second value of the same type. Buffers grow
// to the largest batch once; after that a step allocates nothing.
/// Buffers for what each layer of [`Mnist`] gives, or for the gradient of that.
#[doc(hidden)]
#[allow(non_snake_case)]
#[derive(Debug, Default)]
pub struct MnistValues<T: ::nn_core::Element> {
    relu1: ::nn_core::__private::Buffer<[T; 50]>,
    affine2: ::nn_core::__private::Buffer<[T; 10]>,
    softmax_with_loss1: ::nn_core::__private::Buffer<[T; 10]>,
}
impl<T: ::nn_core::Element> MnistParams<T> {
    /// What each layer gives for the samples `x`.
    fn forward(&self, x: &[[T; 784]], values: &mut MnistValues<T>) {
        use ::nn_core::Layer as _;
        let n = x.len();
        // The chain as declared. Nobody needs what `affine1` gives but `Relu`, so the two are one call and one buffer.
        self.affine1.forward_relu(x, values.relu1.rows_mut(n));
        self.affine2
            .forward(values.relu1.rows(n), values.affine2.rows_mut(n));
    }
    /// The gradient of the parameters, from the gradient of the scores; `d` holds the gradient of each value.
    fn backward(
        &self,
        x: &[[T; 784]],
        values: &MnistValues<T>,
        d: &mut MnistValues<T>,
        gradient: &mut Self,
    ) {
        use ::nn_core::InPlace as _;
        use ::nn_core::Layer as _;
        let n = x.len();
        // The chain from its end. Each layer turns the gradient of its output into the gradient of its input, `Some(…)`, and of
        // its parameters.
        self.affine2.backward(
            values.relu1.rows(n),
            values.affine2.rows(n),
            d.affine2.rows(n),
            ::core::option::Option::Some(d.relu1.rows_mut(n)),
            &mut gradient.affine2,
        );
        // In place: what was the gradient of Relu's output becomes that of its input, which has no buffer of its own.
        ::nn_core::Relu.backward_in_place(values.relu1.rows(n), d.relu1.rows_mut(n));
        // Nobody needs the gradient of the samples: `None`, and the most expensive product of the backward pass is saved.
        self.affine1.backward(
            x,
            values.relu1.rows(n),
            d.relu1.rows(n),
            ::core::option::Option::None,
            &mut gradient.affine1,
        );
    }
}
// Not generic, so that `Mnist::seeded(42)` needs no type annotation: it is an `Mnist<f32>`. For `f64` the same names are
// those of the trait `Network`.
#[allow(dead_code, clippy::new_without_default)]
impl Mnist<f32> {
    /// The sizes of a sample that the network reads.
    pub const INPUT: &'static [usize] = <Self as ::nn_core::Network>::INPUT;
    /// The sizes of a sample that the network gives.
    pub const OUTPUT: &'static [usize] = <Self as ::nn_core::Network>::OUTPUT;
    /// How many numbers all parameters hold.
    pub const PARAMETERS: usize = <Self as ::nn_core::Network>::PARAMETERS;
    /// The layers as a table: label, kind, shapes, parameters.
    pub const SUMMARY: &'static str = <Self as ::nn_core::Network>::SUMMARY;
    /// A network with initialised parameters, the same on every machine for a seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        <Self as ::nn_core::Network>::seeded(seed)
    }
    /// A network with initialised parameters, other ones each time.
    #[must_use]
    pub fn new() -> Self {
        <Self as ::nn_core::Network>::new()
    }
}
#[allow(dead_code)]
impl<T: ::nn_core::Element> Mnist<T> {
    /// The scores of a batch, before the loss.
    ///
    /// # Errors
    /// If the batch is empty, or an array in it has another shape than the network reads.
    pub fn predict<'x>(
        &self,
        batch: impl ::nn_core::Batch<'x, [T; 784]>,
    ) -> ::nn_core::Result<::std::vec::Vec<[T; 10]>> {
        ::nn_core::Network::predict(self, batch)
    }
    /// Writes the scores of a batch over `scores`. After the first call nothing is allocated.
    ///
    /// # Errors
    /// As for [`Self::predict`], and unless there is room for exactly one score per sample.
    pub fn predict_into<'x>(
        &self,
        batch: impl ::nn_core::Batch<'x, [T; 784]>,
        scores: &mut [[T; 10]],
    ) -> ::nn_core::Result<()> {
        ::nn_core::Network::predict_into(self, batch, scores)
    }
    /// The scores of one sample. After the first call nothing is allocated.
    #[must_use]
    pub fn predict_one(&self, sample: &[T; 784]) -> [T; 10] {
        ::nn_core::Network::predict_one(self, sample)
    }
}
// Parameters from elsewhere make a network again.
impl<T: ::nn_core::Element> ::core::convert::From<MnistParams<T>> for Mnist<T> {
    fn from(params: MnistParams<T>) -> Self {
        Self {
            params,
            workspace: ::nn_core::__private::Workspace::default(),
        }
    }
}
impl<T: ::nn_core::Element> ::nn_core::Network for Mnist<T> {
    type Element = T;
    type Input = [T; 784];
    type Output = [T; 10];
    type Params = MnistParams<T>;
    type Values = MnistValues<T>;
    const INPUT: &'static [usize] = &[784];
    const OUTPUT: &'static [usize] = &[10];
    const PARAMETERS: usize = ::nn_core::__private::parameters(Self::LAYERS);
    const LAYERS: &'static [::nn_core::LayerSummary] = &[
        ::nn_core::LayerSummary {
            label: "affine1",
            kind: "Affine(784, 50)",
            input: &[784],
            output: &[50],
            parameters: <::nn_core::Affine<784, 50, f32>>::PARAMETERS,
        },
        ::nn_core::LayerSummary {
            label: "relu1",
            kind: "Relu",
            input: &[50],
            output: &[50],
            parameters: 0,
        },
        ::nn_core::LayerSummary {
            label: "affine2",
            kind: "Affine(50, 10)",
            input: &[50],
            output: &[10],
            parameters: <::nn_core::Affine<50, 10, f32>>::PARAMETERS,
        },
        ::nn_core::LayerSummary {
            label: "softmax_with_loss1",
            kind: "SoftmaxWithLoss",
            input: &[10],
            output: &[1],
            parameters: 0,
        },
    ];
    // Put together by the compiler, when the sizes behind constants are known.
    const SUMMARY: &'static str = {
        const TEXT: &::nn_core::__private::Text<1110> =
            &::nn_core::__private::Text::table(<Mnist<f32> as ::nn_core::Network>::LAYERS);
        TEXT.as_str()
    };
    fn seeded(seed: u64) -> Self {
        MnistParams::init(&mut ::nn_core::Rng::seeded(seed)).into()
    }
    fn new() -> Self {
        MnistParams::init(&mut ::nn_core::Rng::from_os()).into()
    }
    fn params(&self) -> &MnistParams<T> {
        &self.params
    }
    fn params_mut(&mut self) -> &mut MnistParams<T> {
        &mut self.params
    }
    fn forward<'v>(&self, x: &[[T; 784]], values: &'v mut MnistValues<T>) -> &'v [[T; 10]] {
        self.params.forward(x, values);
        values.affine2.rows(x.len())
    }
    fn with_values<R>(&self, compute: impl ::core::ops::FnOnce(&mut MnistValues<T>) -> R) -> R {
        self.workspace.with_values(compute)
    }
}
#[allow(dead_code)]
impl<T: ::nn_core::Element> Mnist<T> {
    // Only a chain that ends in a loss has the methods from here on. The bound says which targets the loss can compare:
    // labels, one-hot rows, and so on.
    /// The mean loss of a batch.
    ///
    /// # Errors
    /// If the batch is empty, targets are too few, too many or not valid, or an array has another shape than the
    /// network reads.
    pub fn loss<'x, 't, B: ::nn_core::Targets<'t, [T; 10]>>(
        &self,
        batch: impl ::nn_core::Batch<'x, [T; 784]>,
        targets: B,
    ) -> ::nn_core::Result<T>
    where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Loss<[T; 10], B::Target>,
    {
        ::nn_core::Trainable::loss(self, batch, targets)
    }
    /// The share of samples whose largest score is the target's.
    ///
    /// # Errors
    /// As for [`Self::loss`], and if the targets name no classes.
    pub fn accuracy<'x, 't, B: ::nn_core::Targets<'t, [T; 10]>>(
        &self,
        batch: impl ::nn_core::Batch<'x, [T; 784]>,
        targets: B,
    ) -> ::nn_core::Result<f64>
    where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Loss<[T; 10], B::Target>,
    {
        ::nn_core::Trainable::accuracy(self, batch, targets)
    }
    /// The gradient of the mean loss of a batch, by the names of the parameters.
    ///
    /// It lies in the network and is overwritten by the next; to change parameters while one looks at it, clone
    /// it, or let [`Self::step`] do both.
    ///
    /// # Errors
    /// As for [`Self::loss`].
    pub fn gradient<'x, 't, B: ::nn_core::Targets<'t, [T; 10]>>(
        &mut self,
        batch: impl ::nn_core::Batch<'x, [T; 784]>,
        targets: B,
    ) -> ::nn_core::Result<&MnistParams<T>>
    where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Loss<[T; 10], B::Target>,
    {
        ::nn_core::Trainable::gradient(self, batch, targets)
    }
    /// One step of training on a batch: the gradient, then the optimizer's update. Returns the mean loss before it.
    ///
    /// # Errors
    /// As for [`Self::loss`], and what the optimizer finds wrong. The parameters are not changed then.
    pub fn step<'x, 't, B: ::nn_core::Targets<'t, [T; 10]>>(
        &mut self,
        optimizer: &mut (impl ::nn_core::Optimizer<T> + ?::core::marker::Sized),
        batch: impl ::nn_core::Batch<'x, [T; 784]>,
        targets: B,
    ) -> ::nn_core::Result<T>
    where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Loss<[T; 10], B::Target>,
    {
        ::nn_core::Trainable::step(self, optimizer, batch, targets)
    }
}
impl<T: ::nn_core::Element> ::nn_core::Trainable for Mnist<T> {
    type Loss = ::nn_core::SoftmaxWithLoss;
    const LOSS: ::nn_core::SoftmaxWithLoss = ::nn_core::SoftmaxWithLoss;
    fn params_and_gradient(&mut self) -> (&mut MnistParams<T>, &mut MnistParams<T>) {
        (&mut self.params, &mut self.workspace.training().gradient)
    }
    fn forward_loss<Y>(&self, x: &[[T; 784]], targets: &[Y], values: &mut MnistValues<T>) -> T
    where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Loss<[T; 10], Y>,
    {
        use ::nn_core::Loss as _;
        let n = x.len();
        self.params.forward(x, values);
        ::nn_core::SoftmaxWithLoss.forward(
            values.affine2.rows(n),
            targets,
            values.softmax_with_loss1.rows_mut(n),
        )
    }
    fn backpropagate<Y>(&mut self, x: &[[T; 784]], targets: &[Y]) -> T
    where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Loss<[T; 10], Y>,
    {
        use ::nn_core::Loss as _;
        let n = x.len();
        // A whole step of training, but for the optimizer: forward, loss, backward.
        let ::nn_core::__private::Training {
            values,
            d_values: d,
            gradient,
        } = self.workspace.training();
        self.params.forward(x, values);
        let loss = ::nn_core::SoftmaxWithLoss.forward(
            values.affine2.rows(n),
            targets,
            values.softmax_with_loss1.rows_mut(n),
        );
        ::nn_core::SoftmaxWithLoss.backward(
            values.softmax_with_loss1.rows(n),
            targets,
            d.affine2.rows_mut(n),
        );
        self.params.backward(x, values, d, gradient);
        loss
    }
}
