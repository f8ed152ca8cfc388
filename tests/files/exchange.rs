//! Writes files for Python, or reads those that Python has written: `exchange write FOLDER`, `exchange read FOLDER`. `exchange.py`
//! runs it and knows the numbers too.

use std::path::Path;
use std::process::ExitCode;

use nn_core::prelude::*;
use nn_core::{Element, KeyMap};

network! {
    struct Exchange< Affine(3, 4) -> Tanh -> last: Affine(4, 2) -> MeanSquaredError >;
}

network! {
    struct Normed< Affine(3, 4) -> BatchNorm -> Affine(4, 2) -> MeanSquaredError >;
}

/// As PyTorch calls the layers of a `Sequential`.
fn normed_in_torch() -> KeyMap {
    KeyMap::new()
        .linear("affine1", "0")
        .batch_norm("batch_norm1", "1")
        .linear("affine2", "2")
}

/// Number `place` of parameter `index`: all different, all exact in f32.
fn number(index: usize, place: usize) -> f64 {
    1000.0 * index as f64 + place as f64 + 0.25
}

/// A NaN with a payload, infinity, −0, the smallest number: the numbers of `affine1.b` in single precision.
const STRANGE: [u32; 4] = [0x7fc0_1234, 0x7f80_0000, 0x8000_0000, 1];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.as_slice() {
        [verb, folder] if verb == "write" => write(Path::new(folder)),
        [verb, folder] if verb == "read" => read(Path::new(folder)),
        _ => {
            eprintln!("expected `write FOLDER` or `read FOLDER`");
            return ExitCode::FAILURE;
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A network with the numbers above.
fn numbered<T: Element>() -> Exchange<T> {
    let mut net = Exchange::<T>::seeded(1);
    for index in 0..net.params.count() {
        let numbers = net.params.numbers_mut(index).into_iter().flatten();
        for (place, parameter) in numbers.enumerate() {
            *parameter = T::of(number(index, place));
        }
    }
    net
}

/// The same of everything that is saved, running statistics too.
fn normed() -> Normed {
    let mut net = Normed::seeded(1);
    let mut index = 0;
    while let Some(numbers) = net.params.named_mut(index) {
        for (place, parameter) in numbers.iter_mut().enumerate() {
            *parameter = f32::of(number(index, place));
        }
        index += 1;
    }
    net
}

fn write(folder: &Path) -> nn_core::Result<()> {
    let mut net = numbered::<f32>();
    *net.params.affine1.b = STRANGE.map(f32::from_bits);
    let torch = KeyMap::new().linear("affine1", "0").linear("last", "2");
    net.save(folder.join("singles.safetensors"))?;
    net.save(folder.join("singles.npz"))?;
    net.save_with(folder.join("torch.safetensors"), &torch)?;
    let doubles = numbered::<f64>();
    doubles.save(folder.join("doubles.safetensors"))?;
    doubles.save(folder.join("doubles.npz"))?;

    normed().save(folder.join("normed.safetensors"))?;
    normed().save_with(folder.join("normed_torch.safetensors"), &normed_in_torch())?;

    let data = Dataset {
        x: vec![[0.5; 3]],
        t: vec![[0.25; 2]],
    };
    let mut trainer = Trainer::new(Adam::new(0.0)).steps(2).silent();
    trainer = trainer.checkpoint(folder.join("checkpoints"), 1);
    trainer.fit(&mut numbered::<f32>(), &data, &data)?;
    Ok(())
}

/// The files of Python hold the same numbers.
fn read(folder: &Path) -> nn_core::Result<()> {
    let mut singles = numbered::<f32>();
    *singles.params.affine1.b = STRANGE.map(f32::from_bits);
    let torch = KeyMap::new().linear("affine1", "0").linear("last", "2");
    for (name, keys) in [
        ("singles.safetensors", &KeyMap::new()),
        ("singles.npz", &KeyMap::new()),
        ("compressed.npz", &KeyMap::new()),
        ("columns.npz", &KeyMap::new()),
        ("torch.safetensors", &torch),
    ] {
        let mut net = Exchange::seeded(2);
        net.load_with(folder.join(name), keys)?;
        let bits = |net: &Exchange| -> Vec<u32> {
            let numbers = net.params.tensors().flat_map(|tensor| tensor.numbers());
            numbers.map(|number| number.to_bits()).collect()
        };
        assert_eq!(bits(&net), bits(&singles), "{name}");
    }
    for name in ["doubles.safetensors", "doubles.npz"] {
        let net: Exchange<f64> = Network::load(folder.join(name))?;
        assert_eq!(net.params, numbered().params, "{name}");
    }
    for (name, keys) in [
        ("normed.safetensors", &KeyMap::new()),
        ("normed_torch.safetensors", &normed_in_torch()),
    ] {
        let mut net = Normed::seeded(2);
        net.load_with(folder.join(name), keys)?;
        assert_eq!(net.params, normed().params, "{name}");
    }
    Ok(())
}
