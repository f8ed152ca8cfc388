//! Everything that can go wrong, in words that say what was expected.

use std::io;
use std::path::{Path, PathBuf};

/// The result of whatever can fail in this library.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, and what was expected instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A batch or a data set without samples where at least one is needed.
    #[error("there are no samples: at least one is needed")]
    Empty,

    /// A batch that a layer cannot learn from, because it normalises channels by their variance, and each has one number in it.
    #[error(
        "`{layer}` normalises by the batch, which takes at least 2 samples to learn from: this one has 1"
    )]
    BatchOfOne {
        /// The label of the layer.
        layer: &'static str,
    },

    /// Samples and targets do not pair up.
    #[error("{samples} samples, but {targets} targets: each sample needs one")]
    LengthMismatch {
        /// How many samples there are.
        samples: usize,
        /// How many targets there are.
        targets: usize,
    },

    /// Something is wrong with one part of a tuple of batches, or of the targets of several losses.
    #[error("part {part} of the tuple: {source}")]
    Part {
        /// Which part, from 1.
        part: usize,
        /// What is wrong with it.
        source: Box<Self>,
    },

    /// The batches in a tuple are not equally long.
    #[error("part {part} of the tuple has {found} samples, part 1 has {first}")]
    PartLength {
        /// Which part, from 1.
        part: usize,
        /// How many samples it has.
        found: usize,
        /// How many samples the first part has.
        first: usize,
    },

    /// An `ndarray` view whose sizes are not those of a batch. The first size is the number of samples.
    #[error(
        "expected an array of shape [{}] for N samples, found {found:?}",
        batch_shape(expected)
    )]
    Shape {
        /// The shape of one sample: what must follow the number of samples.
        expected: Vec<usize>,
        /// The shape of the array.
        found: Vec<usize>,
    },

    /// A class label that there is no score for.
    #[error("target {index} is class {label}, but there are {classes} classes: 0 to {}", classes.saturating_sub(1))]
    LabelOutOfRange {
        /// The place among the targets, from 0.
        index: usize,
        /// The label that stands there.
        label: i128,
        /// How many classes there are.
        classes: usize,
    },

    /// A target row that the loss cannot be computed for.
    #[error("target {index} is not valid: {reason}")]
    Target {
        /// The place among the targets, from 0.
        index: usize,
        /// What the loss expects.
        reason: &'static str,
    },

    /// Accuracy was asked for, but the targets name no classes.
    #[error("accuracy needs targets that name a class: labels or one-hot rows")]
    NoClasses,

    /// Data with a number that is infinite or none, where one can compute with finite ones alone.
    #[error("sample {index} has {value} as number {place}, expected finite numbers")]
    NotFinite {
        /// The sample, from 0.
        index: usize,
        /// The place in the sample, from 0, in row-major order.
        place: usize,
        /// The number.
        value: f64,
    },

    /// A place outside of a data set.
    #[error("sample {index} does not exist: the data set holds {len}")]
    OutOfRange {
        /// The place that was asked for, from 0.
        index: usize,
        /// How many samples there are.
        len: usize,
    },

    /// A series that is too short for one window and its target.
    #[error(
        "a series of {steps} steps is too short: a window and its target take at least {least}"
    )]
    SeriesTooShort {
        /// How many steps it has.
        steps: usize,
        /// How many steps one window and its target take.
        least: usize,
    },

    /// A hyper-parameter outside of its range.
    #[error("{name} = {value} is not valid: {expected}")]
    HyperParameter {
        /// Its name, as in the constructor or the builder method.
        name: &'static str,
        /// The value that was given.
        value: f64,
        /// The range that it must be in.
        expected: &'static str,
    },

    /// An optimizer was handed a gradient of other sizes than the parameters, or parameters of other sizes than before.
    #[error("the optimizer expected parameters of {expected:?} numbers, and was handed {found:?}")]
    ParametersMismatch {
        /// How many numbers each parameter has, or had at the step before.
        expected: Vec<usize>,
        /// How many numbers each of those that were handed over has.
        found: Vec<usize>,
    },

    /// A pattern of parameter keys that none of them matches.
    #[error("no parameter matches `{pattern}`{}", nearest_keys(nearest))]
    UnmatchedPattern {
        /// The pattern, as it was given to [`Groups::group`](crate::Groups::group).
        pattern: String,
        /// The keys that differ from it the least; none if there are no parameters.
        nearest: Vec<String>,
    },

    /// A state that was saved does not fit what is to go on from it.
    #[error("the state does not fit: `{part}` {problem}")]
    State {
        /// The name of the part.
        part: String,
        /// What is wrong with it.
        problem: crate::optim::StateProblem,
    },

    /// An optimizer of one's own that does not say what it remembers.
    #[error(
        "the optimizer does not say what it remembers: implement `state` and `load_state` of `Optimizer` for it"
    )]
    NoState,

    /// A schedule or a callback watches something that was not computed.
    #[error("the {watched} is watched, but was not computed: {needed}")]
    NothingToWatch {
        /// What is watched.
        watched: &'static str,
        /// What it takes to compute that.
        needed: &'static str,
    },

    /// A mean over targets of which none counts.
    #[error(
        "none of the {samples} targets counts: their labels are ignored, or their classes have the weight 0"
    )]
    NothingCounts {
        /// How many targets there are.
        samples: usize,
    },

    /// Only full batches were asked for, but there is none in the training set.
    #[error(
        "batch_size = {batch_size} and drop_last leave nothing to train on: the training set holds {samples} samples"
    )]
    NoFullBatch {
        /// How many samples a batch was to have.
        batch_size: usize,
        /// How many samples there are.
        samples: usize,
    },

    /// The loss is infinite or not a number; the parameters are as they were before the step.
    #[error(
        "the loss is {loss} at step {step}: training has diverged; try a smaller learning rate, `max_grad`, or check the data for NaN: `detect_anomaly(true)` says where it comes from"
    )]
    LossNotFinite {
        /// The step, from 1, counted over all epochs.
        step: usize,
        /// The loss: infinite or NaN.
        loss: f64,
    },

    /// A number that is infinite or none, where [`Trainer::detect_anomaly`](crate::Trainer::detect_anomaly) looks for such.
    #[error("step {step}: {anomaly}")]
    Anomaly {
        /// The step, from 1, counted over all epochs.
        step: usize,
        /// The number, and where it is.
        anomaly: crate::trainer::Anomaly,
    },

    /// The gradient is infinite or not a number; the parameters are as they were before the step.
    #[error("the norm of the gradient is {norm}: it cannot be clipped")]
    GradientNotFinite {
        /// The norm over all parameters: infinite or NaN.
        norm: f64,
    },

    /// A file that could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },

    /// A data file whose content is not what it should be.
    #[cfg(feature = "mnist")]
    #[error("{}: {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what was expected.
        problem: crate::data::FileProblem,
    },

    /// A CSV file that cannot be read as the data that were asked for.
    #[cfg(feature = "csv")]
    #[error("{}: {problem}", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// What is wrong, in which line and column, and what was expected.
        problem: crate::data::CsvProblem,
    },

    /// A picture, or a folder of such, that cannot be read as the data that were asked for.
    #[cfg(feature = "image-folder")]
    #[error("{}: {problem}", path.display())]
    Image {
        /// The file or the folder.
        path: PathBuf,
        /// What is wrong with it, and what was expected.
        problem: crate::data::ImageProblem,
    },

    /// A file of arrays whose content is not what it should be, or does not fit the network or the data set.
    #[error("{}: {problem}", path.display())]
    Load {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what was expected.
        problem: crate::files::LoadProblem,
    },

    /// A training that was stopped is to go on with other batches.
    #[error(
        "the training that goes on here has {name} = {saved}, and now {found}: with that it would not be the same; \
         begin a new one from its parameters, `Network::load`"
    )]
    Resumed {
        /// What has changed.
        name: &'static str,
        /// What it was when the training was stopped.
        saved: String,
        /// What it is now.
        found: String,
    },

    /// A callback has failed, see [`Error::callback`].
    #[error("a callback failed: {0}")]
    Callback(#[source] Box<dyn std::error::Error + Send + Sync>),

    /// Ctrl-C cannot be noticed.
    #[error("Ctrl-C cannot be noticed: {0}")]
    Signals(#[source] std::io::Error),

    /// A new training would write among the checkpoints of another one.
    #[error(
        "{}: there is a checkpoint after step {step}; `Trainer::resume` goes on from it, and a new training takes another folder",
        folder.display()
    )]
    Checkpoints {
        /// The folder.
        folder: PathBuf,
        /// The step of the newest checkpoint in it.
        step: usize,
    },

    /// A picture was to be written to a file that is not called as pictures are.
    #[error("{}: expected a name that ends in .svg, .png or .txt", path.display())]
    PictureFormat {
        /// The file.
        path: PathBuf,
    },

    /// A picture of more pixels than anybody looks at.
    #[error(
        "the picture has {pixels} pixels, and may have 100 million: a smaller `scale`, or fewer panels"
    )]
    PictureTooLarge {
        /// How many it would have.
        pixels: usize,
    },

    /// Samples that are to be shown as pictures, and have no shape of one.
    #[error(
        "samples of shape {found:?} are no pictures: expected [rows, columns], [1, rows, columns], [3, rows, columns], or a vector whose length is a square"
    )]
    NoPicture {
        /// The shape of a sample.
        found: Vec<usize>,
    },
}

impl Error {
    /// What the system says of a file or a folder.
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        Self::Io { path, source }
    }

    /// What a [`Callback`](crate::Callback) or a metric of one's own returns when something fails that this library knows nothing of.
    ///
    /// ```
    /// let error = nn_core::Error::callback("the disk is full");
    /// assert_eq!(error.to_string(), "a callback failed: the disk is full");
    /// ```
    pub fn callback(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Callback(error.into())
    }
}

fn batch_shape(sample: &[usize]) -> String {
    let sizes = sample.iter().map(usize::to_string);
    let sizes: Vec<String> = std::iter::once("N".to_owned()).chain(sizes).collect();
    sizes.join(", ")
}

fn nearest_keys(nearest: &[String]) -> String {
    match nearest {
        [] => ": there are none".to_owned(),
        [key] => format!("; the nearest key is `{key}`"),
        keys => format!("; the nearest keys are `{}`", keys.join("`, `")),
    }
}
