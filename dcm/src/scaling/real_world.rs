//! Real world value mappings: from stored values to a measured quantity, over a range of them, by a line or by a table.
//!
//! An image may have several, for example a diffusion coefficient and its uncertainty; they start at *stored* values,
//! not at rescaled ones.
//!
//! Source: DICOM PS3.3 C.7.6.16.2.11.

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use crate::{Dataset, Error, FunctionalGroups, value};

/// How a mapping computes.
#[derive(Clone, Debug, PartialEq)]
pub enum MappingFunction {
    /// `slope * stored + intercept`.
    Linear {
        /// Real units per stored unit.
        slope: f64,
        /// Real value of the stored 0.
        intercept: f64,
    },
    /// Real World Value LUT Data: the real value of the first stored value mapped, of the next, and so on.
    Table(Vec<f64>),
}

/// A real world value mapping.
///
/// ```
/// use isocenter_dcm::scaling::{MappingFunction, RealWorldMapping};
/// let function = MappingFunction::Table(vec![0.0, 0.5, 2.0]);
/// let mapping = RealWorldMapping::new(function, [10.0, 12.0]);
/// assert_eq!([9.0, 10.0, 12.0].map(|stored| mapping.real(stored)), [None, Some(0.0), Some(2.0)]);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RealWorldMapping {
    /// How it computes.
    pub function: MappingFunction,
    /// The first and last stored value it holds for.
    pub range: [f64; 2],
    /// The unit's code (UCUM), such as `[hnsf'U]`.
    pub unit: Option<String>,
}

impl RealWorldMapping {
    /// A mapping of the stored values from `range[0]` to `range[1]`, without a unit.
    pub const fn new(function: MappingFunction, range: [f64; 2]) -> Self {
        Self { function, range, unit: None }
    }

    /// The real value of a stored one; `None` outside the range, where the mapping says nothing.
    pub fn real(&self, stored: f64) -> Option<f64> {
        if !(self.range[0]..=self.range[1]).contains(&stored) {
            return None;
        }
        match &self.function {
            MappingFunction::Linear { slope, intercept } => Some(slope * stored + intercept),
            MappingFunction::Table(entries) => entries.get((stored - self.range[0]).round() as usize).copied(),
        }
    }
}

/// All real world value mappings of frame `frame` (from 0), in the order of the file.
///
/// # Errors
/// [`Error::Missing`] for an item without a range or a function; [`Error::Malformed`] where the table and the range
/// differ in length.
pub(crate) fn real_world_mappings(dataset: &Dataset, frame: usize) -> Result<Vec<RealWorldMapping>, Error> {
    items(dataset, frame).iter().map(|item| mapping(item, is_signed(dataset))).collect()
}

fn items(dataset: &Dataset, frame: usize) -> &[Dataset] {
    let groups = FunctionalGroups::new(dataset);
    [groups.of_frame(frame), groups.shared(), Some(dataset)]
        .into_iter()
        .flatten()
        .find_map(|group| {
            value::sequence(group, tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE).filter(|items| !items.is_empty())
        })
        .unwrap_or_default()
}

fn is_signed(dataset: &Dataset) -> bool {
    value::u16(dataset, tags::PIXEL_REPRESENTATION) == Some(1)
}

fn mapping(item: &Dataset, signed: bool) -> Result<RealWorldMapping, Error> {
    let end = |short: Tag, double: Tag| match value::f64(item, short) {
        // Written unsigned (VR US) although the pixels are signed.
        Some(end) if signed && end > 32767.0 => Ok(end - 65536.0),
        Some(end) => Ok(end),
        None => value::f64(item, double).ok_or(Error::Missing { tag: short }),
    };
    let range = [
        end(tags::REAL_WORLD_VALUE_FIRST_VALUE_MAPPED, tags::DOUBLE_FLOAT_REAL_WORLD_VALUE_FIRST_VALUE_MAPPED)?,
        end(tags::REAL_WORLD_VALUE_LAST_VALUE_MAPPED, tags::DOUBLE_FLOAT_REAL_WORLD_VALUE_LAST_VALUE_MAPPED)?,
    ];
    let needed = |tag: Tag| value::f64(item, tag).ok_or(Error::Missing { tag });
    let table = value::f64s(item, tags::REAL_WORLD_VALUE_LUT_DATA);
    let function = if table.is_empty() {
        let (slope, intercept) = (needed(tags::REAL_WORLD_VALUE_SLOPE)?, needed(tags::REAL_WORLD_VALUE_INTERCEPT)?);
        MappingFunction::Linear { slope, intercept }
    } else if range[1] - range[0] == table.len() as f64 - 1.0 {
        MappingFunction::Table(table)
    } else {
        return Err(Error::Malformed {
            tag: Some(tags::REAL_WORLD_VALUE_LUT_DATA),
            what: "a table of another length than the values it maps",
        });
    };
    let unit =
        value::item(item, tags::MEASUREMENT_UNITS_CODE_SEQUENCE).and_then(|code| value::string(code, tags::CODE_VALUE));
    Ok(RealWorldMapping { function, range, unit })
}
