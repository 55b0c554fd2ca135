//! Tracer, dose, corrections, reconstruction and frames of a PET, as BIDS has them: MBq, seconds, mL.
//!
//! Times count from the start of the scan, *TimeZero*, which is *ScanStart* 0: the time that the facts of the acquisition correct activity
//! to, since Series Time may be that of a later reconstruction. A dose that can only be in megabecquerel was told so by the facts of
//! the acquisition. What is stated of every frame is an array with one value for each volume; the headers of their first images are
//! read for it. Source: BIDS 1.10, positron emission tomography; DICOM PS3.3 C.8.9.

mod method;

use isocenter_dcm::{Dataset, OpenOptions, Tag, tags, value};
use isocenter_volume::Stage;

use super::{header::Header, out::Out, subject::Subject};
use crate::{
    Error,
    facts::{clock as facts, pet::zero},
    plan::FrameRef,
};

/// Writes them.
///
/// # Errors
/// A file of another volume that cannot be opened; cancellation.
pub(super) fn write(subject: &Subject<'_>, open: &OpenOptions, stage: &Stage<'_>, out: &mut Out) -> Result<(), Error> {
    tracer(subject, out);
    corrections(subject, out);
    method::write(&subject.header, out);
    frames(subject, open, stage, out)
}

fn tracer(subject: &Subject<'_>, out: &mut Out) {
    let header = &subject.header;
    let Some(tracer) = value::item(header.top, tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE) else { return };
    let meaning = |sequence: Tag| value::string(value::item(tracer, sequence)?, tags::CODE_MEANING);
    let name =
        value::string(tracer, tags::RADIOPHARMACEUTICAL).or_else(|| meaning(tags::RADIOPHARMACEUTICAL_CODE_SEQUENCE));
    out.text("TracerName", name);
    // ^18^Fluorine
    let nuclide = meaning(tags::RADIONUCLIDE_CODE_SEQUENCE).map(|text| text.replace('^', ""));
    out.text("TracerRadionuclide", nuclide);
    let positive = |tag| value::f64(tracer, tag).filter(|number| *number > 0.0);
    out.positive("RadionuclidePositronFraction", positive(tags::RADIONUCLIDE_POSITRON_FRACTION));
    out.positive("RadionuclideHalfLife", positive(tags::RADIONUCLIDE_HALF_LIFE));
    let volume = positive(tags::RADIOPHARMACEUTICAL_VOLUME);
    out.positive("InjectedVolume", volume.or_else(|| subject.private(0x0009, "GEMS_PETD_01", 0x3A)));
    let pet = subject.series.head.meta().pet.as_ref();
    if let Some(dose) = pet.and_then(|pet| pet.injected_dose_bq).filter(|dose| *dose > 0.0) {
        out.number("InjectedRadioactivity", Some(dose / 1e6));
        out.put("InjectedRadioactivityUnits", "MBq");
    }
    if let Some(activity) = positive(tags::RADIOPHARMACEUTICAL_SPECIFIC_ACTIVITY) {
        out.number("MolarActivity", Some(activity));
        out.put("MolarActivityUnits", "Bq/umol");
    }
    injection(subject, tracer, out);
}

/// The injection, and the time that decay was corrected to, seconds from the start of the scan.
fn injection(subject: &Subject<'_>, tracer: &Dataset, out: &mut Out) {
    let header = &subject.header;
    let pet = subject.series.head.meta().pet.as_ref();
    let of_day = |ds, tag| facts::time(ds, tag).map(facts::seconds);
    let zero = zero(header.top);
    let began = zero.map(|at| facts::seconds(at.rem_euclid(facts::DAY)));
    let correction = header.string(tags::DECAY_CORRECTION);
    // where activity is corrected to the start, the facts know best how long after the injection that is
    let known = pet.and_then(|pet| pet.injection_to_reference_s).filter(|_| correction.as_deref() == Some("START"));
    let injected = known.map(|s| -s).or_else(|| {
        let seconds = of_day(tracer, tags::RADIOPHARMACEUTICAL_START_TIME)? - began?;
        (-MOST_UPTAKE_S..=0.0).contains(&seconds).then_some(seconds)
    });
    out.number("ScanStart", began.map(|_| 0.0));
    out.number("InjectionStart", injected);
    let corrected = header.strings(tags::CORRECTED_IMAGE).iter().any(|word| word == "DECY");
    let corrected_to = match correction.as_deref() {
        Some("START") => Some(0.0),
        Some("ADMIN") => injected,
        _ => None,
    };
    let is_corrected = match correction.as_deref() {
        Some("START" | "ADMIN") => Some(true),
        Some("NONE") => Some(false),
        _ => corrected.then_some(true),
    };
    out.flag("ImageDecayCorrected", is_corrected);
    out.number("ImageDecayCorrectionTime", corrected_to);
    out.text("TimeZero", zero.map(facts::time_of_day));
}

fn corrections(subject: &Subject<'_>, out: &mut Out) {
    let header = &subject.header;
    let units = header.string(tags::UNITS).map(|units| match units.as_str() {
        "BQML" => "Bq/mL".to_owned(),
        "GML" => "g/mL".to_owned(),
        "CM2ML" => "cm2/mL".to_owned(),
        _ => units,
    });
    out.text("Units", units);
    out.text("DecayCorrection", header.string(tags::DECAY_CORRECTION));
    out.text("AttenuationCorrection", header.text(tags::ATTENUATION_CORRECTION_METHOD));
    out.text("AttenuationCorrectionMethod", header.text(tags::ATTENUATION_CORRECTION_METHOD));
    out.text("ScatterCorrectionMethod", header.text(tags::SCATTER_CORRECTION_METHOD));
    out.text("RandomsCorrectionMethod", header.text(tags::RANDOMS_CORRECTION_METHOD));
    out.positive("DoseCalibrationFactor", header.number(tags::DOSE_CALIBRATION_FACTOR));
    out.positive("SliceThickness", header.number(tags::SLICE_THICKNESS));
    out.positive("SpacingBetweenSlices", header.number(tags::SPACING_BETWEEN_SLICES));
}

/// What differs from volume to volume.
fn frames(subject: &Subject<'_>, open: &OpenOptions, stage: &Stage<'_>, out: &mut Out) -> Result<(), Error> {
    let steps = subject.step_frames();
    out.numbers("FrameTimesStart", &starts(subject).unwrap_or_default());
    let mut stated: [Vec<Option<f64>>; 4] = Default::default();
    for step in steps {
        stage.check()?;
        let place = subject.files.get(step.file).ok_or(Error::OtherFiles)?.place();
        let instance = place.open_header(open).map_err(|source| Error::Dicom { file: step.file, source })?;
        let header = Header::new(&instance.dataset, step.frame);
        for (values, tag) in stated.iter_mut().zip(PER_FRAME.map(|(_, tag, _)| tag)) {
            values.push(header.number(tag));
        }
    }
    for (values, (key, _, scale)) in stated.into_iter().zip(PER_FRAME) {
        let values: Option<Vec<f64>> = values.into_iter().map(|v| v.filter(|v| *v >= 0.0).map(|v| v * scale)).collect();
        out.numbers(key, &values.unwrap_or_default());
    }
    Ok(())
}

/// When each volume began, by its earliest frame: seconds from TimeZero.
///
/// Where one does not say it, or none is later than another, there are none; of one volume that is 0.
fn starts(subject: &Subject<'_>) -> Option<Vec<f64>> {
    let acquired = |frame: FrameRef| subject.facts(frame)?.1.order.acquisition_s;
    let earliest = |frames: &[FrameRef]| frames.iter().filter_map(|frame| acquired(*frame)).reduce(f64::min);
    let slices = subject.series.head.shape()[2].max(1);
    let known = subject.series.frames.chunks(slices).map(earliest).collect::<Option<Vec<f64>>>();
    let from_zero = |zero: f64| {
        let after = |at: f64| {
            // clocks count microseconds
            let seconds = ((at - zero) * 1e6).round() / 1e6;
            // a day that only one of the two has, or a time of day after midnight
            if seconds.abs() > facts::seconds(facts::DAY) / 2.0 {
                seconds.rem_euclid(facts::seconds(facts::DAY))
            } else {
                seconds
            }
        };
        Some(known?.into_iter().map(after).collect::<Vec<f64>>())
    };
    let found = zero(subject.header.top).map(facts::seconds).and_then(from_zero);
    let found = found.filter(|all| all.windows(2).all(|pair| pair[0] < pair[1]));
    found.or_else(|| (subject.steps() == 1).then(|| vec![0.0]))
}

/// Keys, elements, and what their numbers are multiplied by: frames are timed in milliseconds.
const PER_FRAME: [(&str, Tag, f64); 4] = [
    ("FrameDuration", tags::ACTUAL_FRAME_DURATION, 1e-3),
    ("FrameReferenceTime", tags::FRAME_REFERENCE_TIME, 1e-3),
    ("DecayCorrectionFactor", tags::DECAY_FACTOR, 1.0),
    ("ScatterFraction", tags::SCATTER_FRACTION_FACTOR, 1.0),
];

/// No tracer is imaged later than that after its injection, s.
const MOST_UPTAKE_S: f64 = 86_400.0;
