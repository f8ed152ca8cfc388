//! The cases of this folder.

pub(crate) use nn_tests::fixture::{Case, fill, nan, samples};

/// What `PyTorch` computed: see `make_cases.py`.
pub(crate) fn of_torch(name: &str) -> Case {
    Case::of(include_str!("cases.json"), name)
}

/// An ONNX operator test: see `make_onnx.py`.
pub(crate) fn of_onnx(name: &str) -> Case {
    Case::of(include_str!("onnx.json"), name)
}
