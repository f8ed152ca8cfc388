//! Any bytes as a picture: of just the size of the samples, and stretched or cut to it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nn_core::data::{Images, Resize};

fuzz_target!(|content: &[u8]| {
    let images = Images::new();
    for images in [images, images.resize(Resize::Stretch), images.resize(Resize::Cover)] {
        match images.decode::<[[[f32; 13]; 9]; 3]>(content) {
            Ok(x) => assert!(x.as_flattened().as_flattened().iter().all(|x| (0.0..=1.0).contains(x))),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
});
