//! A small pixel font, to burn text into images.

/// Draws upper-case text into 8-bit pixels, `scale` pixels a dot; what does not fit is cut off.
pub(crate) fn draw(pixels: &mut [u8], columns: usize, at: [usize; 2], scale: usize, text: &str) {
    let rows = pixels.len() / columns.max(1);
    for (n, c) in text.chars().enumerate() {
        let Some(glyph) = GLYPHS.iter().find(|g| g.0 == c.to_ascii_uppercase()) else { continue };
        for (y, line) in glyph.1.iter().enumerate() {
            for x in 0..5 {
                if line >> (4 - x) & 1 == 0 {
                    continue;
                }
                for dy in 0..scale {
                    for dx in 0..scale {
                        let (px, py) = (at[0] + (n * 6 + x) * scale + dx, at[1] + y * scale + dy);
                        if px < columns && py < rows {
                            pixels[py * columns + px] = 255;
                        }
                    }
                }
            }
        }
    }
}

/// Seven rows of five dots, leftmost dot in bit 4.
#[rustfmt::skip]
const GLYPHS: [(char, [u8; 7]); 40] = [
    ('A', [14, 17, 17, 31, 17, 17, 17]), ('B', [30, 17, 17, 30, 17, 17, 30]), ('C', [14, 17, 16, 16, 16, 17, 14]),
    ('D', [30, 17, 17, 17, 17, 17, 30]), ('E', [31, 16, 16, 30, 16, 16, 31]), ('F', [31, 16, 16, 30, 16, 16, 16]),
    ('G', [14, 17, 16, 23, 17, 17, 14]), ('H', [17, 17, 17, 31, 17, 17, 17]), ('I', [14, 4, 4, 4, 4, 4, 14]),
    ('J', [7, 2, 2, 2, 2, 18, 12]), ('K', [17, 18, 20, 24, 20, 18, 17]), ('L', [16, 16, 16, 16, 16, 16, 31]),
    ('M', [17, 27, 21, 21, 17, 17, 17]), ('N', [17, 25, 21, 19, 17, 17, 17]), ('O', [14, 17, 17, 17, 17, 17, 14]),
    ('P', [30, 17, 17, 30, 16, 16, 16]), ('Q', [14, 17, 17, 17, 21, 18, 13]), ('R', [30, 17, 17, 30, 20, 18, 17]),
    ('S', [15, 16, 16, 14, 1, 1, 30]), ('T', [31, 4, 4, 4, 4, 4, 4]), ('U', [17, 17, 17, 17, 17, 17, 14]),
    ('V', [17, 17, 17, 17, 17, 10, 4]), ('W', [17, 17, 17, 21, 21, 27, 17]), ('X', [17, 17, 10, 4, 10, 17, 17]),
    ('Y', [17, 17, 10, 4, 4, 4, 4]), ('Z', [31, 1, 2, 4, 8, 16, 31]), ('0', [14, 17, 19, 21, 25, 17, 14]),
    ('1', [4, 12, 4, 4, 4, 4, 14]), ('2', [14, 17, 1, 6, 8, 16, 31]), ('3', [30, 1, 1, 14, 1, 1, 30]),
    ('4', [2, 6, 10, 18, 31, 2, 2]), ('5', [31, 16, 30, 1, 1, 17, 14]), ('6', [14, 16, 16, 30, 17, 17, 14]),
    ('7', [31, 1, 2, 4, 4, 4, 4]), ('8', [14, 17, 17, 14, 17, 17, 14]), ('9', [14, 17, 17, 15, 1, 1, 14]),
    ('-', [0, 0, 0, 31, 0, 0, 0]), ('.', [0, 0, 0, 0, 0, 12, 12]), (',', [0, 0, 0, 0, 12, 4, 8]),
    (':', [0, 12, 12, 0, 12, 12, 0]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_an_i_and_stays_inside() {
        let mut pixels = vec![0u8; 12 * 8];
        draw(&mut pixels, 12, [0, 0], 1, "I");
        assert_eq!(&pixels[..5], &[0, 255, 255, 255, 0]);
        draw(&mut pixels, 12, [9, 5], 2, "WWWW");
    }
}
