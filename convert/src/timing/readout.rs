//! How fast lines were read.
//!
//! Effective echo spacing is the time from line to line of a k-space that was fully sampled, whatever parallel imaging left out; the total
//! readout time is that times one line less than the image has along the axis, as FSL's `topup` has it: from the middle of the first line
//! to the middle of the last. Zero filling makes the image larger and leaves the spacing. Source: the BIDS specification (MRI: in-plane
//! spatial encoding), which defines both by the reconstructed matrix.

use isocenter_dcm::tags;

use super::{
    entries::Entries,
    ge,
    phase::{self, Axis},
    philips, reduction,
    scan::Scan,
    siemens, united_imaging,
};
use crate::facts::maker::Maker;

pub(super) fn entries(scan: &Scan<'_>, out: &mut Entries) {
    let lines = image_lines(scan);
    out.count("EchoTrainLength", scan.echo_train());
    out.number("PixelBandwidth", scan.number(tags::PIXEL_BANDWIDTH).filter(|hz| *hz > 0.0));
    out.count("AcquisitionMatrixPE", scan.acquired_lines());
    out.count("ReconMatrixPE", lines);
    steps(scan, out);

    let bandwidth = match scan.maker {
        Maker::Siemens => siemens::bandwidth(scan),
        Maker::UnitedImaging => united_imaging::bandwidth(scan),
        _ => None,
    };
    out.number("BandwidthPerPixelPhaseEncode", bandwidth);
    let mut spacing = bandwidth.zip(lines).map(|(hz, lines)| 1.0 / (hz * lines));
    if let Some((hz, lines)) = bandwidth.zip(lines) {
        out.number("DerivedVendorReportedEchoSpacing", Some(vendors(scan) / (hz * lines)));
    }
    if scan.maker == Maker::Ge {
        spacing = ge::echo_spacing(scan, scan.acquired_lines(), reduction::in_plane(scan), reduction::is_partial(scan))
            .or(spacing);
    }
    out.number("EffectiveEchoSpacing", spacing);
    let total = spacing.zip(lines).map(|(s, lines)| s * (lines - 1.0));
    let stated = || (scan.maker == Maker::UnitedImaging).then(|| united_imaging::readout_s(scan)).flatten();
    out.number("TotalReadoutTime", total.or_else(stated));
    if scan.maker == Maker::Philips {
        philips::entries(scan, lines, out);
    }
}

/// By how much longer the time between two echoes is than the effective one: parallel imaging leaves lines out, oversampling adds some.
fn vendors(scan: &Scan<'_>) -> f64 {
    let parallel = reduction::in_plane(scan).filter(|factor| *factor > 1.0).unwrap_or(1.0);
    let over = scan.protocol_number("sKSpace.dPhaseOversamplingForDialog").filter(|part| *part > 0.0).unwrap_or(0.0);
    parallel / (1.0 + over)
}

/// Lines of the image along the axis of phase encoding; where the axis is not stated and the image not square, lines that were acquired.
pub(super) fn image_lines(scan: &Scan<'_>) -> Option<f64> {
    let [columns, rows, _] = scan.shape();
    match phase::axis(scan) {
        _ if columns == rows => Some(rows as f64),
        Some(Axis::Column) => Some(rows as f64),
        Some(Axis::Row) => Some(columns as f64),
        None => scan.acquired_lines(),
    }
}

fn steps(scan: &Scan<'_>, out: &mut Entries) {
    let positive = |tag| scan.number(tag).filter(|n| *n > 0.0);
    let in_plane = positive(tags::MR_ACQUISITION_PHASE_ENCODING_STEPS_IN_PLANE)
        .or_else(|| positive(tags::NUMBER_OF_PHASE_ENCODING_STEPS));
    if scan.maker == Maker::Philips && reduction::is_partial(scan) {
        out.put("PartialFourierEnabled", in_plane.map(|_| "YES"));
        out.count("PhaseEncodingStepsNoPartialFourier", in_plane);
    } else {
        out.count("PhaseEncodingSteps", in_plane);
    }
    out.count("FrequencyEncodingSteps", positive(tags::MR_ACQUISITION_FREQUENCY_ENCODING_STEPS));
    out.count("PhaseEncodingStepsOutOfPlane", positive(tags::MR_ACQUISITION_PHASE_ENCODING_STEPS_OUT_OF_PLANE));
}
