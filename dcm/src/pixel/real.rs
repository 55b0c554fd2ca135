//! Real values of a frame: the rescale or the modality LUT applied on the way.
//!
//! Source: DICOM PS3.3 C.11.1, C.7.6.16.2.9.

use super::decoded::each;
use super::source::{Header, Raw, RawFrames};
use super::{DecodeOptions, PixelInfo, SampleKind, native};
use crate::Error;
use crate::scaling::{self, Modality, RescaleFacts};
use crate::syntax::Coding;

/// Fills `out` with the real values of frame `index`: each the f32 nearest to `slope * stored + intercept`, computed in f64.
#[allow(clippy::unnecessary_cast, reason = "one body for all types")]
pub(crate) fn fill_of(header: &Header<'_>, source: &dyn RawFrames, index: usize, out: &mut [f32]) -> Result<(), Error> {
    header.check_index(index)?;
    let (info, found) = (&header.info, out.len());
    if info.samples() != found {
        return Err(Error::BufferSize { wanted: info.samples(), found });
    }
    let facts = scaling::of_frame(header.dataset, index)?;
    let raw = source.raw(info, index)?;
    if !facts.modality_lut && header.coding == Coding::Native && words_into(&raw, info, &facts, out) {
        return Ok(());
    }
    let options = DecodeOptions { palette: false, ..DecodeOptions::default() };
    let frame = options.frame(header, raw)?;
    let modality = match frame.info.samples_per_pixel {
        1 => Modality::of_frame(header.dataset, index, &frame.info)?,
        _ => Modality::Rescale { slope: 1.0, intercept: 0.0 },
    };
    each!(&frame.samples, values => {
        out.iter_mut().zip(values.iter()).for_each(|(place, &value)| *place = modality.real(value as f64) as f32);
        Ok(())
    }, _other => Err(Error::UnsupportedPixels { what: "real values of this sample type" }))
}

/// Native gray words, which most scans are; `false`, and nothing done, for anything else.
fn words_into(raw: &Raw<'_>, info: &PixelInfo, facts: &RescaleFacts, out: &mut [f32]) -> bool {
    let gray = info.photometric.is_monochrome() && info.kind == SampleKind::Integer && info.bits_allocated == 16;
    if !gray {
        return false;
    }
    match raw {
        Raw::Words(words) => scale(words.iter().copied(), info, facts, out),
        Raw::Native(bytes, 0) => {
            scale(bytes.as_chunks::<2>().0.iter().map(|&bytes| u16::from_le_bytes(bytes)), info, facts, out);
        }
        _ => return false,
    }
    true
}

fn scale(words: impl Iterator<Item = u16>, info: &PixelInfo, facts: &RescaleFacts, out: &mut [f32]) {
    let (down, up) = native::shifts(info, 16);
    let &RescaleFacts { slope, intercept, .. } = facts;
    let signed = |word: u16| i32::from(((word << up) as i16) >> (up + down));
    let plain = |word: u16| i32::from((word << up) >> (up + down));
    // Whole numbers below 2^24 are exact in f32, so that the short sum gives the same bits as the long one.
    let exact = |x: f64| x.fract() == 0.0 && x.abs() < 128.0;
    if exact(slope) && intercept.fract() == 0.0 && intercept.abs() < 8_388_608.0 {
        let (slope, intercept) = (slope as f32, intercept as f32);
        let real = |value: i32| value as f32 * slope + intercept;
        match info.signed {
            true => out.iter_mut().zip(words).for_each(|(place, word)| *place = real(signed(word))),
            false => out.iter_mut().zip(words).for_each(|(place, word)| *place = real(plain(word))),
        }
        return;
    }
    let real = |value: i32| (f64::from(value) * slope + intercept) as f32;
    match info.signed {
        true => out.iter_mut().zip(words).for_each(|(place, word)| *place = real(signed(word))),
        false => out.iter_mut().zip(words).for_each(|(place, word)| *place = real(plain(word))),
    }
}
