//! What stands in the pixel data beside the samples: bits above Bits Stored, comments in compressed streams.

use dicom_core::VR;
use dicom_core::value::{PrimitiveValue, Value};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, value};

use isocenter_volume::{Cancelled, Ctx};

use crate::audit::{Action, Audit, AuditEntry};
use crate::element::name;

/// One in each of four words.
const EACH_WORD: u64 = 0x0001_0001_0001_0001;

/// Words between two questions whether to go on: some milliseconds of work.
const BLOCK: usize = 1 << 20;

/// Clears it, without changing a sample or a length. Cancelled, the element is back in the data set, in part as it was.
pub(super) fn clear(dataset: &mut Dataset, audit: &mut Audit, ctx: &Ctx<'_>) -> Result<(), Cancelled> {
    let bits = Bits::of(dataset);
    let Some(mut element) = dataset.take(tags::PIXEL_DATA) else { return Ok(()) };
    let mut changed = false;
    let mut go_on = Ok(());
    element.update_value(|value| match (value, &bits) {
        (Value::Primitive(PrimitiveValue::U16(samples)), Some(bits)) => {
            go_on = samples.chunks_mut(BLOCK).try_for_each(|block| {
                for sample in block {
                    let old = std::mem::replace(sample, bits.clear(*sample));
                    changed |= old != *sample;
                }
                ctx.check()
            });
        }
        (Value::Primitive(PrimitiveValue::U8(bytes)), Some(bits)) => {
            go_on = bytes.chunks_mut(2 * BLOCK).try_for_each(|block| {
                changed |= bits.clear_all(block);
                ctx.check()
            });
        }
        (Value::PixelSequence(sequence), _) => {
            // a fragment is at most a frame
            go_on = sequence.fragments_mut().iter_mut().try_for_each(|fragment| {
                changed |= clear_stream(fragment);
                ctx.check()
            });
        }
        _ => {}
    });
    if changed {
        audit.entries.push(cleared(element.vr()));
    }
    dataset.put(element);
    go_on
}

/// The entry about pixel data of which something was cleared.
pub(super) fn cleared(vr: VR) -> AuditEntry {
    AuditEntry::of(name(tags::PIXEL_DATA), Action::PayloadCleared, vr, 0)
}

/// Where the samples stand in 16-bit words.
#[derive(Clone, Debug)]
pub(super) struct Bits {
    mask: u16,
    sign: Option<u16>,
}

impl Bits {
    /// `None` where there is nothing beside the samples, or where they do not start at bit 0.
    ///
    /// Source: DICOM PS3.5 section 8.1.2 (overlays in unused bits: retired).
    pub(super) fn of(dataset: &Dataset) -> Option<Self> {
        let number = |tag| value::u16(dataset, tag);
        let (allocated, stored, high) =
            (number(tags::BITS_ALLOCATED)?, number(tags::BITS_STORED)?, number(tags::HIGH_BIT)?);
        if allocated != 16 || !(1..16).contains(&stored) || high + 1 != stored {
            return None;
        }
        let signed = number(tags::PIXEL_REPRESENTATION) == Some(1);
        Some(Self { mask: (1 << stored) - 1, sign: signed.then_some(1 << (stored - 1)) })
    }

    /// Clears words, low byte first; says whether any changed.
    pub(super) fn clear_all(&self, words: &mut [u8]) -> bool {
        // four words at a time: a sign that is set, shifted to bit 0 of its word, times the unused bits sets them all and carries nothing over
        let [mask, unused] = [self.mask, !self.mask].map(u64::from);
        let masks = mask * EACH_WORD;
        let (signs, down) = self.sign.map_or((0, 0), |sign| (u64::from(sign) * EACH_WORD, sign.trailing_zeros()));
        let mut changed = false;
        let mut fours = words.chunks_exact_mut(8);
        for four in &mut fours {
            let Some(bytes) = four.first_chunk_mut::<8>() else { continue };
            let old = u64::from_le_bytes(*bytes);
            let new = (old & masks) | (((old & signs) >> down) * unused);
            if new != old {
                changed = true;
                *bytes = new.to_le_bytes();
            }
        }
        for pair in fours.into_remainder().chunks_exact_mut(2) {
            let Some(bytes) = pair.first_chunk_mut::<2>() else { continue };
            let old = u16::from_le_bytes(*bytes);
            let new = self.clear(old);
            changed |= old != new;
            *bytes = new.to_le_bytes();
        }
        changed
    }

    /// Signed samples are extended by their sign, as is usual; others get zeros.
    fn clear(&self, word: u16) -> u16 {
        match self.sign {
            Some(sign) if word & sign != 0 => word | !self.mask,
            _ => word & self.mask,
        }
    }
}

/// Blanks the comments and application segments of a JPEG, JPEG-LS or JPEG 2000 stream, in place; says whether anything changed.
fn clear_stream(stream: &mut [u8]) -> bool {
    match stream {
        [0xFF, 0xD8, 0xFF, ..] => clear_jpeg(stream),
        [0xFF, 0x4F, 0xFF, 0x51, ..] => clear_jpeg2000(stream),
        _ => false,
    }
}

/// Source: ITU-T T.81 annex B (segments), T.87 (JPEG-LS: markers are FF with the next bit set).
fn clear_jpeg(stream: &mut [u8]) -> bool {
    let (mut at, mut changed) = (2, false);
    while let Some(&[mark, code]) = stream.get(at..at + 2).and_then(|pair| <&[u8; 2]>::try_from(pair).ok()) {
        match (mark, code) {
            (0xFF, 0xD9) => {
                // Nothing but padding belongs behind the end.
                changed |= fill(stream, at + 2, stream.len(), 0);
                break;
            }
            // Restart markers and fill bytes have no length; neither does entropy-coded data.
            (0xFF, 0xD0..=0xD8 | 0x01) => at += 2,
            (0xFF, 0x80..=0xFE) => {
                let length = stream.get(at + 2..at + 4).map_or(2, |b| usize::from(u16::from_be_bytes([b[0], b[1]])));
                let end = (at + 2 + length.max(2)).min(stream.len());
                changed |= clear_segment(stream, code, at + 4, end);
                at = end;
            }
            _ => at += 1,
        }
    }
    changed
}

/// Comments become spaces, application segments zeros, unless decoding needs them.
fn clear_segment(stream: &mut [u8], code: u8, from: usize, to: usize) -> bool {
    let body = stream.get(from..to).unwrap_or_default();
    match code {
        0xFE => fill(stream, from, to, b' '),
        // JFIF: 14 bytes of header, then a thumbnail. Adobe and HP segments tell the colour transform.
        0xE0 if body.starts_with(b"JFIF\0") => fill(stream, from + 14, to, 0),
        0xEE if body.starts_with(b"Adobe") => fill(stream, from + 12, to, 0),
        0xE8 => fill(stream, from + 32, to, 0),
        0xE0..=0xEF => fill(stream, from, to, 0),
        _ => false,
    }
}

/// The main header's comments; it ends where the first tile-part starts.
///
/// Source: ITU-T T.800 annex A.
fn clear_jpeg2000(stream: &mut [u8]) -> bool {
    let (mut at, mut changed) = (2, false);
    while let Some(&[0xFF, code, high, low]) = stream.get(at..at + 4).and_then(|head| <&[u8; 4]>::try_from(head).ok()) {
        if code == 0x90 {
            break;
        }
        let end = (at + 2 + usize::from(u16::from_be_bytes([high, low]))).min(stream.len());
        if code == 0x64 {
            // Two bytes say whether it is text.
            changed |= fill(stream, at + 6, end, b' ');
        }
        if end <= at + 2 {
            break;
        }
        at = end;
    }
    changed
}

fn fill(stream: &mut [u8], from: usize, to: usize, with: u8) -> bool {
    let to = to.min(stream.len());
    let Some(part) = stream.get_mut(from..to) else { return false };
    let changed = part.iter().any(|&byte| byte != with);
    part.fill(with);
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_a_jpeg_become_spaces() {
        let mut stream =
            b"\xFF\xD8\xFF\xFE\x00\x07Jane!\xFF\xDA\x00\x02\x12\xFF\x00\x34\xFF\xD0\x56\xFF\xD9Doe".to_vec();
        assert!(clear_stream(&mut stream));
        assert_eq!(stream, b"\xFF\xD8\xFF\xFE\x00\x07     \xFF\xDA\x00\x02\x12\xFF\x00\x34\xFF\xD0\x56\xFF\xD9\0\0\0");
        assert!(!clear_stream(&mut stream));
    }

    #[test]
    fn colour_segments_stay_thumbnails_go() {
        let mut stream = b"\xFF\xD8\xFF\xE0\x00\x13JFIF\0\x01\x01\0\0\x01\0\x01\x01\0abc\xFF\xEE\x00\x0EAdobe\0\x64\0\0\0\0\x01\xFF\xD9".to_vec();
        let adobe = stream[23..].to_vec();
        assert!(clear_stream(&mut stream));
        assert_eq!(&stream[6..11], b"JFIF\0");
        assert!(!stream.windows(3).any(|part| part == b"abc"));
        assert_eq!(stream[23..], adobe);
    }

    #[test]
    fn broken_streams_end() {
        for length in 0..40 {
            let mut stream = vec![0xFF; length];
            clear_stream(&mut stream);
            let mut stream: Vec<u8> =
                b"\xFF\x4F\xFF\x51\0\0\xFF\x64\xFF\xFFabc".iter().copied().cycle().take(length).collect();
            clear_stream(&mut stream);
        }
    }

    #[test]
    fn signed_words_are_extended_and_unsigned_ones_masked() {
        let unsigned = Bits { mask: 0x0FFF, sign: None };
        let signed = Bits { mask: 0x0FFF, sign: Some(0x0800) };
        assert_eq!(unsigned.clear(0xF801), 0x0801);
        assert_eq!((signed.clear(0x1801), signed.clear(0xF001)), (0xF801, 0x0001));
        for bits in [unsigned, signed] {
            let mut all: Vec<u8> = (0..=u16::MAX).flat_map(u16::to_le_bytes).collect();
            assert!(bits.clear_all(&mut all));
            let one_by_one: Vec<u8> = (0..=u16::MAX).flat_map(|word| bits.clear(word).to_le_bytes()).collect();
            assert!(all == one_by_one);
            assert!(!bits.clear_all(&mut all));
        }
    }
}
