//! Records with checksums, as TensorFlow's `RecordWriter` writes them:
//!
//! ```text
//! uint64 length; uint32 masked CRC-32C of length; length bytes; uint32 masked CRC-32C of them
//! ```
//!
//! All numbers are little-endian.

use std::io::{self, Read};

use crc::{CRC_32_ISCSI, Crc, Table};

static CRC: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISCSI);

/// A record that is whole.
pub(super) struct Record {
    pub(super) content: Vec<u8>,
    /// Where it ends in the file.
    pub(super) end: u64,
}

/// A checksum of data that has checksums in it is rotated and shifted, so that it is none of them.
fn masked(bytes: &[u8]) -> u32 {
    CRC.checksum(bytes)
        .rotate_right(15)
        .wrapping_add(0xa282_ead8)
}

pub(super) fn append(file: &mut Vec<u8>, content: &[u8]) {
    let length = (content.len() as u64).to_le_bytes();
    file.extend(length);
    file.extend(masked(&length).to_le_bytes());
    file.extend(content);
    file.extend(masked(content).to_le_bytes());
}

/// All records up to the end, or up to the first that is torn or damaged.
pub(super) fn read(file: &mut impl Read) -> io::Result<Vec<Record>> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let (mut rest, mut records) = (&bytes[..], Vec::new());
    while let Some((content, behind)) = first(rest) {
        rest = behind;
        records.push(Record {
            content: content.to_vec(),
            end: (bytes.len() - rest.len()) as u64,
        });
    }
    Ok(records)
}

fn first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (sum, rest) = rest.split_first_chunk::<4>()?;
    if u32::from_le_bytes(*sum) != masked(length) {
        return None;
    }
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (content, rest) = rest.split_at_checked(length)?;
    let (sum, rest) = rest.split_first_chunk::<4>()?;
    (u32::from_le_bytes(*sum) == masked(content)).then_some((content, rest))
}

#[cfg(test)]
mod tests {
    use super::{append, masked, read};

    /// The checksum of "123456789" that the catalogue of CRCs gives for CRC-32/ISCSI, and the mask as TensorFlow's `crc32c.h` defines it.
    #[test]
    fn checksums() {
        // 0xe3069283, of which Python makes ((sum >> 15) | (sum << 17)) + 0xa282ead8 in 32 bits.
        assert_eq!(masked(b"123456789"), 0xc78a_b0e5);
    }

    #[test]
    fn records_end_at_the_first_that_is_torn_or_damaged() {
        let mut file = Vec::new();
        for content in [&b"one"[..], b"", b"three"] {
            append(&mut file, content);
        }
        assert_eq!(file.len(), 3 * 16 + 8);
        for end in 0..=file.len() {
            let found = read(&mut &file[..end]).unwrap();
            let whole = [19, 35, 56].iter().filter(|length| **length <= end).count();
            assert_eq!(found.len(), whole, "{end}");
        }
        for place in 0..file.len() {
            let mut damaged = file.clone();
            damaged[place] ^= 4;
            let found = read(&mut &damaged[..]).unwrap();
            let before = [19, 35, 56]
                .iter()
                .filter(|length| **length <= place)
                .count();
            assert_eq!(found.len(), before, "{place}");
        }
        // A length that nobody has.
        let mut huge = u64::MAX.to_le_bytes().to_vec();
        huge.extend(masked(&u64::MAX.to_le_bytes()).to_le_bytes());
        assert!(read(&mut &huge[..]).unwrap().is_empty());
    }
}
