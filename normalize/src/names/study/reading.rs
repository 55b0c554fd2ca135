//! What was made of a study's texts.

use serde::Serialize;

use super::{Code, Timing};
use crate::names::{Abstained, Said};

/// Which way a code was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum By {
    /// By the table of descriptions that people have coded.
    Table,
    /// By rules alone.
    Rules,
}

/// A study's code, or why there is none; with what was understood in either case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    pub(super) found: Result<Code, Abstained>,
    pub(super) by: By,
    pub(super) confidence: f64,
    pub(super) region: Option<String>,
    pub(super) timing: Option<Timing>,
    pub(super) others: Vec<&'static str>,
    pub(super) evidence: Vec<Said>,
}

impl Reading {
    /// No code, and why.
    pub(super) fn none(why: Abstained, evidence: Vec<Said>) -> Self {
        Self {
            found: Err(why),
            by: By::Rules,
            confidence: 0.0,
            region: None,
            timing: None,
            others: Vec::new(),
            evidence,
        }
    }

    /// A code, with its own region and timing.
    pub(super) fn coded(code: Code, by: By, confidence: f64, evidence: Vec<Said>) -> Self {
        Self {
            found: Ok(code),
            by,
            confidence,
            region: Some(code.system.to_owned()),
            timing: Timing::of_component(code.component),
            others: Vec::new(),
            evidence,
        }
    }

    /// The code.
    pub fn code(&self) -> Option<Code> {
        self.found.ok()
    }

    /// Why there is no code.
    pub fn abstained(&self) -> Option<Abstained> {
        self.found.err()
    }

    /// Table or rules.
    pub fn by(&self) -> By {
        self.by
    }

    /// From 0 (no code) to 1; an order of merit, not a frequency.
    pub fn confidence(&self) -> f64 {
        self.confidence
    }

    /// What is imaged, as LOINC's System; known at times without a code. `XXX` is an unspecified region.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Contrast into a vein; `None` where nothing says so.
    pub fn timing(&self) -> Option<Timing> {
        self.timing
    }

    /// Other codes that people have given the same text.
    pub fn others(&self) -> &[&'static str] {
        &self.others
    }

    /// Which words said what.
    pub fn evidence(&self) -> &[Said] {
        &self.evidence
    }
}
