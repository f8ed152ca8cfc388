//! Layers that normalise: against `PyTorch` and the ONNX operator tests, and their gradients against differences.

mod fixture;
mod gradients;
mod networks;
mod onnx;
mod reference;
