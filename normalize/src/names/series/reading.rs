//! What was made of a series.

use serde::Serialize;

use super::Kind;
use crate::names::{Abstained, Said};

/// Factor where the words say another weighting than the physics.
const CONTRADICTED: f64 = 0.6;

/// The kind of a series, or that there is none.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    kind: Option<Kind>,
    confidence: f64,
    evidence: Vec<Said>,
}

impl Reading {
    pub(super) fn new(found: Option<Verdict>) -> Self {
        match found {
            Some(found) => Self { kind: Some(found.kind), confidence: found.confidence, evidence: found.evidence },
            None => Self { kind: None, confidence: 0.0, evidence: Vec::new() },
        }
    }

    /// The kind.
    pub fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// Why there is no kind.
    pub fn abstained(&self) -> Option<Abstained> {
        self.kind.is_none().then_some(Abstained::NothingUnderstood)
    }

    /// From 0 (no kind) to 1; an order of merit, not a frequency.
    pub fn confidence(&self) -> f64 {
        self.confidence
    }

    /// Which facts and words said what.
    pub fn evidence(&self) -> &[Said] {
        &self.evidence
    }
}

/// A kind while it is being judged.
pub(super) struct Verdict {
    pub(super) kind: Kind,
    confidence: f64,
    evidence: Vec<Said>,
}

impl Verdict {
    pub(super) fn new(kind: Kind, confidence: f64, found: impl Into<String>, says: impl Into<String>) -> Self {
        Self { kind, confidence, evidence: vec![Said::new(found, says)] }
    }

    /// More that says so.
    pub(super) fn and(mut self, found: impl Into<String>, says: impl Into<String>) -> Self {
        self.evidence.push(Said::new(found, says));
        self
    }

    /// Held against what the words say of weighting.
    pub(super) fn against(self, word: Option<(&'static str, Kind)>) -> Self {
        let plain = matches!(self.kind, Kind::T1w | Kind::T2w | Kind::PDw | Kind::Flair | Kind::T2star);
        match word {
            Some((word, kind)) if plain && kind == self.kind => self.and(word, "the same"),
            Some((word, kind)) if plain => {
                let confidence = self.confidence * CONTRADICTED;
                Self { confidence, ..self }.and(word, format!("{}, which the facts contradict", kind.bids()))
            }
            _ => self,
        }
    }
}
