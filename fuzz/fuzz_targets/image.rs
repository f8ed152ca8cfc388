//! Any bytes as a picture: of just the size of the samples, or stretched or cut to it.
#![no_main]

use std::panic;

use libfuzzer_sys::fuzz_target;
use nn_core::data::{Images, Resize};

// What decoders panic at is an error for `Images`: the hook of libFuzzer would end the run before. What panics outside of them ends it still.
fuzz_target!(init: panic::set_hook(Box::new(|_| ())), |content: &[u8]| {
    // The first byte says how to read, the others are the file.
    let Some((&how, content)) = content.split_first() else {
        return;
    };
    let images = match how % 3 {
        0 => Images::new(),
        1 => Images::new().resize(Resize::Stretch),
        _ => Images::new().resize(Resize::Cover),
    };
    match images.decode::<[[[f32; 13]; 9]; 3]>(content) {
        Ok(x) => assert!(
            x.as_flattened()
                .as_flattened()
                .iter()
                .all(|x| (0.0..=1.0).contains(x))
        ),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
