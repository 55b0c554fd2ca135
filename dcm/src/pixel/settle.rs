//! From what a code stream holds to stored values.
//!
//! *Without loss*, Bits Stored decides: what stands in the bits above is no part of the value and is taken off, as it is in
//! native pixels. *With loss* a decoder overshoots: next to an edge it gives 4123 where 4095 was coded. Cut to 12 bits that
//! would be 27, black in the midst of white. So what a lossy codec gives is never masked: values keep the stream's precision,
//! which takes the place of a smaller Bits Stored. That holds for each codec and for signed values too. Only luma and
//! colour differences, whose middle Bits Stored tells, are clamped to it.
//!
//! Source: DICOM PS3.5 section 8.1.1 (Bits Stored), 8.2 (precision of the streams).

use isocenter_volume::DynSamples;

use super::codec::{Colour, Stream, Values};
use super::{Photometric, PixelInfo, native};

/// Bit patterns of a code stream to stored values, in the type that Bits Allocated and Pixel Representation call for.
///
/// `lossy` says what the header and the syntax say of loss, for streams that cannot tell.
pub(super) fn settle(stream: Stream, info: &mut PixelInfo, lossy: bool) -> DynSamples {
    let Stream { mut values, precision, signed, colour, loss } = stream;
    info.planar = false;
    match colour {
        Colour::Rgb => info.photometric = Photometric::Rgb,
        Colour::Ycc => info.photometric = Photometric::YbrFull,
        Colour::AsDeclared if info.photometric == Photometric::YbrFull422 => info.photometric = Photometric::YbrFull,
        Colour::AsDeclared => {}
    }
    // What the header says of the sign holds for the bit pattern, except where the stream itself has signed values.
    info.signed |= signed;
    let stored = precision.min(info.bits_stored.max(1));
    info.bits_stored = if signed { precision } else { stored };
    if loss.or(lossy) && !signed && stored < precision {
        values = whole(values, precision, info);
    }
    info.high_bit = info.bits_stored - 1;
    let width = info.bits_allocated.max(info.bits_stored);
    if width <= 8 {
        info.bits_allocated = 8;
        native::from_u8(values.into_bytes(), info)
    } else if width <= 16 {
        info.bits_allocated = 16;
        native::from_u16(values.into_words(), info)
    } else {
        info.bits_allocated = 32;
        native::from_u32(values.into_longs(), info)
    }
}

/// Values of an unsigned stream of more bits than Bits Stored, none of them masked.
fn whole(values: Values, precision: u16, info: &mut PixelInfo) -> Values {
    let all = u32::MAX >> (32 - precision.clamp(1, 32));
    let top = u32::MAX >> (32 - info.bits_stored.clamp(1, 32));
    let differences = matches!(
        info.photometric,
        Photometric::YbrFull | Photometric::YbrFull422 | Photometric::YbrPartial422 | Photometric::YbrPartial420
    );
    if differences {
        let clamped = values.into_longs().into_iter().map(|pattern| (pattern & all).min(top) as i32);
        return Values::Longs(clamped.collect());
    }
    info.bits_stored = precision;
    if info.signed { extended(values, all, top) } else { values }
}

/// Two's complement of few bits (`top` is their pattern of -1) as that of the stream's (`all` likewise).
///
/// Encoders are given words with zeros above the sign, or with the sign repeated. Where a pattern of a frame has the sign
/// repeated, all are taken at their word. Else the sign is that of Bits Stored, and what lies above -1 is an overshoot of it.
fn extended(values: Values, all: u32, top: u32) -> Values {
    let mut patterns = values.into_longs();
    patterns.iter_mut().for_each(|pattern| *pattern &= all);
    let repeated = all - (top >> 1);
    if !patterns.iter().any(|&pattern| pattern >= repeated) {
        for pattern in &mut patterns {
            let value = (*pattern).min(top);
            *pattern = if value > top >> 1 { value | (all & !top) } else { value };
        }
    }
    Values::Longs(patterns.into_iter().map(|pattern| pattern as i32).collect())
}

#[cfg(test)]
mod tests {
    use super::super::codec::Loss;
    use super::*;

    fn info(bits: [u16; 2], signed: bool, photometric: Photometric) -> PixelInfo {
        let mut info = PixelInfo::new([1, 4], bits[0], photometric);
        (info.bits_stored, info.high_bit, info.signed) = (bits[1], bits[1] - 1, signed);
        info
    }

    fn settled(values: &[i32], precision: u16, loss: Loss, mut info: PixelInfo) -> (Vec<f64>, u16) {
        let values = match precision {
            ..=8 => Values::Bytes(values.iter().map(|&v| v as u8).collect()),
            9..=16 => Values::Words(values.iter().map(|&v| v as u16).collect()),
            _ => Values::Longs(values.to_vec()),
        };
        let stream = Stream { values, precision, signed: false, colour: Colour::AsDeclared, loss };
        let samples = settle(stream, &mut info, true);
        assert_eq!(info.high_bit + 1, info.bits_stored);
        (super::super::decoded::to_f64(&samples), info.bits_stored)
    }

    #[test]
    fn unsigned_values_of_a_lossy_stream_are_kept_and_those_of_another_masked() {
        for (allocated, stored, precision, above) in
            [(16, 12, 16, 4123), (8, 6, 8, 66), (16, 10, 12, 1100), (32, 17, 20, 140_000)]
        {
            let gray = info([allocated, stored], false, Photometric::Monochrome2);
            let values = [0, 7, above, (1 << stored) - 1];
            let kept = (values.map(f64::from).to_vec(), precision);
            for loss in [Loss::Some, Loss::Untold] {
                assert_eq!(settled(&values, precision, loss, gray), kept);
            }
            let masked = values.map(|v| f64::from(v % (1 << stored))).to_vec();
            assert_eq!(settled(&values, precision, Loss::None, gray), (masked, stored));
        }
    }

    #[test]
    fn signed_patterns_are_extended_and_overshoots_of_minus_one_stay_minus_one() {
        for (allocated, stored, precision) in [(16, 12, 16), (16, 10, 12), (8, 7, 8), (32, 18, 24)] {
            let gray = info([allocated, stored], true, Photometric::Monochrome2);
            let (top, half) = ((1i32 << stored) - 1, 1i32 << (stored - 1));
            let (found, bits) = settled(&[5, half - 1, half, top], precision, Loss::Some, gray);
            assert_eq!((found, bits), ([5, half - 1, -half, -1].map(f64::from).to_vec(), precision));
            // Above the pattern of -1, far from those with the sign repeated.
            let (found, _) = settled(&[0, top, top + 3, 1], precision, Loss::Some, gray);
            assert_eq!(found, [0.0, -1.0, -1.0, 1.0]);
        }
    }

    #[test]
    fn signs_that_are_repeated_leave_room_for_overshoots_at_both_ends() {
        for (allocated, stored, precision) in [(16, 12, 16), (16, 10, 12), (16, 12, 13), (8, 6, 8)] {
            let gray = info([allocated, stored], true, Photometric::Monochrome2);
            let half = 1i32 << (stored - 1);
            let wanted = [-2, half + 3, -half - 3, half - 1];
            let patterns = wanted.map(|value| value & ((1 << precision) - 1));
            assert_eq!(settled(&patterns, precision, Loss::Some, gray).0, wanted.map(f64::from));
        }
    }

    #[test]
    fn a_stream_that_is_signed_itself_keeps_its_values_with_and_without_loss() {
        for (loss, signed) in [(Loss::Some, true), (Loss::None, true), (Loss::Some, false)] {
            let mut info = info([16, 12], signed, Photometric::Monochrome2);
            let values = Values::Words([2050i16, -2051, -1, 0].map(|v| v as u16).to_vec());
            let stream = Stream { values, precision: 16, signed: true, colour: Colour::AsDeclared, loss };
            assert_eq!(settle(stream, &mut info, false), DynSamples::I16(vec![2050, -2051, -1, 0].into()));
        }
    }

    #[test]
    fn colour_keeps_its_values_and_differences_are_clamped() {
        for (stored, precision, above) in [(12, 16, 4123), (10, 12, 1030), (6, 8, 70)] {
            let allocated = if precision <= 8 { 8 } else { 16 };
            let values = [above, 1, 2];
            let rgb = settled(&values, precision, Loss::Some, info([allocated, stored], false, Photometric::Rgb));
            assert_eq!(rgb, (values.map(f64::from).to_vec(), precision));
            let ybr = settled(&values, precision, Loss::Some, info([allocated, stored], false, Photometric::YbrFull));
            assert_eq!(ybr, (vec![f64::from((1 << stored) - 1), 1.0, 2.0], stored));
        }
    }
}
