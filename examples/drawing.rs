//! Digits in a terminal.

/// A character of braille is two dots wide and four high, so that an image of 28 × 28 fits into 14 × 7.
const DOTS_DOWN: usize = 4;

/// Images beside each other, two spaces between them.
pub(crate) fn side_by_side(images: &[&[f32; 784]]) -> String {
    let line = |row: usize| {
        let images: Vec<String> = images.iter().map(|image| braille(image, row)).collect();
        images.join("  ")
    };
    let lines: Vec<String> = (0..28 / DOTS_DOWN).map(line).collect();
    lines.join("\n")
}

fn braille(image: &[f32; 784], row: usize) -> String {
    /// The bit of each dot, from left to right and from top to bottom (Unicode 15, chapter 21.1).
    const BITS: [[u32; 2]; DOTS_DOWN] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
    let character = |column: usize| {
        let mut dots = 0;
        for (y, bits) in BITS.iter().enumerate() {
            for (x, bit) in bits.iter().enumerate() {
                let ink = image[(row * DOTS_DOWN + y) * 28 + column * 2 + x];
                dots += if ink > 0.4 { *bit } else { 0 };
            }
        }
        char::from_u32(0x2800 + dots).unwrap_or(' ')
    };
    (0..14).map(character).collect()
}
