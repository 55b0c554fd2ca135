//! What was left out: parallel imaging, partial Fourier, compressed sensing.

use isocenter_dcm::tags;

use super::{entries::Entries, ge, philips, scan::Scan, siemens, united_imaging};
use crate::facts::maker::Maker;

pub(super) fn entries(scan: &Scan<'_>, out: &mut Entries) {
    let mut in_plane = in_plane(scan);
    let mut technique = scan.text(tags::PARALLEL_ACQUISITION_TECHNIQUE);
    let mut compressed = match scan.maker {
        Maker::Siemens => siemens::compressed(scan),
        Maker::Ge => ge::compressed(scan),
        _ => None,
    };
    // Philips states the factor of both together, under the name of one
    if scan.maker == Maker::Philips && technique.as_deref().is_some_and(|name| name.contains("CSENSE")) {
        compressed = in_plane.filter(|factor| *factor > 1.0);
        in_plane = Some(1.0);
        technique = None;
    }
    out.put("ParallelAcquisitionTechnique", technique);
    out.number("ParallelReductionFactorInPlane", in_plane);
    out.number("ParallelReductionFactorOutOfPlane", out_of_plane(scan));
    out.number("CompressedSensingFactor", compressed.filter(|factor| *factor > 1.0));

    out.number("PartialFourier", partial(scan).filter(|part| *part < 1.0));
    let direction = scan.text(tags::PARTIAL_FOURIER_DIRECTION);
    let known = direction.and_then(|text| DIRECTIONS.into_iter().find(|word| *word == text));
    out.put("PartialFourierDirection", known);
}

/// The factor by which fewer lines of a plane were acquired.
pub(super) fn in_plane(scan: &Scan<'_>) -> Option<f64> {
    let stated = scan.number(tags::PARALLEL_REDUCTION_FACTOR_IN_PLANE).filter(|factor| *factor >= 1.0);
    match scan.maker {
        Maker::Siemens => siemens::in_plane(scan, stated),
        Maker::Ge => ge::factors(scan)[0].or(stated),
        Maker::UnitedImaging => united_imaging::in_plane(scan).or(stated),
        _ => stated,
    }
}

fn out_of_plane(scan: &Scan<'_>) -> Option<f64> {
    let stated = || scan.number(tags::PARALLEL_REDUCTION_FACTOR_OUT_OF_PLANE).filter(|factor| *factor >= 1.0);
    match scan.maker {
        Maker::Siemens => scan.protocol_number("sPat.lAccelFact3D").filter(|factor| *factor > 0.0).or_else(stated),
        Maker::Ge => ge::factors(scan)[1].or_else(stated),
        _ => stated(),
    }
}

/// Whether a part of k-space was left to its symmetry.
pub(super) fn is_partial(scan: &Scan<'_>) -> bool {
    let stated = scan.text(tags::PARTIAL_FOURIER).is_some_and(|word| word.starts_with('Y'));
    // GE says it among its options
    let options = scan.text(tags::SCAN_OPTIONS).unwrap_or_default();
    stated || options.split('\\').any(|word| word == "PFF") || philips::is_partial(scan)
}

/// The part of k-space that was acquired along the axis of phase encoding, where that is known as a number.
fn partial(scan: &Scan<'_>) -> Option<f64> {
    if scan.maker != Maker::Siemens {
        return None;
    }
    if scan.protocol.is_some() {
        return siemens::partial(scan);
    }
    // without the protocol: echoes of a train that reads a plane, of the lines that parallel imaging left
    let lines = scan.acquired_lines()?;
    let train = scan.echo_train().filter(|_| scan.is_echo_planar() && !scan.is_3d())?;
    let parallel = in_plane(scan).filter(|factor| *factor > 1.0).unwrap_or(1.0);
    eighths(train, lines / parallel)
}

/// The part that a train reads of its lines, where it can only be that: this software leaves out one to three eighths of them. A line
/// less is none, as trains of a whole plane are counted so too; half of them may be one of two shots.
fn eighths(train: f64, lines: f64) -> Option<f64> {
    let part = (8.0 * train / lines).round();
    let is_near = (train - part * lines / 8.0).abs() <= 1.0;
    (is_near && (5.0..=7.0).contains(&part) && lines - train > 1.0).then_some(part / 8.0)
}

const DIRECTIONS: [&str; 4] = ["PHASE", "FREQUENCY", "SLICE_SELECT", "COMBINATION"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_train_tells_the_part_where_it_can_be_no_other() {
        assert_eq!(
            (eighths(48.0, 64.0), eighths(47.0, 64.0), eighths(56.0, 64.0)),
            (Some(0.75), Some(0.75), Some(0.875))
        );
        // a whole plane, one of two shots, a spin echo's train
        assert_eq!([eighths(64.0, 64.0), eighths(63.0, 64.0), eighths(32.0, 64.0), eighths(15.0, 256.0)], [None; 4]);
        assert_eq!([eighths(0.0, 0.0), eighths(8.0, 0.0), eighths(6.0, 7.0)], [None; 3]);
    }
}
