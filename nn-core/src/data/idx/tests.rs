use std::io::{self, BufReader, Cursor, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use proptest::sample::Index;

use super::{Failure, Idx, parse, read, read_up_to};
use crate::Error;
use crate::data::FileProblem;

/// Two images of one row and two columns, written by hand.
const IMAGES: [u8; 20] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 9, 8, 7, 6];

/// The same, compressed by Python's `gzip.compress(…, mtime=0)`.
const IMAGES_GZIP: [u8; 36] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 99, 96, 224, 96, 102, 96, 96, 96, 2, 98, 70, 16, 205, 201,
    193, 206, 6, 0, 173, 177, 192, 147, 20, 0, 0, 0,
];

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn idx(sizes: &[u32], data: &[u8]) -> Vec<u8> {
    let mut content = vec![0, 0, 8, u8::try_from(sizes.len()).unwrap()];
    content.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    content.extend(data);
    content
}

fn parsed<const D: usize>(file: &[u8]) -> Result<Idx<D>, FileProblem> {
    parse(Cursor::new(file), file.len() as u64).map_err(|failure| match failure {
        Failure::Problem(problem) => problem,
        Failure::Io(error) => panic!("memory cannot fail: {error}"),
    })
}

#[test]
fn plain_and_gzip_files_hold_the_same() {
    let halves = [gzip(&IMAGES[..7]), gzip(&IMAGES[7..])].concat();
    for file in [&IMAGES[..], &IMAGES_GZIP, &gzip(&IMAGES), &halves] {
        let images = parsed::<3>(file).unwrap();
        assert_eq!(images.sizes(), [2, 1, 2]);
        assert_eq!(images.data(), [9, 8, 7, 6]);
        assert_eq!(images.content(), IMAGES);
        assert_eq!(format!("{images:?}"), "Idx { sizes: [2, 1, 2], .. }");
    }
}

#[test]
fn headers_that_promise_nothing_readable_are_told_apart() {
    let huge = [u32::MAX; 3];
    let cases = [
        (
            b"P5 28 28 255".to_vec(),
            "starts with the bytes [50, 35, 20], expected [00, 00, 08]: IDX, unsigned bytes",
        ),
        // Type 0x0d: floats.
        (
            vec![0, 0, 0x0d, 3, 0, 0],
            "starts with the bytes [00, 00, 0d], expected [00, 00, 08]: IDX, unsigned bytes",
        ),
        (
            idx(&[2], &[1, 2]),
            "holds an array of 1 dimensions, expected 3",
        ),
        (
            idx(&[1, 1, 1, 1], &[1]),
            "holds an array of 4 dimensions, expected 3",
        ),
        (
            idx(&[2, 0, 2], &[]),
            "declares an array of shape [2, 0, 2], expected sizes above 0",
        ),
        (
            idx(&huge, &[1]),
            "declares an array of shape [4294967295, 4294967295, 4294967295]: more bytes than a computer can hold",
        ),
        (
            Vec::new(),
            "ends early: expected 16 bytes, header and data, found 0",
        ),
        (
            vec![0, 0, 8, 3, 0],
            "ends early: expected 16 bytes, header and data, found 5",
        ),
    ];
    for (content, expected) in cases {
        assert_eq!(parsed::<3>(&content).unwrap_err().to_string(), expected);
        assert_eq!(
            parsed::<3>(&gzip(&content)).unwrap_err().to_string(),
            expected,
            "gzip"
        );
    }
}

#[test]
fn data_that_are_shorter_or_longer_than_declared_are_told_apart() {
    let (short, long) = (
        idx(&[2, 1, 2], &[1, 2, 3]),
        idx(&[2, 1, 2], &[1, 2, 3, 4, 5]),
    );
    for (short, long) in [(short.clone(), long.clone()), (gzip(&short), gzip(&long))] {
        let truncated = FileProblem::Truncated {
            expected: 20,
            found: 19,
        };
        assert_eq!(parsed::<3>(&short), Err(truncated));
        assert_eq!(
            parsed::<3>(&long),
            Err(FileProblem::TooLong { expected: 20 })
        );
    }
}

#[test]
fn a_damaged_gzip_stream_says_so() {
    let mut bad_checksum = IMAGES_GZIP;
    bad_checksum[IMAGES_GZIP.len() - 8] ^= 1;
    assert_eq!(
        parsed::<3>(&bad_checksum).unwrap_err().to_string(),
        "the gzip stream is damaged: corrupt gzip stream does not have a matching checksum"
    );
    let cut = &IMAGES_GZIP[..IMAGES_GZIP.len() - 1];
    assert_eq!(parsed::<3>(cut), Err(FileProblem::GzipTruncated));
    let followed_by_text = [&IMAGES_GZIP[..], b"and then a line of text"].concat();
    let problem = parsed::<3>(&followed_by_text).unwrap_err();
    assert!(
        matches!(problem, FileProblem::GzipCorrupt { .. }),
        "{problem}"
    );
}

/// A file of 100 bytes claims 4 GiB: refused by its length, before anything is allocated for the data.
#[test]
fn a_small_file_cannot_claim_gigabytes() {
    const DATA: u64 = 1 << 32;
    let content = idx(&[1 << 16, 1 << 8, 1 << 8], &[7; 84]);
    assert_eq!(content.len(), 100);
    let truncated = FileProblem::Truncated {
        expected: 16 + DATA,
        found: 100,
    };
    let mut file = Cursor::new(&content);
    let failure = parse::<3>(&mut file, 100);
    assert!(matches!(failure, Err(Failure::Problem(problem)) if problem == truncated));
    assert_eq!(file.position(), 16, "what follows the header is not read");
    let compressed = gzip(&content);
    let at_most = 1032 * compressed.len() as u64;
    let implausible = FileProblem::Implausible {
        declared: 16 + DATA,
        at_most,
    };
    assert_eq!(parsed::<3>(&compressed), Err(implausible));
}

#[test]
fn memory_grows_with_what_arrives_and_never_beyond_what_is_declared() {
    let mut content = Vec::new();
    let arriving = 1_000_000;
    let failure = read_up_to(&mut io::repeat(0).take(arriving), 1 << 40, &mut content);
    let truncated = FileProblem::Truncated {
        expected: 1 << 40,
        found: arriving,
    };
    assert!(matches!(failure, Err(Failure::Problem(problem)) if problem == truncated));
    assert!(content.capacity() < 2_100_000, "{}", content.capacity());

    let mut content = Vec::new();
    assert!(read_up_to(&mut io::repeat(0), 300_001, &mut content).is_ok());
    assert_eq!((content.len(), content.capacity()), (300_001, 300_001));
}

#[test]
fn a_gzip_bomb_is_left_after_the_declared_bytes() {
    let mut bomb = idx(&[1, 1, 4], &[1, 2, 3, 4]);
    bomb.resize(1 << 24, 0);
    let bomb = gzip(&bomb);
    let mut file = Cursor::new(&bomb);
    let failure = parse::<3>(&mut file, bomb.len() as u64);
    assert!(matches!(
        failure,
        Err(Failure::Problem(FileProblem::TooLong { expected: 20 }))
    ));
    // The decompressor works in blocks of 32 KiB, of which 1032 fit into one.
    assert!(
        file.position() < 1_000,
        "{} of {}",
        file.position(),
        bomb.len()
    );
}

#[test]
fn the_content_tells_whether_it_is_compressed_not_the_name() {
    let dir = tempfile::tempdir().unwrap();
    for (name, file) in [("images.gz", &IMAGES[..]), ("images", &IMAGES_GZIP)] {
        std::fs::write(dir.path().join(name), file).unwrap();
        assert_eq!(read::<3>(dir.path().join(name)).unwrap().content(), IMAGES);
    }
    let path = dir.path().join("images");
    let error = read::<1>(&path).unwrap_err().to_string();
    let expected = format!(
        "{}: holds an array of 3 dimensions, expected 1",
        path.display()
    );
    assert_eq!(error, expected);
}

#[test]
fn what_the_operating_system_refuses_is_an_io_error_with_the_path() {
    let dir = tempfile::tempdir().unwrap();
    for path in [
        dir.path().join("nowhere"),
        dir.path().to_owned(),
        "nul\0".into(),
    ] {
        let error = read::<1>(&path).unwrap_err();
        assert!(matches!(error, Error::Io { path: named, .. } if named == path));
    }
}

#[test]
fn a_disk_that_fails_under_a_gzip_file_is_not_taken_for_damage() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            // On Linux "invalid argument", of the same kind as the decompressor's own errors.
            Err(io::Error::from_raw_os_error(22))
        }
    }
    let file = BufReader::new(IMAGES_GZIP[..20].chain(Failing));
    let failure = parse::<3>(file, 36);
    assert!(matches!(failure, Err(Failure::Io(error)) if error.raw_os_error() == Some(22)));
}

#[test]
fn every_truncation_is_an_error() {
    for file in [&IMAGES[..], &IMAGES_GZIP] {
        for length in 0..file.len() {
            assert!(parsed::<3>(&file[..length]).is_err(), "{length} bytes");
        }
    }
}

proptest! {
    #[test]
    fn truncated_files_are_errors(sizes in sizes(), seed: u64, cut: Index) {
        let content = content(sizes, seed);
        for file in [gzip(&content), content] {
            prop_assert!(parsed::<3>(&file[..cut.index(file.len())]).is_err());
        }
    }

    #[test]
    fn a_flipped_bit_changes_one_pixel_or_is_an_error(sizes in sizes(), seed: u64, at: Index) {
        let content = content(sizes, seed);
        let mut flipped = content.clone();
        flip(&mut flipped, at);
        let in_the_pixels = content[..16] == flipped[..16];
        match parsed::<3>(&flipped) {
            Ok(images) => prop_assert!(in_the_pixels && images.content() == flipped),
            Err(problem) => prop_assert!(!in_the_pixels, "{problem}"),
        }
    }

    #[test]
    fn a_flipped_bit_of_a_gzip_file_changes_nothing_or_is_an_error(sizes in sizes(), seed: u64, at: Index) {
        let content = content(sizes, seed);
        let mut flipped = gzip(&content);
        flip(&mut flipped, at);
        if let Ok(images) = parsed::<3>(&flipped) {
            prop_assert_eq!(images.content(), content);
        }
    }

    #[test]
    fn any_bytes_after_a_valid_start_are_read_or_refused(file: Vec<u8>) {
        for start in [&IMAGES[..4], &IMAGES_GZIP[..10], &[]] {
            let _ = parsed::<3>(&[start, &file].concat());
        }
    }
}

fn sizes() -> impl Strategy<Value = [u32; 3]> {
    [1..5_u32, 1..5_u32, 1..5_u32]
}

/// A file of these sizes; its pixels are a few bits each, so that there is something to compress.
fn content(sizes: [u32; 3], seed: u64) -> Vec<u8> {
    let pixels = (0..sizes.iter().product()).map(|n| seed.rotate_right(n).to_le_bytes()[0] & 7);
    idx(&sizes, &pixels.collect::<Vec<u8>>())
}

fn flip(file: &mut [u8], at: Index) {
    let bit = at.index(8 * file.len());
    file[bit / 8] ^= 1 << (bit % 8);
}
