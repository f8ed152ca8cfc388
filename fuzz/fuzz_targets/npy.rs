//! Any bytes as data in a `.npy` file, which what does not begin as one is given the beginning of, or in an archive of such files.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nn_core::data::{read_npy, read_npz};

const MAGIC: &[u8] = b"\x93NUMPY";

/// In memory, where the system has a folder there.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() {
        memory
    } else {
        std::env::temp_dir()
    };
    folder.join(format!("nn-fuzz-{}.npy", std::process::id()))
});

fuzz_target!(|content: &[u8]| {
    if content.starts_with(b"PK") {
        std::fs::write(&*FILE, content).expect("a place to write");
        if let Err(error) = read_npz::<[f32; 3]>(&*FILE, "pixels") {
            assert!(!error.to_string().is_empty());
        }
        return;
    }
    let mut content = content.to_vec();
    if let Some(start) = content.get_mut(..MAGIC.len()) {
        start.copy_from_slice(MAGIC);
    }
    std::fs::write(&*FILE, &content).expect("a place to write");
    match read_npy::<[[f32; 3]; 2]>(&*FILE) {
        Ok(numbers) => {
            // Memory is bounded by the file's size: a number takes a byte or more.
            assert!(numbers.len() * 6 <= content.len());
            let mut numbers = numbers.as_flattened().as_flattened().iter();
            assert!(numbers.all(|number| number.is_finite()));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    let _ = read_npy::<u8>(&*FILE);
});
