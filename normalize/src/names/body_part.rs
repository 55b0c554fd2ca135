//! A body part in words, to a concept of SNOMED CT in a context group of DICOM.
//!
//! Read are terms of Body Part Examined (0018,0015) (`CSPINE`, `CHESTABDPELVIS`), the meanings of the concepts themselves and what
//! people write (`C-SPINE`, `Abd/Pel`), with a side beside it. Several parts are one concept where DICOM has one for them together,
//! and else two readings.
//!
//! Source: DICOM PS3.16, context groups 4, 4030 and 4031 (Anatomic Region; CT, MR and PET Anatomy Imaged; Common Anatomic Region);
//! the terms are those of PS3.16 Annex L.
//!
//! # Examples
//! ```
//! use isocenter_normalize::names::body_part::{self, Side};
//! let knee = body_part::name("KNEE LT");
//! assert_eq!(knee.concept().map(|concept| concept.code), Some("72696002"));
//! assert_eq!(knee.side(), Some(Side::Left));
//! assert_eq!(body_part::name("liver and foot").concept(), None); // two parts, no concept for both
//! ```

use std::{collections::HashMap, sync::LazyLock};

use serde::Serialize;

use super::{Abstained, Said, text};

/// The whole text is one term.
const TERM: f64 = 0.98;
/// A term, and a side or words that say nothing.
const WITH_MORE: f64 = 0.85;
/// Several parts that have a concept together.
const TOGETHER: f64 = 0.8;
/// Words of the text that mean nothing here.
const UNKNOWN: f64 = 0.7;

/// A coded body part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Concept {
    /// SNOMED CT code (coding scheme `SCT`).
    pub code: &'static str,
    /// Meaning, as DICOM writes it.
    pub meaning: &'static str,
}

/// Which of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Left.
    Left,
    /// Right.
    Right,
    /// Both.
    Both,
}

/// A body part, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    found: Result<Concept, Abstained>,
    side: Option<Side>,
    confidence: f64,
    evidence: Vec<Said>,
}

impl Reading {
    /// The concept.
    pub fn concept(&self) -> Option<Concept> {
        self.found.ok()
    }

    /// Why there is none.
    pub fn abstained(&self) -> Option<Abstained> {
        self.found.err()
    }

    /// The side, where words say one.
    pub fn side(&self) -> Option<Side> {
        self.side
    }

    /// From 0 to 1, an order of merit.
    pub fn confidence(&self) -> f64 {
        self.confidence
    }

    /// Which words said what.
    pub fn evidence(&self) -> &[Said] {
        &self.evidence
    }
}

/// Parts that have a concept together, by meaning.
const COMBINED: [(&[&str], &str); 6] = [
    (&["Abdomen", "Chest", "Neck", "Pelvis"], "Neck, Chest, Abdomen and Pelvis"),
    (&["Abdomen", "Chest", "Pelvis"], "Chest, Abdomen and Pelvis"),
    (&["Abdomen", "Chest", "Neck"], "Neck, Chest and Abdomen"),
    (&["Abdomen", "Pelvis"], "Abdomen and Pelvis"),
    (&["Abdomen", "Chest"], "Chest and Abdomen"),
    (&["Chest", "Neck"], "Neck and Chest"),
];

const SIDES: [(Side, &[&str]); 3] = [
    (Side::Left, &["LEFT", "LT", "L"]),
    (Side::Right, &["RIGHT", "RT", "R"]),
    (Side::Both, &["BILATERAL", "BILAT", "BOTH"]),
];

/// Words between parts.
const SILENT: [&str; 5] = ["AND", "OF", "THE", "WITH", "REGION"];

struct Terms {
    by_term: HashMap<String, Concept>,
    longest: usize,
}

static TERMS: LazyLock<Terms> = LazyLock::new(|| {
    let mut terms = Terms { by_term: HashMap::new(), longest: 1 };
    for row in text::rows(include_str!("../../data/body_parts.tsv")) {
        let mut cells = row.split('\t');
        let (Some(code), Some(meaning)) = (cells.next(), cells.next()) else { continue };
        let folded = text::fold(meaning);
        let joined = folded.replace(' ', "");
        let others = cells.next().unwrap_or("").split('|').map(text::fold);
        for term in [folded, joined].into_iter().chain(others).filter(|term| !term.is_empty()) {
            terms.longest = terms.longest.max(term.split(' ').count());
            terms.by_term.entry(term).or_insert(Concept { code, meaning });
        }
    }
    terms
});

/// The concept of a body part, from a term or free words.
///
/// No concept where no word is known, or where words name parts that have no concept together.
pub fn name(words: &str) -> Reading {
    let words = text::words(words);
    let mut parts: Vec<Concept> = Vec::new();
    let mut reading =
        Reading { found: Err(Abstained::NothingUnderstood), side: None, confidence: 0.0, evidence: Vec::new() };
    let (mut at, mut unknown, mut two_sides) = (0, 0, false);
    while let Some(word) = words.get(at) {
        if let Some((length, phrase, concept)) = longest(&words, at) {
            if !parts.contains(&concept) {
                parts.push(concept);
            }
            reading.evidence.push(Said::new(phrase, concept.meaning));
            at += length;
            continue;
        }
        if let Some((side, _)) = SIDES.iter().find(|(_, names)| names.contains(&word.as_str())) {
            two_sides |= reading.side.is_some_and(|other| other != *side);
            reading.side = Some(*side);
            reading.evidence.push(Said::new(word.as_str(), "side"));
        } else if !SILENT.contains(&word.as_str()) {
            unknown += 1;
        }
        at += 1;
    }
    if two_sides {
        reading.side = Some(Side::Both);
    }
    let alone = parts.len() == 1 && reading.evidence.len() == 1 && unknown == 0;
    let factor = if unknown > 0 { UNKNOWN } else { 1.0 };
    (reading.found, reading.confidence) = match parts.as_slice() {
        [] => (Err(Abstained::NothingUnderstood), 0.0),
        [only] => (Ok(*only), if alone { TERM } else { WITH_MORE } * factor),
        several => {
            together(several).map_or((Err(Abstained::TwoReadings), 0.0), |concept| (Ok(concept), TOGETHER * factor))
        }
    };
    reading
}

/// The longest term that starts at a word.
fn longest(words: &[String], at: usize) -> Option<(usize, String, Concept)> {
    (1..=TERMS.longest.min(words.len() - at)).rev().find_map(|length| {
        let phrase = words.get(at..at + length)?.join(" ");
        let concept = TERMS.by_term.get(&phrase)?;
        Some((length, phrase, *concept))
    })
}

/// The concept that DICOM has for these parts together.
fn together(parts: &[Concept]) -> Option<Concept> {
    let mut meanings: Vec<&str> = parts.iter().map(|part| part.meaning).collect();
    meanings.sort_unstable();
    let whole = COMBINED.iter().find(|(parts, _)| *parts == meanings.as_slice()).map(|(_, whole)| text::fold(whole))?;
    TERMS.by_term.get(&whole).copied()
}
