//! What is saved here and loaded here is the same to the last bit.

use nn_core::prelude::*;
use nn_core::{Element, Error, KeyMap};

use crate::{Small, fixture};

network! {
    struct Tied<
        encoder: Affine(6, 4) -> Sigmoid -> decoder: Affine(4, 6, W = encoder.W.T) -> MeanSquaredError
    >;
}
network! {
    struct Frozen< #[freeze] Affine(3, 4) -> Tanh -> Affine(4, 2) -> MeanSquaredError >;
}
network! {
    struct Heads<
        Affine(4, 5) -> Relu -> [ digit: Affine(5, 3) -> SoftmaxWithLoss | odd: Affine(5, 1) -> SigmoidWithLoss ]
    >;
}
network! {
    struct Features< Affine(3, 4) -> Tanh >;
}
network! {
    struct Nested< Features -> second: Affine(_, 3) -> Features -> Affine(_, 2) -> MeanSquaredError >;
}
network! {
    struct Open<const H: usize>< Affine(3, H) -> Tanh -> Affine(H, 2) -> MeanSquaredError >;
}

const EXTENSIONS: [&str; 2] = ["safetensors", "npz"];

fn bits<T: Element>(params: &impl Parameters<T>) -> Vec<(String, Vec<u64>)> {
    let named = (0..).map_while(|index| params.named(index));
    let bits = |number: &T| number.as_f64().to_bits();
    named
        .map(|tensor| {
            (
                tensor.key().to_owned(),
                tensor.numbers().iter().map(bits).collect(),
            )
        })
        .collect()
}

fn there_and_back<N: Network>() {
    let folder = tempfile::tempdir().unwrap();
    let net = N::seeded(7);
    for extension in EXTENSIONS {
        let path = folder.path().join(format!("net.{extension}"));
        net.save(&path).unwrap();
        assert_eq!(bits(N::load(&path).unwrap().params()), bits(net.params()));
        let mut other = N::seeded(8);
        assert_ne!(bits(other.params()), bits(net.params()));
        other.load_with(&path, &KeyMap::new()).unwrap();
        assert_eq!(bits(other.params()), bits(net.params()));
        // Over an existing file, which is not left beside a temporary one.
        N::seeded(9).save(&path).unwrap();
        assert_eq!(
            bits(N::load(&path).unwrap().params()),
            bits(N::seeded(9).params())
        );
    }
    let names = std::fs::read_dir(folder.path()).unwrap();
    assert_eq!(names.count(), EXTENSIONS.len());
}

#[test]
fn every_kind_of_network_comes_back() {
    there_and_back::<Small>();
    there_and_back::<Small<f64>>();
    there_and_back::<Tied>();
    there_and_back::<Frozen>();
    there_and_back::<Heads>();
    there_and_back::<Features>();
    there_and_back::<Nested>();
    there_and_back::<Open<5>>();
}

/// A network in another one has its keys behind the label.
#[test]
fn keys_of_nested_networks_are_those_of_the_gradient() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nested.safetensors");
    let net = Nested::seeded(1);
    net.save(&path).unwrap();
    let content = std::fs::read(&path).unwrap();
    let content = String::from_utf8_lossy(&content);
    let keys: Vec<&str> = net.params.iter().map(|(key, _)| key).collect();
    assert!(keys.contains(&"features2.affine1.W"), "{keys:?}");
    for key in keys {
        assert!(
            content.contains(&format!(r#""{key}":{{"dtype":"F32""#)),
            "{key}"
        );
    }
    // The inner network has a file of its own.
    let inner = Features::from(net.params.features2.clone());
    let path = folder.path().join("inner.npz");
    inner.save(&path).unwrap();
    assert_eq!(
        bits(Features::load(&path).unwrap().params()),
        bits(&net.params.features2)
    );
}

#[test]
fn the_inherent_methods_need_no_annotation() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.SafeTensors");
    let net = Small::seeded(1);
    net.save(&path).unwrap();
    let back = Small::load(&path).unwrap();
    assert_eq!(back.params, net.params);
}

#[test]
fn not_a_number_keeps_its_bits() {
    // A signalling NaN with a payload, a negative one, infinities, a subnormal and −0.
    let strange = [0x7f80_1234, 0xffff_ffff, 0x7f80_0000, 0xff80_0000_u32];
    let folder = tempfile::tempdir().unwrap();
    for extension in EXTENSIONS {
        let path = folder.path().join(format!("nan.{extension}"));
        let mut net = Small::seeded(1);
        *net.params.affine1.b = strange.map(f32::from_bits);
        net.params.affine2.b[0] = f32::from_bits(1);
        net.params.affine2.b[1] = -0.0;
        net.save(&path).unwrap();
        let back = Small::load(&path).unwrap();
        assert_eq!(back.params.affine1.b.map(f32::to_bits), strange);
        assert_eq!(back.params.affine2.b.map(f32::to_bits), [1, 0x8000_0000]);
    }
}

#[test]
fn a_shared_parameter_is_in_the_file_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tied.safetensors");
    Tied::seeded(1).save(&path).unwrap();
    let content = std::fs::read(&path).unwrap();
    let data = (6 * 4 + 4 + 6) * 4;
    let length = u64::from_le_bytes(content[..8].try_into().unwrap());
    assert_eq!(content.len() as u64, 8 + length + data);
    let header = String::from_utf8_lossy(&content);
    assert!(header.contains("encoder.W") && !header.contains("decoder.W"));
}

#[test]
fn parameters_that_are_kept_are_neither_read_nor_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("base.npz");
    let (net, mut other) = (Small::seeded(1), Small::seeded(2));
    let base = KeyMap::new().keep("affine2.*");
    net.save_with(&path, &base).unwrap();
    let before = other.clone();
    other.load_with(&path, &base).unwrap();
    assert_eq!(other.params.affine1, net.params.affine1);
    assert_eq!(other.params.affine2, before.params.affine2);
    assert!(Small::load(&path).is_err());
    // A part of a larger file: what is not needed is left alone.
    let mut features = Features::seeded(3);
    let first = KeyMap::new().ignore("affine2.*");
    features
        .load_bytes(&fixture("numpy.safetensors"), &first)
        .unwrap();
    let mut whole = Small::seeded(4);
    whole
        .load_bytes(&fixture("numpy.safetensors"), &KeyMap::new())
        .unwrap();
    assert_eq!(features.params.affine1, whole.params.affine1);
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let net = Small::seeded(1);
    let missing = folder.path().join("missing/net.npz");
    assert!(matches!(net.save(&missing), Err(Error::Io { .. })));
    // A folder in the place of the file.
    let occupied = folder.path().join("occupied.npz");
    std::fs::create_dir(&occupied).unwrap();
    assert!(matches!(net.save(&occupied), Err(Error::Io { .. })));
    let error = net
        .save(folder.path().join("net.pt"))
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with(
            "the name ends in `.pt`: expected one that ends in `.safetensors` or `.npz`"
        ),
        "{error}"
    );
    let names = std::fs::read_dir(folder.path()).unwrap();
    assert_eq!(names.count(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_goes_on_leading_to_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (
        folder.path().join("v1.npz"),
        folder.path().join("latest.npz"),
    );
    Small::seeded(1).save(&file).unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    Small::seeded(2).save(&link).unwrap();
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(Small::load(&file).unwrap().params, Small::seeded(2).params);
}
