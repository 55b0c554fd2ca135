//! JPEG 2000 part 1, lossless: transfer syntax 1.2.840.10008.1.2.4.90.
//!
//! A bare code stream of one tile, one layer and at most six resolutions, with blocks of 64 x 64. The way there:
//! [`components`] centred on zero, split by the [`wavelet`] into [`bands`], coded [`block`] by block with the [`mq`] coder
//! in the [`contexts`] of the neighbours, put into [`packets`] between [`markers`]. Nothing is quantised, nothing is cut off,
//! and nothing depends on the machine or the number of threads.
//!
//! Source: ITU-T T.800; DICOM PS3.5 sections 8.2.4 and A.4.4.

mod bands;
mod bits;
mod block;
mod components;
mod contexts;
mod markers;
mod mq;
mod packets;
mod tag_tree;
mod wavelet;

use bands::{Band, Part, Resolution};
use markers::Header;

use super::Image;
use crate::Error;

/// Encodes one frame. With `transform`, three components are taken for red, green and blue, and Photometric Interpretation
/// becomes YBR_RCT; without, each is coded on its own.
///
/// # Errors
/// [`Error::UnsupportedPixels`] unless there are 1 or 3 samples a pixel of 1 to 20 bits; [`Error::Malformed`] where a value
/// does not fit into Bits Stored, or there are more or fewer of them than rows and columns say.
pub(in crate::pixel) fn encode(image: &Image<'_>, transform: bool) -> Result<Vec<u8>, Error> {
    let levels = bands::levels(image.columns.into(), image.rows.into());
    let planes = components::planes(image, transform)?;
    let components: Vec<Vec<Resolution>> = planes.into_iter().map(|plane| bands::encode(plane, levels)).collect();
    let mut header = Header {
        columns: image.columns,
        rows: image.rows,
        components: image.components as u8,
        bits: image.bits_stored as u8,
        signed: image.signed,
        levels,
        transform: transform && image.components == 3,
        guard_bits: LEAST_GUARD_BITS,
    };
    // A sub-band may have as many planes as its exponent and the guard bits say, less one (equation E-2).
    for band in components.iter().flatten().flat_map(|resolution| &resolution.bands) {
        let needed = (band.planes() + 1).saturating_sub(header.exponent(band.orientation).into());
        header.guard_bits = header.guard_bits.max(needed as u8);
    }
    let most_planes = |band: &Band| u32::from(header.exponent(band.orientation) + header.guard_bits - 1);
    let mut packets = Vec::new();
    for resolution in 0..=usize::from(levels) {
        for resolution in components.iter().filter_map(|component| component.get(resolution)) {
            for parts in resolution.packets() {
                packets::write(&parts, |part: &Part<'_>| most_planes(part.band), &mut packets);
            }
        }
    }
    Ok(header.wrap(&packets))
}

/// Enough for nearly every image, and what other encoders write.
const LEAST_GUARD_BITS: u8 = 2;

#[cfg(test)]
mod tests {
    use dicom_core::value::PixelFragmentSequence;
    use dicom_core::{DataElement, DicomValue, Length, PrimitiveValue, VR};
    use dicom_dictionary_std::tags;
    use proptest::prelude::*;

    use super::*;
    use crate::pixel::DecodeOptions;
    use crate::{Dataset, FileMeta, Instance};

    fn grey(rows: u16, columns: u16, bits_stored: u16, signed: bool, values: &[i32]) -> Image<'_> {
        let bits_allocated = bits_stored.next_power_of_two().max(8);
        Image { rows, columns, components: 1, bits_allocated, bits_stored, signed, values }
    }

    /// What our decoder makes of the stream.
    fn decode(image: &Image<'_>, transform: bool, stream: Vec<u8>) -> Vec<f64> {
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
        let photometric = match (image.components, transform) {
            (1, _) => "MONOCHROME2",
            (_, true) => "YBR_RCT",
            (_, false) => "RGB",
        };
        ds.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, photometric));
        let value = DicomValue::PixelSequence(PixelFragmentSequence::new(Vec::<u32>::new(), vec![stream]));
        ds.put(DataElement::new_with_len(tags::PIXEL_DATA, VR::OB, Length::UNDEFINED, value));
        let meta = FileMeta::of_syntax("1.2.840.10008.1.2.4.90");
        let instance = Instance::new(meta, ds);
        instance.frame(0).unwrap().decode(&DecodeOptions::new()).unwrap().to_f64()
    }

    fn round_trip(image: &Image<'_>, transform: bool) {
        let stream = encode(image, transform).unwrap();
        let wanted: Vec<f64> = image.values.iter().map(|&value| f64::from(value)).collect();
        assert!(decode(image, transform, stream) == wanted, "{} x {}", image.rows, image.columns);
    }

    fn guard_bits(stream: &[u8]) -> u8 {
        let at = stream.windows(2).position(|pair| pair == [0xFF, 0x5C]).unwrap();
        stream[at + 4] >> 5
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]
        #[test]
        fn encoded_and_decoded_is_the_same(
            (rows, columns, colour) in (1u16..80, 1u16..80, any::<bool>()),
            (bits_stored, signed, transform) in (1u16..=20, any::<bool>(), any::<bool>()),
            (seed, busy) in (any::<u32>(), 0u32..=20),
        ) {
            let components = if colour { 3 } else { 1 };
            let low = if signed { -(1i32 << (bits_stored - 1)) } else { 0 };
            let mut noise = seed;
            let values: Vec<i32> = (0..usize::from(rows) * usize::from(columns) * components)
                .map(|_| {
                    noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    low + (noise >> (32 - u32::from(bits_stored)) >> busy.min(u32::from(bits_stored))) as i32
                })
                .collect();
            let image = Image { components, ..grey(rows, columns, bits_stored, signed, &values) };
            round_trip(&image, transform);
        }
    }

    #[test]
    fn constants_come_back() {
        for value in [0, 2048, 4095] {
            round_trip(&grey(65, 130, 12, false, &[value; 65 * 130]), false);
            round_trip(&grey(65, 130, 12, true, &[value - 2048; 65 * 130]), false);
        }
    }

    #[test]
    fn images_wider_than_a_precinct_come_back() {
        let values: Vec<i32> = (0..3 * 32_900).map(|at: i32| at.wrapping_mul(7919) >> 5 & 0xFF).collect();
        round_trip(&grey(3, 32_900, 8, false, &values), false);
        round_trip(&grey(32_900, 3, 8, false, &values), false);
        round_trip(&Image { components: 3, ..grey(1, 32_900, 8, false, &values) }, true);
    }

    /// Red less green follows the signs of the low-pass filter around the last pixel, which widens it by 1.5 each way.
    #[test]
    fn colours_that_overflow_two_guard_bits_get_a_third() {
        let sign = |at: usize| if at == 0 { -1 } else { 1 };
        let values: Vec<i32> =
            (0..9).flat_map(|at| if sign(at % 3) * sign(at / 3) > 0 { [255, 0, 0] } else { [0, 255, 255] }).collect();
        let image = Image { components: 3, ..grey(3, 3, 8, false, &values) };
        assert_eq!(guard_bits(&encode(&image, image.components == 3).unwrap()), 3);
        round_trip(&image, true);
        assert_eq!(guard_bits(&encode(&image, false).unwrap()), 2);
    }

    #[test]
    fn refuses_what_it_cannot_keep() {
        let refused = |image: Image<'_>| encode(&image, image.components == 3).unwrap_err().reason();
        assert_eq!(refused(grey(1, 2, 8, false, &[0])), "malformed");
        assert_eq!(refused(grey(0, 2, 8, false, &[])), "malformed");
        assert_eq!(refused(grey(1, 1, 8, false, &[256])), "malformed");
        assert_eq!(refused(grey(1, 1, 8, false, &[-1])), "malformed");
        assert_eq!(refused(grey(1, 1, 8, true, &[128])), "malformed");
        assert_eq!(refused(grey(1, 1, 21, false, &[0])), "unsupported-pixels");
        assert_eq!(refused(grey(1, 1, 0, false, &[0])), "unsupported-pixels");
        assert_eq!(refused(Image { components: 2, ..grey(1, 1, 8, false, &[0, 0]) }), "unsupported-pixels");
    }
}
