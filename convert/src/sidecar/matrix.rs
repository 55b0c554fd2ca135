//! What of the plane was sampled: share of the field of view, of the lines, number of trajectories.
//!
//! Lines and factors of parallel imaging, of which readout times are computed, are written with these.

use isocenter_dcm::tags;

use super::{header::Header, out::Out};

/// Writes them.
pub(super) fn write(header: &Header<'_>, out: &mut Out) {
    out.positive("PercentPhaseFOV", header.number(tags::PERCENT_PHASE_FIELD_OF_VIEW));
    out.positive("PercentSampling", header.number(tags::PERCENT_SAMPLING));
    out.positive("NumberOfKSpaceTrajectories", header.number(tags::NUMBER_OF_K_SPACE_TRAJECTORIES));
}
