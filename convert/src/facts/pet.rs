//! Facts of a PET acquisition that a standardized uptake value needs.
//!
//! The time that activity is corrected to is found in the order of the QIBA vendor-neutral pseudocode: the series time, unless
//! it is later than the acquisition (then the series was post-processed); the maker's private scan time; else computed back
//! from the frame: `start = acquisition + average - frame reference`, where `average = ln(x / (1 - exp(-x))) / lambda` and
//! `x = lambda * duration` (decay within the frame); else the acquisition itself, of the earliest image.

use isocenter_dcm::{Dataset, Tag, tags, term, value};
use isocenter_volume::meta::{Pet, Sex};

use super::{
    clock::{self, DAY, Micros},
    maker::Maker,
};
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

/// The facts of one PET image that an uptake value needs, and what was odd about them: for who reads files by himself. A series has those of its earliest file.
pub fn pet_facts(image: &Dataset) -> (Pet, Vec<Warning>) {
    let PetFacts { pet, warnings, .. } = PetFacts::of(image);
    (pet, warnings)
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
    (pet.suv_per_count, pet.bqml_per_count) = (philips(first, 0x00), philips(first, 0x09));
    pet.suv_type = term::of(first, tags::SUV_TYPE);
    pet.weight_kg = value::f64(first, tags::PATIENT_WEIGHT).filter(|kg| *kg > 0.0);
    pet.size_m = value::f64(first, tags::PATIENT_SIZE).filter(|m| *m > 0.0);
    pet.sex = value::string(first, tags::PATIENT_SEX).as_deref().and_then(Sex::of_term);
    pet.injection_to_reference_s = match pet.decay_correction.as_deref() {
        Some("ADMIN") => {
            warnings.push(Warning::ReferenceTime { rule: "administration" });
            Some(0.0)
        }
        Some("START") => {
            let found = start(first, pet.half_life_s)
                .and_then(|(at, rule)| Some((injection_to(first, tracer?, at, pet.half_life_s, warnings)?, rule)));
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

/// When the acquisition began, with a day where one is stated.
fn acquisition(ds: &Dataset) -> Option<Micros> {
    let day = || clock::date(ds, tags::ACQUISITION_DATE).or_else(|| series_day(ds)).unwrap_or(0);
    clock::date_time(ds, tags::ACQUISITION_DATE_TIME, clock::zone(ds))
        .or_else(|| Some(day() + clock::time(ds, tags::ACQUISITION_TIME)?))
}

/// What times of a scan count from: the start of the scan where that is known, else the acquisition, else the series time.
pub(crate) fn zero(ds: &Dataset) -> Option<Micros> {
    let tracer = value::item(ds, tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE);
    let half_life_s = tracer.and_then(|tracer| value::f64(tracer, tags::RADIONUCLIDE_HALF_LIFE)).filter(|s| *s > 0.0);
    let known = start(ds, half_life_s).map(|(at, _)| at).or_else(|| acquisition(ds));
    known.or_else(|| Some(series_day(ds).unwrap_or(0) + clock::time(ds, tags::SERIES_TIME)?))
}

/// The start of the scan, to which activity is corrected, and the rule that found it.
fn start(ds: &Dataset, half_life_s: Option<f64>) -> Option<(Micros, &'static str)> {
    let acquired = acquisition(ds)?;
    let series = clock::time(ds, tags::SERIES_TIME).map(|t| series_day(ds).unwrap_or(0) + t);
    if let Some(series) = series.filter(|s| *s <= acquired) {
        return Some((series, "series-time"));
    }
    let tag = value::private_tag(ds, 0x0009, "GEMS_PETD_01", 0x0D).unwrap_or(Tag(0x0009, 0x100D));
    if let Some(scanned) = clock::date_time(ds, tag, clock::zone(ds)) {
        return Some((scanned, "private"));
    }
    Some(back_computed(ds, acquired, half_life_s).map_or((acquired, "acquisition-time"), |at| (at, "back-computed")))
}

/// The start of the scan from the middle of a frame; `None` where the frame does not say when that was (0 is nobody's).
fn back_computed(ds: &Dataset, acquired: Micros, half_life_s: Option<f64>) -> Option<Micros> {
    let lambda = std::f64::consts::LN_2 / half_life_s?;
    let seconds = |tag: Tag| value::f64(ds, tag).map(|ms| ms / 1e3).filter(|s| *s > 0.0 && *s < LONGEST_UPTAKE_S);
    let (duration, reference) = (seconds(tags::ACTUAL_FRAME_DURATION)?, seconds(tags::FRAME_REFERENCE_TIME)?);
    let x = lambda * duration;
    let average = libm::log(x / -libm::expm1(-x)) / lambda;
    Some(acquired + ((average - reference) * 1e6) as Micros)
}

/// Seconds from the injection to `at`.
///
/// A full date and time is believed: where it puts the injection after the scan, nothing is moved. One whose date is days off was
/// shifted apart from the others, and the time of day alone is then as good. A time of day after that of the scan may be of the day
/// before, where enough of the tracer would be left to see anything.
fn injection_to(
    ds: &Dataset,
    tracer: &Dataset,
    at: Micros,
    half_life_s: Option<f64>,
    warnings: &mut Vec<Warning>,
) -> Option<f64> {
    let stated = injected_at(ds, tracer);
    if let Some(injected) = stated {
        let seconds = clock::seconds(at - injected);
        if (0.0..LONGEST_UPTAKE_S).contains(&seconds) {
            return Some(seconds);
        }
        if series_day(ds).is_some() && at - injected < 0 && injected - at < 2 * DAY {
            warnings.push(Warning::InjectionAfterScan);
            return None;
        }
    }
    let clock_time = clock::time(tracer, tags::RADIOPHARMACEUTICAL_START_TIME).or(stated.map(|t| t.rem_euclid(DAY)))?;
    let day = if series_day(ds).is_some() { at - at.rem_euclid(DAY) } else { 0 };
    let seconds = clock::seconds(at - (day + clock_time));
    if seconds >= 0.0 {
        return Some(seconds);
    }
    let from_day_before = seconds + clock::seconds(DAY);
    if half_life_s.is_some_and(|half_life| from_day_before <= MOST_HALF_LIVES * half_life) {
        warnings.push(Warning::InjectionDayBefore);
        return Some(from_day_before);
    }
    warnings.push(Warning::InjectionAfterScan);
    None
}

/// The injection's date and time in the file's zone. Where the file does not state its zone, a start time beside the date and time
/// tells it: whole quarters of an hour between the two are the zone.
fn injected_at(ds: &Dataset, tracer: &Dataset) -> Option<Micros> {
    let tag = tags::RADIOPHARMACEUTICAL_START_DATE_TIME;
    let zone = clock::zone(ds);
    let stated = clock::date_time(tracer, tag, zone)?;
    if zone.is_none()
        && clock::offset(tracer, tag).is_some()
        && let Some(local) = clock::time(tracer, tags::RADIOPHARMACEUTICAL_START_TIME)
    {
        let ahead = (local - stated.rem_euclid(DAY) + DAY / 2).rem_euclid(DAY) - DAY / 2;
        // a start time may be without its seconds
        let quarters = (ahead as f64 / QUARTER as f64).round() as Micros * QUARTER;
        if (ahead - quarters).abs() < 60_000_000 {
            return Some(stated + quarters);
        }
    }
    Some(stated)
}

/// A factor of Philips for images in counts: element 00 to SUV by body weight, 09 to Bq/ml; a maker writes 0 for none.
fn philips(ds: &Dataset, element: u8) -> Option<f64> {
    let is_theirs = Maker::of(ds) == Some(Maker::Philips);
    let usual = is_theirs.then_some(Tag(0x7053, 0x1000 | u16::from(element)));
    let tag = value::private_tag(ds, 0x7053, "Philips PET Private Group", element).or(usual)?;
    value::f64(ds, tag).filter(|factor| *factor > 0.0)
}

/// A quarter of an hour: zones differ by whole ones.
const QUARTER: Micros = 15 * 60_000_000;

/// After so many half-lives less than a hundredth is left: nobody begins a scan then.
const MOST_HALF_LIVES: f64 = 7.0;

/// Below this a dose can only have been written in megabecquerel (QIBA).
const SMALLEST_DOSE_BQ: f64 = 1e5;

/// No tracer is imaged later than that after its injection.
const LONGEST_UPTAKE_S: f64 = 7.0 * 86_400.0;
