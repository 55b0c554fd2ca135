//! The letters of the body's six directions, as pixels.

use super::Indexed;

/// Width and height of a letter, pixels.
pub(super) const SIZE: [usize; 2] = [10, 14];
/// Pixels between two letters.
const GAP: usize = 2;

/// Width of a word, pixels.
pub(super) fn width(word: &str) -> usize {
    let letters = word.chars().count();
    letters * SIZE[0] + letters.saturating_sub(1) * GAP
}

/// Draws a word in white; what is outside the picture is left out.
pub(super) fn draw(picture: &mut Indexed, word: &str, left: usize, top: usize) {
    for (n, letter) in word.chars().enumerate() {
        for (row, bits) in glyph(letter).into_iter().enumerate() {
            for column in (0..5).filter(|c| bits >> (4 - c) & 1 == 1) {
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    picture.put(left + n * (SIZE[0] + GAP) + 2 * column + dx, top + 2 * row + dy, Indexed::WHITE);
                }
            }
        }
    }
}

/// Seven rows of five pixels, each drawn twice as large.
const fn glyph(letter: char) -> [u8; 7] {
    match letter {
        'L' => [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111],
        'R' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
        'A' => [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        'P' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000],
        'S' => [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
        'I' => [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b11111],
        _ => [0; 7],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_letters_differ_and_fit() {
        let all: std::collections::BTreeSet<[u8; 7]> = "LRAPSI".chars().map(glyph).collect();
        assert_eq!(all.len(), 6);
        assert!(!all.contains(&[0; 7]));
        assert_eq!((width("R"), width("RA")), (10, 22));
    }
}
