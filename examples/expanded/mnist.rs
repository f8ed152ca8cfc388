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
// Attributes and doc comments are the user's own; the table is added to them, and for rustdoc a picture, left out here.
/// A two-layer perceptron for handwritten digits.
#[derive(Debug)]
///
/// A network of these layers, trained by `SoftmaxWithLoss`:
///
/// | label | layer | input | output | parameters | multiply-adds |
/// |---|---|--:|--:|--:|--:|
/// | `affine1` | `Affine(784, 50)` | 784 | 50 | 39250 | 39200 |
/// | `relu1` | `Relu` | 50 | 50 | 0 | 0 |
/// | `affine2` | `Affine(50, 10)` | 50 | 10 | 510 | 500 |
/// | `softmax_with_loss1` | `SoftmaxWithLoss` | 10 | 1 | 0 | 0 |
/// | total | | 784 | 10 | 39760 | 39700 |
pub struct Mnist<T: ::nn_core::Element = f32> {
    /// The parameters, by the labels of their layers.
    pub params: MnistParams<T>,
    workspace: ::nn_core::__private::Workspace<MnistParams<T>, T>,
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
// Not generic, so that `Mnist::seeded(42)` needs no type annotation: it is an `Mnist<f32>`. For `f64` the same names are
// those of the trait `Network`.
#[allow(dead_code, clippy::new_without_default)]
impl Mnist<f32> {
    /// The sizes of a sample that the network reads.
    pub const INPUT: &'static [usize] = <Self as ::nn_core::Network>::INPUT;
    /// The sizes of a sample that the network gives.
    pub const OUTPUT: &'static [usize] = <Self as ::nn_core::Network>::OUTPUT;
    /// Names and sizes of the inputs.
    pub const INPUTS: &'static [::nn_core::Port] = <Self as ::nn_core::Network>::INPUTS;
    /// Names and sizes of the outputs.
    pub const OUTPUTS: &'static [::nn_core::Port] = <Self as ::nn_core::Network>::OUTPUTS;
    /// How many numbers all parameters hold.
    pub const PARAMETERS: usize = <Self as ::nn_core::Network>::PARAMETERS;
    /// How many multiply-adds the scores of one sample take: the products of matrices.
    pub const MACS: usize = <Self as ::nn_core::Network>::MACS;
    /// How much memory training needs for each sample of a batch, in bytes; without a loss, predicting.
    pub const WORKSPACE_BYTES_PER_SAMPLE: usize =
        <Self as ::nn_core::Network>::WORKSPACE_BYTES_PER_SAMPLE;
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
    /// A network with the parameters of a file, `.safetensors` or `.npz`.
    ///
    /// # Errors
    /// If the file cannot be read, is damaged, or is not of this network.
    pub fn load(path: impl ::core::convert::AsRef<::std::path::Path>) -> ::nn_core::Result<Self> {
        <Self as ::nn_core::Network>::load(path)
    }
    /// The nodes and edges of the network, which can be drawn.
    #[must_use]
    pub fn graph() -> ::nn_core::Graph {
        <Self as ::nn_core::Network>::graph()
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
    /// Writes the parameters to a file, `.safetensors` or `.npz`.
    ///
    /// # Errors
    /// If the file cannot be written, or its name ends otherwise.
    pub fn save(
        &self,
        path: impl ::core::convert::AsRef<::std::path::Path>,
    ) -> ::nn_core::Result<()> {
        ::nn_core::Network::save(self, path)
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
    const NAME: &'static str = "Mnist";
    const INPUT: &'static [usize] = &[784];
    const OUTPUT: &'static [usize] = &[10];
    // With several inputs or outputs there is one row for each, and `Input` or `Output` is a tuple in this order.
    const INPUTS: &'static [::nn_core::Port] = &[::nn_core::Port {
        name: "input1",
        shape: &[784],
        value: 0,
    }];
    const OUTPUTS: &'static [::nn_core::Port] = &[::nn_core::Port {
        name: "softmax_with_loss1",
        shape: &[10],
        value: 3,
    }];
    const PARAMETERS: usize = ::nn_core::__private::parameters(Self::LAYERS);
    const MACS: usize = ::nn_core::__private::macs(Self::LAYERS);
    const WORKSPACE_BYTES_PER_SAMPLE: usize =
        ::nn_core::__private::bytes_per_sample::<T>(<Self as ::nn_core::Trainable>::TRAINING);
    // Numbers for each sample in each slot of the memory that scores are computed in.
    const PREDICTION: &'static [usize] = &[50, 10];
    const LAYERS: &'static [::nn_core::LayerSummary] = &[
        ::nn_core::LayerSummary {
            label: "affine1",
            kind: "Affine(784, 50)",
            input: &[784],
            output: &[50],
            parameters: <::nn_core::Affine<784, 50, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<784, 50, f32>>::MACS,
            reads: &[0],
            place: 1,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "relu1",
            kind: "Relu",
            input: &[50],
            output: &[50],
            parameters: 0,
            macs: 0,
            reads: &[1],
            place: 2,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "affine2",
            kind: "Affine(50, 10)",
            input: &[50],
            output: &[10],
            parameters: <::nn_core::Affine<50, 10, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<50, 10, f32>>::MACS,
            reads: &[2],
            place: 3,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "softmax_with_loss1",
            kind: "SoftmaxWithLoss",
            input: &[10],
            output: &[1],
            parameters: 0,
            macs: 0,
            reads: &[3],
            place: 4,
            shares: &[],
            frozen: false,
            layers: &[],
        },
    ];
    // Put together by the compiler, when the sizes behind constants are known.
    const SUMMARY: &'static str =
        const { &::nn_core::__private::Text::<1254>::table(Self::LAYERS) }.as_str();
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
    fn workspace(&self) -> &::nn_core::__private::Workspace<MnistParams<T>, T> {
        &self.workspace
    }
    fn forward<'m>(params: &MnistParams<T>, x: &[[T; 784]], memory: &'m mut [T]) -> &'m [[T; 10]] {
        use ::nn_core::__private::{samples_mut, slots};
        use ::nn_core::Layer as _;
        let n = x.len();
        // The memory comes from the workspace. It grows to the largest batch once; after that nothing is allocated.
        let [s0, s1] = slots(memory, n, Self::PREDICTION);
        // The chain as declared. Nobody needs what `affine1` gives but `Relu`, so the two are one call.
        let relu1 = samples_mut(s0, n);
        params.affine1.forward_relu(x, relu1);
        let affine2 = samples_mut(s1, n);
        params.affine2.forward(relu1, affine2);
        affine2
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
    /// Each loss of a batch by itself, in the order of the declaration, with its accuracy.
    ///
    /// # Errors
    /// As for [`Self::loss`].
    pub fn losses<'x, 't, B: ::nn_core::Targets<'t, [T; 10]>>(
        &self,
        batch: impl ::nn_core::Batch<'x, [T; 784]>,
        targets: B,
    ) -> ::nn_core::Result<::std::vec::Vec<::nn_core::LossValue>>
    where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Loss<[T; 10], B::Target>,
    {
        ::nn_core::Trainable::losses(self, batch, targets)
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
    // Training keeps more, but not everything at once: values that are never needed at the same time share a slot. `s1` holds
    // the scores and then their gradient, `s2` the probabilities and then the gradient of what `affine2` reads.
    const TRAINING: &'static [usize] = &[50, 10, 50];
    fn parts(
        &mut self,
    ) -> (
        &mut MnistParams<T>,
        &mut ::nn_core::__private::Workspace<MnistParams<T>, T>,
    ) {
        (&mut self.params, &mut self.workspace)
    }
    // The first half of a step. What the second half needs stays in the memory.
    fn forward_loss<Y>(
        params: &MnistParams<T>,
        x: &[[T; 784]],
        targets: &[Y],
        shares: &::nn_core::Shares,
        memory: &mut [T],
    ) -> f64
    where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Losses<[T; 10], Y>,
    {
        use ::nn_core::__private::{samples_mut, slots};
        use ::nn_core::Layer as _;
        use ::nn_core::Losses as _;
        let n = x.len();
        let [s0, s1, s2] = slots(memory, n, Self::TRAINING);
        let relu1 = samples_mut(s0, n);
        params.affine1.forward_relu(x, relu1);
        let affine2 = samples_mut(s1, n);
        params.affine2.forward(relu1, affine2);
        let saved = samples_mut(s2, n);
        // One loss, or the weighted sum of several.
        Self::LOSS.mean(affine2, targets, shares, saved)
    }
    // The second half: the chain from its end. Each layer turns the gradient of its output into the gradient of its input and of
    // its parameters. `&[]` stands for what the layer gave, which `Affine` does not need.
    fn backward<Y>(
        params: &MnistParams<T>,
        x: &[[T; 784]],
        targets: &[Y],
        shares: &::nn_core::Shares,
        memory: &mut [T],
        gradient: &mut MnistParams<T>,
    ) where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Losses<[T; 10], Y>,
    {
        use ::core::option::Option::None;
        use ::nn_core::__private::{samples, samples_mut, slots};
        use ::nn_core::Layer as _;
        use ::nn_core::Losses as _;
        let n = x.len();
        let [s0, s1, s2] = slots(memory, n, Self::TRAINING);
        // `saved` and `relu1` are what the first half has left in the memory. A gradient is named after the value that it
        // belongs to.
        let saved = samples(s2, n);
        let d_affine2 = samples_mut(s1, n);
        // A large batch comes in chunks, each of which has its share in the mean; a whole batch has 1.
        Self::LOSS.gradient(saved, targets, shares, d_affine2);
        let relu1 = samples(s0, n);
        let d_relu1 = samples_mut(s2, n);
        // With the gradient of `Relu`: zero where it gave zero.
        params
            .affine2
            .backward_relu(relu1, d_affine2, d_relu1, &mut gradient.affine2);
        // Nobody needs the gradient of the samples: `None`, and the most expensive product of the backward pass is saved.
        params
            .affine1
            .backward(x, &[], d_relu1, None, &mut gradient.affine1);
    }
    // Both halves once more, for `detect_anomaly`: only when something has become infinite is a batch shown to `watch`, value by value.
    fn trace(
        params: &MnistParams<T>,
        x: &[[T; 784]],
        memory: &mut [T],
        watch: &mut ::nn_core::__private::Watch,
    ) {
        use ::nn_core::__private::{samples_mut, slots};
        use ::nn_core::Layer as _;
        use ::nn_core::Network as _;
        let n = x.len();
        let [s0, s1] = slots(memory, n, Self::PREDICTION);
        let relu1 = samples_mut(s0, n);
        params.affine1.forward_relu(x, relu1);
        watch.look(0, relu1);
        let affine2 = samples_mut(s1, n);
        params.affine2.forward(relu1, affine2);
        watch.look(2, affine2);
    }
    fn trace_backward<Y>(
        params: &MnistParams<T>,
        x: &[[T; 784]],
        targets: &[Y],
        shares: &::nn_core::Shares,
        memory: &mut [T],
        gradient: &mut MnistParams<T>,
        watch: &mut ::nn_core::__private::Watch,
    ) where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Losses<[T; 10], Y>,
    {
        use ::core::option::Option::None;
        use ::nn_core::__private::{samples, samples_mut, slots};
        use ::nn_core::Layer as _;
        use ::nn_core::Losses as _;
        let n = x.len();
        let [s0, s1, s2] = slots(memory, n, Self::TRAINING);
        let saved = samples(s2, n);
        let d_affine2 = samples_mut(s1, n);
        Self::LOSS.gradient(saved, targets, shares, d_affine2);
        watch.look(3, d_affine2);
        let relu1 = samples(s0, n);
        let d_relu1 = samples_mut(s2, n);
        params
            .affine2
            .backward_relu(relu1, d_affine2, d_relu1, &mut gradient.affine2);
        watch.look(2, d_relu1);
        params
            .affine1
            .backward(x, &[], d_relu1, None, &mut gradient.affine1);
    }
    // The second half once more, for an optimizer whose whole rule is p − lr·g: each layer moves its parameters as soon as the
    // gradient of its input, which needs them, is there.
    fn descend<Y>(
        params: &mut MnistParams<T>,
        x: &[[T; 784]],
        targets: &[Y],
        memory: &mut [T],
        lr: T,
    ) where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Losses<[T; 10], Y>,
    {
        use ::core::option::Option::None;
        use ::nn_core::__private::{samples, samples_mut, slots};
        use ::nn_core::Losses as _;
        let n = x.len();
        let [s0, s1, s2] = slots(memory, n, Self::TRAINING);
        let saved = samples(s2, n);
        let d_affine2 = samples_mut(s1, n);
        Self::LOSS.gradient(saved, targets, &::nn_core::Shares::WHOLE, d_affine2);
        let relu1 = samples(s0, n);
        let d_relu1 = samples_mut(s2, n);
        params.affine2.descend_relu(relu1, d_affine2, d_relu1, lr);
        params.affine1.descend(x, d_relu1, None, lr);
    }
}
// What another network says if this one stands in its chain: without the loss it could be a layer there.
impl<T: ::nn_core::Element> ::nn_core::__private::EndsInLoss for Mnist<T> {}
