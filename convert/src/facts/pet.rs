//! Facts of a PET acquisition that a standardized uptake value needs.
//!
//! The time that activity is corrected to is found in the order of the QIBA vendor-neutral pseudocode: the series time, unless
//! it is later than the acquisition (then the series was post-processed); the maker's private scan time; else computed back
//! from the frame: `start = acquisition + average - frame reference`, where `average = ln(x / (1 - exp(-x))) / lambda` and
//! `x = lambda * duration` (decay within the frame).

use isocenter_dcm::{Dataset, Tag, tags, term, value};
use isocenter_volume::meta::Pet;

use super::clock::{self, DAY, Micros};
use crate::Warning;

/// Facts of one file, and when it was acquired: those of the earliest file of a series are the series'.
#[derive(Clone)]
pub(crate) struct PetFacts {
    acquired: Micros,
    pub(crate) pet: Pet,
    pub(crate) warnings: Vec<Warning>,
}

impl PetFacts {
    /// The facts of a PET image.
    pub(crate) fn of(ds: &Dataset) -> Self {
        let mut warnings = Vec::new();
        let pet = facts(ds, &mut warnings);
        Self { acquired: acquisition(ds).unwrap_or(Micros::MAX), pet, warnings }
    }

    /// The facts of the earliest of several files, each with its SOP Instance UID; ties go to the smallest, so that the order
    /// of files plays no part.
    pub(crate) fn earliest<'a>(files: impl Iterator<Item = (&'a Self, &'a str)>) -> Option<&'a Self> {
        files.min_by_key(|(facts, uid)| (facts.acquired, *uid)).map(|(facts, _)| facts)
    }
}

fn facts(first: &Dataset, warnings: &mut Vec<Warning>) -> Pet {
    let tracer = value::item(first, tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE);
    let tracer_number = |tag: Tag| tracer.and_then(|h| value::f64(h, tag)).filter(|v| *v > 0.0);
    let mut pet = Pet::default();
    pet.units = term::of(first, tags::UNITS);
    pet.decay_correction = term::of(first, tags::DECAY_CORRECTION);
    let corrected = value::strings(first, tags::CORRECTED_IMAGE);
    pet.corrected_for_decay_and_attenuation =
        (!corrected.is_empty()).then(|| ["DECY", "ATTN"].iter().all(|c| corrected.iter().any(|v| v == c)));
    pet.half_life_s = tracer_number(tags::RADIONUCLIDE_HALF_LIFE);
    pet.injected_dose_bq = tracer_number(tags::RADIONUCLIDE_TOTAL_DOSE).map(|dose| {
        if dose < SMALLEST_DOSE_BQ {
            warnings.push(Warning::DoseInMegabecquerel);
            dose * 1e6
        } else {
            dose
        }
    });
    pet.weight_kg = value::f64(first, tags::PATIENT_WEIGHT).filter(|kg| *kg > 0.0);
    pet.injection_to_reference_s = match pet.decay_correction.as_deref() {
        Some("ADMIN") => {
            warnings.push(Warning::ReferenceTime { rule: "administration" });
            Some(0.0)
        }
        Some("START") => {
            let found = start(first, pet.half_life_s)
                .and_then(|(at, rule)| Some((injection_to(first, tracer?, at, warnings)?, rule)));
            match found {
                Some((_, rule)) => warnings.push(Warning::ReferenceTime { rule }),
                None => warnings.push(Warning::NoReferenceTime),
            }
            found.map(|(seconds, _)| seconds)
        }
        _ => None,
    };
    pet
}

fn series_day(ds: &Dataset) -> Option<Micros> {
    [tags::SERIES_DATE, tags::ACQUISITION_DATE, tags::STUDY_DATE].into_iter().find_map(|tag| clock::date(ds, tag))
}

fn acquisition(ds: &Dataset) -> Option<Micros> {
    let day = || clock::date(ds, tags::ACQUISITION_DATE).or_else(|| series_day(ds)).unwrap_or(0);
    clock::date_time(ds, tags::ACQUISITION_DATE_TIME).or_else(|| Some(day() + clock::time(ds, tags::ACQUISITION_TIME)?))
}

/// The start of the scan, to which activity is corrected, and the rule that found it.
fn start(ds: &Dataset, half_life_s: Option<f64>) -> Option<(Micros, &'static str)> {
    let acquired = acquisition(ds)?;
    let series = clock::time(ds, tags::SERIES_TIME).map(|t| series_day(ds).unwrap_or(0) + t);
    if let Some(series) = series.filter(|s| *s <= acquired) {
        return Some((series, "series-time"));
    }
    let tag = value::private_tag(ds, 0x0009, "GEMS_PETD_01", 0x0D).unwrap_or(Tag(0x0009, 0x100D));
    if let Some(scanned) = clock::date_time(ds, tag) {
        return Some((scanned, "private"));
    }
    let lambda = std::f64::consts::LN_2 / half_life_s?;
    let seconds = |tag: Tag| value::f64(ds, tag).map(|ms| ms / 1e3).filter(|s| *s > 0.0 && *s < LONGEST_UPTAKE_S);
    let (duration, reference) = (seconds(tags::ACTUAL_FRAME_DURATION)?, seconds(tags::FRAME_REFERENCE_TIME)?);
    let x = lambda * duration;
    let average = libm::log(x / -libm::expm1(-x)) / lambda;
    Some((acquired + ((average - reference) * 1e6) as Micros, "back-computed"))
}

/// Seconds from the injection to `at`.
fn injection_to(ds: &Dataset, tracer: &Dataset, at: Micros, warnings: &mut Vec<Warning>) -> Option<f64> {
    if let Some(injected) = clock::date_time(tracer, tags::RADIOPHARMACEUTICAL_START_DATE_TIME) {
        // a date that was shifted apart from the others makes nonsense: the time of day alone is then as good
        let seconds = clock::seconds(at - injected);
        if (0.0..LONGEST_UPTAKE_S).contains(&seconds) {
            return Some(seconds);
        }
    }
    let clock_time = clock::time(tracer, tags::RADIOPHARMACEUTICAL_START_TIME)
        .or_else(|| Some(clock::date_time(tracer, tags::RADIOPHARMACEUTICAL_START_DATE_TIME)?.rem_euclid(DAY)))?;
    let day = if series_day(ds).is_some() { at - at.rem_euclid(DAY) } else { 0 };
    let mut injected = day + clock_time;
    if injected > at {
        warnings.push(Warning::InjectionDayBefore);
        injected -= DAY;
    }
    Some(clock::seconds(at - injected))
}

/// Below this a dose can only have been written in megabecquerel (QIBA).
const SMALLEST_DOSE_BQ: f64 = 1e5;

/// No tracer is imaged later than that after its injection.
const LONGEST_UPTAKE_S: f64 = 7.0 * 86_400.0;
