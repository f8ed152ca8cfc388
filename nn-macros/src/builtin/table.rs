//! The built-in layers: name, arguments, shape rule, parameters, each in one row. A new layer is a new row.

use super::{
    Arguments, Axis, Buffers, Builtin, ImageLayer, Merge, Norm, Parameter, Range, Reads, Role,
    Setting, Tuned,
};

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

/// Weights of a convolution.
const KERNEL: Parameter = Parameter {
    symbol: "W",
    axes: &[
        Axis::Kernel(0),
        Axis::Kernel(1),
        Axis::Kernel(2),
        Axis::Kernel(3),
    ],
    alone: "Weights",
};

/// Slopes below zero, one for all numbers or one for each channel.
const ALPHA: Parameter = Parameter {
    symbol: "alpha",
    axes: &[Axis::Slopes],
    alone: "",
};

/// What normalised numbers are multiplied by.
const GAMMA: Parameter = Parameter {
    symbol: "gamma",
    axes: &[Axis::Normalised],
    alone: "",
};

/// What is added to them.
const BETA: Parameter = Parameter {
    symbol: "beta",
    axes: &[Axis::Normalised],
    alone: "",
};

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

/// One that is always named.
const fn named(
    name: &'static str,
    what: &'static str,
    range: Range,
    example: &'static str,
) -> Setting {
    Setting {
        bare: false,
        ..number(name, what, range, example)
    }
}

const fn image(
    name: &'static str,
    stem: &'static str,
    aliases: &'static [&'static str],
    layer: ImageLayer,
    buffers: Buffers,
) -> Builtin {
    Builtin {
        arguments: Arguments::Image(layer),
        reads: Reads::Image,
        buffers,
        ..shapeless(name, stem, aliases)
    }
}

const fn norm(
    name: &'static str,
    stem: &'static str,
    aliases: &'static [&'static str],
    norm: Norm,
    settings: &'static [Setting],
) -> Builtin {
    Builtin {
        arguments: Arguments::Norm(norm, settings),
        buffers: Buffers::Normalises,
        parameters: &[GAMMA, BETA],
        ..shapeless(name, stem, aliases)
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

const IGNORE: Setting = named("ignore", "a label that does not count", Range::Label, "255");

const WEIGHTS: Setting = named(
    "weights",
    "how much each class counts",
    Range::Classes,
    "CLASS_WEIGHTS",
);

const AXIS: Setting = named("axis", "the axis", Range::Axis, "0");

const FROM: Setting = named("axis", "the first axis", Range::Axis, "0");

const EPS: Setting = named(
    "eps",
    "what is added to variances",
    Range::AboveZero,
    "1e-5",
);

const MOMENTUM: Setting = named(
    "momentum",
    "the part that a batch has in running statistics",
    Range::FromZeroToOne,
    "0.1",
);

const AFFINE: Setting = named(
    "affine",
    "whether there are parameters",
    Range::Switch,
    "false",
);

/// `MatMul` without sizes, which multiplies two values.
pub(crate) const MAT_MUL_OF_TWO: &Builtin = &merging("MatMul", "mat_mul", &[], Merge::MatMul);

/// What all layers have in common that are types of the user's.
pub(crate) const OWN: &Builtin = &Builtin {
    arguments: Arguments::Own,
    buffers: Buffers::Own,
    ..shapeless("", "", &[])
};

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
    Builtin {
        parameters: &[KERNEL, B],
        ..image(
            "Conv2d",
            "conv2d",
            &["Conv", "Conv2D", "Convolution", "Convolution2D"],
            ImageLayer::Convolution,
            Buffers::OutputIsFree,
        )
    },
    Builtin {
        parameters: &[KERNEL, B],
        ..image(
            "ConvTranspose2d",
            "conv_transpose2d",
            &[
                "ConvTranspose",
                "Conv2DTranspose",
                "Deconvolution",
                "Deconv2d",
            ],
            ImageLayer::Transposed,
            Buffers::OutputIsFree,
        )
    },
    image(
        "MaxPool2d",
        "max_pool2d",
        &["MaxPool", "MaxPooling2D", "MaxPooling", "Pooling"],
        ImageLayer::Pooling {
            counts_padding: false,
        },
        Buffers::KeepsInput,
    ),
    image(
        "AvgPool2d",
        "avg_pool2d",
        &["AveragePool", "AvgPool", "AveragePooling2D", "MeanPool"],
        ImageLayer::Pooling {
            counts_padding: true,
        },
        Buffers::Linear,
    ),
    Builtin {
        arguments: Arguments::Reduce,
        reads: Reads::Deep,
        buffers: Buffers::Linear,
        ..shapeless(
            "GlobalAvgPool",
            "global_avg_pool",
            &[
                "GlobalAveragePool",
                "GlobalAveragePooling2D",
                "AdaptiveAvgPool2d",
            ],
        )
    },
    image(
        "Pad",
        "pad",
        &["ZeroPadding2D", "ConstantPad2d", "ZeroPad2d", "Padding"],
        ImageLayer::Pad,
        Buffers::Linear,
    ),
    image(
        "Upsample",
        "upsample",
        &["UpSampling2D", "Resize", "UpsamplingNearest2d"],
        ImageLayer::Upsample,
        Buffers::Linear,
    ),
    Builtin {
        arguments: Arguments::Flatten,
        buffers: Buffers::Passes,
        ..shapeless("Flatten", "flatten", &["Ravel"])
    },
    Builtin {
        arguments: Arguments::Reshape,
        buffers: Buffers::Passes,
        ..shapeless("Reshape", "reshape", &["View", "Unflatten"])
    },
    Builtin {
        buffers: Buffers::Batch,
        ..norm(
            "BatchNorm",
            "batch_norm",
            &["BatchNorm1d", "BatchNorm2d", "BatchNormalization", "BN"],
            Norm::Batch,
            &[EPS, MOMENTUM, AFFINE],
        )
    },
    Builtin {
        reads: Reads::From,
        ..norm(
            "LayerNorm",
            "layer_norm",
            &["LayerNormalization"],
            Norm::Rows,
            &[FROM, EPS, AFFINE],
        )
    },
    Builtin {
        reads: Reads::From,
        parameters: &[GAMMA],
        ..norm(
            "RmsNorm",
            "rms_norm",
            &["RMSNormalization", "RootMeanSquareNorm"],
            Norm::Rows,
            &[FROM, EPS, AFFINE],
        )
    },
    norm(
        "GroupNorm",
        "group_norm",
        &["GroupNormalization"],
        Norm::Groups,
        &[EPS, AFFINE],
    ),
    Builtin {
        arguments: Arguments::Settings(
            &[number(
                "p",
                "the probability with which a number is left out",
                Range::BelowOne,
                "0.2",
            )],
            Tuned::Itself,
        ),
        buffers: Buffers::Drops,
        ..shapeless("Dropout", "dropout", &["DropOut"])
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
    Builtin {
        parameters: &[ALPHA],
        arguments: Arguments::Settings(
            &[
                Setting {
                    name: "slopes",
                    what: "what has a slope of its own",
                    range: Range::Word("channels"),
                    example: "channels",
                    bare: true,
                },
                named(
                    "alpha",
                    "the slope that it starts with",
                    Range::FromZero,
                    "0.25",
                ),
            ],
            Tuned::Other("SlopesAtFirst"),
        ),
        buffers: Buffers::Own,
        ..shapeless("PRelu", "prelu", &["PReLU", "ParametricRelu"])
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
                named(
                    "smoothing",
                    "the part of each target that is spread over all classes",
                    Range::FromZeroToOne,
                    "0.1",
                ),
                IGNORE,
                WEIGHTS,
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
            &[named(
                "pos_weight",
                "how much a yes counts",
                Range::AboveZero,
                "3.0",
            )],
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
        arguments: Arguments::Settings(&[IGNORE, WEIGHTS], Tuned::OfClasses("LogLikelihood")),
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
