//! What a dose is thought to be spread over: the body, its lean part, its surface.
//!
//! Sources: W. P. T. James, "Research on obesity", HMSO 1976 (lean mass; 128 and 148); D. J. Morgan and K. M. Bray, "Lean body mass as a predictor of drug dosage", Clinical
//! Pharmacokinetics 1994 (120 in the place of 128); S. Janmahasatian et al., "Quantification of lean bodyweight", Clinical Pharmacokinetics 2005; D. and E. F. Du Bois, "A formula to
//! estimate the approximate surface area if height and weight be known", Archives of Internal Medicine 1916; DICOM PS3.3 C.8.9.1.1.3 (SUV Type) and PS3.16 CID 85 (names).

use isocenter_volume::{
    Unit,
    meta::{Pet, Sex},
};
use serde::{Deserialize, Serialize};

use crate::Error;

/// What uptake is by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SuvBy {
    /// Body weight: SUVbw, g/ml.
    #[default]
    Bw,
    /// Lean mass by James, 128 for men: SUVlbm(James128), g/ml.
    LbmJames128,
    /// Lean mass by Morgan, 120 for men: SUVlbm, g/ml; what the DICOM term `LBM` means.
    LbmMorgan,
    /// Lean mass by Janmahasatian: SUVlbm(Janma), g/ml.
    LbmJanma,
    /// Body surface by Du Bois: SUVbsa, cm2/ml.
    Bsa,
    /// Ideal weight by Devine's rule as the DICOM standard has it: SUVibw, g/ml.
    Ibw,
}

impl SuvBy {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Bw, Self::LbmJames128, Self::LbmMorgan, Self::LbmJanma, Self::Bsa, Self::Ibw];

    /// The unit of its values; other than by weight in the words of CID 85.
    pub fn unit(self) -> Unit {
        match self {
            Self::Bw => Unit::SuvBw,
            Self::LbmJames128 => Unit::Other("g/ml{SUVlbm(James128)}".to_owned()),
            Self::LbmMorgan => Unit::Other("g/ml{SUVlbm}".to_owned()),
            Self::LbmJanma => Unit::Other("g/ml{SUVlbm(Janma)}".to_owned()),
            Self::Bsa => Unit::Other("cm2/ml{SUVbsa}".to_owned()),
            Self::Ibw => Unit::Other("g/ml{SUVibw}".to_owned()),
        }
    }

    /// The defined term of SUV Type, (0054,1006).
    pub const fn suv_type(self) -> &'static str {
        match self {
            Self::Bw => "BW",
            Self::LbmJames128 => "LBMJAMES128",
            Self::LbmMorgan => "LBM",
            Self::LbmJanma => "LBMJANMA",
            Self::Bsa => "BSA",
            Self::Ibw => "IBW",
        }
    }

    /// The one with this SUV Type.
    pub fn of_suv_type(term: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.suv_type() == term)
    }

    /// The defined term of Units, (0054,1001).
    pub const fn units(self) -> &'static str {
        match self {
            Self::Bsa => "CM2ML",
            _ => "GML",
        }
    }

    /// Grams of the body that the dose is spread over, or its surface in square centimetres.
    ///
    /// What differs between women and men is the mean of both where Patient's Sex is `O`, as QIBA has it.
    ///
    /// # Errors
    /// [`Error::MissingFact`] for a weight, size or sex that is not there or no such thing; no value of a patient's is in it.
    pub fn mass(self, pet: &Pet) -> Result<f64, Error> {
        let weight = plausible("Patient's Weight (0010,1030)", pet.weight_kg, 0.2..=700.0)?;
        if self == Self::Bw {
            return Ok(weight * 1e3);
        }
        let size_cm = plausible("Patient's Size (0010,1020)", pet.size_m, 0.2..=3.0)? * 100.0;
        let by_sex = |of: &dyn Fn(bool) -> f64| -> Result<f64, Error> {
            match pet.sex {
                Some(Sex::Female) => Ok(of(true)),
                Some(Sex::Male) => Ok(of(false)),
                Some(_) => Ok((of(true) + of(false)) / 2.0),
                None => Err(Error::MissingFact { attribute: "Patient's Sex (0010,0040)" }),
            }
        };
        let ratio = weight / size_cm;
        let by_ratio = |men: f64| {
            by_sex(&|f| if f { 1.07 * weight - 148.0 * ratio * ratio } else { 1.10 * weight - men * ratio * ratio })
        };
        let mass = match self {
            Self::Bw => weight * 1e3,
            Self::LbmJames128 => 1e3 * by_ratio(128.0)?,
            Self::LbmMorgan => 1e3 * by_ratio(120.0)?,
            Self::LbmJanma => {
                let index = weight / (size_cm * size_cm * 1e-4);
                1e3 * by_sex(&|f| {
                    let (base, by_index) = if f { (8780.0, 244.0) } else { (6680.0, 216.0) };
                    9270.0 * weight / (base + by_index * index)
                })?
            }
            Self::Bsa => 1e4 * 0.007184 * libm::pow(weight, 0.425) * libm::pow(size_cm, 0.725),
            Self::Ibw => {
                let over = size_cm - 152.0;
                1e3 * by_sex(&|f| if f { 45.5 + 0.91 * over } else { 48.0 + 1.06 * over })?
            }
        };
        // the parabolas of lean mass turn down for very heavy bodies, and the line of ideal weight ends for very small ones
        plausible("a mass from weight, size and sex", Some(mass), f64::MIN_POSITIVE..=f64::MAX)
    }
}

/// A number that may be a patient's is checked without being printed.
fn plausible(attribute: &'static str, value: Option<f64>, range: std::ops::RangeInclusive<f64>) -> Result<f64, Error> {
    value.filter(|value| range.contains(value)).ok_or(Error::MissingFact { attribute })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(weight_kg: f64, size_m: f64, sex: Sex) -> Pet {
        let mut pet = Pet::default();
        (pet.weight_kg, pet.size_m, pet.sex) = (Some(weight_kg), Some(size_m), Some(sex));
        pet
    }

    #[test]
    fn masses_are_those_of_the_papers() {
        // worked by hand
        let man = person(80.0, 1.8, Sex::Male);
        let wanted = [80e3, 62_716.05, 64_296.30, 61_731.41, 19_964.21, 77_680.0];
        for (by, wanted) in SuvBy::ALL.into_iter().zip(wanted) {
            let found = by.mass(&man).unwrap();
            assert!((found - wanted).abs() < 0.5, "{by:?} {found}");
        }
    }

    #[test]
    fn another_sex_is_the_mean_of_both() {
        for by in SuvBy::ALL {
            let [f, m, o] = [Sex::Female, Sex::Male, Sex::Other].map(|sex| by.mass(&person(70.0, 1.75, sex)).unwrap());
            assert!((o - (f + m) / 2.0).abs() < 1e-9, "{by:?}");
            assert_eq!(SuvBy::of_suv_type(by.suv_type()), Some(by));
        }
    }

    #[test]
    fn what_is_no_body_is_refused_without_its_numbers() {
        for (weight, size) in [(0.0, 1.7), (f64::NAN, 1.7), (70.0, 170.0), (70.0, 0.0), (300.0, 0.9)] {
            let text = SuvBy::LbmJames128.mass(&person(weight, size, Sex::Female)).unwrap_err().to_string();
            assert!(!text.contains("170") && !text.contains("300"), "{text}");
        }
        let mut nobody = person(70.0, 1.7, Sex::Male);
        nobody.sex = None;
        assert!(SuvBy::Ibw.mass(&nobody).unwrap_err().to_string().contains("0010,0040"));
        assert!(SuvBy::Bsa.mass(&nobody).is_ok());
    }
}
