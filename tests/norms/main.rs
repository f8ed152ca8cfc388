//! Layers that normalise, and Dropout: against `PyTorch` and the ONNX operator tests, and their gradients against differences.

mod batches;
mod fixture;
mod gradients;
mod networks;
mod onnx;
mod reference;
