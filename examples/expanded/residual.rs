//! What `network!` writes for a residual network of twelve layers with weights:
//!
//! ```text
//! network! {
//!     /// Blocks that add to what they read: twelve layers with weights, of which the block holds two.
//!     pub struct Residual<
//!         Affine(784, 64) -> Relu
//!             -> ( [ Affine(64, 64) -> Relu -> Affine(64, 64) | Identity ] -> Add -> Relu ) * 5
//!             -> Affine(64, 10) -> SoftmaxWithLoss
//!     >;
//! }
//! ```
//!
//! What is worth reading are `forward`, `forward_loss` and `backward`: branches and repetition are straight-line code. `mnist.rs`
//! beside it says what the other items are for. A test keeps this file equal to the expansion, save for comments and `main`.

fn main() -> nn_core::Result<()> {
    let mut net = Residual::seeded(42);
    let loss = net.step(&mut nn_core::Sgd::new(0.1), &[[0.5; 784]], &[7])?;
    println!(
        "{}\n\nloss before the first step: {loss:.4}",
        Residual::SUMMARY
    );
    Ok(())
}

/// Blocks that add to what they read: twelve layers with weights, of which the block holds two.
///
/// A network of these layers, trained by `SoftmaxWithLoss`:
///
/// | label | layer | input | output | parameters | multiply-adds |
/// |---|---|--:|--:|--:|--:|
/// | `affine1` | `Affine(784, 64)` | 784 | 64 | 50240 | 50176 |
/// | `relu1` | `Relu` | 64 | 64 | 0 | 0 |
/// | `affine2` | `Affine(64, 64)` | 64 | 64 | 4160 | 4096 |
/// | `relu2` | `Relu` | 64 | 64 | 0 | 0 |
/// | `affine3` | `Affine(64, 64)` | 64 | 64 | 4160 | 4096 |
/// | `identity1` | `Identity` | 64 | 64 | 0 | 0 |
/// | `add1` | `Add` | 64 | 64 | 0 | 0 |
/// | `relu3` | `Relu` | 64 | 64 | 0 | 0 |
/// | `affine4` | `Affine(64, 64)` | 64 | 64 | 4160 | 4096 |
/// | `relu4` | `Relu` | 64 | 64 | 0 | 0 |
/// | `affine5` | `Affine(64, 64)` | 64 | 64 | 4160 | 4096 |
/// | `identity2` | `Identity` | 64 | 64 | 0 | 0 |
/// | `add2` | `Add` | 64 | 64 | 0 | 0 |
/// | `relu5` | `Relu` | 64 | 64 | 0 | 0 |
/// | `affine6` | `Affine(64, 64)` | 64 | 64 | 4160 | 4096 |
/// | `relu6` | `Relu` | 64 | 64 | 0 | 0 |
/// | `affine7` | `Affine(64, 64)` | 64 | 64 | 4160 | 4096 |
/// | `identity3` | `Identity` | 64 | 64 | 0 | 0 |
/// | `add3` | `Add` | 64 | 64 | 0 | 0 |
/// | `relu7` | `Relu` | 64 | 64 | 0 | 0 |
/// | `affine8` | `Affine(64, 64)` | 64 | 64 | 4160 | 4096 |
/// | `relu8` | `Relu` | 64 | 64 | 0 | 0 |
/// | `affine9` | `Affine(64, 64)` | 64 | 64 | 4160 | 4096 |
/// | `identity4` | `Identity` | 64 | 64 | 0 | 0 |
/// | `add4` | `Add` | 64 | 64 | 0 | 0 |
/// | `relu9` | `Relu` | 64 | 64 | 0 | 0 |
/// | `affine10` | `Affine(64, 64)` | 64 | 64 | 4160 | 4096 |
/// | `relu10` | `Relu` | 64 | 64 | 0 | 0 |
/// | `affine11` | `Affine(64, 64)` | 64 | 64 | 4160 | 4096 |
/// | `identity5` | `Identity` | 64 | 64 | 0 | 0 |
/// | `add5` | `Add` | 64 | 64 | 0 | 0 |
/// | `relu11` | `Relu` | 64 | 64 | 0 | 0 |
/// | `affine12` | `Affine(64, 10)` | 64 | 10 | 650 | 640 |
/// | `softmax_with_loss1` | `SoftmaxWithLoss` | 10 | 1 | 0 | 0 |
/// | total | | 784 | 10 | 92490 | 91776 |
pub struct Residual<T: ::nn_core::Element = f32> {
    /// The parameters, by the labels of their layers.
    pub params: ResidualParams<T>,
    workspace: ::nn_core::__private::Workspace<ResidualParams<T>, T>,
}
// The repetition is written out: each turn has parameters of its own, under the next ordinals.
/// The parameters of [`Residual`], by layer; a gradient has the same type.
#[allow(non_snake_case)]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResidualParams<T: ::nn_core::Element = f32> {
    /// `Affine(784, 64)`: `W` \[784, 64\], `b` \[64\].
    pub affine1: ::nn_core::Affine<784, 64, T>,
    /// `Affine(64, 64)`: `W` \[64, 64\], `b` \[64\].
    pub affine2: ::nn_core::Affine<64, 64, T>,
    /// `Affine(64, 64)`: `W` \[64, 64\], `b` \[64\].
    pub affine3: ::nn_core::Affine<64, 64, T>,
    /// `Affine(64, 64)`: `W` \[64, 64\], `b` \[64\].
    pub affine4: ::nn_core::Affine<64, 64, T>,
    /// `Affine(64, 64)`: `W` \[64, 64\], `b` \[64\].
    pub affine5: ::nn_core::Affine<64, 64, T>,
    /// `Affine(64, 64)`: `W` \[64, 64\], `b` \[64\].
    pub affine6: ::nn_core::Affine<64, 64, T>,
    /// `Affine(64, 64)`: `W` \[64, 64\], `b` \[64\].
    pub affine7: ::nn_core::Affine<64, 64, T>,
    /// `Affine(64, 64)`: `W` \[64, 64\], `b` \[64\].
    pub affine8: ::nn_core::Affine<64, 64, T>,
    /// `Affine(64, 64)`: `W` \[64, 64\], `b` \[64\].
    pub affine9: ::nn_core::Affine<64, 64, T>,
    /// `Affine(64, 64)`: `W` \[64, 64\], `b` \[64\].
    pub affine10: ::nn_core::Affine<64, 64, T>,
    /// `Affine(64, 64)`: `W` \[64, 64\], `b` \[64\].
    pub affine11: ::nn_core::Affine<64, 64, T>,
    /// `Affine(64, 10)`: `W` \[64, 10\], `b` \[10\].
    pub affine12: ::nn_core::Affine<64, 10, T>,
}
impl<T: ::nn_core::Element> ::nn_core::Parameters<T> for ResidualParams<T> {
    fn count(&self) -> usize {
        24
    }
    fn tensor(&self, index: usize) -> ::core::option::Option<::nn_core::Tensor<'_, T>> {
        ::core::option::Option::Some(match index {
            0 => ::nn_core::Tensor::new("affine1.W", &self.affine1.W),
            1 => ::nn_core::Tensor::new("affine1.b", &self.affine1.b),
            2 => ::nn_core::Tensor::new("affine2.W", &self.affine2.W),
            3 => ::nn_core::Tensor::new("affine2.b", &self.affine2.b),
            4 => ::nn_core::Tensor::new("affine3.W", &self.affine3.W),
            5 => ::nn_core::Tensor::new("affine3.b", &self.affine3.b),
            6 => ::nn_core::Tensor::new("affine4.W", &self.affine4.W),
            7 => ::nn_core::Tensor::new("affine4.b", &self.affine4.b),
            8 => ::nn_core::Tensor::new("affine5.W", &self.affine5.W),
            9 => ::nn_core::Tensor::new("affine5.b", &self.affine5.b),
            10 => ::nn_core::Tensor::new("affine6.W", &self.affine6.W),
            11 => ::nn_core::Tensor::new("affine6.b", &self.affine6.b),
            12 => ::nn_core::Tensor::new("affine7.W", &self.affine7.W),
            13 => ::nn_core::Tensor::new("affine7.b", &self.affine7.b),
            14 => ::nn_core::Tensor::new("affine8.W", &self.affine8.W),
            15 => ::nn_core::Tensor::new("affine8.b", &self.affine8.b),
            16 => ::nn_core::Tensor::new("affine9.W", &self.affine9.W),
            17 => ::nn_core::Tensor::new("affine9.b", &self.affine9.b),
            18 => ::nn_core::Tensor::new("affine10.W", &self.affine10.W),
            19 => ::nn_core::Tensor::new("affine10.b", &self.affine10.b),
            20 => ::nn_core::Tensor::new("affine11.W", &self.affine11.W),
            21 => ::nn_core::Tensor::new("affine11.b", &self.affine11.b),
            22 => ::nn_core::Tensor::new("affine12.W", &self.affine12.W),
            23 => ::nn_core::Tensor::new("affine12.b", &self.affine12.b),
            _ => return ::core::option::Option::None,
        })
    }
    fn numbers_mut(&mut self, index: usize) -> ::core::option::Option<&mut [T]> {
        ::core::option::Option::Some(match index {
            0 => self.affine1.W.flat_mut(),
            1 => self.affine1.b.flat_mut(),
            2 => self.affine2.W.flat_mut(),
            3 => self.affine2.b.flat_mut(),
            4 => self.affine3.W.flat_mut(),
            5 => self.affine3.b.flat_mut(),
            6 => self.affine4.W.flat_mut(),
            7 => self.affine4.b.flat_mut(),
            8 => self.affine5.W.flat_mut(),
            9 => self.affine5.b.flat_mut(),
            10 => self.affine6.W.flat_mut(),
            11 => self.affine6.b.flat_mut(),
            12 => self.affine7.W.flat_mut(),
            13 => self.affine7.b.flat_mut(),
            14 => self.affine8.W.flat_mut(),
            15 => self.affine8.b.flat_mut(),
            16 => self.affine9.W.flat_mut(),
            17 => self.affine9.b.flat_mut(),
            18 => self.affine10.W.flat_mut(),
            19 => self.affine10.b.flat_mut(),
            20 => self.affine11.W.flat_mut(),
            21 => self.affine11.b.flat_mut(),
            22 => self.affine12.W.flat_mut(),
            23 => self.affine12.b.flat_mut(),
            _ => return ::core::option::Option::None,
        })
    }
}
#[allow(dead_code)]
impl<T: ::nn_core::Element> ResidualParams<T> {
    /// Initial values.
    fn init(rng: &mut ::nn_core::Rng) -> Self {
        Self {
            affine1: ::nn_core::Affine::init(::nn_core::Init::He, rng),
            affine2: ::nn_core::Affine::init(::nn_core::Init::He, rng),
            affine3: ::nn_core::Affine::init(::nn_core::Init::Xavier, rng),
            affine4: ::nn_core::Affine::init(::nn_core::Init::He, rng),
            affine5: ::nn_core::Affine::init(::nn_core::Init::Xavier, rng),
            affine6: ::nn_core::Affine::init(::nn_core::Init::He, rng),
            affine7: ::nn_core::Affine::init(::nn_core::Init::Xavier, rng),
            affine8: ::nn_core::Affine::init(::nn_core::Init::He, rng),
            affine9: ::nn_core::Affine::init(::nn_core::Init::Xavier, rng),
            affine10: ::nn_core::Affine::init(::nn_core::Init::He, rng),
            affine11: ::nn_core::Affine::init(::nn_core::Init::Xavier, rng),
            affine12: ::nn_core::Affine::init(::nn_core::Init::Xavier, rng),
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
#[allow(dead_code, clippy::new_without_default)]
impl Residual<f32> {
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
impl<T: ::nn_core::Element> Residual<T> {
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
impl<T: ::nn_core::Element> ::core::convert::From<ResidualParams<T>> for Residual<T> {
    fn from(params: ResidualParams<T>) -> Self {
        Self {
            params,
            workspace: ::nn_core::__private::Workspace::default(),
        }
    }
}
impl<T: ::nn_core::Element> ::nn_core::Network for Residual<T> {
    type Element = T;
    type Input = [T; 784];
    type Output = [T; 10];
    type Params = ResidualParams<T>;
    const NAME: &'static str = "Residual";
    const INPUT: &'static [usize] = &[784];
    const OUTPUT: &'static [usize] = &[10];
    const INPUTS: &'static [::nn_core::Port] = &[::nn_core::Port {
        name: "input1",
        shape: &[784],
        value: 0,
    }];
    const OUTPUTS: &'static [::nn_core::Port] = &[::nn_core::Port {
        name: "softmax_with_loss1",
        shape: &[10],
        value: 33,
    }];
    const PARAMETERS: usize = ::nn_core::__private::parameters(Self::LAYERS);
    const MACS: usize = ::nn_core::__private::macs(Self::LAYERS);
    const WORKSPACE_BYTES_PER_SAMPLE: usize =
        ::nn_core::__private::bytes_per_sample::<T>(<Self as ::nn_core::Trainable>::TRAINING);
    const PREDICTION: &'static [usize] = &[64, 64, 64];
    const LAYERS: &'static [::nn_core::LayerSummary] = &[
        ::nn_core::LayerSummary {
            label: "affine1",
            kind: "Affine(784, 64)",
            input: &[784],
            output: &[64],
            parameters: <::nn_core::Affine<784, 64, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<784, 64, f32>>::MACS,
            reads: &[0],
            place: 1,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "relu1",
            kind: "Relu",
            input: &[64],
            output: &[64],
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
            kind: "Affine(64, 64)",
            input: &[64],
            output: &[64],
            parameters: <::nn_core::Affine<64, 64, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<64, 64, f32>>::MACS,
            reads: &[2],
            place: 4,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "relu2",
            kind: "Relu",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[3],
            place: 5,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "affine3",
            kind: "Affine(64, 64)",
            input: &[64],
            output: &[64],
            parameters: <::nn_core::Affine<64, 64, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<64, 64, f32>>::MACS,
            reads: &[4],
            place: 6,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "identity1",
            kind: "Identity",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[2],
            place: 7,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "add1",
            kind: "Add",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[5, 2],
            place: 8,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "relu3",
            kind: "Relu",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[7],
            place: 9,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "affine4",
            kind: "Affine(64, 64)",
            input: &[64],
            output: &[64],
            parameters: <::nn_core::Affine<64, 64, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<64, 64, f32>>::MACS,
            reads: &[8],
            place: 4,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "relu4",
            kind: "Relu",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[9],
            place: 5,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "affine5",
            kind: "Affine(64, 64)",
            input: &[64],
            output: &[64],
            parameters: <::nn_core::Affine<64, 64, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<64, 64, f32>>::MACS,
            reads: &[10],
            place: 6,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "identity2",
            kind: "Identity",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[8],
            place: 7,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "add2",
            kind: "Add",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[11, 8],
            place: 8,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "relu5",
            kind: "Relu",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[13],
            place: 9,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "affine6",
            kind: "Affine(64, 64)",
            input: &[64],
            output: &[64],
            parameters: <::nn_core::Affine<64, 64, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<64, 64, f32>>::MACS,
            reads: &[14],
            place: 4,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "relu6",
            kind: "Relu",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[15],
            place: 5,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "affine7",
            kind: "Affine(64, 64)",
            input: &[64],
            output: &[64],
            parameters: <::nn_core::Affine<64, 64, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<64, 64, f32>>::MACS,
            reads: &[16],
            place: 6,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "identity3",
            kind: "Identity",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[14],
            place: 7,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "add3",
            kind: "Add",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[17, 14],
            place: 8,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "relu7",
            kind: "Relu",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[19],
            place: 9,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "affine8",
            kind: "Affine(64, 64)",
            input: &[64],
            output: &[64],
            parameters: <::nn_core::Affine<64, 64, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<64, 64, f32>>::MACS,
            reads: &[20],
            place: 4,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "relu8",
            kind: "Relu",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[21],
            place: 5,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "affine9",
            kind: "Affine(64, 64)",
            input: &[64],
            output: &[64],
            parameters: <::nn_core::Affine<64, 64, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<64, 64, f32>>::MACS,
            reads: &[22],
            place: 6,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "identity4",
            kind: "Identity",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[20],
            place: 7,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "add4",
            kind: "Add",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[23, 20],
            place: 8,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "relu9",
            kind: "Relu",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[25],
            place: 9,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "affine10",
            kind: "Affine(64, 64)",
            input: &[64],
            output: &[64],
            parameters: <::nn_core::Affine<64, 64, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<64, 64, f32>>::MACS,
            reads: &[26],
            place: 4,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "relu10",
            kind: "Relu",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[27],
            place: 5,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "affine11",
            kind: "Affine(64, 64)",
            input: &[64],
            output: &[64],
            parameters: <::nn_core::Affine<64, 64, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<64, 64, f32>>::MACS,
            reads: &[28],
            place: 6,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "identity5",
            kind: "Identity",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[26],
            place: 7,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "add5",
            kind: "Add",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[29, 26],
            place: 8,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "relu11",
            kind: "Relu",
            input: &[64],
            output: &[64],
            parameters: 0,
            macs: 0,
            reads: &[31],
            place: 9,
            shares: &[],
            frozen: false,
            layers: &[],
        },
        ::nn_core::LayerSummary {
            label: "affine12",
            kind: "Affine(64, 10)",
            input: &[64],
            output: &[10],
            parameters: <::nn_core::Affine<64, 10, f32>>::PARAMETERS,
            macs: <::nn_core::Affine<64, 10, f32>>::MACS,
            reads: &[32],
            place: 10,
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
            reads: &[33],
            place: 11,
            shares: &[],
            frozen: false,
            layers: &[],
        },
    ];
    const SUMMARY: &'static str =
        const { &::nn_core::__private::Text::<7524>::table(Self::LAYERS) }.as_str();
    fn seeded(seed: u64) -> Self {
        ResidualParams::init(&mut ::nn_core::Rng::seeded(seed)).into()
    }
    fn new() -> Self {
        ResidualParams::init(&mut ::nn_core::Rng::from_os()).into()
    }
    fn params(&self) -> &ResidualParams<T> {
        &self.params
    }
    fn params_mut(&mut self) -> &mut ResidualParams<T> {
        &mut self.params
    }
    fn workspace(&self) -> &::nn_core::__private::Workspace<ResidualParams<T>, T> {
        &self.workspace
    }
    fn forward<'m>(
        params: &ResidualParams<T>,
        x: &[[T; 784]],
        memory: &'m mut [T],
    ) -> &'m [[T; 10]] {
        use ::nn_core::__private::{samples_mut, slots};
        use ::nn_core::InPlace as _;
        use ::nn_core::Layer as _;
        let n = x.len();
        let [s0, s1, s2] = slots(memory, n, Self::PREDICTION);
        // A value is a variable, named after the last layer that writes it: `Relu` is the end of the product before it, or works in place.
        let relu1 = samples_mut(s0, n);
        params.affine1.forward_relu(x, relu1);
        let relu2 = samples_mut(s1, n);
        params.affine2.forward_relu(relu1, relu2);
        let relu3 = samples_mut(s2, n);
        params.affine3.forward(relu2, relu3);
        // `Identity` is no call: the second branch is `relu1` itself, which is added where the first branch lies.
        ::nn_core::Add.forward_in_place(relu3, relu1);
        ::nn_core::Relu.forward_in_place(relu3);
        // The second turn, where `relu1` was: nobody needs that any more.
        let relu4 = samples_mut(s0, n);
        params.affine4.forward_relu(relu3, relu4);
        let relu5 = samples_mut(s1, n);
        params.affine5.forward(relu4, relu5);
        ::nn_core::Add.forward_in_place(relu5, relu3);
        ::nn_core::Relu.forward_in_place(relu5);
        let relu6 = samples_mut(s0, n);
        params.affine6.forward_relu(relu5, relu6);
        let relu7 = samples_mut(s2, n);
        params.affine7.forward(relu6, relu7);
        ::nn_core::Add.forward_in_place(relu7, relu5);
        ::nn_core::Relu.forward_in_place(relu7);
        let relu8 = samples_mut(s0, n);
        params.affine8.forward_relu(relu7, relu8);
        let relu9 = samples_mut(s1, n);
        params.affine9.forward(relu8, relu9);
        ::nn_core::Add.forward_in_place(relu9, relu7);
        ::nn_core::Relu.forward_in_place(relu9);
        let relu10 = samples_mut(s0, n);
        params.affine10.forward_relu(relu9, relu10);
        let relu11 = samples_mut(s2, n);
        params.affine11.forward(relu10, relu11);
        ::nn_core::Add.forward_in_place(relu11, relu9);
        ::nn_core::Relu.forward_in_place(relu11);
        let affine12 = samples_mut(s0, n);
        params.affine12.forward(relu11, affine12);
        affine12
    }
}
#[allow(dead_code)]
impl<T: ::nn_core::Element> Residual<T> {
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
    ) -> ::nn_core::Result<&ResidualParams<T>>
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
impl<T: ::nn_core::Element> ::nn_core::Trainable for Residual<T> {
    type Loss = ::nn_core::SoftmaxWithLoss;
    const LOSS: ::nn_core::SoftmaxWithLoss = ::nn_core::SoftmaxWithLoss;
    // For the backward pass twelve values stay until it has read them; the gradients take turns in the slots that become free.
    const TRAINING: &'static [usize] = &[64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 10, 64];
    fn parts(
        &mut self,
    ) -> (
        &mut ResidualParams<T>,
        &mut ::nn_core::__private::Workspace<ResidualParams<T>, T>,
    ) {
        (&mut self.params, &mut self.workspace)
    }
    fn forward_loss<Y>(
        params: &ResidualParams<T>,
        x: &[[T; 784]],
        targets: &[Y],
        shares: &::nn_core::Shares,
        memory: &mut [T],
    ) -> f64
    where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Losses<[T; 10], Y>,
    {
        use ::nn_core::__private::{samples_mut, slots};
        use ::nn_core::InPlace as _;
        use ::nn_core::Layer as _;
        use ::nn_core::Losses as _;
        let n = x.len();
        let [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12] =
            slots(memory, n, Self::TRAINING);
        // The same calls, but `relu1` and `relu2` stay where they are.
        let relu1 = samples_mut(s0, n);
        params.affine1.forward_relu(x, relu1);
        let relu2 = samples_mut(s1, n);
        params.affine2.forward_relu(relu1, relu2);
        let relu3 = samples_mut(s2, n);
        params.affine3.forward(relu2, relu3);
        ::nn_core::Add.forward_in_place(relu3, relu1);
        ::nn_core::Relu.forward_in_place(relu3);
        let relu4 = samples_mut(s3, n);
        params.affine4.forward_relu(relu3, relu4);
        let relu5 = samples_mut(s4, n);
        params.affine5.forward(relu4, relu5);
        ::nn_core::Add.forward_in_place(relu5, relu3);
        ::nn_core::Relu.forward_in_place(relu5);
        let relu6 = samples_mut(s5, n);
        params.affine6.forward_relu(relu5, relu6);
        let relu7 = samples_mut(s6, n);
        params.affine7.forward(relu6, relu7);
        ::nn_core::Add.forward_in_place(relu7, relu5);
        ::nn_core::Relu.forward_in_place(relu7);
        let relu8 = samples_mut(s7, n);
        params.affine8.forward_relu(relu7, relu8);
        let relu9 = samples_mut(s8, n);
        params.affine9.forward(relu8, relu9);
        ::nn_core::Add.forward_in_place(relu9, relu7);
        ::nn_core::Relu.forward_in_place(relu9);
        let relu10 = samples_mut(s9, n);
        params.affine10.forward_relu(relu9, relu10);
        let relu11 = samples_mut(s10, n);
        params.affine11.forward(relu10, relu11);
        ::nn_core::Add.forward_in_place(relu11, relu9);
        ::nn_core::Relu.forward_in_place(relu11);
        let affine12 = samples_mut(s11, n);
        params.affine12.forward(relu11, affine12);
        let saved = samples_mut(s12, n);
        Self::LOSS.mean(affine12, targets, shares, saved)
    }
    fn backward<Y>(
        params: &ResidualParams<T>,
        x: &[[T; 784]],
        targets: &[Y],
        shares: &::nn_core::Shares,
        memory: &mut [T],
        gradient: &mut ResidualParams<T>,
    ) where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Losses<[T; 10], Y>,
    {
        use ::core::option::Option::{None, Some};
        use ::nn_core::__private::{samples, samples_mut, slots};
        use ::nn_core::InPlace as _;
        use ::nn_core::Layer as _;
        use ::nn_core::Losses as _;
        let n = x.len();
        let [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12] =
            slots(memory, n, Self::TRAINING);
        // The chain from its end. A gradient is named after what it is the gradient of.
        let saved = samples(s12, n);
        let d_affine12 = samples_mut(s11, n);
        Self::LOSS.gradient(saved, targets, shares, d_affine12);
        // `backward_relu` is the backward pass of the layer and of the `Relu` in front of it.
        let relu11 = samples(s10, n);
        let d_relu11 = samples_mut(s12, n);
        params
            .affine12
            .backward_relu(relu11, d_affine12, d_relu11, &mut gradient.affine12);
        // `Add` is no call: the gradient of a sum is that of each of its parts, so `d_relu11` goes on into both branches.
        let relu10 = samples(s9, n);
        let d_relu10 = samples_mut(s10, n);
        params
            .affine11
            .backward_relu(relu10, d_relu11, d_relu10, &mut gradient.affine11);
        let relu9 = samples(s8, n);
        let d_relu9 = samples_mut(s9, n);
        params
            .affine10
            .backward(relu9, &[], d_relu10, Some(d_relu9), &mut gradient.affine10);
        // Two layers read `relu9`: its gradient is the sum of what comes back through `affine10`, and through `Identity`.
        ::nn_core::Add.forward_in_place(d_relu9, d_relu11);
        ::nn_core::Relu.backward_in_place(relu9, d_relu9);
        // The fourth turn, and so on up to the first.
        let relu8 = samples(s7, n);
        let d_relu8 = samples_mut(s8, n);
        params
            .affine9
            .backward_relu(relu8, d_relu9, d_relu8, &mut gradient.affine9);
        let relu7 = samples(s6, n);
        let d_relu7 = samples_mut(s7, n);
        params
            .affine8
            .backward(relu7, &[], d_relu8, Some(d_relu7), &mut gradient.affine8);
        ::nn_core::Add.forward_in_place(d_relu7, d_relu9);
        ::nn_core::Relu.backward_in_place(relu7, d_relu7);
        let relu6 = samples(s5, n);
        let d_relu6 = samples_mut(s6, n);
        params
            .affine7
            .backward_relu(relu6, d_relu7, d_relu6, &mut gradient.affine7);
        let relu5 = samples(s4, n);
        let d_relu5 = samples_mut(s5, n);
        params
            .affine6
            .backward(relu5, &[], d_relu6, Some(d_relu5), &mut gradient.affine6);
        ::nn_core::Add.forward_in_place(d_relu5, d_relu7);
        ::nn_core::Relu.backward_in_place(relu5, d_relu5);
        let relu4 = samples(s3, n);
        let d_relu4 = samples_mut(s4, n);
        params
            .affine5
            .backward_relu(relu4, d_relu5, d_relu4, &mut gradient.affine5);
        let relu3 = samples(s2, n);
        let d_relu3 = samples_mut(s3, n);
        params
            .affine4
            .backward(relu3, &[], d_relu4, Some(d_relu3), &mut gradient.affine4);
        ::nn_core::Add.forward_in_place(d_relu3, d_relu5);
        ::nn_core::Relu.backward_in_place(relu3, d_relu3);
        let relu2 = samples(s1, n);
        let d_relu2 = samples_mut(s2, n);
        params
            .affine3
            .backward_relu(relu2, d_relu3, d_relu2, &mut gradient.affine3);
        let relu1 = samples(s0, n);
        let d_relu1 = samples_mut(s1, n);
        params
            .affine2
            .backward(relu1, &[], d_relu2, Some(d_relu1), &mut gradient.affine2);
        ::nn_core::Add.forward_in_place(d_relu1, d_relu3);
        ::nn_core::Relu.backward_in_place(relu1, d_relu1);
        // Nobody needs the gradient of the samples.
        params
            .affine1
            .backward(x, &[], d_relu1, None, &mut gradient.affine1);
    }
    fn trace(
        params: &ResidualParams<T>,
        x: &[[T; 784]],
        memory: &mut [T],
        watch: &mut ::nn_core::__private::Watch,
    ) {
        use ::nn_core::__private::{samples_mut, slots};
        use ::nn_core::InPlace as _;
        use ::nn_core::Layer as _;
        use ::nn_core::Network as _;
        let n = x.len();
        let [s0, s1, s2] = slots(memory, n, Self::PREDICTION);
        let relu1 = samples_mut(s0, n);
        params.affine1.forward_relu(x, relu1);
        watch.look(0, relu1);
        let relu2 = samples_mut(s1, n);
        params.affine2.forward_relu(relu1, relu2);
        watch.look(2, relu2);
        let relu3 = samples_mut(s2, n);
        params.affine3.forward(relu2, relu3);
        watch.look(4, relu3);
        ::nn_core::Add.forward_in_place(relu3, relu1);
        watch.look(6, relu3);
        ::nn_core::Relu.forward_in_place(relu3);
        watch.look(7, relu3);
        let relu4 = samples_mut(s0, n);
        params.affine4.forward_relu(relu3, relu4);
        watch.look(8, relu4);
        let relu5 = samples_mut(s1, n);
        params.affine5.forward(relu4, relu5);
        watch.look(10, relu5);
        ::nn_core::Add.forward_in_place(relu5, relu3);
        watch.look(12, relu5);
        ::nn_core::Relu.forward_in_place(relu5);
        watch.look(13, relu5);
        let relu6 = samples_mut(s0, n);
        params.affine6.forward_relu(relu5, relu6);
        watch.look(14, relu6);
        let relu7 = samples_mut(s2, n);
        params.affine7.forward(relu6, relu7);
        watch.look(16, relu7);
        ::nn_core::Add.forward_in_place(relu7, relu5);
        watch.look(18, relu7);
        ::nn_core::Relu.forward_in_place(relu7);
        watch.look(19, relu7);
        let relu8 = samples_mut(s0, n);
        params.affine8.forward_relu(relu7, relu8);
        watch.look(20, relu8);
        let relu9 = samples_mut(s1, n);
        params.affine9.forward(relu8, relu9);
        watch.look(22, relu9);
        ::nn_core::Add.forward_in_place(relu9, relu7);
        watch.look(24, relu9);
        ::nn_core::Relu.forward_in_place(relu9);
        watch.look(25, relu9);
        let relu10 = samples_mut(s0, n);
        params.affine10.forward_relu(relu9, relu10);
        watch.look(26, relu10);
        let relu11 = samples_mut(s2, n);
        params.affine11.forward(relu10, relu11);
        watch.look(28, relu11);
        ::nn_core::Add.forward_in_place(relu11, relu9);
        watch.look(30, relu11);
        ::nn_core::Relu.forward_in_place(relu11);
        watch.look(31, relu11);
        let affine12 = samples_mut(s0, n);
        params.affine12.forward(relu11, affine12);
        watch.look(32, affine12);
    }
    fn trace_backward<Y>(
        params: &ResidualParams<T>,
        x: &[[T; 784]],
        targets: &[Y],
        shares: &::nn_core::Shares,
        memory: &mut [T],
        gradient: &mut ResidualParams<T>,
        watch: &mut ::nn_core::__private::Watch,
    ) where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Losses<[T; 10], Y>,
    {
        use ::core::option::Option::{None, Some};
        use ::nn_core::__private::{samples, samples_mut, slots};
        use ::nn_core::InPlace as _;
        use ::nn_core::Layer as _;
        use ::nn_core::Losses as _;
        let n = x.len();
        let [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12] =
            slots(memory, n, Self::TRAINING);
        let saved = samples(s12, n);
        let d_affine12 = samples_mut(s11, n);
        Self::LOSS.gradient(saved, targets, shares, d_affine12);
        watch.look(33, d_affine12);
        let relu11 = samples(s10, n);
        let d_relu11 = samples_mut(s12, n);
        params
            .affine12
            .backward_relu(relu11, d_affine12, d_relu11, &mut gradient.affine12);
        watch.look(32, d_relu11);
        let relu10 = samples(s9, n);
        let d_relu10 = samples_mut(s10, n);
        params
            .affine11
            .backward_relu(relu10, d_relu11, d_relu10, &mut gradient.affine11);
        watch.look(28, d_relu10);
        let relu9 = samples(s8, n);
        let d_relu9 = samples_mut(s9, n);
        params
            .affine10
            .backward(relu9, &[], d_relu10, Some(d_relu9), &mut gradient.affine10);
        watch.look(26, d_relu9);
        ::nn_core::Add.forward_in_place(d_relu9, d_relu11);
        ::nn_core::Relu.backward_in_place(relu9, d_relu9);
        watch.look(25, d_relu9);
        let relu8 = samples(s7, n);
        let d_relu8 = samples_mut(s8, n);
        params
            .affine9
            .backward_relu(relu8, d_relu9, d_relu8, &mut gradient.affine9);
        watch.look(22, d_relu8);
        let relu7 = samples(s6, n);
        let d_relu7 = samples_mut(s7, n);
        params
            .affine8
            .backward(relu7, &[], d_relu8, Some(d_relu7), &mut gradient.affine8);
        watch.look(20, d_relu7);
        ::nn_core::Add.forward_in_place(d_relu7, d_relu9);
        ::nn_core::Relu.backward_in_place(relu7, d_relu7);
        watch.look(19, d_relu7);
        let relu6 = samples(s5, n);
        let d_relu6 = samples_mut(s6, n);
        params
            .affine7
            .backward_relu(relu6, d_relu7, d_relu6, &mut gradient.affine7);
        watch.look(16, d_relu6);
        let relu5 = samples(s4, n);
        let d_relu5 = samples_mut(s5, n);
        params
            .affine6
            .backward(relu5, &[], d_relu6, Some(d_relu5), &mut gradient.affine6);
        watch.look(14, d_relu5);
        ::nn_core::Add.forward_in_place(d_relu5, d_relu7);
        ::nn_core::Relu.backward_in_place(relu5, d_relu5);
        watch.look(13, d_relu5);
        let relu4 = samples(s3, n);
        let d_relu4 = samples_mut(s4, n);
        params
            .affine5
            .backward_relu(relu4, d_relu5, d_relu4, &mut gradient.affine5);
        watch.look(10, d_relu4);
        let relu3 = samples(s2, n);
        let d_relu3 = samples_mut(s3, n);
        params
            .affine4
            .backward(relu3, &[], d_relu4, Some(d_relu3), &mut gradient.affine4);
        watch.look(8, d_relu3);
        ::nn_core::Add.forward_in_place(d_relu3, d_relu5);
        ::nn_core::Relu.backward_in_place(relu3, d_relu3);
        watch.look(7, d_relu3);
        let relu2 = samples(s1, n);
        let d_relu2 = samples_mut(s2, n);
        params
            .affine3
            .backward_relu(relu2, d_relu3, d_relu2, &mut gradient.affine3);
        watch.look(4, d_relu2);
        let relu1 = samples(s0, n);
        let d_relu1 = samples_mut(s1, n);
        params
            .affine2
            .backward(relu1, &[], d_relu2, Some(d_relu1), &mut gradient.affine2);
        watch.look(2, d_relu1);
        ::nn_core::Add.forward_in_place(d_relu1, d_relu3);
        ::nn_core::Relu.backward_in_place(relu1, d_relu1);
        watch.look(1, d_relu1);
        params
            .affine1
            .backward(x, &[], d_relu1, None, &mut gradient.affine1);
    }
    fn descend<Y>(
        params: &mut ResidualParams<T>,
        x: &[[T; 784]],
        targets: &[Y],
        memory: &mut [T],
        lr: T,
    ) where
        ::nn_core::SoftmaxWithLoss: ::nn_core::Losses<[T; 10], Y>,
    {
        use ::core::option::Option::{None, Some};
        use ::nn_core::__private::{samples, samples_mut, slots};
        use ::nn_core::InPlace as _;
        use ::nn_core::Losses as _;
        let n = x.len();
        let [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12] =
            slots(memory, n, Self::TRAINING);
        let saved = samples(s12, n);
        let d_affine12 = samples_mut(s11, n);
        Self::LOSS.gradient(saved, targets, &::nn_core::Shares::WHOLE, d_affine12);
        let relu11 = samples(s10, n);
        let d_relu11 = samples_mut(s12, n);
        params
            .affine12
            .descend_relu(relu11, d_affine12, d_relu11, lr);
        let relu10 = samples(s9, n);
        let d_relu10 = samples_mut(s10, n);
        params.affine11.descend_relu(relu10, d_relu11, d_relu10, lr);
        let relu9 = samples(s8, n);
        let d_relu9 = samples_mut(s9, n);
        params.affine10.descend(relu9, d_relu10, Some(d_relu9), lr);
        ::nn_core::Add.forward_in_place(d_relu9, d_relu11);
        ::nn_core::Relu.backward_in_place(relu9, d_relu9);
        let relu8 = samples(s7, n);
        let d_relu8 = samples_mut(s8, n);
        params.affine9.descend_relu(relu8, d_relu9, d_relu8, lr);
        let relu7 = samples(s6, n);
        let d_relu7 = samples_mut(s7, n);
        params.affine8.descend(relu7, d_relu8, Some(d_relu7), lr);
        ::nn_core::Add.forward_in_place(d_relu7, d_relu9);
        ::nn_core::Relu.backward_in_place(relu7, d_relu7);
        let relu6 = samples(s5, n);
        let d_relu6 = samples_mut(s6, n);
        params.affine7.descend_relu(relu6, d_relu7, d_relu6, lr);
        let relu5 = samples(s4, n);
        let d_relu5 = samples_mut(s5, n);
        params.affine6.descend(relu5, d_relu6, Some(d_relu5), lr);
        ::nn_core::Add.forward_in_place(d_relu5, d_relu7);
        ::nn_core::Relu.backward_in_place(relu5, d_relu5);
        let relu4 = samples(s3, n);
        let d_relu4 = samples_mut(s4, n);
        params.affine5.descend_relu(relu4, d_relu5, d_relu4, lr);
        let relu3 = samples(s2, n);
        let d_relu3 = samples_mut(s3, n);
        params.affine4.descend(relu3, d_relu4, Some(d_relu3), lr);
        ::nn_core::Add.forward_in_place(d_relu3, d_relu5);
        ::nn_core::Relu.backward_in_place(relu3, d_relu3);
        let relu2 = samples(s1, n);
        let d_relu2 = samples_mut(s2, n);
        params.affine3.descend_relu(relu2, d_relu3, d_relu2, lr);
        let relu1 = samples(s0, n);
        let d_relu1 = samples_mut(s1, n);
        params.affine2.descend(relu1, d_relu2, Some(d_relu1), lr);
        ::nn_core::Add.forward_in_place(d_relu1, d_relu3);
        ::nn_core::Relu.backward_in_place(relu1, d_relu1);
        params.affine1.descend(x, d_relu1, None, lr);
    }
}
impl<T: ::nn_core::Element> ::nn_core::__private::EndsInLoss for Residual<T> {}
