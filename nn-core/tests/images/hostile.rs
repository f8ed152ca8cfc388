//! Files that lie, break off, or are none.

use nn_core::Result;
use nn_core::data::Images;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::{bytes, message};

type Grey = [[[f32; 13]; 9]; 1];

const PICTURES: [&str; 9] = [
    "grey.png",
    "rgb.png",
    "rgba.png",
    "palette.png",
    "bilevel.png",
    "grey16.png",
    "rgb.jpg",
    "grey.jpg",
    "progressive.jpg",
];

fn decode(content: &[u8]) -> Result<Grey> {
    Images::new().decode(content)
}

#[test]
fn what_a_header_declares_is_not_believed() {
    assert_eq!(
        message(decode(&bytes("too_large.png"))),
        "declares a picture of 100000 × 100000 pixels: at most 67108864 are read"
    );
    let implausible = bytes("implausible.png");
    assert!(implausible.len() < 8_000);
    let expected = format!(
        "declares a picture of 8000 × 8000 pixels, which {} bytes cannot hold",
        implausible.len()
    );
    assert_eq!(message(decode(&implausible)), expected);
    // The sizes of a JPEG file stand behind the mark of its frame: length, bits, rows, columns.
    for (rows, columns, expected) in [
        (
            65_000_u16,
            65_000_u16,
            "declares a picture of 65000 × 65000 pixels: at most 67108864 are read",
        ),
        (
            8_000,
            8_000,
            "declares a picture of 8000 × 8000 pixels, which",
        ),
    ] {
        let mut jpeg = bytes("grey.jpg");
        let frame = jpeg
            .windows(2)
            .position(|mark| mark == [0xff, 0xc0])
            .unwrap();
        jpeg[frame + 5..frame + 7].copy_from_slice(&rows.to_be_bytes());
        jpeg[frame + 7..frame + 9].copy_from_slice(&columns.to_be_bytes());
        let message = message(decode(&jpeg));
        assert!(message.starts_with(expected), "{message}");
    }
}

#[test]
fn other_sizes_and_other_files() {
    let error = Images::new().decode::<[[[f32; 8]; 6]; 3]>(&bytes("rgb.png"));
    assert_eq!(
        message(error),
        "is a picture of 9 × 13 pixels, expected 6 × 8; `Images::resize` takes other sizes too"
    );
    for content in [&b""[..], b"GIF89a", b"{}", b"\x89PNG", b"\xff\xd8"] {
        assert_eq!(
            message(decode(content)),
            "is neither PNG nor JPEG",
            "{content:?}"
        );
    }
}

/// Also where a decoder would fill what is missing with grey.
#[test]
fn pictures_that_break_off_are_errors() {
    for (name, length, expected) in [
        ("short.png", 69, "is damaged: "),
        ("grey.png", 60, "breaks off: expected a complete picture"),
        ("grey.jpg", 380, "breaks off: expected a complete picture"),
    ] {
        let message = message(decode(&bytes(name)[..length]));
        assert!(message.starts_with(expected), "{name}: {message}");
    }
    for name in PICTURES {
        let whole = bytes(name);
        let expected = decode(&whole).unwrap();
        let mut read = 0;
        for length in 0..whole.len() {
            match decode(&whole[..length]) {
                Ok(found) => {
                    assert_eq!(found, expected, "{name}, {length} bytes");
                    read += 1;
                }
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
        // The end mark of PNG holds nothing, and checksums stand behind all pixels.
        assert!(
            read <= if name.ends_with("png") { 20 } else { 0 },
            "{name}: {read}"
        );
    }
}

/// Found by fuzzing: behind the frame of a grey picture, Adobe's mark says that there are four components.
#[test]
fn what_a_decoder_panics_at_is_damaged() {
    let message = message(decode(&bytes("adobe_behind_frame.jpg")));
    assert_eq!(
        message,
        "is damaged: its decoder panicked, index out of bounds: the len is 1 but the index is 1"
    );
}

proptest! {
    #[test]
    fn flipped_bits_are_a_picture_or_an_error(name in 0..PICTURES.len(), flips in prop::collection::vec(any::<Index>(), 1..4)) {
        let mut content = bytes(PICTURES[name]);
        for flip in flips {
            let bit = flip.index(8 * content.len());
            content[bit / 8] ^= 1 << (bit % 8);
        }
        if let Ok(x) = decode(&content) {
            prop_assert!(x.as_flattened().as_flattened().iter().all(|x| (0.0..=1.0).contains(x)));
        }
    }

    #[test]
    fn any_bytes_behind_a_beginning_are_a_picture_or_an_error(name in 0..PICTURES.len(), cut: Index, rest: Vec<u8>) {
        let content = bytes(PICTURES[name]);
        let _ = decode(&[&content[..cut.index(content.len())], &rest].concat());
    }
}
