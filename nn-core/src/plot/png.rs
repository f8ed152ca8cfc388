//! Pixels as a PNG file: the format of ISO/IEC 15948, without interlacing, alpha or palette.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::scene::Pixels;

pub(super) fn encode(pixels: &Pixels) -> Vec<u8> {
    let size = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes();
    let mut header = Vec::with_capacity(13);
    header.extend(size(pixels.columns));
    header.extend(size(pixels.rows));
    // 8 bits for each of red, green and blue; deflate; filters by line; not interlaced.
    header.extend([8, 2, 0, 0, 0]);

    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &compressed(pixels));
    chunk(&mut file, *b"IEND", &[]);
    file
}

/// Each line as its differences from the line above (filter 2): most lines of a drawing are equal.
fn compressed(pixels: &Pixels) -> Vec<u8> {
    let stride = 3 * pixels.columns;
    let mut lines = Vec::with_capacity((stride + 1) * pixels.rows);
    let mut above: &[u8] = &vec![0; stride];
    for line in pixels.rgb.chunks_exact(stride.max(1)) {
        lines.push(2);
        lines.extend(
            line.iter()
                .zip(above)
                .map(|(now, up)| now.wrapping_sub(*up)),
        );
        above = line;
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    // Nothing that is written to memory fails.
    let _ = encoder.write_all(&lines);
    encoder.finish().unwrap_or_default()
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    file.extend(length.to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(content);
    let sum = crc32fast::hash(&file[start..]);
    file.extend(sum.to_be_bytes());
}
