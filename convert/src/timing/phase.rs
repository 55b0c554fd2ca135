//! The direction that lines of k-space were stepped along.
//!
//! In-plane Phase Encoding Direction (0018,1312) names the axis: ROW is along the rows of the image, where columns count up, COLUMN down
//! its columns. Its polarity is a maker's own: positive means that lines go with the count of columns or rows. A volume keeps columns and
//! rows as the image has them, so `i` and `j` need no turning.
//!
//! In a 3-D scan the axis matters where a train of gradient echoes reads it, and is left out where one line is read for each excitation.

use isocenter_dcm::tags;

use super::{entries::Entries, ge, scan::Scan, siemens, united_imaging};
use crate::facts::maker::Maker;

/// An axis of the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    /// Along a row: `i`.
    Row,
    /// Down a column: `j`.
    Column,
}

/// The axis of the image along which phase was encoded.
pub(super) fn axis(scan: &Scan<'_>) -> Option<Axis> {
    match scan.text(tags::IN_PLANE_PHASE_ENCODING_DIRECTION)?.to_ascii_uppercase().as_bytes() {
        [b'R', ..] => Some(Axis::Row),
        [b'C', ..] => Some(Axis::Column),
        _ => None,
    }
}

/// Whether lines go with the count of columns or rows.
fn is_positive(scan: &Scan<'_>) -> Option<bool> {
    match scan.maker {
        Maker::Siemens => siemens::is_positive(scan),
        Maker::Ge => ge::is_positive(scan),
        Maker::UnitedImaging => united_imaging::is_positive(scan),
        _ => None,
    }
}

/// The direction of an axis as BIDS writes it.
pub(super) fn direction(axis: Axis, is_positive: bool) -> &'static str {
    match (axis, is_positive) {
        (Axis::Row, true) => "i",
        (Axis::Row, false) => "i-",
        (Axis::Column, true) => "j",
        (Axis::Column, false) => "j-",
    }
}

pub(super) fn entries(scan: &Scan<'_>, out: &mut Entries) {
    let Some(axis) = axis(scan) else { return };
    if scan.is_3d() && !has_train(scan) {
        return;
    }
    match is_positive(scan) {
        Some(sign) => out.put("PhaseEncodingDirection", Some(direction(axis, sign))),
        None => out.put("PhaseEncodingAxis", Some(if axis == Axis::Row { "i" } else { "j" })),
    }
}

/// Whether a train of gradient echoes reads the axis of a 3-D scan.
fn has_train(scan: &Scan<'_>) -> bool {
    let spin = |tag| scan.text(tag).is_some_and(|text| text.split('\\').any(|part| part == "SE" || part == "SPIN"));
    let is_spin = spin(tags::SCANNING_SEQUENCE) || spin(tags::ECHO_PULSE_SEQUENCE);
    // United Imaging states a train also for one line at a time
    scan.is_echo_planar() || scan.echo_train().is_some() && !is_spin && scan.maker != Maker::UnitedImaging
}
