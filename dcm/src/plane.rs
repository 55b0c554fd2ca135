//! Where a frame lies in the patient.
//!
//! Coordinates are LPS millimetres (x to the patient's Left, y to Posterior, z to Superior), as DICOM has them. Pixel
//! (column `c`, row `r`), counted from 0 at the centre of the first pixel, lies at
//! `position + c * spacing[1] * row + r * spacing[0] * column`.
//!
//! Source: DICOM PS3.3 C.7.6.2 (image plane), C.7.6.16.2.1, .3, .4 (enhanced), C.8.8.3.2 (grid frame offsets of a dose).

use dicom_dictionary_std::tags;

use crate::{Dataset, FunctionalGroups, value};

/// The plane of one frame, as the file states it (directions are not normalized).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct FramePlane {
    /// Centre of the first pixel, LPS mm.
    pub position: [f64; 3],
    /// Direction along a row, to growing column index.
    pub row: [f64; 3],
    /// Direction along a column, to growing row index.
    pub column: [f64; 3],
    /// Millimetres between rows, and between columns.
    pub spacing: [f64; 2],
}

impl FramePlane {
    /// A plane by its first pixel (LPS mm), the directions of rows and columns, and the distances of rows and of columns (mm).
    pub const fn new(position: [f64; 3], row: [f64; 3], column: [f64; 3], spacing: [f64; 2]) -> Self {
        Self { position, row, column, spacing }
    }

    /// The unit normal, `row x column`.
    pub fn normal(&self) -> [f64; 3] {
        let ([a, b, c], [d, e, f]) = (self.row, self.column);
        let n = [b * f - c * e, c * d - a * f, a * e - b * d];
        let length = (n[0] * n[0] + n[1] * n[1] + n[2] * n[2]).sqrt();
        n.map(|x| x / length)
    }

    /// The place of a pixel, LPS mm.
    pub fn world_of(&self, column: f64, row: f64) -> [f64; 3] {
        [0, 1, 2].map(|axis| {
            self.position[axis] + column * self.spacing[1] * self.row[axis] + row * self.spacing[0] * self.column[axis]
        })
    }

    /// The distance of the plane from the origin along its normal, mm.
    pub fn distance(&self) -> f64 {
        let n = self.normal();
        (0..3).map(|axis| n[axis] * self.position[axis]).sum()
    }
}

/// The plane of frame `frame` (from 0); `None` where the file does not place it.
pub(crate) fn of_frame(dataset: &Dataset, frame: usize) -> Option<FramePlane> {
    let groups = FunctionalGroups::new(dataset);
    let spacing_of = |item: &Dataset| pair(&value::f64s(item, tags::PIXEL_SPACING));
    let spacing =
        groups.item(frame, tags::PIXEL_MEASURES_SEQUENCE).and_then(spacing_of).or_else(|| spacing_of(dataset))?;
    let orientation = groups
        .item(frame, tags::PLANE_ORIENTATION_SEQUENCE)
        .map(|item| value::f64s(item, tags::IMAGE_ORIENTATION_PATIENT))
        .filter(|found| found.len() == 6)
        .or_else(|| Some(value::f64s(detector(dataset)?, tags::IMAGE_ORIENTATION_PATIENT)))?;
    let (row, column) = (triple(orientation.get(..3)?)?, triple(orientation.get(3..)?)?);
    let position = groups
        .item(frame, tags::PLANE_POSITION_SEQUENCE)
        .and_then(|item| triple(&value::f64s(item, tags::IMAGE_POSITION_PATIENT)))
        .or_else(|| triple(&value::f64s(detector(dataset)?, tags::IMAGE_POSITION_PATIENT)))?;
    let mut plane = FramePlane { position, row, column, spacing };
    let normal = plane.normal();
    if !normal.iter().all(|x| x.is_finite()) || spacing.iter().any(|&mm| mm <= 0.0) {
        return None;
    }
    if !groups.is_enhanced() && groups.frames() > 1 {
        let offset = legacy_offset(dataset, frame)?;
        plane.position = [0, 1, 2].map(|axis| position[axis] + offset * normal[axis]);
    }
    Some(plane)
}

/// How far a frame of a legacy multi-frame image lies from the first, along the normal, mm.
fn legacy_offset(dataset: &Dataset, frame: usize) -> Option<f64> {
    let offsets = value::f64s(dataset, tags::GRID_FRAME_OFFSET_VECTOR);
    match offsets.first() {
        // Relative offsets start with 0; otherwise they are absolute z coordinates (PS3.3 C.8.8.3.2).
        Some(&first) => offsets.get(frame).map(|offset| offset - first),
        None => {
            let slices = value::i64(dataset, tags::NUMBER_OF_SLICES)?;
            let step = value::f64(dataset, tags::SPACING_BETWEEN_SLICES)?;
            let inside = value::string(dataset, tags::MODALITY)? == "NM"
                && slices == value::i64(dataset, tags::NUMBER_OF_FRAMES)?;
            inside.then_some(frame as f64 * step)
        }
    }
}

fn detector(dataset: &Dataset) -> Option<&Dataset> {
    value::item(dataset, tags::DETECTOR_INFORMATION_SEQUENCE)
}

fn pair(values: &[f64]) -> Option<[f64; 2]> {
    values.try_into().ok()
}

fn triple(values: &[f64]) -> Option<[f64; 3]> {
    values.try_into().ok()
}
