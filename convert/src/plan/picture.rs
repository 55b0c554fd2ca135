//! Frames without a place in the patient: radiographs, secondary captures, photographs, cine.
//!
//! A file is a volume of its own: one plane, and its frames along a slow axis. The grid is in millimetres of the picture where a
//! spacing is stated; x grows to the right, y downwards.

use isocenter_volume::{Affine, AxisKind, Frame, Geometry, SlowAxis};

use super::{
    series::{self, Built},
    shot::Shot,
};
use crate::{Options, Reason, Warning};

/// The plan of the unplaced frames of one file.
pub(super) fn picture(frames: &[Shot<'_>], options: &Options<'_>) -> Result<Built, Reason> {
    let first = frames.first().ok_or(Reason::NoPosition)?;
    let [columns, rows] = first.key.columns_rows();
    let stated = first.image.facts.picture_mm;
    let [down, right] = stated.unwrap_or([1.0, 1.0]);
    let affine = Affine::from_spacing_origin([right, down, 1.0], [0.0; 3]);
    let geometry = Geometry::new([columns, rows, 1], affine, Frame::Pixel).map_err(|_| Reason::BadGrid)?;
    let axis = SlowAxis::new(AxisKind::Other("frame".to_owned()), frames.len()).map_err(|_| Reason::BadGrid)?;
    let axes = if frames.len() > 1 { vec![axis] } else { Vec::new() };
    let mut built = series::build(frames, geometry, axes, options)?;
    if stated.is_none() {
        built.series.warnings.push(Warning::SpacingAssumed);
    }
    Ok(built)
}
