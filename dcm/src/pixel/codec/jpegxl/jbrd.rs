//! What a container says of the JPEG that was recompressed (box `jbrd`), and a plainer JPEG of the same coefficients.
//!
//! The box tells how each byte of the JPEG was written: comments, other metadata, scans of a progressive frame. For its pixels
//! none of that matters, and the decoder does not rebuild all of it. So it is handed a box that asks for the plainest JPEG:
//! quantisation tables, one frame, one pair of Huffman tables with all symbols, one scan. That has the same coefficients and
//! the same steps, hence the same values, whatever the JPEG was like and whatever metadata were taken out.
//!
//! Source: ISO/IEC 18181-2 annex A (JPEG bitstream reconstruction data); ITU-T T.81 annex B.

use super::container::Bits;

/// Markers of the box are those of T.81, less this.
const FIRST_MARKER: u32 = 0xC0;
const END_OF_IMAGE: u32 = 0xD9;

/// Whether the JPEG had a segment that tells its colour model: that of JFIF, or Adobe's. `None` for a box that is cut off.
pub(super) fn tells_colour(jbrd: &[u8]) -> Option<bool> {
    let mut bits = Bits::new(jbrd);
    // Whether it is gray.
    bits.take(1)?;
    let mut told = false;
    loop {
        match bits.take(6)? + FIRST_MARKER {
            END_OF_IMAGE => return Some(told),
            0xE0 | 0xEE => told = true,
            _ => {}
        }
    }
}

/// The content of a box that asks for a plain JPEG of so many components, 1 or 3.
pub(super) fn plain(components: u32) -> Vec<u8> {
    let mut bits = Writer::default();
    bits.put(u32::from(components == 1), 1);
    // Quantisation tables, frame header of the extended process, Huffman tables, scan.
    for marker in [0xDB, 0xC1, 0xC4, 0xDA, END_OF_IMAGE] {
        bits.put(marker - FIRST_MARKER, 6);
    }
    // A table for each component: of 16 bits, its number, whether it is the segment's last.
    bits.put(components - 1, 2);
    for component in 0..components {
        bits.put(1, 1);
        bits.put(component, 2);
        bits.put(u32::from(component + 1 == components), 1);
    }
    // Names are 1, or 1 to 3; then which table each has.
    bits.put(u32::from(components > 1), 2);
    (0..components).for_each(|component| bits.put(component, 2));
    // Two Huffman tables: the shorter of both forms of a number from 2 on.
    bits.put(1, 2);
    bits.put(0, 3);
    huffman(&mut bits, false, &[(5, 16)]);
    huffman(&mut bits, true, &[(8, 128), (9, 128)]);
    // One scan of all components and coefficients, with table 0.
    bits.put(components - 1, 2);
    bits.put(0, 6);
    bits.put(63, 6);
    bits.put(0, 8);
    (0..components).for_each(|component| bits.put(component, 6));
    // The pass of the image that it needs, blocks that end a run, and runs beyond need: 0; no data behind the end; no padding.
    bits.put(0, 2 + 2 + 2 + 2 + 1);
    // An empty Brotli stream: of metadata there are none.
    bits.end();
    bits.bytes.push(6);
    bits.bytes
}

/// A Huffman table of the symbols from 0 on, so many of each length.
///
/// As encoders write them, the last length has one code word more, which stands for nothing.
fn huffman(bits: &mut Writer, coefficients: bool, lengths: &[(u32, u32)]) {
    bits.put(u32::from(coefficients), 1);
    bits.put(0, 2);
    bits.put(u32::from(coefficients), 1);
    let mut total = 0;
    for length in 0..17 {
        let count = lengths.iter().find(|entry| entry.0 == length).map_or(0, |entry| entry.1);
        total += count;
        let nothing = lengths.last().is_some_and(|last| last.0 == length);
        // The form of eight bits.
        bits.put(3, 2);
        bits.put(count + u32::from(nothing), 8);
    }
    // The form of two bits for 0, that of eight for one less than the others; 256 stands for nothing.
    bits.put(0, 4);
    for symbol in (1..total).chain([256]) {
        bits.put(3, 2);
        bits.put(symbol - 1, 8);
    }
}

/// Writes bits from the lowest of each byte on.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    held: u64,
    count: u32,
}

impl Writer {
    fn put(&mut self, value: u32, count: u32) {
        self.held |= u64::from(value) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// Fills up the last byte.
    fn end(&mut self) {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_that_tell_the_colour_model_are_found_among_others() {
        let of = |markers: &[u32]| {
            let mut bits = Writer::default();
            bits.put(0, 1);
            markers.iter().for_each(|marker| bits.put(marker - FIRST_MARKER, 6));
            bits.end();
            bits.bytes
        };
        let told = |markers: &[u32]| tells_colour(&of(markers));
        assert_eq!(told(&[0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9]), Some(true));
        assert_eq!(told(&[0xFE, 0xE1, 0xDB, 0xC2, 0xC4, 0xDA, 0xDA, 0xEE, 0xD9]), Some(true));
        assert_eq!(told(&[0xDB, 0xC0, 0xC4, 0xDA, 0xD9, 0xE0]), Some(false));
        assert_eq!(told(&[0xDB, 0xC0, 0xC4, 0xDA, 0xE2]), None);
    }

    #[test]
    fn a_plain_box_tells_nothing_but_the_frame() {
        for components in [1, 3] {
            assert_eq!(tells_colour(&plain(components)), Some(false));
        }
    }
}
