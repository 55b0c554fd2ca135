//! What stored values mean: rescale, its unit, real world value mapping.
//!
//! Source: DICOM PS3.3 C.7.6.16.2.9 (pixel value transformation, shared and per frame), C.11.1 (modality LUT),
//! C.7.6.16.2.11 (real world value mapping), C.8.9.1 (units of PET).

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use isocenter_volume::{Rescale, Unit};

use crate::{Dataset, Error, FunctionalGroups, value};

/// Where a rescale was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In a functional group, shared or per frame.
    FunctionalGroup,
    /// At the top level.
    TopLevel,
    /// Nowhere: slope 1, intercept 0.
    Absent,
}

/// How the stored values of one frame become real ones.
#[derive(Clone, Debug, PartialEq)]
pub struct RescaleFacts {
    /// Real units per stored unit.
    pub slope: f64,
    /// Real value of the stored 0.
    pub intercept: f64,
    /// Rescale Type (0028,1054), such as `HU` or `US` (unspecified).
    pub rescale_type: Option<String>,
    /// Where they were found.
    pub origin: Origin,
    /// Whether a Modality LUT Sequence stands there instead: the table, not slope and intercept, gives real values.
    pub modality_lut: bool,
    /// What real values are counted in, as far as the file says.
    pub unit: Unit,
}

impl RescaleFacts {
    /// The pair as `volume` has it.
    pub fn rescale(&self) -> Result<Rescale, isocenter_volume::Error> {
        Rescale::new(self.slope, self.intercept)
    }
}

/// The rescale of frame `frame` (from 0).
///
/// # Errors
/// [`Error::BadValue`] where a slope or intercept is there but is no number, or the slope is 0.
pub fn of_frame(dataset: &Dataset, frame: usize) -> Result<RescaleFacts, Error> {
    let groups = FunctionalGroups::new(dataset);
    let grouped = groups.grouped(frame, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE);
    let (source, origin) = match grouped {
        Some(item) => (item, Origin::FunctionalGroup),
        None => (dataset, Origin::TopLevel),
    };
    let slope = number(source, tags::RESCALE_SLOPE)?;
    let intercept = number(source, tags::RESCALE_INTERCEPT)?;
    if slope == Some(0.0) {
        return Err(bad(source, tags::RESCALE_SLOPE, "other than 0"));
    }
    let absent = slope.is_none() && intercept.is_none();
    let rescale_type = value::string(source, tags::RESCALE_TYPE);
    let unit = unit(dataset, rescale_type.as_deref(), absent);
    Ok(RescaleFacts {
        slope: slope.unwrap_or(1.0),
        intercept: intercept.unwrap_or(0.0),
        rescale_type,
        origin: if absent { Origin::Absent } else { origin },
        modality_lut: value::item(source, tags::MODALITY_LUT_SEQUENCE).is_some(),
        unit,
    })
}

fn unit(dataset: &Dataset, rescale_type: Option<&str>, absent: bool) -> Unit {
    match rescale_type {
        Some("HU") => return Unit::Hu,
        Some("US") | None => {}
        Some(other) => return Unit::Other(other.to_owned()),
    }
    let modality = value::string(dataset, tags::MODALITY);
    match modality.as_deref() {
        // PS3.3 C.8.2.1: without a Rescale Type, the rescaled values of an original CT image are Hounsfield units.
        Some("CT") if !absent && rescale_type.is_none() => Unit::Hu,
        Some("PT" | "NM") => match value::string(dataset, tags::UNITS).as_deref() {
            Some("BQML") => Unit::BqPerMl,
            Some("CNTS") => Unit::Counts,
            Some("GML") => Unit::SuvBw,
            Some(other) => Unit::Other(other.to_owned()),
            None => Unit::Arbitrary,
        },
        _ => Unit::Arbitrary,
    }
}

/// A linear real world value mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct RealWorldValues {
    /// Real units per stored unit.
    pub slope: f64,
    /// Real value of the stored 0.
    pub intercept: f64,
    /// The first and last stored value it holds for.
    pub range: [f64; 2],
    /// The unit's code (UCUM), such as `[hnsf'U]`.
    pub unit: Option<String>,
}

/// The linear real world value mappings of frame `frame` (from 0), in the order of the file; those by table are left out.
pub fn real_world(dataset: &Dataset, frame: usize) -> Vec<RealWorldValues> {
    let tag = tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE;
    let groups = FunctionalGroups::new(dataset);
    let items = [groups.of_frame(frame), groups.shared(), Some(dataset)]
        .into_iter()
        .flatten()
        .find_map(|group| value::sequence(group, tag).filter(|items| !items.is_empty()))
        .unwrap_or_default();
    items.iter().filter_map(mapping).collect()
}

fn mapping(item: &Dataset) -> Option<RealWorldValues> {
    let first = |names: [Tag; 2]| names.into_iter().find_map(|tag| value::f64(item, tag));
    Some(RealWorldValues {
        slope: value::f64(item, tags::REAL_WORLD_VALUE_SLOPE)?,
        intercept: value::f64(item, tags::REAL_WORLD_VALUE_INTERCEPT)?,
        range: [
            first([tags::REAL_WORLD_VALUE_FIRST_VALUE_MAPPED, tags::DOUBLE_FLOAT_REAL_WORLD_VALUE_FIRST_VALUE_MAPPED])?,
            first([tags::REAL_WORLD_VALUE_LAST_VALUE_MAPPED, tags::DOUBLE_FLOAT_REAL_WORLD_VALUE_LAST_VALUE_MAPPED])?,
        ],
        unit: value::item(item, tags::MEASUREMENT_UNITS_CODE_SEQUENCE)
            .and_then(|code| value::string(code, tags::CODE_VALUE)),
    })
}

fn number(source: &Dataset, tag: Tag) -> Result<Option<f64>, Error> {
    match value::f64(source, tag) {
        None if value::string(source, tag).is_some() => Err(bad(source, tag, "a number")),
        found => Ok(found),
    }
}

fn bad(source: &Dataset, tag: Tag, wanted: &'static str) -> Error {
    let (vr, length) =
        source.get(tag).map_or((dicom_core::VR::UN, 0), |element| (element.vr(), value::bytes(element).len() as u32));
    Error::BadValue { tag, vr, length, wanted }
}
