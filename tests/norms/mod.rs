//! Layers that normalise, and Dropout: against `PyTorch` and the ONNX operator tests, and their gradients against differences.

mod batches;
mod fixture;
pub(crate) mod gradients;
mod networks;
pub(crate) mod onnx;
pub(crate) mod reference;

of_kind! {
    layer_norm "LayerNorm" 24 9;
    rms_norm "RmsNorm" 24 9;
    group_norm "GroupNorm" 24 4;
    batch_norm "BatchNorm" 24 4;
}
