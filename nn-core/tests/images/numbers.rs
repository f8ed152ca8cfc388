//! What is read from the fixtures.

use nn_core::data::{Images, Resize};
use serde_json::Value;

use crate::{bytes, fixture};

/// Reads a case as a sample of its shape.
macro_rules! read {
    ($images:expr, $file:expr, $shape:expr, $([$c:literal, $h:literal, $w:literal]),*) => {
        match $shape {
            $([$c, $h, $w] => {
                let x: [[[f64; $w]; $h]; $c] = $images.read(fixture($file)).unwrap();
                let single: [[[f32; $w]; $h]; $c] = $images.decode(&bytes($file)).unwrap();
                let (x, single) = (x.as_flattened().as_flattened(), single.as_flattened().as_flattened());
                let is_near = |(x, single): (&f64, &f32)| (x - f64::from(*single)).abs() < 1e-7;
                assert!(x.iter().zip(single).all(is_near));
                x.to_vec()
            })*
            ref shape => panic!("no sample of the shape {shape:?}"),
        }
    };
}

#[test]
fn pictures_are_read_as_by_pillow() {
    let cases: Vec<Value> = serde_json::from_slice(&bytes("numbers.json")).unwrap();
    assert_eq!(cases.len(), 19);
    for case in &cases {
        let file = case["file"].as_str().unwrap();
        let images = match case["resize"].as_str() {
            None => Images::new(),
            Some("stretch") => Images::new().resize(Resize::Stretch),
            Some("cover") => Images::new().resize(Resize::Cover),
            Some(other) => panic!("no such way to resize: {other}"),
        };
        let shape: Vec<u64> = case["shape"]
            .as_array()
            .unwrap()
            .iter()
            .map(|size| size.as_u64().unwrap())
            .collect();
        let found = read!(
            images,
            file,
            shape[..],
            [1, 9, 13],
            [3, 9, 13],
            [4, 9, 13],
            [1, 13, 9],
            [3, 4, 6],
            [3, 20, 16],
            [3, 9, 9],
            [3, 18, 18]
        );
        let largest = case["largest"].as_f64().unwrap();
        let values = case["values"].as_array().unwrap().iter();
        let expected: Vec<f64> = values
            .map(|value| value.as_f64().unwrap() / largest)
            .collect();
        let tolerance = case["tolerance"].as_f64().unwrap() / largest + 1e-12;
        assert_eq!(found.len(), expected.len());
        for (place, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let difference = (found - expected).abs();
            assert!(
                difference <= tolerance,
                "{file} {shape:?}, number {place}: {found}, not {expected}"
            );
        }
    }
}
