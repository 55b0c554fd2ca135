//! The modality LUT: a table from stored to real values.
//!
//! Source: DICOM PS3.3 C.11.1.

use dicom_dictionary_std::tags;

use super::{PixelInfo, Samples};
use crate::{Dataset, Error, value};

/// Real values by the first item of Modality LUT Sequence; `None` where the data set has none.
///
/// # Errors
/// [`Error::Missing`] or [`Error::Malformed`] for a table that cannot be used.
pub fn modality_lut(dataset: &Dataset, info: &PixelInfo, samples: &Samples) -> Result<Option<Vec<f64>>, Error> {
    let Some(item) = value::item(dataset, tags::MODALITY_LUT_SEQUENCE) else { return Ok(None) };
    let descriptor = value::f64s(item, tags::LUT_DESCRIPTOR);
    let &[count, first, bits] = descriptor.as_slice() else {
        return Err(Error::Missing { tag: tags::LUT_DESCRIPTOR });
    };
    let count = match count as i64 {
        0 => 65536,
        n if n < 0 => n + 65536,
        n => n,
    } as usize;
    // The descriptor's second value has the sign of the pixels, whatever VR it came in.
    let first = match first as i64 {
        n if info.signed && n > 32767 => n - 65536,
        n if !info.signed && n < 0 => n + 65536,
        n => n,
    };
    let element = item.get(tags::LUT_DATA).ok_or(Error::Missing { tag: tags::LUT_DATA })?;
    let bytes = value::bytes(element);
    let entries: Vec<u16> = if bits as i64 <= 8 && bytes.len() < count * 2 {
        bytes.iter().map(|&byte| u16::from(byte)).collect()
    } else {
        bytes.chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect()
    };
    let Some(last) = entries.len().min(count).checked_sub(1).filter(|_| entries.len() >= count) else {
        return Err(Error::Malformed { tag: Some(tags::LUT_DATA), what: "a table shorter than its descriptor says" });
    };
    let look_up = |stored: f64| f64::from(entries[(stored as i64 - first).clamp(0, last as i64) as usize]);
    Ok(Some(samples.to_f64().into_iter().map(look_up).collect()))
}
