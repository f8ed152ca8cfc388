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

/// The type of a sample.
macro_rules! sample {
    ($T:ty; $size:tt) => { [$T; $size] };
    ($T:ty; $size:tt, $($inner:tt),+) => { [$crate::norms::fixture::sample!($T; $($inner),+); $size] };
}
pub(crate) use sample;
