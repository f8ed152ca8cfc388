//! What each layer, loss, optimizer, schedule and initialisation is compared with, and the table of that: `tests/PROOF.md`.
//!
//! A row is a test. The table is made of what all rows found; `UPDATE=1` writes it anew.

pub(crate) mod differences;
pub(crate) mod erased;
mod layers;
mod losses;
pub(crate) mod shapes;
mod table;

use std::sync::{LazyLock, OnceLock};

use nn_tests::tally::Tally;

use crate::{
    images, norms, onnx, schedules, torch_activations, torch_layers, torch_losses, torch_optimizers,
};

/// One line of a table.
struct Row {
    name: &'static str,
    /// As a column is called, and what fills it.
    columns: &'static [Column],
    found: OnceLock<Vec<Option<Tally>>>,
}

/// A check, or why there is none.
#[derive(Clone, Copy)]
enum Column {
    By(fn()),
    None,
}

use Column::{By, None as Nothing};

impl Row {
    /// What the checks found: each is called once, by whoever comes first.
    fn found(&self) -> &[Option<Tally>] {
        let run = |column: &Column| match *column {
            By(check) => Some(Tally::of(check)),
            Nothing => None,
        };
        self.found
            .get_or_init(|| self.columns.iter().map(run).collect())
    }
}

/// A table with a test for each row.
macro_rules! rows {
    ($table:ident: $($test:ident $name:literal [$($column:expr),* $(,)?];)*) => {
        static $table: LazyLock<Vec<Row>> =
            LazyLock::new(|| vec![$(Row { name: $name, columns: &[$($column),*], found: OnceLock::new() }),*]);

        $(#[test]
        fn $test() {
            let row = $table.iter().find(|row| row.name == $name).expect("a row");
            assert!(row.found().iter().flatten().all(|tally| tally.cases() > 0));
        })*
    };
}

// Gradients against differences, PyTorch, ONNX.
rows! { LAYERS:
    affine "Affine" [By(layers::affine), By(torch_layers::affine), By(onnx::affine)];
    matmul "MatMul" [By(layers::matmul), By(torch_layers::matmul), By(onnx::matmul)];
    conv2d "Conv2d" [By(images::gradients::conv), By(images::conv2d::torch), By(images::conv2d::onnx)];
    conv_transpose2d "ConvTranspose2d" [
        By(images::gradients::transposed), By(images::conv_transpose2d::torch), By(images::conv_transpose2d::onnx)
    ];
    max_pool2d "MaxPool2d" [By(images::gradients::max), By(images::max_pool2d::torch), By(images::max_pool2d::onnx)];
    avg_pool2d "AvgPool2d" [By(images::gradients::avg), By(images::avg_pool2d::torch), By(images::avg_pool2d::onnx)];
    global_avg_pool "GlobalAvgPool" [By(layers::global_avg_pool), By(torch_layers::global_avg_pool), By(images::global_avg_pool_onnx)];
    pad "Pad" [By(images::gradients::pad), By(images::pad::torch), By(images::pad::onnx)];
    upsample "Upsample" [By(images::gradients::upsample), By(images::upsample::torch), By(images::upsample::onnx)];
    flatten "Flatten" [By(layers::flatten), By(torch_layers::flatten), By(images::flatten_onnx)];
    reshape "Reshape" [By(layers::reshape), By(torch_layers::reshape), By(images::reshape_onnx)];
    batch_norm "BatchNorm" [By(norms::gradients::batch_norm), By(norms::batch_norm::torch), By(norms::batch_norm::onnx)];
    layer_norm "LayerNorm" [By(norms::gradients::layer_norm), By(norms::layer_norm::torch), By(norms::layer_norm::onnx)];
    rms_norm "RmsNorm" [By(norms::gradients::rms_norm), By(norms::rms_norm::torch), By(norms::rms_norm::onnx)];
    group_norm "GroupNorm" [By(norms::gradients::group_norm), By(norms::group_norm::torch), By(norms::group_norm::onnx)];
    relu "Relu" [By(layers::relu), By(torch_layers::relu), By(onnx::relu)];
    sigmoid "Sigmoid" [By(layers::sigmoid), By(torch_layers::sigmoid), By(onnx::sigmoid)];
    tanh "Tanh" [By(layers::tanh), By(torch_layers::tanh), By(onnx::tanh)];
    leaky_relu "LeakyRelu" [By(layers::leaky_relu), By(torch_activations::leaky_relu), By(onnx::leaky_relu)];
    elu "Elu" [By(layers::elu), By(torch_activations::elu), By(onnx::elu)];
    prelu "PRelu" [By(layers::prelu), By(torch_layers::prelu), By(onnx::prelu)];
    prelu_of_channels "PRelu(channels)" [By(layers::prelu_of_channels), By(torch_layers::prelu_of_channels), By(onnx::prelu_of_channels)];
    selu "Selu" [By(layers::selu), By(torch_activations::selu), By(onnx::selu)];
    softplus "Softplus" [By(layers::softplus), By(torch_activations::softplus), By(onnx::softplus)];
    gelu "Gelu" [By(layers::gelu), By(torch_activations::gelu), By(onnx::gelu)];
    gelu_tanh "Gelu(tanh)" [By(layers::gelu_tanh), By(torch_activations::gelu_tanh), By(onnx::gelu_tanh)];
    silu "Silu" [By(layers::silu), By(torch_activations::silu), By(onnx::silu)];
    hard_swish "HardSwish" [By(layers::hard_swish), By(torch_activations::hard_swish), By(onnx::hard_swish)];
    softmax "Softmax" [By(layers::softmax), By(torch_layers::softmax), By(onnx::softmax)];
    softmax_over "Softmax(axis)" [By(layers::softmax_over), By(torch_activations::softmax_over), By(onnx::softmax_over)];
    log_softmax "LogSoftmax" [By(layers::log_softmax), By(torch_activations::log_softmax), By(onnx::log_softmax)];
    log_softmax_over "LogSoftmax(axis)" [By(layers::log_softmax_over), By(torch_activations::log_softmax_over), By(onnx::log_softmax_over)];
    add "Add" [By(layers::add), By(torch_layers::add), By(onnx::add)];
    mul "Mul" [By(layers::mul), By(torch_layers::mul), By(onnx::mul)];
    concat "Concat" [By(layers::concat), By(torch_layers::concat), By(onnx::concat)];
    matmul_of_two "MatMul of two values" [By(layers::matmul_of_two), By(torch_layers::matmul_of_two), By(onnx::matmul_of_two)];
    identity "Identity" [By(layers::identity), By(torch_layers::identity), By(onnx::identity)];
    repeat "Repeat" [By(layers::repeat), By(torch_layers::repeat), Nothing];
    sum "Sum" [By(layers::sum), By(torch_layers::sum), By(onnx::sum)];
    scale "Scale" [By(layers::scale), By(torch_layers::scale), Nothing];
    shift "Shift" [By(layers::shift), By(torch_layers::shift), Nothing];
}

rows! { LOSSES:
    softmax_with_loss "SoftmaxWithLoss" [By(losses::softmax_with_loss), By(torch_layers::softmax_with_loss), By(onnx::softmax_with_loss)];
    cross_entropy "SoftmaxWithLoss(smoothing, ignore, weights)" [
        By(losses::cross_entropy), By(torch_losses::cross_entropy_options), By(onnx::cross_entropy)
    ];
    negative_log_likelihood "NegativeLogLikelihood" [
        By(losses::negative_log_likelihood), By(torch_losses::negative_log_likelihood), By(onnx::negative_log_likelihood)
    ];
    log_likelihood "NegativeLogLikelihood(ignore, weights)" [
        By(losses::log_likelihood), By(torch_layers::log_likelihood), By(onnx::log_likelihood)
    ];
    sigmoid_with_loss "SigmoidWithLoss" [By(losses::sigmoid_with_loss), By(torch_layers::sigmoid_with_loss), Nothing];
    binary_cross_entropy "SigmoidWithLoss(pos_weight)" [By(losses::binary_cross_entropy), By(torch_losses::binary_cross_entropy), Nothing];
    mean_squared_error "MeanSquaredError" [By(losses::mean_squared_error), By(torch_losses::mean_squared_error), Nothing];
    mean_absolute_error "MeanAbsoluteError" [By(losses::mean_absolute_error), By(torch_losses::mean_absolute_error), Nothing];
    huber "Huber" [By(losses::huber), By(torch_losses::huber), Nothing];
    kl_divergence "KlDivergence" [By(losses::kl_divergence), By(torch_losses::kl_divergence), Nothing];
    hinge "Hinge" [By(losses::hinge), By(torch_losses::hinge), Nothing];
    multiclass_hinge "MulticlassHinge" [By(losses::multiclass_hinge), By(torch_losses::multiclass_hinge), Nothing];
}

// PyTorch; Lion against optax.
rows! { TRAINING:
    sgd "Sgd" [By(torch_optimizers::sgd)];
    momentum "Momentum" [By(torch_optimizers::momentum)];
    nesterov "Nesterov" [By(torch_optimizers::nesterov)];
    ada_grad "AdaGrad" [By(torch_optimizers::ada_grad)];
    rms_prop "RmsProp" [By(torch_optimizers::rms_prop)];
    ada_delta "AdaDelta" [By(torch_optimizers::ada_delta)];
    adam "Adam" [By(torch_optimizers::adam)];
    adam_w "AdamW" [By(torch_optimizers::adam_w)];
    nadam "Nadam" [By(torch_optimizers::nadam)];
    r_adam "RAdam" [By(torch_optimizers::r_adam)];
    lion "Lion" [By(torch_optimizers::lion)];
    groups "Groups of parameters" [By(torch_optimizers::groups)];
    step_decay "StepDecay" [By(schedules::step_decay)];
    multi_step_decay "MultiStepDecay" [By(schedules::multi_step_decay)];
    exponential_decay "ExponentialDecay" [By(schedules::exponential_decay)];
    linear_decay "LinearDecay" [By(schedules::linear_decay)];
    polynomial_decay "PolynomialDecay" [By(schedules::polynomial_decay)];
    cosine "Cosine" [By(schedules::cosine)];
    one_cycle "OneCycle" [By(schedules::one_cycle)];
    warm_up "WarmUp" [By(schedules::warm_up)];
    plateau "Plateau" [By(schedules::plateau)];
}

// PyTorch's samples of weights.
rows! { STARTS:
    initialisers "He, Xavier, LeCun, each normal and uniform; orthogonal, normal, uniform, constant, zeros" [By(torch_layers::initialisers)];
}
