//! How the plane was sampled: lines of the phase direction, share of the field of view, factors of parallel imaging.

use isocenter_dcm::{tags, value};

use super::{header::text_of, out::Out, siemens::Siemens, subject::Subject};
use crate::facts::maker::Maker;

/// Writes them.
pub(super) fn write(subject: &Subject<'_>, siemens: &Siemens<'_>, out: &mut Out) {
    let header = &subject.header;
    out.positive("PercentPhaseFOV", header.number(tags::PERCENT_PHASE_FIELD_OF_VIEW));
    out.positive("PercentSampling", header.number(tags::PERCENT_SAMPLING));
    let steps = header.positive(tags::NUMBER_OF_PHASE_ENCODING_STEPS);
    let steps = header.positive(tags::MR_ACQUISITION_PHASE_ENCODING_STEPS_IN_PLANE).or(steps);
    out.positive("PhaseEncodingSteps", steps);
    out.positive("FrequencyEncodingSteps", header.number(tags::MR_ACQUISITION_FREQUENCY_ENCODING_STEPS));
    let through = header.number(tags::MR_ACQUISITION_PHASE_ENCODING_STEPS_OUT_OF_PLANE);
    out.positive("PhaseEncodingStepsOutOfPlane", through);
    out.positive("NumberOfKSpaceTrajectories", header.number(tags::NUMBER_OF_K_SPACE_TRAJECTORIES));
    // frequency rows, frequency columns, phase rows, phase columns: one of each two is 0
    let acquired = header.numbers(tags::ACQUISITION_MATRIX);
    let lines = acquired.get(2..4).and_then(|phase| phase.iter().copied().find(|lines| *lines > 0.0));
    let lines = lines.or_else(|| siemens.number("sKSpace.lPhaseEncodingLines"));
    out.positive("AcquisitionMatrixPE", lines);
    let [columns, rows, _] = subject.series.head.shape();
    let axis = value::string(header.top, tags::IN_PLANE_PHASE_ENCODING_DIRECTION)
        .or_else(|| header.string(tags::IN_PLANE_PHASE_ENCODING_DIRECTION));
    let along = match axis.as_deref().and_then(|text| text.chars().next()) {
        _ if columns == rows => Some(rows as f64),
        Some('C' | 'c') => Some(rows as f64),
        Some('R' | 'r') => Some(columns as f64),
        _ => lines,
    };
    out.positive("ReconMatrixPE", along);
    acceleration(subject, siemens, out);
}

/// Factors of parallel imaging and of compressed sensing, as far as they are stated: 1 says that there was none.
fn acceleration(subject: &Subject<'_>, siemens: &Siemens<'_>, out: &mut Out) {
    let header = &subject.header;
    let stated = |tag| header.positive(tag);
    let (mut in_plane, mut through) =
        (stated(tags::PARALLEL_REDUCTION_FACTOR_IN_PLANE), stated(tags::PARALLEL_REDUCTION_FACTOR_OUT_OF_PLANE));
    let mut compressed = None;
    match header.maker {
        Some(Maker::Siemens) => {
            // the public factor of XA software is not the protocol's
            let text = header.private(0x0051, "SIEMENS MR HEADER", 0x11);
            let text = text.or_else(|| header.private(0x0021, "SIEMENS MR SDS 01", 0x09)).and_then(text_of);
            in_plane = siemens.positive("sPat.lAccelFactPE").or_else(|| after(&text?, 'p'));
            through = siemens.positive("sPat.lAccelFact3D");
            let total =
                siemens.positive("sPat.dTotalAccelFact").filter(|_| siemens.number("sPat.ucPATMode") == Some(256.0));
            compressed = total.filter(|total| *total > in_plane.unwrap_or(1.0) * through.unwrap_or(1.0));
        }
        Some(Maker::Ge) => {
            let shares =
                header.private(0x0043, "GEMS_PARM_01", 0x83).map(super::header::numbers_of).unwrap_or_default();
            let factor = |at: usize| shares.get(at).filter(|share| **share > 0.0).map(|share| 1.0 / share);
            (in_plane, through) = (factor(0).or(in_plane), factor(1).or(through));
            let text = header.private(0x0043, "GEMS_PARM_01", 0xB7).and_then(text_of);
            compressed = text.and_then(|text| text.split('\\').next()?.trim().parse().ok());
        }
        Some(Maker::Philips) => {
            let technique = header.string(tags::PARALLEL_ACQUISITION_TECHNIQUE);
            if technique.is_some_and(|t| t.contains("CSENSE")) && in_plane.is_some_and(|f| f > 1.0) {
                compressed = in_plane;
                in_plane = Some(1.0);
            }
        }
        Some(Maker::UnitedImaging) => {
            let text = header.private(0x0065, "Image Private Header", 0x0D).and_then(text_of);
            in_plane = text.and_then(|text| after(&text, ':')).or(in_plane);
        }
        _ => {}
    }
    out.positive("ParallelReductionFactorInPlane", in_plane);
    out.positive("ParallelReductionFactorOutOfPlane", through);
    out.positive("CompressedSensingFactor", compressed.filter(|factor: &f64| *factor > 1.0));
}

/// The number behind a mark: 2 of `p2s4` and `p`, of `F:2S` and `:`.
fn after(text: &str, mark: char) -> Option<f64> {
    let rest = text.split_once(mark)?.1;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_read_from_words() {
        assert_eq!((after("p2s4", 'p'), after("F:2S", ':'), after("p2.3", 'p')), (Some(2.0), Some(2.0), Some(2.3)));
        assert_eq!((after("s4", 'p'), after("p", 'p')), (None, None));
    }
}
