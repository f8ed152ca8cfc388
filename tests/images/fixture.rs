//! The cases of this folder.

pub(crate) use nn_tests::fixture::{Case, fill, nan, samples};
use nn_tests::tally;

/// Calls those of these checks that are of one kind of layer.
pub(crate) fn each(kind: &str, count: usize, checks: &[(&str, fn())]) {
    let checks = checks.iter().enumerate().filter(|(_, (of, _))| *of == kind);
    let mut called = 0;
    for (place, (_, check)) in checks {
        tally::case(&format!("{kind} {place}"));
        check();
        called += 1;
    }
    assert_eq!(called, count, "{kind}");
}

/// What `PyTorch` computed: see `make_cases.py`.
pub(crate) fn of_torch(name: &str) -> Case {
    Case::of(include_str!("cases.json"), name)
}

/// An ONNX operator test: see `make_onnx.py`.
pub(crate) fn of_onnx(name: &str) -> Case {
    Case::of(include_str!("onnx.json"), name)
}
