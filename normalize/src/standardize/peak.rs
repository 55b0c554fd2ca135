//! The peak of a tissue in the density of values.

use isocenter_volume::Ctx;
use serde::{Deserialize, Serialize};

use super::{
    density::{self, Bandwidth, Density},
    tally::Tally,
};
use crate::Error;

/// Which peak belongs to the tissue: white matter, as WhiteStripe has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The brightest, for T1: values above percentile 96 are left out first.
    #[default]
    Last,
    /// The highest, for T2 and FLAIR.
    Largest,
    /// The darkest, for proton density: values above percentile 99 are left out first.
    First,
}

impl Rule {
    /// The percentile above which values are left out where nothing else is said.
    const fn tail(self) -> f64 {
        match self {
            Self::Last => 96.0,
            Self::Largest => 100.0,
            Self::First => 99.0,
        }
    }
}

/// How the peak of a tissue is found in the density of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    pub(super) rule: Rule,
    pub(super) tail: Option<f64>,
    pub(super) bandwidth: Bandwidth,
    pub(super) points: usize,
}

impl Peak {
    /// The peak of this rule.
    pub const fn new(rule: Rule, bandwidth: Bandwidth, points: usize) -> Self {
        Self { rule, tail: None, bandwidth, points }
    }

    /// Sets the percentile (0 to 100) above which values are left out, in place of the rule's.
    #[must_use]
    pub const fn tail(self, percentile: f64) -> Self {
        Self { tail: Some(percentile), ..self }
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        if let Some(found) = self.tail.filter(|t| !(*t > 0.0 && *t <= 100.0)) {
            return Err(Error::BadParameter { what: "tail_percentile", wanted: "above 0, at most 100", found });
        }
        self.bandwidth.check()?;
        density::check(self.points)
    }

    /// The percentile above which values are left out.
    pub(super) fn percentile(&self) -> f64 {
        self.tail.unwrap_or(self.rule.tail())
    }

    /// The density of the samples up to `limit`, which are finite, and the peak in it; the highest point where nothing is a peak.
    pub(super) fn find(&self, samples: &[f32], limit: f64, ctx: &Ctx<'_>) -> Result<(f64, Density), Error> {
        let density = Density::of(&Tally::of(samples, limit, ctx)?, self.bandwidth, self.points)?;
        let peak = match self.rule {
            Rule::Last => density.peaks().next_back(),
            Rule::First => density.peaks().next(),
            Rule::Largest => None,
        };
        Ok((peak.unwrap_or_else(|| density.largest()), density))
    }
}
