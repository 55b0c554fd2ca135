//! Where a number comes from.

use serde::{Deserialize, Serialize};

use crate::Error;

/// Two ends between which a number is drawn, evenly; serializes as `[low, high]`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Range(#[serde(with = "isocenter_volume::exact::pair")] [f64; 2]);

impl Range {
    /// Between two ends; the change that holds it says which are allowed.
    pub const fn new(low: f64, high: f64) -> Self {
        Self([low, high])
    }

    /// As far to both sides of 0.
    pub const fn around_zero(most: f64) -> Self {
        Self([-most, most])
    }

    /// The lower end.
    pub const fn low(&self) -> f64 {
        self.0[0]
    }

    /// The upper end.
    pub const fn high(&self) -> f64 {
        self.0[1]
    }

    /// At a share of the way from the lower end.
    pub(super) fn at(&self, share: f64) -> f64 {
        self.low() + (self.high() - self.low()) * share
    }

    /// That the ends are in order, and in `[least, most]`.
    pub(super) fn check(&self, what: &'static str, least: f64, most: f64) -> Result<(), Error> {
        let bad = |wanted, found| Err(Error::BadParameter { what, wanted, found });
        for end in self.0 {
            within(what, end, least, most)?;
        }
        if self.low() > self.high() { bad("two ends of which the first is not the larger", self.low()) } else { Ok(()) }
    }
}

/// That a number is in `[least, most]`.
pub(super) fn within(what: &'static str, found: f64, least: f64, most: f64) -> Result<(), Error> {
    let wanted = match (least, most) {
        (0.0, 1.0) => "between 0 and 1",
        (0.0, _) => "0 or above, and not beyond all measure",
        (1.0, _) => "1 or above, and not beyond all measure",
        _ => "a number that is not beyond all measure",
    };
    if (least..=most).contains(&found) { Ok(()) } else { Err(Error::BadParameter { what, wanted, found }) }
}

/// That a list of axes has one, and none beyond the third.
pub(super) fn axes(found: &[usize]) -> Result<(), Error> {
    let bad = |found| Err(Error::BadParameter { what: "the axes", wanted: "some of 0, 1 and 2", found });
    match (found.is_empty(), found.iter().find(|a| **a > 2)) {
        (true, _) => bad(f64::NAN),
        (_, Some(axis)) => bad(*axis as f64),
        _ => Ok(()),
    }
}
