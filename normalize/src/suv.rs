//! Standardized uptake value of a PET: by body weight, lean mass, surface or ideal weight.
//!
//! The image holds activity per volume (Bq/ml), corrected for attenuation and decay. With 1 g of body taken as 1 ml, a uniformly
//! spread dose would give 1: `SUVbw = activity * weight / dose`, weight in grams, and the dose decayed to the moment that
//! the image's activity is corrected to. That moment is said by Decay Correction (0054,1102): `START` is the start of the scan,
//! so the dose decays by `2^(-t / half-life)` from the injection on; `ADMIN` is the injection itself, so it does not decay.
//! An image in counts has an uptake where its maker states a factor: to SUV, or else to Bq/ml. One that holds uptake values by
//! something else (SUV Type (0054,1006)) is brought to what is asked for by the ratio of the two [masses](SuvBy::mass).
//!
//! Sources: DICOM PS3.3 C.8.9.1 (PET Series Module); the vendor-neutral SUV calculation of RSNA QIBA's FDG-PET profile.
//!
//! # Examples
//! ```
//! use isocenter_normalize::Suv;
//! let mut pet = isocenter_volume::meta::Pet::default();
//! pet.units = Some("BQML".into());
//! pet.decay_correction = Some("ADMIN".into());
//! pet.corrected_for_decay_and_attenuation = Some(true);
//! pet.injected_dose_bq = Some(350e6);
//! pet.weight_kg = Some(70.0);
//! assert_eq!(Suv::body_weight(&pet)?.factor, 70e3 / 350e6); // per Bq/ml
//! # Ok::<_, isocenter_normalize::Error>(())
//! ```

mod mass;

use isocenter_volume::{Ctx, Mask, Unit, Volume, meta::Pet};
use serde::{Deserialize, Serialize};

pub use self::mass::SuvBy;
use crate::{Error, Fitted, LinearMap, error};

/// Turns activity into the standardized uptake value, from [`isocenter_volume::Meta::pet`]; by body weight unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Suv {
    /// What uptake is by.
    pub by: SuvBy,
}

/// Which rule gave a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SuvRule {
    /// Activity at the start of the scan: the dose was decayed from the injection to it.
    DoseDecayedToStart,
    /// Activity corrected to the injection: the dose as injected.
    DoseAtInjection,
    /// The image holds these uptake values already.
    AlreadySuv,
    /// The image holds uptake values by another mass or by surface: the ratio of the two.
    OtherSuv,
    /// Counts, by the maker's own factor to SUV by weight.
    MakersFactor,
}

impl SuvRule {
    /// Its name: as records have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DoseDecayedToStart => "dose_decayed_to_start",
            Self::DoseAtInjection => "dose_at_injection",
            Self::AlreadySuv => "already_suv",
            Self::OtherSuv => "other_suv",
            Self::MakersFactor => "makers_factor",
        }
    }
}

/// What samples are multiplied with, and why.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SuvFactor {
    /// Uptake per unit of the image.
    pub factor: f64,
    /// The rule.
    pub rule: SuvRule,
    /// Whether the dose was so small that it must have been megabecquerel (below 1e5: QIBA's check), and was read as such.
    pub dose_read_as_mbq: bool,
}

impl SuvFactor {
    const fn of(factor: f64, rule: SuvRule) -> Self {
        Self { factor, rule, dose_read_as_mbq: false }
    }
}

impl Suv {
    /// Uptake by something else than weight.
    #[must_use]
    pub const fn by(by: SuvBy) -> Self {
        Self { by }
    }

    /// The factor to SUV by body weight for the facts of an acquisition.
    ///
    /// # Errors
    /// As [`Suv::factor`].
    pub fn body_weight(pet: &Pet) -> Result<SuvFactor, Error> {
        Self::default().factor(pet)
    }

    /// The factor for the facts of an acquisition.
    ///
    /// # Errors
    /// [`Error::MissingFact`] naming the attribute (a weight, size or sex that is out of range counts as missing, its value is not told);
    /// [`Error::Unsupported`] for a unit that is no activity (`CNTS` needs a maker's own factor), an SUV Type that is none of the standard's,
    /// and Decay Correction `NONE`, which gives every slice a time of its own; [`Error::NotCorrected`];
    /// [`Error::BadParameter`] for a dose, half-life or time that is out of range.
    pub fn factor(&self, pet: &Pet) -> Result<SuvFactor, Error> {
        let units = pet.units.as_deref().map(str::trim);
        match units {
            None | Some("") => return missing("Units (0054,1001)"),
            Some("GML" | "CM2ML") => return self.of_uptake(pet, units == Some("CM2ML")),
            Some("CNTS") if pet.suv_per_count.is_some() || pet.bqml_per_count.is_some() => {}
            Some("BQML") => {}
            Some(other) => return unsupported("Units (0054,1001)", other, &UNITS),
        }
        match pet.corrected_for_decay_and_attenuation {
            Some(true) => {}
            Some(false) => return Err(Error::NotCorrected),
            None => return missing("Corrected Image (0028,0051)"),
        }
        let counts = units == Some("CNTS");
        if let Some(factor) = pet.suv_per_count.filter(|_| counts) {
            error::positive("SUV factor (7053,1000)", factor)?;
            let ratio = if self.by == SuvBy::Bw { 1.0 } else { self.by.mass(pet)? / SuvBy::Bw.mass(pet)? };
            return Ok(SuvFactor::of(factor * ratio, SuvRule::MakersFactor));
        }
        let activity = pet.bqml_per_count.filter(|_| counts).unwrap_or(1.0);
        error::positive("activity factor (7053,1009)", activity)?;
        let mass = self.by.mass(pet)?;
        let dose = pet.injected_dose_bq.map_or_else(|| missing("Radionuclide Total Dose (0018,1074)"), Ok)?;
        error::positive("Radionuclide Total Dose (0018,1074)", dose)?;
        let dose_read_as_mbq = dose < SMALLEST_DOSE_BQ;
        let dose = if dose_read_as_mbq { dose * 1e6 } else { dose };
        let (dose, rule) = match pet.decay_correction.as_deref().map(str::trim) {
            None | Some("") => return missing("Decay Correction (0054,1102)"),
            Some("ADMIN") => (dose, SuvRule::DoseAtInjection),
            Some("START") => (decayed(dose, pet)?, SuvRule::DoseDecayedToStart),
            Some(other) => return unsupported("Decay Correction (0054,1102)", other, &["NONE"]),
        };
        Ok(SuvFactor { factor: activity * mass / dose, rule, dose_read_as_mbq })
    }

    /// From uptake values of the image's own kind.
    fn of_uptake(&self, pet: &Pet, by_surface: bool) -> Result<SuvFactor, Error> {
        let stated = match pet.suv_type.as_deref().map(str::trim) {
            // by weight is what stands where none is stated (PS3.3 C.8.9.1.1.3); square centimetres speak for themselves
            None | Some("") if by_surface => SuvBy::Bsa,
            None | Some("") => SuvBy::Bw,
            Some(term) => match SuvBy::of_suv_type(term) {
                Some(by) => by,
                None => return unsupported("SUV Type (0054,1006)", term, &[]),
            },
        };
        if (stated == SuvBy::Bsa) != by_surface {
            return unsupported("SUV Type (0054,1006)", stated.suv_type(), &["BSA", "BW", "LBM", "IBW"]);
        }
        if stated == self.by {
            return Ok(SuvFactor::of(1.0, SuvRule::AlreadySuv));
        }
        Ok(SuvFactor::of(self.by.mass(pet)? / stated.mass(pet)?, SuvRule::OtherSuv))
    }

    /// The map for a volume, from its facts; a volume whose unit is what is asked for already is kept as it is.
    ///
    /// # Errors
    /// As [`Suv::factor`]; [`Error::MissingFact`] for a volume without facts of a PET; [`Error::NotReal`].
    pub fn fit(&self, volume: &Volume<f32>, _mask: Option<&Mask>, _ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        let found = match (volume.scaling().unit(), &volume.meta().pet) {
            (unit, _) if *unit == self.by.unit() => SuvFactor::of(1.0, SuvRule::AlreadySuv),
            // the values are by weight now, whatever the header said of the stored ones
            (Unit::SuvBw, Some(pet)) => SuvFactor::of(self.by.mass(pet)? / SuvBy::Bw.mass(pet)?, SuvRule::OtherSuv),
            (Unit::Counts, Some(pet)) if pet.suv_per_count.is_some() || pet.bqml_per_count.is_some() => {
                self.factor(pet)?
            }
            (Unit::Counts, _) => return Err(Error::Unsupported { what: "Units (0054,1001)", found: "CNTS" }),
            (_, Some(pet)) => self.factor(pet)?,
            (_, None) => return missing("Units (0054,1001)"),
        };
        Ok(Fitted::linear(LinearMap::new(0.0, found.factor, 0.0)?, Some(self.by.unit()))
            .measuring("factor", found.factor)
            .measuring(found.rule.name(), 1.0)
            .measuring("dose_read_as_mbq", f64::from(u8::from(found.dose_read_as_mbq))))
    }
}

/// The dose that is left at the start of the scan.
fn decayed(dose: f64, pet: &Pet) -> Result<f64, Error> {
    let half_life = pet.half_life_s.map_or_else(|| missing("Radionuclide Half Life (0018,1075)"), Ok)?;
    error::positive("Radionuclide Half Life (0018,1075)", half_life)?;
    let what = "the time from the injection (0018,1072) to the start of the scan";
    let time = pet.injection_to_reference_s.map_or_else(|| missing(what), Ok)?;
    if !(0.0..=LONGEST_UPTAKE_S).contains(&time) {
        return Err(Error::BadParameter { what, wanted: "between 0 s and a week", found: time });
    }
    let left = dose * libm::exp2(-time / half_life);
    error::positive("the dose left at the start of the scan", left)
}

fn missing<T>(attribute: &'static str) -> Result<T, Error> {
    Err(Error::MissingFact { attribute })
}

/// Prints a term only where it is one of the standard's own.
fn unsupported<T>(what: &'static str, found: &str, known: &[&'static str]) -> Result<T, Error> {
    let found = known.iter().find(|term| **term == found).copied().unwrap_or("(no term of the standard)");
    Err(Error::Unsupported { what, found })
}

/// Below this a dose can only have been written in megabecquerel: no scan is made with 0.1 MBq (QIBA).
const SMALLEST_DOSE_BQ: f64 = 1e5;

/// A longer time between injection and scan is a mistake in the dates (the longest-lived tracers are imaged for days).
const LONGEST_UPTAKE_S: f64 = 7.0 * 86_400.0;

/// The other defined terms of Units (PS3.3 C.8.9.1.1.3).
const UNITS: [&str; 17] = [
    "CNTS",
    "NONE",
    "CM2",
    "CM2ML",
    "PCNT",
    "CPS",
    "MGMINML",
    "UMOLMINML",
    "MLMING",
    "MLG",
    "1CM",
    "UMOLML",
    "PROPCNTS",
    "PROPCPS",
    "MLMINML",
    "MLML",
    "STDDEV",
];

#[cfg(test)]
mod tests {
    use isocenter_volume::meta::Sex;

    use super::*;

    fn facts() -> Pet {
        let mut pet = Pet::default();
        pet.units = Some("BQML".into());
        pet.decay_correction = Some("START".into());
        pet.corrected_for_decay_and_attenuation = Some(true);
        pet.injected_dose_bq = Some(414_500_000.0);
        pet.half_life_s = Some(6586.2);
        pet.injection_to_reference_s = Some(5042.0);
        pet.weight_kg = Some(65.1);
        pet
    }

    #[test]
    fn one_half_life_doubles_the_factor() {
        let mut pet = facts();
        pet.injection_to_reference_s = Some(6586.2);
        let start = Suv::body_weight(&pet).unwrap();
        pet.decay_correction = Some("ADMIN".into());
        let admin = Suv::body_weight(&pet).unwrap();
        assert_eq!(start.factor, 2.0 * admin.factor);
        assert_eq!((start.rule, admin.rule), (SuvRule::DoseDecayedToStart, SuvRule::DoseAtInjection));
    }

    #[test]
    fn a_missing_fact_is_named_and_a_weight_is_not_printed() {
        type Spoil = fn(&mut Pet);
        let cases: [(Spoil, &str); 7] = [
            (|p| p.units = None, "0054,1001"),
            (|p| p.decay_correction = None, "0054,1102"),
            (|p| p.corrected_for_decay_and_attenuation = None, "0028,0051"),
            (|p| p.injected_dose_bq = None, "0018,1074"),
            (|p| p.half_life_s = None, "0018,1075"),
            (|p| p.injection_to_reference_s = None, "0018,1072"),
            (|p| p.weight_kg = Some(-71.0), "0010,1030"),
        ];
        for (spoil, tag) in cases {
            let mut pet = facts();
            spoil(&mut pet);
            let text = Suv::body_weight(&pet).unwrap_err().to_string();
            assert!(text.contains(tag) && !text.contains("71"), "{text}");
        }
    }

    #[test]
    fn refuses_counts_and_uncorrected_images() {
        let mut pet = facts();
        pet.units = Some("CNTS".into());
        assert!(matches!(Suv::body_weight(&pet), Err(Error::Unsupported { found: "CNTS", .. })));
        pet.units = Some("Doe^John".into());
        assert!(!Suv::body_weight(&pet).unwrap_err().to_string().contains("Doe"));
        pet = facts();
        pet.decay_correction = Some("NONE".into());
        assert!(matches!(Suv::body_weight(&pet), Err(Error::Unsupported { found: "NONE", .. })));
        pet = facts();
        pet.corrected_for_decay_and_attenuation = Some(false);
        assert_eq!(Suv::body_weight(&pet), Err(Error::NotCorrected));
    }

    #[test]
    fn counts_have_an_uptake_by_the_makers_factor() {
        let mut pet = facts();
        pet.units = Some("CNTS".into());
        pet.bqml_per_count = Some(2.0);
        let by_activity = Suv::body_weight(&pet).unwrap();
        assert_eq!(by_activity.factor, 2.0 * Suv::body_weight(&facts()).unwrap().factor);
        pet.suv_per_count = Some(0.25);
        pet.weight_kg = None;
        let found = Suv::body_weight(&pet).unwrap();
        assert_eq!((found.factor, found.rule), (0.25, SuvRule::MakersFactor));
        // an image in Bq/ml is not counted twice
        let mut activity = facts();
        activity.suv_per_count = Some(0.25);
        assert_eq!(Suv::body_weight(&activity), Suv::body_weight(&facts()));
    }

    #[test]
    fn uptake_by_one_mass_becomes_uptake_by_another() {
        let mut pet = facts();
        (pet.size_m, pet.sex) = (Some(1.6), Some(Sex::Male));
        for to in SuvBy::ALL {
            let activity = Suv::by(to).factor(&pet).unwrap().factor;
            for from in SuvBy::ALL {
                let mut uptake = pet.clone();
                (uptake.units, uptake.suv_type) = (Some(from.units().into()), Some(from.suv_type().into()));
                let step = Suv::by(to).factor(&uptake).unwrap();
                let way = Suv::by(from).factor(&pet).unwrap().factor * step.factor;
                assert!((way / activity - 1.0).abs() < 1e-12, "{from:?} {to:?}");
                assert_eq!(step.rule == SuvRule::AlreadySuv, from == to);
            }
        }
        // without a type grams are by weight, and square centimetres by surface; what contradicts itself is refused
        let of = |units: &str, kind: Option<&str>| {
            let mut uptake = pet.clone();
            (uptake.units, uptake.suv_type) = (Some(units.into()), kind.map(Into::into));
            Suv::body_weight(&uptake)
        };
        assert_eq!(of("GML", None).unwrap().factor, 1.0);
        assert_eq!(of("CM2ML", None), of("CM2ML", Some("BSA")));
        for (units, kind) in [("GML", "BSA"), ("CM2ML", "BW"), ("GML", "Doe^John")] {
            let error = of(units, Some(kind)).unwrap_err();
            assert!(matches!(error, Error::Unsupported { .. }) && !error.to_string().contains("Doe"));
        }
    }

    #[test]
    fn a_dose_in_megabecquerel_is_noticed() {
        let mut pet = facts();
        pet.injected_dose_bq = Some(414.5);
        let found = Suv::body_weight(&pet).unwrap();
        assert!(found.dose_read_as_mbq);
        assert_eq!(found.factor, Suv::body_weight(&facts()).unwrap().factor);
    }
}
