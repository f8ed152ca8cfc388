//! What can be said of a built-in layer, and how one is found by its name; `table` has a row for each.

mod table;

use crate::report;
pub(crate) use table::{BUILTINS, MAT_MUL_OF_TWO, OWN};

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
    /// Whether it can be seen transposed.
    pub(crate) fn is_matrix(&self) -> bool {
        self.axes.len() == 2
    }

    /// Whether it starts at random, as weights do.
    pub(crate) fn is_random(&self) -> bool {
        self.axes.len() > 1
    }
}

/// What a layer asks of the buffers that it reads and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Buffers {
    /// Its backward pass reads its input and not its output, which the next layer may overwrite; and it can cut its output
    /// off below zero on the way, `forward_relu`.
    OutputIsFree,
    /// Its backward pass reads its input and not its output, and may overwrite the gradient.
    ReadsInput,
    /// Its backward pass reads its input and not its output, and does that of a `Relu` in front on the way, `backward_relu`; it has
    /// no parameters.
    KeepsInput,
    /// Its backward pass reads its input and not its output, even if its parameters are frozen, or if it has none.
    Normalises,
    /// Its backward pass reads its output and not its input, so it may overwrite that.
    InPlace,
    /// By the whole batch while it is trained: then its backward pass reads its input and not its output. Elsewhere, and frozen, it may
    /// overwrite its input, and its backward pass reads neither.
    Batch,
    /// Numbers are left out at random while the network is trained, in both passes, which may overwrite what they read. Elsewhere it
    /// gives what it reads.
    Drops,
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
    /// Its backward pass may read its input, its output, and memory of its own: a layer of the user's, or one whose parameters are learnt
    /// from more than a product.
    Own,
    /// It is none of the layers that compute.
    None,
}

impl Buffers {
    /// Whether the layer may overwrite its input.
    pub(crate) fn overwrites(self) -> bool {
        matches!(
            self,
            Self::InPlace | Self::LinearInPlace | Self::Shifts | Self::Batch | Self::Drops
        )
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
                | Self::KeepsInput
                | Self::Normalises
                | Self::Batch
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
    /// Options of a layer that normalises.
    Norm(Norm, &'static [Setting]),
    /// Those of a layer that moves a window over images, or changes their size.
    Image(ImageLayer),
    /// The sizes of what it gives, which holds the same numbers.
    Reshape,
    /// None: it gives the same numbers as a vector.
    Flatten,
    /// None: it gives one number for each item of the outermost axis.
    Reduce,
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
    BelowOne,
    /// A whole number.
    Label,
    /// A number from 0 on for each class.
    Classes,
    /// The number of an axis of what is read.
    Axis,
    /// This word, or nothing.
    Word(&'static str),
    /// `true` or `false`.
    Switch,
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

/// What has mean 0 and variance 1 behind a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Norm {
    /// A sample, or the inner axes of one.
    Rows,
    /// Groups of channels; their number comes first.
    Groups,
    /// Channels over a batch.
    Batch,
}

/// What a layer does to images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ImageLayer {
    Convolution,
    Transposed,
    /// Pooling; whether padding may count.
    Pooling {
        counts_padding: bool,
    },
    Pad,
    Upsample,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    Anything,
    Vector,
    /// Samples of two axes or more.
    Deep,
    /// A vector, or deeper samples along an axis that it names.
    Along,
    /// A vector, or deeper samples from an axis on that it names.
    From,
    /// Channels of rows of columns.
    Image,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    Inputs,
    Outputs,
    /// One of the sizes of a convolution's weights.
    Kernel(usize),
    /// The items of the outermost axis if the layer was told so, else one.
    Slopes,
    /// All axes of what a layer normalises.
    Normalised,
}

/// Layers of other libraries that have nearly the name of one of ours.
const OTHERS: [&str; 2] = ["Celu", "Relu6"];

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
