//! What stored values mean: rescale or Modality LUT, its unit, real world value mapping.
//!
//! [`InstanceFrame::scaling`](crate::InstanceFrame::scaling) tells the facts, [`real_values`] applies them.
//!
//! Source: DICOM PS3.3 C.7.6.16.2.9 (pixel value transformation, shared and per frame), C.11.1 (modality LUT),
//! C.7.6.16.2.11 (real world value mapping), C.8.9.1 (units of PET).

mod modality;
mod real_world;
mod unit;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use isocenter_volume::{Rescale, Unit};

use crate::pixel::Lut;
use crate::{Dataset, Error, FunctionalGroups, value};

pub(crate) use modality::table_of;
pub use modality::{Modality, real_values, real_values_f32};
pub(crate) use real_world::real_world_mappings;
pub use real_world::{MappingFunction, RealWorldMapping};

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

/// How much of slope and intercept a file states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stated {
    /// Neither: absent, or empty.
    Nothing,
    /// One without the other, which was lost: the standard knows them only together.
    Half,
    /// Both.
    Whole,
}

/// How the stored values of one frame become real ones.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RescaleFacts {
    /// Real units per stored unit.
    pub slope: f64,
    /// Real value of the stored 0.
    pub intercept: f64,
    /// Rescale Type (0028,1054), such as `HU` or `US` (unspecified).
    pub rescale_type: Option<String>,
    /// Where they were found.
    pub origin: Origin,
    /// How much of the pair is there; what is not stands as 1 and 0.
    pub stated: Stated,
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
pub(crate) fn of_frame(dataset: &Dataset, frame: usize) -> Result<RescaleFacts, Error> {
    let (source, origin) = source(dataset, frame);
    let slope = number(source, tags::RESCALE_SLOPE)?;
    let intercept = number(source, tags::RESCALE_INTERCEPT)?;
    if slope == Some(0.0) {
        return Err(bad(source, tags::RESCALE_SLOPE, "other than 0"));
    }
    let stated = match (slope, intercept) {
        (Some(_), Some(_)) => Stated::Whole,
        (None, None) => Stated::Nothing,
        _ => Stated::Half,
    };
    let absent = stated == Stated::Nothing;
    let rescale_type = value::string(source, tags::RESCALE_TYPE);
    let table = table_item(source);
    let table_type = table.and_then(|item| value::string(item, tags::MODALITY_LUT_TYPE));
    let word = if table.is_some() { table_type.as_deref() } else { rescale_type.as_deref() };
    let unit = unit::of(dataset, word, absent);
    Ok(RescaleFacts {
        slope: slope.unwrap_or(1.0),
        intercept: intercept.unwrap_or(0.0),
        rescale_type,
        origin: if absent { Origin::Absent } else { origin },
        stated,
        modality_lut: table.is_some(),
        unit,
    })
}

/// The Modality LUT's item; one whose elements are all empty is none.
fn table_item(source: &Dataset) -> Option<&Dataset> {
    value::item(source, tags::MODALITY_LUT_SEQUENCE).filter(|item| !Lut::is_hollow(item))
}

/// The data set that holds the modality transformation of a frame.
fn source(dataset: &Dataset, frame: usize) -> (&Dataset, Origin) {
    match FunctionalGroups::new(dataset).grouped(frame, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE) {
        Some(item) => (item, Origin::FunctionalGroup),
        None => (dataset, Origin::TopLevel),
    }
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
