//! Attributes of a PET acquisition.
//!
//! Source: DICOM PS3.3 C.8.9.1 (PET series), C.8.9.2 (isotope), C.8.4.6 (patient orientation), C.8.9.4 (PET image).

use isocenter_dcm::{Dataset, Tag, tags, value};
use isocenter_volume::Unit;

use super::{
    code::Code,
    common,
    error::Error,
    job::{Job, Place},
    lists, put,
    steps::Role,
    warning::Warning,
};

pub(super) fn classic(job: &Job<'_>, ds: &mut Dataset, place: Place) -> Result<(), Error> {
    let words = common::image_type(job, Some(place), &[]);
    put::text(ds, tags::IMAGE_TYPE, words.join("\\"));
    common::rescale(job, ds, place.plane, None);
    series(job, ds, place)?;
    let step = job.steps.step(place.step);
    if let Some(seconds) = step.time.and_then(|(_, seconds)| seconds) {
        put::numbers(ds, tags::FRAME_REFERENCE_TIME, &[seconds * 1e3]);
    }
    job.carry_or_assume(ds, tags::FRAME_REFERENCE_TIME, "0", Some(place));
    put::count(ds, tags::IMAGE_INDEX, place.number + 1);
    let two = [tags::ACQUISITION_DATE, tags::ACQUISITION_TIME, tags::ACTUAL_FRAME_DURATION, tags::COLLIMATOR_TYPE];
    job.carry_or_empty(ds, &two, Some(place));
    job.carry(ds, &lists::PET_3, Some(place));
    job.carry(ds, &[tags::TRIGGER_TIME, tags::FRAME_TIME, tags::LOW_RR_VALUE, tags::HIGH_RR_VALUE], Some(place));
    if decay_corrected(ds) && ds.get(tags::DECAY_FACTOR).is_none() {
        return Err(Error::Missing { kind: job.kind, tag: tags::DECAY_FACTOR });
    }
    Ok(())
}

fn decay_corrected(ds: &Dataset) -> bool {
    value::string(ds, tags::DECAY_CORRECTION).is_some_and(|word| word != "NONE")
}

fn series(job: &Job<'_>, ds: &mut Dataset, place: Place) -> Result<(), Error> {
    for (tag, other) in [(tags::SERIES_DATE, tags::STUDY_DATE), (tags::SERIES_TIME, tags::STUDY_TIME)] {
        if ds.get(tag).is_none() {
            let stated = job.source.string(other, None).ok_or(Error::Missing { kind: job.kind, tag })?;
            put::text(ds, tag, stated);
        }
    }
    let known = job.volume.meta().pet.clone().unwrap_or_default();
    match units(job.volume.scaling().unit()) {
        Some(units) => {
            put::text(ds, tags::UNITS, units);
            if units == "GML" {
                put::text(ds, tags::SUV_TYPE, "BW");
            }
        }
        None => match known.units {
            Some(units) => {
                // grams without a type are by body weight for every reader
                let kind = known.suv_type.filter(|_| matches!(units.as_str(), "GML" | "CM2ML"));
                put::text(ds, tags::UNITS, units);
                if let Some(kind) = kind {
                    put::text(ds, tags::SUV_TYPE, kind);
                }
            }
            None => job.carry_or_fail(ds, &[tags::UNITS], Some(place))?,
        },
    }
    job.carry_or_assume(ds, tags::COUNTS_SOURCE, "EMISSION", None);
    let times = job.steps.axis(Role::Time).map(isocenter_volume::SlowAxis::len);
    put::text(ds, tags::SERIES_TYPE, if times.is_some() { "DYNAMIC\\IMAGE" } else { "STATIC\\IMAGE" });
    put::count(ds, tags::NUMBER_OF_SLICES, job.grid.slices);
    if let Some(times) = times {
        put::count(ds, tags::NUMBER_OF_TIME_SLICES, times);
    }
    job.carry_or_empty(ds, &[tags::CORRECTED_IMAGE], None);
    job.carry(ds, &[tags::DECAY_CORRECTION], None);
    if let Some(word) = known.decay_correction.filter(|_| ds.get(tags::DECAY_CORRECTION).is_none()) {
        put::text(ds, tags::DECAY_CORRECTION, word);
    }
    job.carry_or_fail(ds, &[tags::DECAY_CORRECTION], None)?;
    let sequences = [
        tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE,
        tags::PATIENT_ORIENTATION_CODE_SEQUENCE,
        tags::PATIENT_GANTRY_RELATIONSHIP_CODE_SEQUENCE,
    ];
    job.carry_or_empty(ds, &sequences, None);
    Ok(())
}

/// The defined term of a unit.
fn units(unit: &Unit) -> Option<&'static str> {
    Some(match unit {
        Unit::BqPerMl => "BQML",
        Unit::Counts => "CNTS",
        Unit::SuvBw => "GML",
        Unit::StandardDeviations | Unit::Ratio => "NONE",
        _ => return None,
    })
}

/// What an enhanced image has of it.
pub(super) fn enhanced(job: &Job<'_>, ds: &mut Dataset, shared: &mut Dataset) -> Result<(), Error> {
    tracer(job, ds, shared)?;
    let stated = job.source.strings(tags::CORRECTED_IMAGE, None);
    for (tag, word) in CORRECTIONS {
        job.carry(ds, &[tag], None);
        if ds.get(tag).is_none() {
            put::text(ds, tag, if stated.iter().any(|found| found == word) { "YES" } else { "NO" });
            if stated.is_empty() {
                job.warn(Warning::Assumed { tag });
            }
        }
    }
    let is = |ds: &Dataset, tag| value::string(ds, tag).as_deref() == Some("YES");
    if is(ds, tags::ATTENUATION_CORRECTED) {
        // the classic method is free text, which mostly names what was measured
        let method = job.source.string(tags::ATTENUATION_CORRECTION_METHOD, None).unwrap_or_default().to_uppercase();
        let by =
            ["CT", "MR"].into_iter().find(|by| method.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| w == *by));
        match by {
            Some(by) if job.get(tags::ATTENUATION_CORRECTION_SOURCE, None).is_none() => {
                put::text(ds, tags::ATTENUATION_CORRECTION_SOURCE, by);
            }
            _ => job.carry_or_assume(ds, tags::ATTENUATION_CORRECTION_SOURCE, "CALCULATED", None),
        }
        job.carry_or_assume(ds, tags::ATTENUATION_CORRECTION_TEMPORAL_RELATIONSHIP, "SEPARATE", None);
    }
    for (corrected, method, assumed) in [
        (tags::RANDOMS_CORRECTED, tags::RANDOMS_CORRECTION_METHOD, "SING"),
        (tags::SCATTER_CORRECTED, tags::SCATTER_CORRECTION_METHOD, "UNKNOWN"),
    ] {
        if is(ds, corrected) {
            job.carry_or_assume(ds, method, assumed, None);
        }
    }
    decay(job, ds)?;
    job.carry_or_assume(ds, tags::COUNTS_SOURCE, "EMISSION", None);
    job.carry_or_assume(ds, tags::TABLE_MOTION, "STATIC", None);
    job.carry_or_assume(ds, tags::TIME_OF_FLIGHT_INFORMATION_USED, "FALSE", None);
    let [x, y, z] = job.grid.normal().map(f64::abs);
    let view = match () {
        () if z >= x && z >= y => ["62824007", "Transverse"],
        () if y >= x => ["81654009", "Coronal"],
        () => ["30730003", "Sagittal"],
    };
    Code::fixed(view[0], "SCT", view[1]).put(ds, tags::VIEW_CODE_SEQUENCE);
    Ok(())
}

/// What was injected, each with a number, and that the frames show it.
fn tracer(job: &Job<'_>, ds: &mut Dataset, shared: &mut Dataset) -> Result<(), Error> {
    let tag = tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE;
    job.carry_or_fail(ds, &[tag], None)?;
    let mut agents = value::sequence(ds, tag).unwrap_or_default().to_vec();
    for (number, agent) in agents.iter_mut().enumerate() {
        put::count(agent, tags::RADIOPHARMACEUTICAL_AGENT_NUMBER, number + 1);
    }
    let usage = (1..=agents.len()).map(|number| {
        let mut item = Dataset::new_empty();
        put::count(&mut item, tags::RADIOPHARMACEUTICAL_AGENT_NUMBER, number);
        item
    });
    put::items(shared, tags::RADIOPHARMACEUTICAL_USAGE_SEQUENCE, usage.collect());
    put::items(ds, tag, agents);
    Ok(())
}

/// Whether decay is corrected, and to when.
fn decay(job: &Job<'_>, ds: &mut Dataset) -> Result<(), Error> {
    let missing = |tag| Error::Missing { kind: job.kind, tag };
    let known = job.volume.meta().pet.as_ref().and_then(|pet| pet.decay_correction.clone());
    let word = job.source.string(tags::DECAY_CORRECTION, None).or(known);
    job.carry(ds, &[tags::DECAY_CORRECTED], None);
    if ds.get(tags::DECAY_CORRECTED).is_none() {
        let word = word.as_deref().ok_or(missing(tags::DECAY_CORRECTION))?;
        put::text(ds, tags::DECAY_CORRECTED, if word == "NONE" { "NO" } else { "YES" });
    }
    if value::string(ds, tags::DECAY_CORRECTED).as_deref() == Some("YES") {
        job.carry(ds, &[tags::DECAY_CORRECTION_DATE_TIME], None);
        if ds.get(tags::DECAY_CORRECTION_DATE_TIME).is_none() {
            let start = |tag| job.source.string(tag, None).filter(|_| word.as_deref() == Some("START"));
            let moment = start(tags::SERIES_DATE).zip(start(tags::SERIES_TIME));
            let (date, time) = moment.ok_or(missing(tags::DECAY_CORRECTION_DATE_TIME))?;
            put::text(ds, tags::DECAY_CORRECTION_DATE_TIME, format!("{date}{time}"));
        }
    }
    Ok(())
}

/// What an enhanced image says of each correction, and the word for it in a classic one's Corrected Image.
const CORRECTIONS: [(Tag, &str); 10] = [
    (tags::ATTENUATION_CORRECTED, "ATTN"),
    (tags::SCATTER_CORRECTED, "SCAT"),
    (tags::DEAD_TIME_CORRECTED, "DTIM"),
    (tags::GANTRY_MOTION_CORRECTED, "MOTN"),
    (tags::PATIENT_MOTION_CORRECTED, "PMOT"),
    (tags::COUNT_LOSS_NORMALIZATION_CORRECTED, "CLN"),
    (tags::RANDOMS_CORRECTED, "RAN"),
    (tags::NON_UNIFORM_RADIAL_SAMPLING_CORRECTED, "RADL"),
    (tags::SENSITIVITY_CALIBRATED, "DCAL"),
    (tags::DETECTOR_NORMALIZATION_CORRECTION, "NORM"),
];
