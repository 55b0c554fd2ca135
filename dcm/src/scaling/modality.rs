//! The modality step: from stored to real values, by slope and intercept or by a table.
//!
//! Source: DICOM PS3.3 C.11.1 (modality LUT and rescale), C.7.6.16.2.9 (per frame and shared).

use super::{of_frame, source, table_item};
use crate::pixel::{DecodedPixels, Lut, PixelInfo};
use crate::{Dataset, Error};

/// How the stored values of one frame become real ones.
///
/// ```
/// use isocenter_dcm::scaling::Modality;
/// let ct = Modality::Rescale { slope: 1.0, intercept: -1024.0 };
/// assert_eq!(ct.real(1024.0), 0.0); // water
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Modality {
    /// `slope * stored + intercept`.
    Rescale {
        /// Real units per stored unit.
        slope: f64,
        /// Real value of the stored 0.
        intercept: f64,
    },
    /// By table.
    Table(Lut),
}

impl Modality {
    /// The step of frame `frame` (from 0), whose samples are as `info` says: a table where there is one, else the
    /// rescale, else slope 1 and intercept 0.
    ///
    /// # Errors
    /// [`Error::BadValue`] for a slope or intercept that is no number or a slope of 0; [`Error::Missing`] or
    /// [`Error::Malformed`] for a table that cannot be used.
    pub fn of_frame(dataset: &Dataset, frame: usize, info: &PixelInfo) -> Result<Self, Error> {
        if let Some(table) = table_of(dataset, frame, info)? {
            return Ok(Self::Table(table));
        }
        let facts = of_frame(dataset, frame)?;
        Ok(Self::Rescale { slope: facts.slope, intercept: facts.intercept })
    }

    /// The real value of a stored one.
    pub fn real(&self, stored: f64) -> f64 {
        match self {
            Self::Rescale { slope, intercept } => slope * stored + intercept,
            Self::Table(table) => f64::from(table.at(stored)),
        }
    }

    /// The least and greatest real value that samples as `info` says may become.
    pub fn range(&self, info: &PixelInfo) -> [f64; 2] {
        match self {
            Self::Rescale { .. } => {
                let [a, b] = info.stored_range().map(|stored| self.real(stored));
                [a.min(b), a.max(b)]
            }
            Self::Table(table) => [0.0, f64::from(table.top())],
        }
    }
}

/// The Modality LUT of a frame; `None` where it has none.
pub(crate) fn table_of(dataset: &Dataset, frame: usize, info: &PixelInfo) -> Result<Option<Lut>, Error> {
    let (source, _) = source(dataset, frame);
    table_item(source).map(|item| Lut::of(item, info.stored_range())).transpose()
}

/// The real values of decoded samples, one for each: rescaled, or by the Modality LUT, of each frame's own.
///
/// `decoded` is one frame, of index `first` (from 0), or several from that one on, as
/// [`Instance::decode_all`](crate::Instance::decode_all) gives them from 0. Colour has no real values: its samples come back as they
/// are.
///
/// # Errors
/// Those of [`Modality::of_frame`]; [`Error::Malformed`] where the samples are no whole number of frames.
///
/// # Examples
/// ```
/// use isocenter_dcm::{Dataset, pixel, scaling, tags};
/// use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
/// let mut ds = Dataset::new_empty();
/// ds.put(DataElement::new(tags::RESCALE_INTERCEPT, VR::DS, "-1000"));
/// for (tag, v) in [(tags::ROWS, 1u16), (tags::COLUMNS, 2), (tags::BITS_ALLOCATED, 16), (tags::BITS_STORED, 12)] {
///     ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(v)));
/// }
/// let frame = pixel::DecodedPixels::new(pixel::PixelInfo::of(&ds)?, vec![0u16, 1040].into());
/// assert_eq!(scaling::real_values(&ds, 0, &frame)?, [-1000.0, 40.0]);
/// # Ok::<_, isocenter_dcm::Error>(())
/// ```
pub fn real_values(dataset: &Dataset, first: usize, decoded: &DecodedPixels) -> Result<Vec<f64>, Error> {
    let info = &decoded.info;
    let mut values = decoded.to_f64();
    if info.samples_per_pixel != 1 {
        return Ok(values);
    }
    let length = info.samples();
    if length == 0 || !values.len().is_multiple_of(length) {
        return Err(Error::Malformed { tag: None, what: "samples that are no whole number of frames" });
    }
    for (at, frame) in values.chunks_exact_mut(length).enumerate() {
        let step = Modality::of_frame(dataset, first.saturating_add(at), info)?;
        frame.iter_mut().for_each(|value| *value = step.real(*value));
    }
    Ok(values)
}

/// As [`real_values`], computed in f64 and rounded to f32 once.
///
/// # Errors
/// Those of [`real_values`].
pub fn real_values_f32(dataset: &Dataset, first: usize, decoded: &DecodedPixels) -> Result<Vec<f32>, Error> {
    Ok(real_values(dataset, first, decoded)?.into_iter().map(|value| value as f32).collect())
}
