//! Files that NumPy, safetensors and PyTorch have written, see `make_fixtures.py`.

use nn_core::KeyMap;
use nn_core::prelude::*;
use serde_json::Value;

use crate::{Small, fixture};

fn numbers() -> Value {
    serde_json::from_slice(&fixture("numbers.json")).expect("the script writes an object")
}

fn list(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list");
    list.iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn rows<const N: usize>(value: &Value) -> Vec<[f64; N]> {
    let rows = value.as_array().expect("a list").iter();
    let row = |row| list(row).try_into().expect("N numbers");
    rows.map(row).collect()
}

/// All parameters are these, bit for bit.
fn check<T: nn_core::Element>(net: &Small<T>, expected: &Value) {
    for (key, view) in net.params.iter() {
        let found: Vec<f64> = view.iter().map(|x| x.as_f64()).collect();
        assert_eq!(found, list(&expected[key]), "{key}");
    }
}

#[test]
fn every_kind_of_file_holds_the_same_numbers() {
    for name in [
        "numpy.safetensors",
        "savez.npz",
        "compressed.npz",
        "columns.npz",
    ] {
        let mut net = Small::seeded(1);
        net.load_bytes(&fixture(name), &KeyMap::new()).expect(name);
        check(&net, &numbers()["ours"]);
        // An f32 is an f64, exactly.
        let mut net = Small::<f64>::seeded(1);
        net.load_bytes(&fixture(name), &KeyMap::new()).expect(name);
        check(&net, &numbers()["ours"]);
    }
}

#[test]
fn doubles_are_rounded_only_when_asked_for() {
    for name in ["doubles.safetensors", "doubles.npz"] {
        let mut net = Small::<f64>::seeded(1);
        net.load_bytes(&fixture(name), &KeyMap::new()).expect(name);
        check(&net, &numbers()["doubles"]);

        let mut rounded = Small::seeded(1);
        let error = rounded.load_bytes(&fixture(name), &KeyMap::new());
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains(
                "`affine1.W` holds f64 numbers, expected f32; `KeyMap::round` rounds them"
            ),
            "{error}"
        );
        rounded
            .load_bytes(&fixture(name), &KeyMap::new().round())
            .expect(name);
        #[expect(clippy::cast_possible_truncation, reason = "what rounding is")]
        let expected = list(&numbers()["doubles"]["affine1.b"])[2] as f32;
        assert_eq!(rounded.params.affine1.b[2], expected);
    }
}

#[test]
fn a_model_of_pytorch_computes_the_same_here() {
    let keys = KeyMap::new().linear("affine1", "0").linear("affine2", "2");
    let mut net = Small::<f64>::seeded(1);
    net.load_bytes(&fixture("torch.safetensors"), &keys)
        .unwrap();
    check(&net, &numbers()["ours"]);
    let scores = net.predict(rows(&numbers()["x"])).unwrap();
    let expected: Vec<[f64; 2]> = rows(&numbers()["precise"]);
    for (found, expected) in scores.iter().zip(&expected) {
        assert!(
            nn_tests::relative_error(found, expected) < 1e-15,
            "{found:?} {expected:?}"
        );
    }
    assert_eq!(scores.len(), expected.len());
}

/// The header by hand, the order is ours, the numbers are PyTorch's.
#[test]
fn a_model_goes_back_under_pytorchs_keys() {
    let keys = KeyMap::new().linear("affine1", "0").linear("affine2", "2");
    let mut net = Small::seeded(1);
    net.load_bytes(&fixture("torch.safetensors"), &keys)
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("back.safetensors");
    net.save_with(&path, &keys).unwrap();

    let content = std::fs::read(&path).unwrap();
    let length = u64::from_le_bytes(content[..8].try_into().unwrap());
    let (header, data) = content[8..].split_at(usize::try_from(length).unwrap());
    assert_eq!(length % 8, 0);
    let header: Value = serde_json::from_slice(header).unwrap();
    assert_eq!(header["0.weight"]["shape"], serde_json::json!([4, 3]));
    assert_eq!(header["__metadata__"]["network"], "Small");
    // PyTorch's file has bias before weight: 16 + 48 + 8 + 32 bytes.
    let theirs = fixture("torch.safetensors");
    let theirs = &theirs[theirs.len() - 104..];
    assert_eq!(data[..48], theirs[16..64]);
    assert_eq!(data[48..64], theirs[..16]);
    assert_eq!(data[64..96], theirs[72..]);
    assert_eq!(data[96..], theirs[64..72]);
}
