//! Files of another network: every key is named, and nothing is changed.

use nn_core::prelude::*;
use nn_core::{Error, KeyMap, LoadProblem};

use crate::{Small, fixture, problem, safetensors};

network! {
    #[derive(Clone, Debug)]
    struct Deeper< Affine(3, 5) -> Tanh -> Affine(5, 2) -> Tanh -> last: Affine(2, 2) -> MeanSquaredError >;
}

#[test]
fn every_key_that_does_not_fit_is_named_in_one_error() {
    let mut net = Deeper::seeded(1);
    let before = net.clone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("small.safetensors");
    std::fs::write(&path, fixture("numpy.safetensors")).unwrap();
    let error = net
        .load_with(&path, &KeyMap::new().key("last.b", "z"))
        .unwrap_err();
    let expected = format!(
        "{}: does not fit the network
  `last.W` is missing in the file
  `z` is missing in the file
  `affine1.W` is [3, 4] in the file, expected [3, 5]
  `affine1.b` is [4] in the file, expected [5]
  `affine2.W` is [4, 2] in the file, expected [5, 2]",
        path.display()
    );
    assert_eq!(error.to_string(), expected);
    // `affine2.b` would have fitted.
    assert_eq!(net.params, before.params);
    assert_eq!(
        Deeper::load(&path).unwrap_err().to_string(),
        expected.replace("`z`", "`last.b`")
    );
}

#[test]
fn a_model_of_pytorch_without_a_key_map_says_what_is_there() {
    let problem = problem(
        &mut Small::seeded(1),
        &fixture("torch.safetensors"),
        &KeyMap::new(),
    );
    let expected = "does not fit the network
  `affine1.W` is missing in the file
  `affine1.b` is missing in the file
  `affine2.W` is missing in the file
  `affine2.b` is missing in the file
  `0.bias` is in the file alone
  `0.weight` is in the file alone
  `2.bias` is in the file alone
  `2.weight` is in the file alone";
    assert_eq!(problem.to_string(), expected);
    let LoadProblem::Mismatch(mismatch) = problem else {
        panic!("{problem:?}");
    };
    assert_eq!(
        mismatch.superfluous,
        ["0.bias", "0.weight", "2.bias", "2.weight"]
    );
}

#[test]
fn a_transpose_is_recognised() {
    let keys = KeyMap::new()
        .key("W1", "0.weight")
        .key("b1", "0.bias")
        .linear("affine2", "2");
    let problem = problem(&mut Small::seeded(1), &fixture("torch.safetensors"), &keys);
    let expected = "does not fit the network
  `0.weight` is [4, 3] in the file, expected [3, 4]: the transpose, see `KeyMap::transposed`";
    assert_eq!(problem.to_string(), expected);
}

#[test]
fn integers_are_no_parameters() {
    let header = r#"{"affine1.W":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#;
    let keys = KeyMap::new().keep("*.b").keep("affine2.*");
    let found = problem(&mut Small::seeded(1), &safetensors(header, &[0; 8]), &keys);
    let expected = "does not fit the network
  `affine1.W` is [1] in the file, expected [3, 4]
  `affine1.W` holds I64 numbers, expected f32";
    assert_eq!(found.to_string(), expected);
}

#[test]
fn a_key_map_that_names_nothing_is_refused() {
    let keys = KeyMap::new().key("affine3.W", "x");
    let content = fixture("numpy.safetensors");
    let found = problem(&mut Small::seeded(1), &content, &keys);
    let expected = "the key map names `affine3.W`, which the network does not have: its parameters are \
                    `affine1.W`, `affine1.b`, `affine2.W`, `affine2.b`";
    assert_eq!(found.to_string(), expected);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("twice.npz");
    let keys = KeyMap::new().key("affine1.W", "affine2.W");
    let error = Small::seeded(1).save_with(&path, &keys).unwrap_err();
    assert!(matches!(
        error,
        Error::Load { problem: LoadProblem::Twice { key }, .. } if key == "affine2.W"
    ));
    assert!(!path.exists());
}

#[cfg(unix)]
#[test]
fn what_has_no_end_is_not_read() {
    for path in ["/dev/zero", "."] {
        let path = std::path::Path::new(path);
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("endless.npz");
        std::os::unix::fs::symlink(std::fs::canonicalize(path).unwrap(), &link).unwrap();
        let error = Small::load(&link).unwrap_err();
        assert!(
            matches!(
                error,
                Error::Load {
                    problem: LoadProblem::NotAFile,
                    ..
                }
            ),
            "{error}"
        );
    }
    assert!(matches!(Small::load("nowhere.npz"), Err(Error::Io { .. })));
}
