//! Frames without a place in the patient: radiographs, secondary captures, photographs, cine.
//!
//! A file is a volume of its own: one plane, and its frames along a slow axis. The grid is in millimetres of the picture where a
//! spacing is stated; x grows to the right, y downwards.

use std::collections::BTreeMap;

use isocenter_dcm::{Tag, tags, value};
use isocenter_volume::{Affine, AxisKind, Frame, Geometry, SlowAxis};

use super::{Image, PlanOptions, SeriesPlan, series};
use crate::{Reason, Warning, facts::FrameFacts};

/// The plan of the unplaced frames of one file.
pub(super) fn picture(image: &Image<'_>, frames: &[&FrameFacts], options: &PlanOptions) -> Result<SeriesPlan, Reason> {
    let first = frames.first().ok_or(Reason::NoPosition)?;
    let [columns, rows] = first.key.columns_rows();
    let stated = SPACINGS.iter().find_map(|&tag| spacing(image, tag));
    let [down, right] = stated.unwrap_or([1.0, 1.0]);
    let affine = Affine::from_spacing_origin([right, down, 1.0], [0.0; 3]);
    let geometry = Geometry::new([columns, rows, 1], affine, Frame::Pixel).map_err(|_| Reason::BadGrid)?;
    let axis = SlowAxis::new(AxisKind::Other("frame".to_owned()), frames.len()).map_err(|_| Reason::BadGrid)?;
    let axes = if frames.len() > 1 { vec![axis] } else { Vec::new() };
    let images = BTreeMap::from([(image.file, image)]);
    let mut plan = series::build(frames, &images, geometry, axes, options)?;
    if stated.is_none() {
        plan.warnings.push(Warning::SpacingAssumed);
    }
    Ok(plan)
}

/// Distance of rows, then of columns, mm.
fn spacing(image: &Image<'_>, tag: Tag) -> Option<[f64; 2]> {
    let found: [f64; 2] = value::f64s(&image.instance.dataset, tag).try_into().ok()?;
    found.iter().all(|mm| *mm > 0.0).then_some(found)
}

const SPACINGS: [Tag; 3] = [tags::PIXEL_SPACING, tags::IMAGER_PIXEL_SPACING, tags::NOMINAL_SCANNED_PIXEL_SPACING];
