//! Any bytes as an IDX file of labels and of images, compressed or not.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nn_core::data::idx;

/// In memory, where the system has a folder there.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() {
        memory
    } else {
        std::env::temp_dir()
    };
    folder.join(format!("nn-fuzz-{}.idx", std::process::id()))
});

fuzz_target!(|content: &[u8]| {
    std::fs::write(&*FILE, content).expect("a place to write");
    let _ = idx::read::<1>(&*FILE);
    if let Ok(images) = idx::read::<3>(&*FILE) {
        assert_eq!(
            images.sizes().iter().product::<usize>(),
            images.data().len()
        );
    }
});
