//! Any bytes as a picture: of just the size of the samples, or stretched or cut to it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nn_core::data::{Images, Resize};

fuzz_target!(|content: &[u8]| {
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
