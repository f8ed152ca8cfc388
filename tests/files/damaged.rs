//! Files that are damaged or hostile: a typed error, nothing changed, and no more memory than the file is worth.

use nn_core::prelude::*;
use nn_core::{ArrayProblem, KeyMap, LoadProblem};

use crate::{Small, fixture, problem, safetensors};

/// The network with the numbers of a file; it is as it was if they are refused.
fn loaded(content: &[u8], about: &str) -> Option<Small> {
    let mut net = Small::seeded(1);
    if net.load_bytes(content, &KeyMap::new()).is_ok() {
        return Some(net);
    }
    assert_eq!(net.params, Small::seeded(1).params, "{about}");
    None
}

const FILES: [&str; 4] = [
    "numpy.safetensors",
    "savez.npz",
    "compressed.npz",
    "columns.npz",
];

#[test]
fn every_file_that_is_cut_off_is_refused() {
    for name in FILES {
        let content = fixture(name);
        for length in 0..content.len() {
            assert!(
                loaded(&content[..length], name).is_none(),
                "{name} {length}"
            );
        }
    }
}

/// In an archive a checksum guards the numbers: what is loaded, because nobody reads the bit, is right. In safetensors none does,
/// and a bit that is wrong among the numbers is one in the network.
#[test]
fn a_single_bit_that_is_wrong_is_refused_or_changes_no_other() {
    for name in FILES {
        let content = fixture(name);
        let right = loaded(&content, name).expect("a fixture");
        let mut changed = 0;
        for bit in 0..content.len() * 8 {
            let mut content = content.clone();
            content[bit / 8] ^= 1 << (bit % 8);
            if let Some(net) = loaded(&content, name) {
                let pairs = right.params.tensors().zip(net.params.tensors());
                let bits = pairs.flat_map(|(right, net)| right.numbers().iter().zip(net.numbers()));
                let bits = bits.map(|(right, net)| (right.to_bits() ^ net.to_bits()).count_ones());
                let bits: u32 = bits.sum();
                assert!(bits <= 1, "{name}: bit {bit}");
                changed += bits;
            }
        }
        let numbers = if name.ends_with("npz") { 0 } else { 26 * 32 };
        assert_eq!(changed, numbers, "{name}");
    }
}

/// A byte more at any place.
#[test]
fn what_is_inserted_is_found() {
    for name in FILES {
        let content = fixture(name);
        for place in 0..=content.len() {
            for byte in [0, b' ', b'{', 0xff] {
                let mut content = content.clone();
                content.insert(place, byte);
                loaded(&content, name);
            }
        }
    }
}

#[test]
fn headers_of_safetensors_are_checked() {
    let refused =
        |content: &[u8]| problem(&mut Small::seeded(1), content, &KeyMap::new()).to_string();
    for (header, data, expected) in [
        (
            "",
            0,
            "the header is not that of a safetensors file: EOF while parsing a value at line 1 column 0 of the header",
        ),
        (
            "[]",
            0,
            "the header is not that of a safetensors file: invalid type: sequence, expected an object of arrays by their keys at line 1 column 0 of the header",
        ),
        (
            r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
            4,
            "the header is not that of a safetensors file: `a` is there twice at line 1 column 57 of the header",
        ),
        (
            r#"{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}"#,
            4,
            "the header is not that of a safetensors file: `shape` is there twice at line 1 column 43 of the header",
        ),
        (
            r#"{"__metadata__":{"k":"v","k":"v"}}"#,
            0,
            "the header is not that of a safetensors file: `k` is there twice at line 1 column 33 of the header",
        ),
        (
            r#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
            4,
            "the header is not that of a safetensors file: invalid value: integer `-1`, expected usize at line 1 column 31 of the header",
        ),
        (
            r#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#,
            4,
            "`a` has the shape [4294967296, 4294967296]: more bytes than a computer can hold",
        ),
        (
            r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
            4,
            "`a` has the shape [2], which takes 8 bytes, but 4 bytes of data",
        ),
        (
            r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}}"#,
            4,
            "`a` has the bytes 0 to 18446744073709551615 of 4",
        ),
        (
            r#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[4,0]}}"#,
            4,
            "`a` has the bytes 4 to 0 of 4",
        ),
        (
            r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            8,
            "`a` begins at byte 4 of the data, but the bytes from 0 on belong to nobody",
        ),
        (
            r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
            6,
            "`b` begins at byte 2 of the data, where another array reaches to byte 4",
        ),
        (
            r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
            6,
            "goes on for 2 bytes behind the last array that its header declares",
        ),
    ] {
        assert_eq!(
            refused(&safetensors(header, &vec![0; data])),
            expected,
            "{header}"
        );
    }
    assert_eq!(
        refused(&[1, 0, 0]),
        "ends early: expected at least 8 bytes, found 3"
    );
    assert_eq!(
        refused(&[9, 0, 0, 0, 0, 0, 0, 0, b'{']),
        "ends early: expected at least 17 bytes, found 9"
    );
    let huge = "declares a header of 18446744073709551615 bytes: safetensors allows 100000000; is it a file of another kind?";
    assert_eq!(refused(&[0xff; 20]), huge);
    // Nested as deep as one likes: the parser gives up before the stack does.
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    assert!(
        refused(&safetensors(&deep, &[])).contains("expected an object"),
        "{deep:.40}"
    );
}

/// A zip archive of one stored file, put together by hand.
fn archive(name: &str, content: &[u8]) -> Vec<u8> {
    let crc = content.iter().fold(!0_u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    });
    let size = u32::try_from(content.len()).unwrap().to_le_bytes();
    let length = u16::try_from(name.len()).unwrap().to_le_bytes();
    let common = [
        &[0; 8][..],
        &(!crc).to_le_bytes(),
        &size,
        &size,
        &length,
        &[0, 0],
    ]
    .concat();
    let local = [b"PK\x03\x04\x14\0", &common[..], name.as_bytes(), content].concat();
    let central = [
        b"PK\x01\x02\x14\0\x14\0",
        &common[..],
        &[0; 14],
        name.as_bytes(),
    ]
    .concat();
    let sizes = [central.len(), local.len()].map(|size| u32::try_from(size).unwrap().to_le_bytes());
    [
        &local,
        &central,
        &b"PK\x05\x06\0\0\0\0\x01\0\x01\0"[..],
        &sizes.concat(),
        &[0, 0],
    ]
    .concat()
}

fn npy(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(dictionary.len()).unwrap().to_le_bytes();
    [b"\x93NUMPY\x01\0", &length[..], dictionary.as_bytes(), data].concat()
}

const BIAS: &str = "{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }";

#[test]
fn headers_of_arrays_in_archives_are_checked() {
    let keys = KeyMap::new().keep("*.W").keep("affine2.*");
    let mut net = Small::seeded(1);
    let numbers: Vec<u8> = [1.0_f32, 2.0, 3.0, 4.0]
        .iter()
        .flat_map(|x| x.to_le_bytes())
        .collect();
    for dictionary in [
        BIAS,
        "{\"shape\":(4),\n'fortran_order':True,'descr':'<f4'}",
        "{'shape': (4,), 'fortran_order': False, 'descr': '<f4'}         \n",
    ] {
        net.load_bytes(&archive("affine1.b.npy", &npy(dictionary, &numbers)), &keys)
            .unwrap();
        assert_eq!(*net.params.affine1.b, [1.0, 2.0, 3.0, 4.0]);
    }

    let mut refused = |content: &[u8]| problem(&mut net, content, &keys).to_string();
    for (dictionary, expected) in [
        ("", "expected `{` at byte 10"),
        ("{'descr': '<f4'", "expected `,` or `}` at byte 25"),
        (
            "{'descr': '<f4', }",
            "`descr`, `fortran_order` or `shape` is missing at byte 28",
        ),
        (
            "{'descr': '<f4', 'descr': '<f4'}",
            "a key is there twice at byte 27",
        ),
        (
            "{'descr': [('a', '<f4')]}",
            "expected numbers, not records, at byte 20",
        ),
        (
            "{'fortran_order': 1}",
            "expected `True` or `False` at byte 28",
        ),
        ("{'shape': (4,, )}", "expected a size at byte 23"),
        (
            "{'shape': (99999999999999999999,)}",
            "expected a size at byte 21",
        ),
        (
            "{'x': 1}",
            "expected `descr`, `fortran_order` or `shape` at byte 11",
        ),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': ()}x",
            "expected the end of the header at byte 63",
        ),
        ("{'\\", "expected a string at byte 11"),
    ] {
        let expected = format!("`affine1.b` has a header that is not NumPy's: {expected}");
        assert_eq!(
            refused(&archive("affine1.b.npy", &npy(dictionary, &[]))),
            expected
        );
    }
}

#[test]
fn arrays_in_archives_are_checked() {
    let keys = KeyMap::new().keep("*.W").keep("affine2.*");
    let mut net = Small::seeded(1);
    let mut refused = |content: &[u8]| problem(&mut net, content, &keys).to_string();
    let numbers: Vec<u8> = [1.0_f32, 2.0, 3.0, 4.0]
        .iter()
        .flat_map(|x| x.to_le_bytes())
        .collect();
    let long = npy(&" ".repeat(20_000), &[]);
    assert!(
        refused(&archive("affine1.b.npy", &long))
            .ends_with("expected at most 10000 bytes at byte 8")
    );
    let no_array = "`affine1.b` is no array: expected a name that ends in `.npy`, and the content of such a file";
    assert_eq!(
        refused(&archive("affine1.b.npy", b"no array at all")),
        no_array
    );
    assert_eq!(
        refused(&archive("affine1.b", &npy(BIAS, &numbers))),
        no_array
    );
    let short = "`affine1.b` has the shape [4], which takes 16 bytes, but 12 bytes of data";
    assert_eq!(
        refused(&archive("affine1.b.npy", &npy(BIAS, &numbers[4..]))),
        short
    );
    let twice = [numbers.clone(), numbers.clone()].concat();
    let long = "`affine1.b` has the shape [4], which takes 16 bytes, but 17 bytes of data";
    assert_eq!(refused(&archive("affine1.b.npy", &npy(BIAS, &twice))), long);
    let big = BIAS.replace('<', ">");
    let big = refused(&archive("affine1.b.npy", &npy(&big, &numbers)));
    assert_eq!(
        big,
        "does not fit the network\n  `affine1.b` holds >f4 numbers, expected f32"
    );
    assert!(matches!(
        problem(&mut Small::seeded(1), b"PK is no archive", &keys),
        LoadProblem::Zip { .. }
    ));
    // A number that is wrong does not pass the checksum.
    let mut damaged = archive("affine1.b.npy", &npy(BIAS, &numbers));
    let place = damaged
        .windows(4)
        .position(|bytes| bytes == 2.0_f32.to_le_bytes())
        .unwrap();
    damaged[place] ^= 1;
    assert!(matches!(
        problem(&mut Small::seeded(1), &damaged, &keys),
        LoadProblem::Array {
            problem: ArrayProblem::Damaged { .. },
            ..
        }
    ));
}

/// A header of millions of sizes, a header that declares what is not there, and an array of zeros that is a thousand times as
/// large as its archive: memory is taken for what there is.
#[test]
fn memory_is_bounded_by_the_file() {
    let taken = |content: &[u8]| {
        let mut net = Small::seeded(1);
        let mut loaded = Ok(());
        let info = allocation_counter::measure(|| loaded = net.load_bytes(content, &KeyMap::new()));
        loaded.unwrap_err();
        usize::try_from(info.bytes_max).unwrap()
    };
    let sizes = "1,".repeat(500_000);
    let header = format!(r#"{{"a":{{"dtype":"F32","shape":[{sizes}1],"data_offsets":[0,4]}}}}"#);
    let content = safetensors(&header, &[0; 4]);
    let most = 30 * content.len();
    assert!(taken(&content) < most, "{} of {most}", taken(&content));

    let huge = "{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000,), }";
    assert!(taken(&archive("affine1.b.npy", &npy(huge, &[]))) < 100_000);
    // Deflated zeros, ten million bytes in ten thousand: nobody unpacks what does not fit.
    let bomb = fixture("zeros.npz");
    assert!(bomb.len() < 11_000);
    assert!(taken(&bomb) < 1_000_000, "{}", taken(&bomb));
}
