//! Entities from what a sidecar says, by regular expressions whose named groups are the entities.

use std::collections::BTreeMap;

use fancy_regex::Regex;
use serde_json::{Map, Value};

use super::{entities::label, pattern::text_of};

/// The expressions of one key of the sidecar.
#[derive(Clone, Debug)]
pub(super) struct Extractor {
    key: String,
    expressions: Vec<Regex>,
}

impl Extractor {
    /// Reads the expressions of a key; `Err` says what is wrong with them.
    pub(super) fn parse<'a>(key: &str, expressions: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let compiled = expressions
            .into_iter()
            .map(|text| Regex::new(text).map_err(|error| format!("{text:?} is no pattern: {error}")))
            .collect::<Result<_, _>>()?;
        Ok(Self { key: key.to_owned(), expressions: compiled })
    }
}

/// The extractors that `--auto_extract_entities` adds.
///
/// Source: dcm2bids 3.2, its documentation of automatic entities.
pub(super) fn automatic() -> Result<Vec<Extractor>, String> {
    Ok(vec![
        Extractor::parse("SeriesDescription", ["task-(?P<task>[a-zA-Z0-9]+)"])?,
        Extractor::parse("PhaseEncodingDirection", ["(?P<dir>(j|i)-?)"])?,
        Extractor::parse("EchoNumber", ["(?P<echo>[0-9])"])?,
    ])
}

/// The entities that are looked for of themselves, by data type and suffix.
///
/// Source: dcm2bids 3.2; BIDS specification 1.10, which asks for these entities in these names.
pub(super) fn automatic_entities(datatype: &str, suffix: &str) -> &'static [&'static str] {
    match (datatype, suffix) {
        ("anat", "IRT1" | "MP2RAGE") => &["inv"],
        ("anat", "MEGRE" | "MESE") => &["echo"],
        ("anat", "MPM" | "MTS") => &["flip", "mt"],
        ("anat", "MTR") => &["mt"],
        ("anat", "VFA") | ("fmap", "TB1DAM") => &["flip"],
        ("func", "cbv" | "bold" | "sbref" | "event" | "stim" | "phase") | ("perf", "physio" | "stim") => &["task"],
        ("fmap", "epi" | "m0scan") => &["dir"],
        ("fmap", "TB1EPI") => &["echo", "flip"],
        ("fmap", "TB1SRGE") => &["echo", "inv"],
        _ => &[],
    }
}

/// All entities that are found in a sidecar. Of one that is found twice the last holds; of a list, the first element with the pattern.
pub(super) fn extract<'a>(
    extractors: impl IntoIterator<Item = &'a Extractor>,
    sidecar: &Map<String, Value>,
) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for extractor in extractors {
        let Some(value) = sidecar.get(&extractor.key) else { continue };
        let texts: Vec<String> = match value {
            Value::Array(list) => list.iter().map(text_of).collect(),
            one => vec![text_of(one)],
        };
        for expression in &extractor.expressions {
            let captures = texts.iter().find_map(|text| expression.captures(text).ok().flatten());
            let Some(captures) = captures else { continue };
            for name in expression.capture_names().flatten() {
                let value = captures.name(name).and_then(|found| value_of(name, found.as_str()));
                if let Some(value) = value {
                    found.insert(name.to_owned(), value);
                }
            }
        }
    }
    found
}

/// What an entity holds of what was found; `None` where nothing fit is left.
fn value_of(entity: &str, found: &str) -> Option<String> {
    let value = match (entity, found) {
        // the way of the phase encoding of a volume that is stored RAS, as radiographers write it
        ("dir", "j-" | "AP") => "AP".to_owned(),
        ("dir", "j" | "PA") => "PA".to_owned(),
        ("dir", "i-" | "LR") => "LR".to_owned(),
        ("dir", "i" | "RL") => "RL".to_owned(),
        _ => label(found),
    };
    Some(value).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn named_groups_become_entities() {
        let sidecar = json!({
            "SeriesDescription": "fmri_task-rest_run2",
            "PhaseEncodingDirection": "j-",
            "EchoNumber": 2,
            "ImageType": ["ORIGINAL", "INV-1"],
        });
        let own = [
            Extractor::parse("SeriesDescription", ["run(?P<run>[0-9]+)", "(?P<acq>nothing)?fmri"]).unwrap(),
            Extractor::parse("ImageType", ["INV-(?P<inv>[0-9])"]).unwrap(),
            Extractor::parse("Absent", ["(?P<ce>.*)"]).unwrap(),
        ];
        let found = extract(own.iter().chain(&automatic().unwrap()), sidecar.as_object().unwrap());
        let expected = [("dir", "AP"), ("echo", "2"), ("inv", "1"), ("run", "2"), ("task", "rest")];
        assert_eq!(found, expected.map(|(k, v)| (k.to_owned(), v.to_owned())).into());
        assert!(Extractor::parse("Key", ["("]).is_err());
    }

    #[test]
    fn what_a_header_says_leads_nowhere() {
        let sidecar = json!({ "SeriesDescription": "../../etc/pass wd" });
        let own = [Extractor::parse("SeriesDescription", ["(?P<acq>.*)"]).unwrap()];
        assert_eq!(extract(&own, sidecar.as_object().unwrap())["acq"], "etcpasswd");
    }
}
