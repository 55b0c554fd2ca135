//! What has the shape of an identifier, whoever the patient is.

use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;

use crate::known::names_nobody;

/// What a match has to hold besides.
type Test = fn(&str) -> bool;

/// A shape: what is gone is the group `x`, or all of the match.
struct Shape {
    pattern: Regex,
    test: Test,
}

/// UIDs: numbers with five dots and more, and those made of a UUID (PS3.5 B.2).
pub(super) fn uids(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    static UID: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = UID.get_or_init(|| Regex::new(r"\b(?:[0-2](?:\.(?:0|[1-9]\d*)){5,}|2\.25\.\d{20,39})\b").ok());
    pattern.iter().flat_map(move |pattern| pattern.find_iter(text)).map(|found| found.range())
}

/// All that has a shape.
pub(super) fn find(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    shapes().iter().flat_map(move |shape| {
        shape.pattern.captures_iter(text).filter_map(|found| {
            let part = found.name("x").or_else(|| found.get(0))?;
            (shape.test)(part.as_str()).then(|| part.range())
        })
    })
}

fn shapes() -> &'static [Shape] {
    static SHAPES: OnceLock<Vec<Shape>> = OnceLock::new();
    SHAPES.get_or_init(|| {
        let shape = |(pattern, test): (&str, Test)| {
            Some(Shape { pattern: Regex::new(&pattern.replace("NAME", NAME)).ok()?, test })
        };
        written().into_iter().filter_map(shape).collect()
    })
}

/// A word that is written as a name, with its particles.
const NAME: &str = concat!(
    r"(?:(?:van|von|der|den|de|del|della|di|da|dos|la|le|el|al|bin|zu)\s+)*",
    r"\p{Lu}[\p{L}'’]*\.?(?:[- ]\p{Lu}[\p{L}'’]*\.?){0,3}"
);

/// The shapes and what a match of each has to hold besides; `NAME` stands for [`NAME`].
fn written() -> Vec<(&'static str, Test)> {
    let any: Test = |_| true;
    vec![
        // addresses of the net, and of a file
        (r"(?i)[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+", any),
        (r"(?i)\b(?:https?|ftp|file)://\S+", any),
        (r"(?i)\bwww\.[\p{L}\d.-]+\S*", any),
        (r"\b(?:\d{1,3}\.){3}\d{1,3}\b", is_ip),
        (r"(?i)\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b", any),
        (r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", any),
        (r"(?i)\\\\[\w.$-]+(?:\\[^\s\\]+)*|\b[a-z]:\\[^\s]*", any),
        // telephones: with a plus, with brackets, in three groups, behind a word
        (r"\+\d{1,3}[ ./-]?(?:\(\d{1,4}\)[ ./-]?)?\d{1,5}(?:[ ./-]?\d{1,5}){1,5}", any),
        (r"\(\d{2,5}\) ?\d{2,5}(?:[ ./-]\d{2,6}){0,3}", any),
        (r"\b\d{3}[-. ]\d{3,4}[-. ]\d{4}\b", any),
        (r"\b0\d{2,4}[-/ ]\d{3,4}[-/ ]?\d{2,6}\b", any),
        (r"(?i)\b(?:tel|phone|telefon|fon|fax|mobile|cell|pager|call)\b[.: #]*(?P<x>\+?[\d(][\d ()./-]{4,}\d)", any),
        // numbers of a social security
        (r"\b\d{3}[- ]\d{2}[- ]\d{4}\b", any),
        // record numbers: letters with many digits, or with some behind a sign; digits alone; behind a word
        (r"\b[\p{L}]{1,8}\d{5,}[\p{L}\d]*\b", any),
        (r"\b[\p{Lu}]{1,5}[-_#/][\p{Lu}]{0,2}\d{4,}[\p{L}\d]*\b", any),
        (r"\b\d{5,}(?:-\d+)*\b", any),
        (
            concat!(
                r"(?i)\b(?:mrn|pid|patient ?id|pat\.? ?id|id|acc(?:ession)?|acct|account|ssn|nhs|ahv|bsn|licen[cs]e|policy|",
                r"insurance|plan|plate|serial|s/n|sn|case|chart|visit|order|medical record|record)\b\.?",
                r"(?: (?:no|nr|number))?\.?\s*[:#=]?\s*(?P<x>[\p{L}\d]*\d[\p{L}\d/_-]*)"
            ),
            has_three_digits,
        ),
        // streets and places
        (
            concat!(
                r"\b\d{1,5}[a-z]? (?:\p{Lu}[\p{L}'’-]*\s+){1,3}(?:St|Street|Ave|Avenue|Road|Rd|Lane|Ln|Drive|Dr|Blvd|Boulevard|",
                r"Way|Court|Ct|Place|Pl|Square|Sq|Terrace|Close|Crescent|Row|Walk|Hill|Park|Quay|Parkway|Highway)\b\.?"
            ),
            any,
        ),
        (
            concat!(
                r"\b\p{Lu}[\p{L}-]*(?:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|ring|damm|ufer|straat|laan|gatan|vägen|gade)",
                r"\s*\d{1,4}\s?[a-z]?\b"
            ),
            any,
        ),
        (
            concat!(
                r"\b\d{1,4},? (?:rue|avenue|boulevard|place|chemin|via|viale|piazza|calle|avenida|rua) ",
                r"(?:\p{L}+[ '’-]?){1,4}"
            ),
            any,
        ),
        (r"\b\p{Lu}{2} \d{5}(?:-\d{4})?\b", any),
        // names behind a title, a role, a label
        (
            concat!(
                r"\b(?:Dr|Dra|Prof|Mr|Mrs|Ms|Miss|Sir|Herr|Frau|Hr|Fr|Mme|Mlle|Mons|Sr|Sra|Srta|Sig|Sigra|Dott|Doctor|Doktor|",
                r"Docteur|Nurse|Schwester|Pfleger)\.?(?:\s?(?:med|phil|Dr|Prof)\.)*\s+(?P<x>NAME)"
            ),
            any,
        ),
        (
            concat!(
                r"(?i:\b(?:by|per|attending|referring|radiologist|technologist|technician|tech|operator|physician|surgeon|",
                r"nurse|reader|signed|dictated|reported|verified|mother|father|wife|husband|son|daughter|guardian|contact)",
                r"\b:?)\s+(?P<x>NAME)"
            ),
            is_name,
        ),
        (r"(?i:\b(?:patient|pt|name|patient name|pat)\b\s*[:=]\s*)(?P<x>NAME(?:\s?,\s?NAME)?)", is_name),
        // HIPAA 164.514(b)(2)(i)(C): ages above 89
        (r"(?i)\b(?P<x>9\d|1[0-3]\d)(?:[ -]?(?:years?|yrs?|y/?o|yo|jahre|jährig\w*|ans|años|anni)\b)", any),
        (r"(?i)\b(?:aged?|alter|âge)[: ]+(?P<x>9\d|1[0-3]\d)\b", any),
    ]
}

fn is_ip(text: &str) -> bool {
    text.split('.').all(|part| part.parse::<u8>().is_ok())
}

/// What stands behind a label and is a number of somebody has three digits at least.
fn has_three_digits(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= 3
}

/// What stands where a name would is one unless its words name nobody.
fn is_name(text: &str) -> bool {
    !names_nobody(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gone(text: &str) -> Vec<&str> {
        let mut ranges: Vec<_> = find(text).collect();
        ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        ranges.dedup_by(|next, last| next.start < last.end);
        ranges.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(shapes().len(), written().len());
    }

    #[test]
    fn identifiers_are_told_by_their_shape() {
        for (text, wanted) in [
            ("mail zoe.k77@mail.example now", "zoe.k77@mail.example"),
            ("see https://portal.example/pt/88593 today", "https://portal.example/pt/88593"),
            ("from 203.0.113.108", "203.0.113.108"),
            ("call (555) 017-3580 with results", "(555) 017-3580"),
            ("fax 555-779-1245", "555-779-1245"),
            ("+49 (0)30 1234567", "+49 (0)30 1234567"),
            ("SSN 162-87-7601 known", "162-87-7601"),
            ("plan HPX-2294298", "HPX-2294298"),
            ("licence DL-K185899", "DL-K185899"),
            ("plate QJ-4963", "QJ-4963"),
            ("acct AN701874540", "AN701874540"),
            ("id: 4711", "4711"),
            ("lives at 3150 Kestrelmoor Lane", "3150 Kestrelmoor Lane"),
            ("wohnt Lindenstraße 12 b", "Lindenstraße 12 b"),
            ("12 rue de la Paix", "12 rue de la Paix"),
            ("Springfield, IL 62704", "IL 62704"),
            ("reported by Dr. Ravindranath", "Dr. Ravindranath"),
            ("to Dr. Ravindranath", "Ravindranath"),
            ("signed: Jo Ashdown-Ell", "Jo Ashdown-Ell"),
            ("performed by Bonaventura at noon", "Bonaventura"),
            ("Frau Dr. med. von der Heide", "von der Heide"),
            ("a 93-year-old woman", "93"),
        ] {
            assert_eq!(gone(text), [wanted], "{text}");
        }
    }

    #[test]
    fn what_technicians_write_has_no_shape() {
        for text in [
            "AXIAL SOFT TISSUE 5mm",
            "CHEST ABDOMEN WITHOUT CONTRAST",
            "ISOVUE300 100 ml",
            "JPEG 2000 irreversible lossy 2097",
            "T2 TSE tra 512 x 512 p2",
            "vibe_tra_dyn TR 3.5 TE 1.2 FA 12",
            "12.7 mm spiculated nodule, 5 of 6",
            "Contrast by Injection",
            "for Headache",
            "performed per Protocol",
            "Overlay drawn for Bladder wall",
            "by contrast",
            "a 72-year-old",
            "v2.6.3.6 VB17A",
            "0.5\\0.7071",
            "ep2d_diff_3scan_trace_p2_ADC 1000",
        ] {
            assert!(gone(text).is_empty(), "{text}: {:?}", gone(text));
        }
    }
}
