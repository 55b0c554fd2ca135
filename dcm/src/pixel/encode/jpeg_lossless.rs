//! JPEG lossless, first-order prediction: transfer syntax 1.2.840.10008.1.2.4.70.
//!
//! Each sample is predicted by the one to its left (selection value 1), the first of a row by the one above, the very first by
//! half of the range; differences are coded modulo 2^16, as their size and the bits that tell them apart. One Huffman
//! table, made for the frame. Signed values are coded as their bit pattern in Bits Stored bits, without an offset.
//!
//! Source: ITU-T T.81 annex H, B.2 (markers); DICOM PS3.5 annex A.4.1.

mod code;
mod writer;

use super::Image;
use crate::Error;
use code::Code;
use writer::Writer;

/// Codes a frame of 2 to 16 bits.
///
/// # Errors
/// [`Error::UnsupportedPixels`] for other bits and for components that are not 1 or 3; [`Error::Malformed`] where there are
/// not as many values as pixels call for.
pub(in crate::pixel) fn encode(image: &Image<'_>) -> Result<Vec<u8>, Error> {
    if !(2..=16).contains(&image.bits_stored) {
        return Err(Error::UnsupportedPixels { what: "JPEG lossless of other than 2 to 16 bits" });
    }
    if !matches!(image.components, 1 | 3) {
        return Err(Error::UnsupportedPixels { what: "JPEG lossless of other than 1 or 3 samples per pixel" });
    }
    let row = usize::from(image.columns) * image.components;
    if row == 0 || image.rows == 0 || row.checked_mul(usize::from(image.rows)) != Some(image.values.len()) {
        return Err(Error::Malformed { tag: None, what: "values that do not make up rows and columns" });
    }
    // First look: how often each size occurs.
    let mut counts = [0u64; 17];
    differences(image, |difference| counts[size(difference)] += 1);
    let code = Code::new(&counts);
    let mut writer = Writer::new(head(image, &code), image.values.len());
    differences(image, |difference| {
        let size = size(difference);
        let (word, length) = code.word(size);
        // A negative number is coded by its value less 1; a size of 16 can only be -32768 and needs no bits.
        let extra = if size < 16 { size as u32 } else { 0 };
        let bits = (i32::from(difference) - i32::from(difference < 0)) as u32 & ((1 << extra) - 1);
        writer.put(word << extra | bits, length + extra);
    });
    Ok(writer.finish())
}

/// Hands out the difference of each sample to its prediction, in the order of the stream.
#[inline]
fn differences(image: &Image<'_>, mut each: impl FnMut(i16)) {
    let mask = (1i32 << image.bits_stored) - 1;
    let row = usize::from(image.columns) * image.components;
    let half = 1i32 << (image.bits_stored - 1);
    // What predicts the first pixel of a row.
    let mut first = [half; 3];
    for values in image.values.chunks_exact(row) {
        let mut left = first;
        for pixel in values.chunks_exact(image.components) {
            for (&value, left) in pixel.iter().zip(&mut left) {
                let value = value & mask;
                each((value - *left) as i16);
                *left = value;
            }
        }
        for (first, &value) in first.iter_mut().zip(values) {
            *first = value & mask;
        }
    }
}

/// Bits of the magnitude, 0 to 16.
#[inline]
fn size(difference: i16) -> usize {
    16 - difference.unsigned_abs().leading_zeros() as usize
}

/// Everything before the coded data.
fn head(image: &Image<'_>, code: &Code) -> Vec<u8> {
    let count = image.components as u8;
    let mut out = vec![0xFF, 0xD8];
    if count == 3 {
        // Adobe's marker, transform 0: decoders that guess must not take the components for luma and colour differences.
        segment(&mut out, 0xEE, b"Adobe\0\x64\0\0\0\0\0");
    }
    let [r1, r0] = image.rows.to_be_bytes();
    let [c1, c0] = image.columns.to_be_bytes();
    let mut frame = vec![image.bits_stored as u8, r1, r0, c1, c0, count];
    frame.extend((1..=count).flat_map(|name| [name, 0x11, 0]));
    segment(&mut out, 0xC3, &frame);
    let (counts, symbols) = code.table();
    segment(&mut out, 0xC4, &[&[0], &counts[..], symbols].concat());
    let mut scan = vec![count];
    scan.extend((1..=count).flat_map(|name| [name, 0]));
    // Selection value 1; no point transform.
    scan.extend([1, 0, 0]);
    segment(&mut out, 0xDA, &scan);
    out
}

fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend([0xFF, marker]);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend(body);
}

#[cfg(test)]
mod tests {
    use dicom_core::value::PixelFragmentSequence;
    use dicom_core::{DataElement, DicomValue, Length, PrimitiveValue, VR};
    use dicom_dictionary_std::tags;
    use proptest::prelude::*;

    use super::*;
    use crate::pixel::DecodeOptions;
    use crate::{Dataset, FileMeta, Instance};

    fn image(size: [u16; 2], components: usize, bits_stored: u16, signed: bool, values: &[i32]) -> Image<'_> {
        let bits_allocated = if bits_stored > 8 { 16 } else { 8 };
        Image { rows: size[1], columns: size[0], components, bits_allocated, bits_stored, signed, values }
    }

    /// The stored values that the decoder reads back.
    fn back(image: &Image<'_>) -> Vec<i32> {
        let mut ds = Dataset::new_empty();
        for (tag, value) in [
            (tags::ROWS, image.rows),
            (tags::COLUMNS, image.columns),
            (tags::SAMPLES_PER_PIXEL, image.components as u16),
            (tags::BITS_ALLOCATED, image.bits_allocated),
            (tags::BITS_STORED, image.bits_stored),
            (tags::HIGH_BIT, image.bits_stored - 1),
            (tags::PIXEL_REPRESENTATION, u16::from(image.signed)),
        ] {
            ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value)));
        }
        let photometric = if image.components == 3 { "RGB" } else { "MONOCHROME2" };
        ds.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, photometric));
        let value = DicomValue::PixelSequence(PixelFragmentSequence::new(vec![], vec![encode(image).unwrap()]));
        ds.put(DataElement::new_with_len(tags::PIXEL_DATA, VR::OB, Length::UNDEFINED, value));
        let meta = FileMeta::of_syntax("1.2.840.10008.1.2.4.70");
        let instance = Instance::new(meta, ds);
        let decoded = instance.frame(0).unwrap().decode(&DecodeOptions::new()).unwrap();
        decoded.to_f64().into_iter().map(|value| value as i32).collect()
    }

    #[test]
    fn the_stream_of_two_pixels_is_the_one_made_by_hand() {
        // 8 bits: 131 - 128 = 3 (size 2, bits 11), 130 - 131 = -1 (size 1, bit 0). Code words: 0 for size 2, 10 for 1.
        let stream = encode(&image([2, 1], 1, 8, false, &[131, 130])).unwrap();
        let wanted = [
            &[0xFF, 0xD8, 0xFF, 0xC3, 0, 11, 8, 0, 1, 0, 2, 1, 1, 0x11, 0][..],
            &[0xFF, 0xC4, 0, 21, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1],
            &[0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 0, 0, 0b0111_0011, 0xFF, 0xD9],
        ];
        assert_eq!(stream, wanted.concat());
    }

    #[test]
    fn the_largest_differences_of_16_bits_come_back() {
        let values = [0, 0x8000, 0, 0xFFFF, 0x7FFF, 0xFFFF, 0x8000, 1, 0x8001, 0x8001, 0, 0xFFFF];
        assert_eq!(back(&image([4, 3], 1, 16, false, &values)), values);
        let signed = values.map(|value| i32::from(value as u16 as i16));
        assert_eq!(back(&image([4, 3], 1, 16, true, &signed)), signed);
    }

    #[test]
    fn a_flat_image_takes_a_bit_for_each_sample() {
        let values = vec![2048; 4096];
        assert_eq!(back(&image([64, 64], 1, 12, false, &values)), values);
        assert!(encode(&image([64, 64], 1, 12, false, &values)).unwrap().len() < 512 + 64);
    }

    #[test]
    fn what_the_process_does_not_have_is_refused() {
        let refused = |image: Image<'_>| encode(&image).unwrap_err().reason();
        assert_eq!(refused(image([2, 1], 1, 1, false, &[0, 1])), "unsupported-pixels");
        assert_eq!(refused(image([2, 1], 1, 17, false, &[0, 1])), "unsupported-pixels");
        assert_eq!(refused(image([1, 1], 2, 8, false, &[0, 1])), "unsupported-pixels");
        assert_eq!(refused(image([3, 1], 1, 8, false, &[0, 1])), "malformed");
        assert_eq!(refused(image([0, 1], 1, 8, false, &[])), "malformed");
    }

    prop_compose! {
        /// Images of any bits: noise in a window of any width, so that short and long code words occur.
        fn any_image()(
            columns in 1u16..40,
            rows in 1u16..20,
            colour in any::<bool>(),
            signed in any::<bool>(),
            bits in 2u16..=16,
        )(
            window in 1u32..=u32::from(bits),
            noise in prop::collection::vec(any::<u32>(), usize::from(columns) * usize::from(rows) * if colour { 3 } else { 1 }),
            size in Just([columns, rows]),
            kind in Just((colour, signed, bits)),
        ) -> ([u16; 2], (bool, bool, u16), Vec<i32>) {
            let low = if kind.1 { -(1 << (kind.2 - 1)) } else { 0 };
            (size, kind, noise.into_iter().map(|value| low + (value & ((1 << window) - 1)) as i32).collect())
        }
    }

    proptest! {
        #[test]
        fn every_image_comes_back((size, (colour, signed, bits), values) in any_image()) {
            let components = if colour { 3 } else { 1 };
            prop_assert_eq!(back(&image(size, components, bits, signed, &values)), values);
        }
    }
}
