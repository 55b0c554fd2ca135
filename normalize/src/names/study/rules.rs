//! From what the words say to one code.

use super::{By, Code, Facts, Reading, attributes::Attributes, candidates};
use crate::names::{Abstained, Said, text};

/// Every part was said by a word.
const SURE: f64 = 0.95;
/// Factor for each part that is implied by what is usual.
const IMPLIED: f64 = 0.8;
/// Factor where most words mean nothing to the rules.
const MOST_UNKNOWN: f64 = 0.85;
/// A machine and nothing else: the code for an unspecified region.
const EMPTY: f64 = 0.9;

/// By the parts that words say, without any table of descriptions.
///
/// No code where a region, a machine or a side is missing or doubtful, or where LOINC's list here has no code of these parts.
pub fn by_rules(facts: &Facts<'_>) -> Reading {
    let study = match Attributes::of(facts) {
        Ok(study) => study,
        Err(why) => return Reading::none(why, Vec::new()),
    };
    if study.two_sides {
        return Reading::none(Abstained::TwoReadings, study.evidence);
    }
    let found = if says_nothing(facts) || study.regions.is_empty() && study.says("none") {
        let found = candidates::unspecified(study.method, study.says("portable"));
        Code::with_parts(found.method, &found.system, &found.component).map(|code| (code, EMPTY))
    } else if study.regions.is_empty() && study.evidence.is_empty() {
        return Reading::none(Abstained::NothingUnderstood, study.evidence);
    } else {
        candidates::of(&study)
            .into_iter()
            .find_map(|one| Some((Code::with_parts(one.method, &one.system, &one.component)?, SURE * one.weight)))
    };
    let mut confidence = (0..study.implied).fold(1.0, |value, _| value * IMPLIED);
    if study.understood * 2 < study.words {
        confidence *= MOST_UNKNOWN;
    }
    let region = (!study.regions.is_empty()).then(|| study.regions.system(study.side));
    let Some((code, weight)) = found else {
        let why = if region.is_none() { Abstained::NoRegion } else { Abstained::NoCode };
        let mut none = Reading::none(why, study.evidence);
        (none.region, none.timing) = (region, study.timing);
        return none;
    };
    let mut evidence = study.evidence;
    if evidence.is_empty() {
        evidence.push(Said::new("an empty description", "no region"));
    }
    Reading::coded(code, By::Rules, weight * confidence, evidence)
}

/// A description that is empty, or stands for one.
fn says_nothing(facts: &Facts<'_>) -> bool {
    facts.body_part.trim().is_empty()
        && matches!(text::fold(facts.description).as_str(), "" | "0" | "BLANK" | "NONE" | "UNKNOWN" | "N A")
}
