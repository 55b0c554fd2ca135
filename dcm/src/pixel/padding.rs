//! Padding: stored values that fill the image where nothing was measured.
//!
//! Pixel Padding Value names one value, or with Pixel Padding Range Limit both ends of a range; the standard leaves
//! open which of the two is the lower. They count in *stored* values, before any rescale.
//!
//! Source: DICOM PS3.3 C.7.5.1.1.2 (padding), C.7.6.24.1.1 and C.7.6.25 (float and double float).

use dicom_core::value::PrimitiveValue;
use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

use super::{PixelInfo, SampleKind};
use crate::{Dataset, Error, value};

/// The stored values that are padding, both ends included.
///
/// ```
/// use isocenter_dcm::pixel::Padding;
/// let padding = Padding::new(-2000.0, -2048.0);
/// assert_eq!((padding.low, padding.high), (-2048.0, -2000.0));
/// assert!(padding.contains(-2000.0) && !padding.contains(-1999.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Padding {
    /// The lowest stored value that is padding.
    pub low: f64,
    /// The highest stored value that is padding.
    pub high: f64,
}

impl Padding {
    /// The range between two values, in either order.
    pub fn new(one: f64, other: f64) -> Self {
        Self { low: one.min(other), high: one.max(other) }
    }

    /// The padding of an image whose samples are as `info` says; `None` where it names none.
    ///
    /// A value that was written unsigned although the pixels are signed (VR US, or bits above those stored left 0) is
    /// read with their sign. A range limit without a padding value says nothing.
    ///
    /// # Errors
    /// [`Error::BadValue`] where the value or its limit is no number of the kind.
    pub fn of(dataset: &Dataset, info: &PixelInfo) -> Result<Option<Self>, Error> {
        let [value, limit] = match info.kind {
            SampleKind::Integer => [tags::PIXEL_PADDING_VALUE, tags::PIXEL_PADDING_RANGE_LIMIT],
            SampleKind::Float => [tags::FLOAT_PIXEL_PADDING_VALUE, tags::FLOAT_PIXEL_PADDING_RANGE_LIMIT],
            SampleKind::Double => {
                [tags::DOUBLE_FLOAT_PIXEL_PADDING_VALUE, tags::DOUBLE_FLOAT_PIXEL_PADDING_RANGE_LIMIT]
            }
        };
        let Some(one) = stored(dataset, value, info)? else { return Ok(None) };
        let other = stored(dataset, limit, info)?.unwrap_or(one);
        Ok(Some(Self::new(one, other)))
    }

    /// Whether a stored value is padding; NaN is where the padding value is NaN.
    pub fn contains(&self, stored: f64) -> bool {
        (self.low <= stored && stored <= self.high) || (stored.is_nan() && self.low.is_nan())
    }
}

fn stored(dataset: &Dataset, tag: Tag, info: &PixelInfo) -> Result<Option<f64>, Error> {
    let Some(element) = dataset.get(tag) else { return Ok(None) };
    match element.value().primitive() {
        Some(PrimitiveValue::Empty) => return Ok(None),
        // NaN is no number elsewhere, but it is what float images are padded with.
        Some(PrimitiveValue::F32(v)) if info.kind != SampleKind::Integer => {
            return Ok(v.first().map(|&x| f64::from(x)));
        }
        Some(PrimitiveValue::F64(v)) if info.kind != SampleKind::Integer => return Ok(v.first().copied()),
        _ => {}
    }
    let bad = || {
        let (vr, length): (VR, u32) = (element.vr(), value::bytes(element).len().try_into().unwrap_or(u32::MAX));
        Error::BadValue { tag, vr, length, wanted: "a stored value" }
    };
    let found = value::f64(dataset, tag).ok_or_else(bad)?;
    if info.kind != SampleKind::Integer {
        return Ok(Some(found));
    }
    let number = value::i64(dataset, tag).ok_or_else(bad)?;
    Ok(Some(signed_as(number, info) as f64))
}

/// A number of 16 bits with the sign of the pixels. One that the stored bits cannot hold stays as it is: no pixel has
/// it.
fn signed_as(number: i64, info: &PixelInfo) -> i64 {
    let [low, high] = info.stored_range();
    let inside = |x: i64| (low..=high).contains(&(x as f64));
    let span = 1i64 << info.bits_stored.clamp(1, 32);
    let readings = [number, number - 65536, number + 65536, number - span];
    readings.into_iter().find(|&x| inside(x)).unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use dicom_core::DataElement;

    use super::*;
    use crate::pixel::Photometric;

    fn info(bits_stored: u16, signed: bool, kind: SampleKind) -> PixelInfo {
        PixelInfo {
            rows: 1,
            columns: 1,
            frames: 1,
            samples_per_pixel: 1,
            planar: false,
            bits_allocated: 16,
            bits_stored,
            high_bit: bits_stored - 1,
            signed,
            photometric: Photometric::Monochrome2,
            kind,
        }
    }

    fn range(values: [Option<PrimitiveValue>; 2], info: &PixelInfo) -> Result<Option<Padding>, Error> {
        let names = match info.kind {
            SampleKind::Integer => [tags::PIXEL_PADDING_VALUE, tags::PIXEL_PADDING_RANGE_LIMIT],
            SampleKind::Float => [tags::FLOAT_PIXEL_PADDING_VALUE, tags::FLOAT_PIXEL_PADDING_RANGE_LIMIT],
            SampleKind::Double => {
                [tags::DOUBLE_FLOAT_PIXEL_PADDING_VALUE, tags::DOUBLE_FLOAT_PIXEL_PADDING_RANGE_LIMIT]
            }
        };
        let mut ds = Dataset::new_empty();
        for (tag, value) in names.into_iter().zip(values) {
            if let Some(value) = value {
                ds.put(DataElement::new(tag, VR::US, value));
            }
        }
        Padding::of(&ds, info)
    }

    fn one(value: impl Into<PrimitiveValue>, info: &PixelInfo) -> f64 {
        range([Some(value.into()), None], info).unwrap().unwrap().low
    }

    #[test]
    fn the_sign_is_that_of_the_pixels() {
        let integer = SampleKind::Integer;
        assert_eq!(one(63536u16, &info(16, true, integer)), -2000.0);
        assert_eq!(one(63536u16, &info(12, true, integer)), -2000.0);
        assert_eq!(one(0x0830u16, &info(12, true, integer)), -2000.0, "bits above those stored left 0");
        assert_eq!(one(63536u16, &info(16, false, integer)), 63536.0);
        assert_eq!(one(-1i16, &info(16, false, integer)), 65535.0);
        assert_eq!(one(-2000i16, &info(16, true, integer)), -2000.0);
        assert_eq!(one(63536u16, &info(12, false, integer)), 63536.0, "no pixel has it");
    }

    #[test]
    fn a_range_has_its_ends_in_either_order() {
        let info = info(16, true, SampleKind::Integer);
        let ends = |a: i16, b: i16| range([Some(a.into()), Some(b.into())], &info).unwrap();
        assert_eq!(ends(-2000, -1500), Some(Padding { low: -2000.0, high: -1500.0 }));
        assert_eq!(ends(-1500, -2000), ends(-2000, -1500));
        assert_eq!(range([None, Some((-1i16).into())], &info).unwrap(), None);
        assert_eq!(range([Some(PrimitiveValue::Empty), None], &info).unwrap(), None);
    }

    #[test]
    fn float_padding_may_be_nan() {
        let float = range([Some(PrimitiveValue::from(f32::NAN)), None], &info(16, false, SampleKind::Float));
        let padding = float.unwrap().unwrap();
        assert!(padding.contains(f64::NAN) && !padding.contains(0.0));
        let double = info(16, false, SampleKind::Double);
        let padding = range([Some((-1.5f64).into()), Some((-0.5f64).into())], &double).unwrap().unwrap();
        assert!(padding.contains(-1.0) && !padding.contains(0.0) && !padding.contains(f64::NAN));
    }

    #[test]
    fn what_is_no_stored_value_is_refused() {
        let info = info(16, true, SampleKind::Integer);
        for value in [PrimitiveValue::from("black"), PrimitiveValue::from(0.5f64)] {
            assert_eq!(range([Some(value), None], &info).unwrap_err().reason(), "bad-value");
        }
    }
}
