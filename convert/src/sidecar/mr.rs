//! Times, angles, field and coils of an MR acquisition, in the units of BIDS: seconds, degrees, tesla, MHz.
//!
//! *RepetitionTime* is that of a volume. A header states it of an excitation or a segment where the sequence has several of them in a
//! volume: where three volumes or more begin evenly, and at times that are more than 50 ms from what it states, they begin as far apart
//! as they do, and what the header states is *RepetitionTimeExcitation*, or *RepetitionTimeInversion* where magnetization is inverted.

use isocenter_dcm::tags;

use super::{
    header::{Header, number_of, text_of},
    out::Out,
    subject::Subject,
};
use crate::{
    facts::{maker::Maker, meta},
    timing,
};

/// Writes them.
pub(super) fn write(subject: &Subject<'_>, out: &mut Out) {
    let header = &subject.header;
    out.positive("MagneticFieldStrength", header.number(tags::MAGNETIC_FIELD_STRENGTH).map(meta::tesla));
    // United Imaging writes hertz
    let frequency = header.number(tags::IMAGING_FREQUENCY).or_else(|| header.number(tags::TRANSMITTER_FREQUENCY));
    out.positive("ImagingFrequency", frequency.map(|f| if f > MOST_MHZ { f / 1e6 } else { f }));
    out.positive("SliceThickness", header.number(tags::SLICE_THICKNESS));
    out.positive("SpacingBetweenSlices", header.number(tags::SPACING_BETWEEN_SLICES));
    out.positive("SAR", header.number(tags::SAR));
    echoes(subject, out);
    repetition(subject, out);
    out.positive("InversionTime", inversion_s(subject));
    out.positive("FlipAngle", header.number(tags::FLIP_ANGLE));
    let varies = header.string(tags::VARIABLE_FLIP_ANGLE_FLAG).is_some_and(|flag| flag.starts_with(['Y', 'y']));
    out.flag("VariableFlipAngleFlag", varies.then_some(true));
    let trigger =
        header.positive(tags::NOMINAL_CARDIAC_TRIGGER_DELAY_TIME).or_else(|| header.positive(tags::TRIGGER_TIME));
    // an echo planar image of GE has the time of its slice there
    let is_of_slice = || timing::is_echo_planar(subject.series, header.top, subject.frame);
    let is_timed = header.by(Maker::Philips) || header.by(Maker::Ge) && !is_of_slice();
    out.positive("TriggerDelayTime", trigger.filter(|ms| is_timed && *ms < MOST_MS));
    duration(subject, out);
    averages(header, out);
    coils(header, out);
    table(subject, out);
}

/// The echo time.
pub(super) fn echo_s(header: &Header<'_>) -> Option<f64> {
    let echo = header.positive(tags::EFFECTIVE_ECHO_TIME).or_else(|| header.positive(tags::ECHO_TIME));
    echo.map(|ms| ms / 1e3)
}

/// The inversion time; Philips has the delay after its prepulse.
pub(super) fn inversion_s(subject: &Subject<'_>) -> Option<f64> {
    let header = &subject.header;
    let inversion = header.positive(tags::INVERSION_TIMES).or_else(|| header.positive(tags::INVERSION_TIME));
    let prepulse = || subject.private(0x2001, "Philips Imaging DD 001", 0x1B).filter(|_| header.by(Maker::Philips));
    inversion.or_else(prepulse).filter(|ms| *ms > 0.0).map(|ms| ms / 1e3)
}

fn echoes(subject: &Subject<'_>, out: &mut Out) {
    let header = &subject.header;
    let number = subject.series.echo_number.filter(|n| *n > 1 || (subject.is_multi_echo && *n > 0));
    if let Some(number) = number {
        out.put("EchoNumber", number);
    }
    let echo = echo_s(header);
    // GE's field map is of two echoes; the scale of its velocities is -1 / (2 pi (TE2 - TE1)), in hertz
    let scale = subject.private(0x0019, "GEMS_ACQU_01", 0xE2).filter(|hertz| *hertz < 0.0);
    let is_map = subject.is_ge_field_map && subject.part == Some(crate::part::Part::FieldMap);
    match (echo, scale) {
        (Some(first), Some(hertz)) if is_map => {
            out.number("EchoTime1", Some(first));
            out.number("EchoTime2", Some(first - 1.0 / (std::f64::consts::TAU * hertz)));
        }
        _ => out.positive("EchoTime", echo),
    }
}

fn repetition(subject: &Subject<'_>, out: &mut Out) {
    let header = &subject.header;
    let mut stated = header.positive(tags::REPETITION_TIME).map(|ms| ms / 1e3);
    if header.by(Maker::Ge) {
        // the pause after each volume
        let delay = timing::pause_s(subject.series, header.top, subject.frame);
        stated = stated.map(|s| s + delay.unwrap_or(0.0));
    }
    let onsets = (subject.steps() > 2 && !header.by(Maker::Ge)).then(|| subject.onsets_s()).flatten();
    // a pause, or files that are missing, is no repetition time
    let measured = onsets.and_then(|onsets| {
        let mean = onsets.last()? / (onsets.len() as f64 - 1.0);
        let is_even = onsets.windows(2).all(|pair| (pair[1] - pair[0] - mean).abs() <= SAME_S);
        is_even.then_some(mean)
    });
    let differs = |s: f64| stated.is_none_or(|stated| (s - stated).abs() > SAME_S);
    let Some(volume) = measured.filter(|s| differs(*s)) else {
        out.positive("RepetitionTime", stated);
        return;
    };
    let averages = header.number(tags::NUMBER_OF_AVERAGES).filter(|n| *n > 1.0);
    if averages.is_some_and(|n| !differs(volume / n)) {
        out.positive("RepetitionTime", stated);
        return;
    }
    out.positive("RepetitionTime", Some(volume));
    let inverts = subject.says(tags::SCANNING_SEQUENCE, "IR") || subject.says(tags::INVERSION_RECOVERY, "YES");
    let key =
        if inverts && !header.by(Maker::Philips) { "RepetitionTimeInversion" } else { "RepetitionTimeExcitation" };
    out.positive(key, stated);
}

fn duration(subject: &Subject<'_>, out: &mut Out) {
    let header = &subject.header;
    let own = subject.private(0x0019, "GEMS_ACQU_01", 0x5A).filter(|_| header.by(Maker::Ge)).map(|us| us / 1e6);
    let own = own.filter(|s| *s > 0.0);
    // United Imaging has another time there
    let stated = header.positive(tags::ACQUISITION_DURATION).filter(|_| !header.by(Maker::UnitedImaging));
    out.positive("AcquisitionDuration", own.or(stated));
}

fn averages(header: &Header<'_>, out: &mut Out) {
    out.positive("NumberOfAverages", header.number(tags::NUMBER_OF_AVERAGES).filter(|n| *n > 1.0));
}

/// Siemens' coils are written by who reads its protocol.
fn coils(header: &Header<'_>, out: &mut Out) {
    if !header.by(Maker::Siemens) {
        out.text("CoilString", header.text(tags::RECEIVE_COIL_NAME));
    }
    out.text("TransmitCoilName", header.text(tags::TRANSMIT_COIL_NAME));
}

/// Where the table stood, mm: to the left, to the back, to the head.
fn table(subject: &Subject<'_>, out: &mut Out) {
    let header = &subject.header;
    let place = match header.maker {
        Some(Maker::Siemens) => {
            let found = header.private(0x0019, "SIEMENS MR HEADER", 0x14);
            let found = found.or_else(|| header.private(0x0021, "SIEMENS MR SDS 01", 0x05));
            let found = found.and_then(text_of).unwrap_or_default();
            let numbers: Option<Vec<f64>> = found.split('\\').map(|part| part.trim().parse().ok()).collect();
            numbers.and_then(|n| <[f64; 3]>::try_from(n).ok()).map(|[x, y, z]| [x, y, -z])
        }
        Some(Maker::Philips) => {
            let along = header.private_in(0x2005, &["Philips MR Imaging DD 005"], 0x14, 0x3C);
            // the largest number stands for none
            along.and_then(number_of).filter(|z| z.abs() < MOST_MM).map(|z| [0.0, 0.0, -z])
        }
        Some(Maker::Ge) => {
            let text = header.private(0x0043, "GEMS_PARM_01", 0xB2).and_then(text_of);
            let along = text.and_then(|t| t.split('\\').nth(2)?.trim().parse::<f64>().ok());
            let moved = subject.private(0x0019, "GEMS_ACQU_01", 0x7F).unwrap_or(0.0);
            along.map(|z| [0.0, 0.0, z - moved])
        }
        _ => None,
    };
    if let Some(place) = place {
        out.numbers("TablePosition", &place);
    }
}

/// Above that a frequency is in hertz.
const MOST_MHZ: f64 = 9e6;

/// Repetition times that differ by less are one, s.
const SAME_S: f64 = 0.05;

/// No table is further away, mm.
const MOST_MM: f64 = 1e5;

/// Makers write the largest number where there is no delay, ms.
const MOST_MS: f64 = 1e7;
