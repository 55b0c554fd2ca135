//! Run-length frames: PackBits of each byte plane, the highest byte first.
//!
//! Runs end with their row, as annex G asks. Frames of single bits are refused: the standard has no such form.
//!
//! Source: DICOM PS3.5 annex G and table 8.2.2-1.

use super::Image;
use crate::Error;

const NAME: &str = "RLE";
const MOST_SEGMENTS: usize = 15;
/// A run or a literal is no longer than that.
const MOST: usize = 128;

/// Codes one frame.
pub(in crate::pixel) fn encode(image: &Image<'_>) -> Result<Vec<u8>, Error> {
    let width = usize::from(image.bits_allocated / 8);
    let count = width * image.components;
    if width == 0 || count > MOST_SEGMENTS {
        return Err(Error::UnsupportedCodec { codec: NAME, what: "this number of bits allocated" });
    }
    let columns = usize::from(image.columns);
    let mut header = [0u32; 1 + MOST_SEGMENTS];
    header[0] = count as u32;
    let mut out = vec![0; 4 * header.len()];
    let mut line = vec![0; columns];
    for segment in 0..count {
        let (component, shift) = (segment / width, 8 * (width - 1 - segment % width));
        header[1 + segment] = u32::try_from(out.len())
            .map_err(|_| Error::UnsupportedCodec { codec: NAME, what: "a frame over 4 GiB" })?;
        for row in image.values.chunks_exact(columns * image.components) {
            let samples = row.iter().skip(component).step_by(image.components);
            line.iter_mut().zip(samples).for_each(|(place, &value)| *place = (value >> shift) as u8);
            pack(&line, &mut out);
        }
        if out.len() % 2 == 1 {
            out.push(0);
        }
    }
    out.chunks_exact_mut(4).zip(header).for_each(|(place, word)| place.copy_from_slice(&word.to_le_bytes()));
    Ok(out)
}

/// Packs one row: three alike make a run; two do only where no literal is open.
fn pack(line: &[u8], out: &mut Vec<u8>) {
    let mut literal = 0..0;
    let mut at = 0;
    while at < line.len() {
        let alike = line[at..].iter().take(MOST).take_while(|&&byte| byte == line[at]).count();
        if alike >= 3 || (alike == 2 && literal.is_empty()) {
            flush(&line[literal], out);
            out.extend([(257 - alike) as u8, line[at]]);
            literal = at + alike..at + alike;
        } else {
            literal.end = at + alike;
        }
        at += alike;
    }
    flush(&line[literal], out);
}

fn flush(literal: &[u8], out: &mut Vec<u8>) {
    for part in literal.chunks(MOST) {
        out.push((part.len() - 1) as u8);
        out.extend(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(line: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        pack(line, &mut out);
        out
    }

    #[test]
    fn runs_and_literals_are_those_of_packbits() {
        assert_eq!(packed(&[7, 7, 7, 1, 2, 2, 3, 3, 3]), [254, 7, 2, 1, 2, 2, 254, 3]);
        assert_eq!(packed(&[5, 5]), [255, 5]);
        assert_eq!(packed(&[9]), [0, 9]);
        assert_eq!(packed(&[4; 130]), [129, 4, 255, 4]);
        let counting: Vec<u8> = (0..200).collect();
        assert_eq!((packed(&counting)[0], packed(&counting)[129]), (127, 71));
    }
}
