//! Any bytes as an archive: what does not begin as one does is given its beginning.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nn_core::KeyMap;
use nn_core::prelude::*;

network! {
    #[derive(Clone)]
    struct Net< Affine(3, 4) -> Tanh -> Affine(4, 2) -> MeanSquaredError >;
}

fuzz_target!(|content: &[u8]| {
    let mut content = content.to_vec();
    if content.len() >= 2 {
        content[..2].copy_from_slice(b"PK");
    }
    let mut net = Net::seeded(1);
    let before = net.clone();
    if let Err(error) = net.load_bytes(&content, &KeyMap::new()) {
        assert!(!error.to_string().is_empty());
        assert_eq!(net.params, before.params);
    }
    let keys = KeyMap::new().linear("affine1", "0").ignore("*").round();
    let _ = Net::<f64>::seeded(1).load_bytes(&content, &keys);
});
