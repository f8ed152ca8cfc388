//! The built-in layers: name, arguments, shape rule, parameters, each in one row. A new layer is a new row.

use crate::report;

/// One built-in layer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Builtin {
    /// As in a declaration, and as the type in `nn_core`.
    pub(crate) name: &'static str,
    /// The stem of the label that a layer gets when it has none: `affine1`.
    pub(crate) stem: &'static str,
    /// What other libraries call it.
    pub(crate) aliases: &'static [&'static str],
    pub(crate) role: Role,
    pub(crate) arguments: Arguments,
    pub(crate) reads: Reads,
    pub(crate) parameters: &'static [Parameter],
    pub(crate) buffers: Buffers,
}

/// A parameter of a layer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// The textbook's.
    pub(crate) symbol: &'static str,
    /// Of its shape.
    pub(crate) axes: &'static [Axis],
    /// The struct in `nn_core` of a layer that has only this parameter of its own.
    pub(crate) alone: &'static str,
}

impl Parameter {
    /// Whether it starts at random, and can be seen transposed.
    pub(crate) fn is_matrix(&self) -> bool {
        self.axes.len() == 2
    }
}

/// Weights of inputs and outputs.
const W: Parameter = Parameter {
    symbol: "W",
    axes: &[Axis::Inputs, Axis::Outputs],
    alone: "Weights",
};

/// Biases, one for each output.
const B: Parameter = Parameter {
    symbol: "b",
    axes: &[Axis::Outputs],
    alone: "Bias",
};

/// What a layer asks of the buffers that it reads and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Buffers {
    /// Its backward pass reads its input and not its output, which the next layer may overwrite; and it can cut its output
    /// off below zero on the way, `forward_relu`.
    OutputIsFree,
    /// Its backward pass reads its input and not its output, and may overwrite the gradient.
    ReadsInput,
    /// Its backward pass reads its output and not its input, so it may overwrite that.
    InPlace,
    /// Its backward pass reads neither.
    Linear,
    /// The same, and both passes may overwrite what they read.
    LinearInPlace,
    /// It may overwrite its input, and the gradient of that is the gradient of its output.
    Shifts,
    /// It gives what it reads, and computes nothing.
    Passes,
    /// It makes one value of several.
    Merges(Merge),
    /// It is the user's: its backward pass may read its input, its output, and memory of its own.
    Own,
    /// It is none of the layers that compute.
    None,
}

impl Buffers {
    /// Whether the layer may overwrite its input.
    pub(crate) fn overwrites(self) -> bool {
        matches!(self, Self::InPlace | Self::LinearInPlace | Self::Shifts)
    }

    /// Whether the backward pass may overwrite the gradient.
    pub(crate) fn overwrites_gradient(self) -> bool {
        self.overwrites() || self == Self::ReadsInput
    }

    /// Whether the backward pass needs what the layer read.
    pub(crate) fn keeps_input(self) -> bool {
        matches!(
            self,
            Self::OutputIsFree
                | Self::ReadsInput
                | Self::Own
                | Self::Merges(Merge::Mul | Merge::MatMul)
        )
    }

    /// Whether the backward pass needs what the layer gave.
    pub(crate) fn keeps_output(self) -> bool {
        matches!(self, Self::InPlace | Self::Own)
    }
}

/// How several values become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Merge {
    Add,
    Mul,
    Concat,
    MatMul,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Says what a sample looks like; the first in a chain.
    Input,
    Layer,
    /// Compares scores with targets; the last in a chain.
    Loss,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arguments {
    None,
    /// The sizes of a sample.
    Shape,
    /// Inputs and outputs; the layer may also say how its weights start.
    InputsOutputs,
    /// How often.
    Count,
    /// A number of type `f64`, and what it is called.
    Number(&'static str),
    /// Points further up whose values are merged with what the layer reads.
    Points,
    /// The `const` arguments of a type of the user's, and its fields.
    Own,
    /// Numbers that have a default, each by its name, and the type in `nn_core` that takes them.
    Settings(&'static [Setting], Tuned),
}

/// A hyper-parameter of a layer or a loss.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    /// In words.
    pub(crate) what: &'static str,
    pub(crate) range: Range,
    /// What one could write.
    pub(crate) example: &'static str,
    /// Whether it needs no name.
    pub(crate) bare: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Range {
    FromZero,
    AboveZero,
    FromZeroToOne,
    /// A whole number.
    Label,
    /// A number from 0 on for each class.
    Classes,
    /// The number of an axis of what is read.
    Axis,
    /// This word, or nothing.
    Word(&'static str),
}

/// The type that takes the settings of a layer or a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tuned {
    /// The one that it also is without them.
    Itself,
    /// Another one.
    Other(&'static str),
    /// Another one, for a number of classes.
    OfClasses(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    Anything,
    Vector,
    /// Samples of two axes or more.
    Deep,
    /// A vector, or deeper samples along an axis that it names.
    Along,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    Inputs,
    Outputs,
}

const fn shapeless(
    name: &'static str,
    stem: &'static str,
    aliases: &'static [&'static str],
) -> Builtin {
    let (role, arguments, reads) = (Role::Layer, Arguments::None, Reads::Anything);
    Builtin {
        name,
        stem,
        aliases,
        role,
        arguments,
        reads,
        parameters: &[],
        buffers: Buffers::None,
    }
}

const fn loss(name: &'static str, stem: &'static str, aliases: &'static [&'static str]) -> Builtin {
    Builtin {
        role: Role::Loss,
        ..shapeless(name, stem, aliases)
    }
}

const fn activation(
    name: &'static str,
    stem: &'static str,
    aliases: &'static [&'static str],
) -> Builtin {
    Builtin {
        buffers: Buffers::InPlace,
        ..shapeless(name, stem, aliases)
    }
}

const fn number(
    name: &'static str,
    what: &'static str,
    range: Range,
    example: &'static str,
) -> Setting {
    Setting {
        name,
        what,
        range,
        example,
        bare: true,
    }
}

const fn merging(
    name: &'static str,
    stem: &'static str,
    aliases: &'static [&'static str],
    merge: Merge,
) -> Builtin {
    Builtin {
        arguments: Arguments::Points,
        buffers: Buffers::Merges(merge),
        ..shapeless(name, stem, aliases)
    }
}

const AXIS: Setting = Setting {
    bare: false,
    ..number("axis", "the axis", Range::Axis, "0")
};

/// `MatMul` without sizes, which multiplies two values.
pub(crate) const MAT_MUL_OF_TWO: &Builtin = &merging("MatMul", "mat_mul", &[], Merge::MatMul);

/// What all layers have in common that are types of the user's.
pub(crate) const OWN: &Builtin = &Builtin {
    arguments: Arguments::Own,
    buffers: Buffers::Own,
    ..shapeless("", "", &[])
};

/// Layers of other libraries that have nearly the name of one of ours.
const OTHERS: [&str; 4] = ["PRelu", "PReLU", "Celu", "Relu6"];

pub(crate) const BUILTINS: &[Builtin] = &[
    Builtin {
        role: Role::Input,
        arguments: Arguments::Shape,
        ..shapeless("Input", "input", &["InputLayer"])
    },
    Builtin {
        arguments: Arguments::InputsOutputs,
        reads: Reads::Vector,
        buffers: Buffers::OutputIsFree,
        parameters: &[W, B],
        ..shapeless(
            "Affine",
            "affine",
            &["Linear", "Dense", "FullyConnected", "FC", "InnerProduct"],
        )
    },
    Builtin {
        arguments: Arguments::InputsOutputs,
        reads: Reads::Vector,
        buffers: Buffers::OutputIsFree,
        parameters: &[W],
        ..shapeless("MatMul", "mat_mul", &["MatrixMultiply", "Dot", "Gemm"])
    },
    activation("Relu", "relu", &["Rectifier", "ReluLayer"]),
    activation("Sigmoid", "sigmoid", &["Logistic"]),
    activation("Tanh", "tanh", &["HyperbolicTangent"]),
    Builtin {
        arguments: Arguments::Settings(
            &[number(
                "alpha",
                "the slope below zero",
                Range::FromZero,
                "0.01",
            )],
            Tuned::Itself,
        ),
        ..activation("LeakyRelu", "leaky_relu", &["LReLU"])
    },
    Builtin {
        arguments: Arguments::Settings(
            &[number(
                "alpha",
                "how far down it goes",
                Range::FromZero,
                "1.0",
            )],
            Tuned::Itself,
        ),
        ..activation("Elu", "elu", &["ExponentialLinearUnit"])
    },
    activation("Selu", "selu", &["ScaledExponentialLinearUnit"]),
    Builtin {
        arguments: Arguments::Settings(
            &[number(
                "beta",
                "how sharp the bend is",
                Range::AboveZero,
                "1.0",
            )],
            Tuned::Itself,
        ),
        ..activation("Softplus", "softplus", &["SmoothRelu"])
    },
    Builtin {
        arguments: Arguments::Settings(
            &[Setting {
                name: "approximate",
                what: "the approximation",
                range: Range::Word("tanh"),
                example: "tanh",
                bare: true,
            }],
            Tuned::Itself,
        ),
        buffers: Buffers::ReadsInput,
        ..shapeless("Gelu", "gelu", &["GaussianErrorLinearUnit"])
    },
    Builtin {
        buffers: Buffers::ReadsInput,
        ..shapeless("Silu", "silu", &[])
    },
    Builtin {
        buffers: Buffers::ReadsInput,
        ..shapeless("HardSwish", "hard_swish", &["HSwish"])
    },
    Builtin {
        reads: Reads::Along,
        arguments: Arguments::Settings(&[AXIS], Tuned::Other("SoftmaxOver")),
        ..activation("Softmax", "softmax", &["Softmax2d"])
    },
    Builtin {
        reads: Reads::Along,
        arguments: Arguments::Settings(&[AXIS], Tuned::Other("LogSoftmaxOver")),
        ..activation("LogSoftmax", "log_softmax", &[])
    },
    merging("Add", "add", &["Plus", "Residual"], Merge::Add),
    merging("Mul", "mul", &["Multiply", "Times", "Product"], Merge::Mul),
    merging("Concat", "concat", &["Concatenate", "Cat"], Merge::Concat),
    Builtin {
        buffers: Buffers::Passes,
        ..shapeless("Identity", "identity", &["Skip", "Pass", "NoOp"])
    },
    Builtin {
        arguments: Arguments::Count,
        buffers: Buffers::Linear,
        ..shapeless("Repeat", "repeat", &["RepeatVector", "Tile"])
    },
    Builtin {
        reads: Reads::Deep,
        buffers: Buffers::Linear,
        ..shapeless("Sum", "sum", &["ReduceSum"])
    },
    Builtin {
        arguments: Arguments::Number("the factor"),
        buffers: Buffers::LinearInPlace,
        ..shapeless("Scale", "scale", &[])
    },
    Builtin {
        arguments: Arguments::Number("what is added"),
        buffers: Buffers::Shifts,
        ..shapeless("Shift", "shift", &["Offset"])
    },
    Builtin {
        reads: Reads::Vector,
        arguments: Arguments::Settings(
            &[
                Setting {
                    bare: false,
                    ..number(
                        "smoothing",
                        "the part of each target that is spread over all classes",
                        Range::FromZeroToOne,
                        "0.1",
                    )
                },
                Setting {
                    bare: false,
                    ..number("ignore", "a label that does not count", Range::Label, "255")
                },
                Setting {
                    bare: false,
                    ..number(
                        "weights",
                        "how much each class counts",
                        Range::Classes,
                        "CLASS_WEIGHTS",
                    )
                },
            ],
            Tuned::OfClasses("CrossEntropy"),
        ),
        ..loss(
            "SoftmaxWithLoss",
            "softmax_with_loss",
            &["CrossEntropy", "CrossEntropyLoss", "SoftmaxCrossEntropy"],
        )
    },
    Builtin {
        arguments: Arguments::Settings(
            &[Setting {
                bare: false,
                ..number(
                    "pos_weight",
                    "how much a yes counts",
                    Range::AboveZero,
                    "3.0",
                )
            }],
            Tuned::Other("BinaryCrossEntropy"),
        ),
        ..loss(
            "SigmoidWithLoss",
            "sigmoid_with_loss",
            &["BinaryCrossEntropy", "BCE", "BCELoss", "BCEWithLogitsLoss"],
        )
    },
    loss(
        "MeanSquaredError",
        "mean_squared_error",
        &["MSE", "MSELoss", "MeanSquaredLoss", "L2Loss"],
    ),
    loss(
        "MeanAbsoluteError",
        "mean_absolute_error",
        &["MAE", "MAELoss", "MeanAbsoluteLoss", "L1Loss"],
    ),
    Builtin {
        arguments: Arguments::Settings(
            &[number(
                "delta",
                "the difference from which on it is absolute",
                Range::AboveZero,
                "1.0",
            )],
            Tuned::Itself,
        ),
        ..loss("Huber", "huber", &["HuberLoss", "SmoothL1Loss"])
    },
    Builtin {
        reads: Reads::Vector,
        ..loss(
            "NegativeLogLikelihood",
            "negative_log_likelihood",
            &["NLL", "NLLLoss"],
        )
    },
    Builtin {
        reads: Reads::Vector,
        ..loss(
            "KlDivergence",
            "kl_divergence",
            &["KL", "KLDiv", "KLDivLoss", "KullbackLeibler"],
        )
    },
    loss("Hinge", "hinge", &["HingeLoss"]),
    Builtin {
        reads: Reads::Vector,
        arguments: Arguments::Settings(
            &[number("margin", "the margin", Range::AboveZero, "1.0")],
            Tuned::Itself,
        ),
        ..loss(
            "MulticlassHinge",
            "multiclass_hinge",
            &["MultiMarginLoss", "MultiMargin", "CategoricalHinge"],
        )
    },
];

/// Why a name is not that of a built-in layer.
pub(crate) enum Unknown {
    /// It is an other library's name of this one.
    Alias(&'static Builtin),
    /// It is nearly the name of this one.
    Misspelt(&'static Builtin),
    /// It is the beginning of the name of this one, so that anything may follow.
    Half(&'static Builtin),
    /// It is written as a type is, so it may be one of the user's.
    Type,
    Nothing,
}

pub(crate) fn find(name: &str) -> Result<&'static Builtin, Unknown> {
    if let Some(builtin) = BUILTINS.iter().find(|builtin| builtin.name == name) {
        return Ok(builtin);
    }
    let by_alias = |name: &str| {
        BUILTINS.iter().find(|builtin| {
            builtin
                .aliases
                .iter()
                .any(|alias| alias.eq_ignore_ascii_case(name))
        })
    };
    if let Some(builtin) = by_alias(name) {
        return Err(Unknown::Alias(builtin));
    }
    let names = BUILTINS.iter().map(|builtin| builtin.name);
    let is_type = name.starts_with(char::is_uppercase);
    let nearest = if is_type && OTHERS.contains(&name) {
        None
    } else {
        report::nearest(name, names)
    };
    let near = nearest.and_then(|near| BUILTINS.iter().find(|builtin| builtin.name == near));
    Err(match near {
        // Half a name that is being typed.
        _ if is_type && let Some(whole) = begins(name) => Unknown::Half(whole),
        // `Repeater` and the like are names of their own.
        Some(builtin) if is_type && report::edits(name, builtin.name) > name.len().div_ceil(8) => {
            Unknown::Type
        }
        Some(builtin) => Unknown::Misspelt(builtin),
        None if is_type => Unknown::Type,
        None => Unknown::Nothing,
    })
}

/// The layer whose name begins with these letters.
fn begins(letters: &str) -> Option<&'static Builtin> {
    let mut builtins = BUILTINS.iter();
    builtins.find(|builtin| builtin.name.starts_with(letters))
}
