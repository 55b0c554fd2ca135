//! Exposure and reconstruction of a CT: seconds, milliampere, milliampere seconds, kilovolt.

use isocenter_dcm::tags;

use super::{header::Header, out::Out};

/// Writes them; a header of an enhanced image has the exposure in other elements and with fractions.
pub(super) fn write(header: &Header<'_>, out: &mut Out) {
    let either = |exact, whole| header.positive(exact).or_else(|| header.positive(whole));
    out.positive("ExposureTime", either(tags::EXPOSURE_TIME_INMS, tags::EXPOSURE_TIME).map(|ms| ms / 1e3));
    out.positive("XRayTubeCurrent", either(tags::X_RAY_TUBE_CURRENT_INM_A, tags::X_RAY_TUBE_CURRENT));
    out.positive("XRayExposure", either(tags::EXPOSURE_INM_AS, tags::EXPOSURE));
    out.positive("XRayTubeVoltage", header.number(tags::KVP));
    out.text("ConvolutionKernel", header.text(tags::CONVOLUTION_KERNEL));
    out.positive("SliceThickness", header.number(tags::SLICE_THICKNESS));
    out.positive("SpacingBetweenSlices", header.number(tags::SPACING_BETWEEN_SLICES));
    let tilt = header.number(tags::GANTRY_DETECTOR_TILT).filter(|degrees| *degrees != 0.0);
    out.number("GantryDetectorTilt", tilt);
}
