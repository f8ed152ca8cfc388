//! Any bytes as a checkpoint, with the right checksum wherever there is a place for one.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nn_core::prelude::*;

network! {
    #[derive(Clone)]
    struct Net< Affine(3, 4) -> Tanh -> last: Affine(4, 2) -> MeanSquaredError >;
}

/// In memory, where the system has a folder there.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() {
        memory
    } else {
        std::env::temp_dir()
    };
    folder.join(format!("nn-fuzz-{}.safetensors", std::process::id()))
});

fn seal(content: &mut [u8]) {
    let start = 8 + r#"{"__metadata__":{"crc32":""#.len();
    if content.len() < start + 8 {
        return;
    }
    content[start..start + 8].copy_from_slice(b"00000000");
    let crc = crc32fast::hash(content);
    content[start..start + 8].copy_from_slice(format!("{crc:08x}").as_bytes());
}

fuzz_target!(|content: &[u8]| {
    let mut content = content.to_vec();
    seal(&mut content);
    std::fs::write(&*FILE, &content).expect("a place to write");
    let mut net = Net::seeded(1);
    let before = net.clone();
    let mut trainer = Trainer::new(Adam::new(0.1)).steps(4).silent();
    match trainer.resume_from(&mut net, &*FILE) {
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert_eq!(net.params, before.params);
        }
        // Whatever it holds, training goes on, or says why not.
        Ok(()) => {
            let data = Dataset {
                x: vec![[0.5; 3]],
                t: vec![[0.25; 2]],
            };
            let _ = trainer.fit(&mut net, &data, &data);
        }
    }
});
