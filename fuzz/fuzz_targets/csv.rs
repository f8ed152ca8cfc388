//! Any bytes as a CSV file, with a header or without one, as numbers or as names of classes.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nn_core::data::Csv;

/// In memory, where the system has a folder there.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() {
        memory
    } else {
        std::env::temp_dir()
    };
    folder.join(format!("nn-fuzz-{}.csv", std::process::id()))
});

fuzz_target!(|content: &[u8]| {
    // The first byte says how to read, the others are the file.
    let Some((&how, content)) = content.split_first() else {
        return;
    };
    std::fs::write(&*FILE, content).expect("a place to write");
    let delimiter = [b',', b';', b'\t', b' '][usize::from(how >> 1 & 3)];
    let by_name = Csv::new("t").leave_out("id").delimiter(delimiter);
    let by_place = Csv::new(1).without_header().delimiter(delimiter);
    let csv = if how & 1 == 0 { by_name } else { by_place };

    if how & 8 == 0 {
        match csv.read::<[f32; 2], u8>(&*FILE) {
            Ok(data) => {
                assert_eq!(data.x.len(), data.t.len());
                assert!(data.x.as_flattened().iter().all(|x| x.is_finite()));
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    } else {
        match csv.read_classes::<[f64; 2]>(&*FILE) {
            Ok((data, names)) => {
                assert_eq!(data.x.len(), data.t.len());
                assert!(data.t.iter().all(|&class| class < names.len()));
                assert!(names.is_sorted() && names.iter().all(|name| !name.is_empty()));
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
});
