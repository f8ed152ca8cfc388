//! Pictures as samples. Expected numbers are what Pillow and NumPy read from `fixtures/`, see `make_fixtures.py`.

mod folders;
mod hostile;
mod numbers;

use std::path::{Path, PathBuf};

use nn_core::Error;

fn fixture(name: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images/fixtures");
    fixtures.join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).unwrap()
}

/// What an error says behind the path.
fn message<T>(result: Result<T, Error>) -> String {
    let Err(error @ Error::Image { .. }) = result else {
        panic!("expected an error of a picture");
    };
    let message = error.to_string();
    message.split_once(": ").unwrap().1.to_owned()
}
