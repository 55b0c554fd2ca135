//! From stored to real values.
//!
//! A *stored* value `s` is what the file holds; a *real* value is `slope * s + intercept`, in the unit named by the
//! [`Scaling`] (Hounsfield units for CT). The two are kept apart until asked for, and a value is never rescaled twice.
//!
//! Source: DICOM PS3.3 C.7.6.16.2.9 (top level, shared or per frame); NIfTI-1 `scl_slope` (0 is "no scaling").
//!
//! # Examples
//! ```
//! use isocenter_volume::Rescale;
//! let ct = Rescale::new(1.0, -1024.0)?;
//! assert_eq!(ct.apply(1024.0), 0.0); // water
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

use crate::Error;

/// One slope and intercept.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "stored::Rescale"))]
pub struct Rescale {
    #[cfg_attr(feature = "serde", serde(with = "crate::exact"))]
    slope: f64,
    #[cfg_attr(feature = "serde", serde(with = "crate::exact"))]
    intercept: f64,
}

impl Rescale {
    /// Real values are the stored ones.
    pub const IDENTITY: Self = Self { slope: 1.0, intercept: 0.0 };

    /// Joins slope and intercept; [`Error::BadNumber`] unless both are finite and the slope is not 0.
    pub fn new(slope: f64, intercept: f64) -> Result<Self, Error> {
        if !slope.is_finite() || slope == 0.0 {
            return Err(Error::BadNumber { what: "rescale slope", wanted: "not 0", found: slope });
        }
        if !intercept.is_finite() {
            return Err(Error::BadNumber { what: "rescale intercept", wanted: "a number", found: intercept });
        }
        Ok(Self { slope, intercept })
    }

    /// The slope: real units per stored unit.
    pub const fn slope(&self) -> f64 {
        self.slope
    }

    /// The intercept, in real units.
    pub const fn intercept(&self) -> f64 {
        self.intercept
    }

    /// The real value of a stored one.
    #[inline]
    pub fn apply(&self, stored: f64) -> f64 {
        self.slope * stored + self.intercept
    }

    /// The stored value (not rounded) of a real one.
    #[inline]
    pub fn invert(&self, real: f64) -> f64 {
        (real - self.intercept) / self.slope
    }

    /// Whether real values are the stored ones.
    pub fn is_identity(&self) -> bool {
        *self == Self::IDENTITY
    }
}

/// What a real value is counted in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Unit {
    /// Nobody says, or the scanner's own arbitrary unit.
    #[default]
    Arbitrary,
    /// Hounsfield units.
    Hu,
    /// Becquerel per millilitre, DICOM `BQML`.
    BqPerMl,
    /// Counts, DICOM `CNTS`.
    Counts,
    /// Standardized uptake value by body weight, g/ml.
    SuvBw,
    /// Standard deviations from a mean (z-score).
    StandardDeviations,
    /// A ratio without a unit, such as a value rescaled to 0..1.
    Ratio,
    /// Any other, as a UCUM code or the file's own word.
    Other(String),
}

impl Unit {
    /// A short code: `HU`, `BQML`, `CNTS`, `SUVbw`, ...
    pub fn code(&self) -> &str {
        match self {
            Self::Arbitrary => "arbitrary",
            Self::Hu => "HU",
            Self::BqPerMl => "BQML",
            Self::Counts => "CNTS",
            Self::SuvBw => "SUVbw",
            Self::StandardDeviations => "sd",
            Self::Ratio => "1",
            Self::Other(code) => code,
        }
    }
}

/// How stored values become real ones: one pair for the volume, or one for each plane.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "stored::Scaling"))]
pub struct Scaling {
    pairs: Pairs,
    unit: Unit,
}

#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
enum Pairs {
    Uniform(Rescale),
    PerPlane(Vec<Rescale>),
}

impl Default for Scaling {
    fn default() -> Self {
        Self::uniform(Rescale::IDENTITY, Unit::Arbitrary)
    }
}

impl Scaling {
    /// One pair for every voxel.
    pub const fn uniform(rescale: Rescale, unit: Unit) -> Self {
        Self { pairs: Pairs::Uniform(rescale), unit }
    }

    /// One pair for each k plane, over all slow steps, in memory order. Equal pairs become [`Scaling::uniform`].
    pub fn per_plane(pairs: Vec<Rescale>, unit: Unit) -> Self {
        match pairs.split_first() {
            Some((first, rest)) if rest.iter().all(|p| p == first) => Self::uniform(*first, unit),
            None => Self::uniform(Rescale::IDENTITY, unit),
            _ => Self { pairs: Pairs::PerPlane(pairs), unit },
        }
    }

    /// What the real values are counted in.
    pub const fn unit(&self) -> &Unit {
        &self.unit
    }

    /// The one pair, where all planes share it.
    pub const fn as_uniform(&self) -> Option<Rescale> {
        match &self.pairs {
            Pairs::Uniform(rescale) => Some(*rescale),
            Pairs::PerPlane(_) => None,
        }
    }

    /// The pairs of the planes, where they differ.
    pub fn as_per_plane(&self) -> Option<&[Rescale]> {
        match &self.pairs {
            Pairs::Uniform(_) => None,
            Pairs::PerPlane(pairs) => Some(pairs),
        }
    }

    /// The pair of one plane (k + planes * step).
    pub fn of_plane(&self, plane: usize) -> Rescale {
        match &self.pairs {
            Pairs::Uniform(rescale) => *rescale,
            Pairs::PerPlane(pairs) => pairs.get(plane).copied().unwrap_or(Rescale::IDENTITY),
        }
    }

    /// The pairs of `planes` planes from plane `first` on.
    #[must_use]
    pub fn of_planes(&self, first: usize, planes: usize) -> Self {
        match &self.pairs {
            Pairs::Uniform(_) => self.clone(),
            Pairs::PerPlane(pairs) => {
                Self::per_plane(pairs.iter().skip(first).take(planes).copied().collect(), self.unit.clone())
            }
        }
    }

    /// Whether the real values are the stored ones.
    pub fn is_identity(&self) -> bool {
        self.as_uniform().is_some_and(|r| r.is_identity())
    }

    /// The same pairs with another unit.
    #[must_use]
    pub fn with_unit(mut self, unit: Unit) -> Self {
        self.unit = unit;
        self
    }
}

/// What is read passes the constructors that code passes.
#[cfg(feature = "serde")]
mod stored {
    use super::{Error, Pairs, Unit};

    #[derive(serde::Deserialize)]
    pub(super) struct Rescale {
        #[serde(with = "crate::exact")]
        slope: f64,
        #[serde(with = "crate::exact")]
        intercept: f64,
    }

    impl TryFrom<Rescale> for super::Rescale {
        type Error = Error;

        fn try_from(stored: Rescale) -> Result<Self, Error> {
            Self::new(stored.slope, stored.intercept)
        }
    }

    #[derive(serde::Deserialize)]
    pub(super) struct Scaling {
        pairs: Pairs,
        unit: Unit,
    }

    impl TryFrom<Scaling> for super::Scaling {
        type Error = Error;

        fn try_from(stored: Scaling) -> Result<Self, Error> {
            match stored.pairs {
                Pairs::Uniform(rescale) => Ok(Self::uniform(rescale, stored.unit)),
                Pairs::PerPlane(pairs) if pairs.is_empty() => Err(Error::ScalingCount { planes: 1, found: 0 }),
                Pairs::PerPlane(pairs) => Ok(Self::per_plane(pairs, stored.unit)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_a_slope_that_loses_everything() {
        for slope in [0.0, f64::NAN, f64::INFINITY] {
            assert!(Rescale::new(slope, 0.0).is_err());
        }
    }

    #[test]
    fn equal_planes_share_one_pair() {
        let pair = Rescale::new(2.0, 1.0).unwrap();
        assert_eq!(Scaling::per_plane(vec![pair; 3], Unit::Hu).as_uniform(), Some(pair));
    }
}
