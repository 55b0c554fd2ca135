//! A mapping from a file of dcm2bids: descriptions, and how they are matched.

use serde_json::{Map, Value};

use super::{
    Error,
    criteria::Criterion,
    entities::{self, Entity},
    extract::{self, Extractor},
    pattern::Method,
};

/// Which volumes a data set takes and how it calls them.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub(super) descriptions: Vec<Description>,
    pub(super) extractors: Vec<Extractor>,
    pub(super) order: Vec<String>,
    pub(super) is_dup: bool,
    pub(super) is_relative: bool,
    pub(super) is_automatic: bool,
    pub(super) is_sorted: bool,
    letters: Option<String>,
    ignored: Vec<String>,
}

/// What one kind of volume is called.
#[derive(Clone, Debug)]
pub(super) struct Description {
    pub(super) id: Option<Value>,
    pub(super) datatype: String,
    pub(super) suffix: String,
    pub(super) entities: Vec<Asked>,
    pub(super) criteria: Vec<Criterion>,
    pub(super) changes: Map<String, Value>,
}

/// An entity that a description asks for.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    /// With its value.
    Given(Entity),
    /// With the value that an extractor finds.
    Extracted(String),
}

impl Mapping {
    /// Reads a mapping: JSON as dcm2bids 3 has it.
    ///
    /// # Errors
    /// [`Error::Json`]; [`Error::Mapping`] for what has no meaning, for keys of dcm2bids 2, and for `post_op`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let whole: Value = serde_json::from_str(text.trim_start_matches('\u{FEFF}')).map_err(Error::Json)?;
        let Value::Object(whole) = whole else { return Err(wrong("the mapping", "is no object")) };
        let method = method(&whole)?;
        let mut found = Self {
            descriptions: Vec::new(),
            extractors: extractors(&whole)?,
            order: order(&whole)?,
            is_dup: one_of(&whole, "dup_method", ["run", "dup"])? == 1,
            is_relative: one_of(&whole, "bids_uri", ["URI", "relative"])? == 1,
            is_automatic: false,
            is_sorted: true,
            letters: text_at(&whole, "dcm2niixOptions")?,
            ignored: Vec::new(),
        };
        known(&whole, &TOP, &OLD_TOP, "the mapping", &mut found.ignored)?;
        if whole.get("post_op").is_some_and(|value| !is_empty(value)) {
            return Err(wrong("post_op", "programs are not run: take it out, and run them on what is written"));
        }
        let Some(Value::Array(all)) = whole.get("descriptions") else {
            return Err(wrong("descriptions", "a list of descriptions is wanted"));
        };
        for (number, value) in all.iter().enumerate() {
            let at = format!("descriptions {}", number + 1);
            let Value::Object(one) = value else { return Err(wrong(at, "is no object")) };
            known(one, &DESCRIPTION, &OLD_DESCRIPTION, &at, &mut found.ignored)?;
            found.descriptions.push(description(one, &at, method)?);
        }
        Ok(found)
    }

    /// Sets whether entities that a name of its kind has are looked for though the mapping does not ask (`task`, `dir`, `echo`), as with
    /// `--auto_extract_entities` of dcm2bids.
    #[must_use]
    pub const fn automatic(mut self, is_automatic: bool) -> Self {
        self.is_automatic = is_automatic;
        self
    }

    /// Sets whether entities are put into the order of BIDS, which they are by default; dcm2bids has `--do_not_reorder_entities`.
    #[must_use]
    pub const fn sorted(mut self, is_sorted: bool) -> Self {
        self.is_sorted = is_sorted;
        self
    }

    /// The options of dcm2niix that the mapping states (`dcm2niixOptions`). They are the caller's to follow.
    pub fn letters(&self) -> Option<&str> {
        self.letters.as_deref()
    }

    /// Keys of the mapping that mean nothing here, and where they stand.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }
}

const TOP: [&str; 9] = [
    "descriptions",
    "extractors",
    "search_method",
    "case_sensitive",
    "dup_method",
    "post_op",
    "bids_uri",
    "compKeys",
    "dcm2niixOptions",
];
const DESCRIPTION: [&str; 6] = ["id", "datatype", "suffix", "custom_entities", "criteria", "sidecar_changes"];

/// Keys of version 2, and what they are called in version 3.
const OLD_TOP: [(&str, &str); 4] = [
    ("searchMethod", "search_method"),
    ("caseSensitive", "case_sensitive"),
    ("dupMethod", "dup_method"),
    ("defaceTpl", "post_op"),
];
const OLD_DESCRIPTION: [(&str, &str); 5] = [
    ("dataType", "datatype"),
    ("modalityLabel", "suffix"),
    ("customLabels", "custom_entities"),
    ("sidecarChanges", "sidecar_changes"),
    ("intendedFor", "sidecar_changes with IntendedFor, by the id of a description"),
];

fn wrong(at: impl Into<String>, what: impl Into<String>) -> Error {
    Error::Mapping { at: at.into(), what: what.into() }
}

/// Notes the keys that mean nothing; a key of version 2 is an error, as what it says would be lost.
fn known(
    map: &Map<String, Value>,
    known: &[&str],
    old: &[(&str, &str)],
    at: &str,
    ignored: &mut Vec<String>,
) -> Result<(), Error> {
    for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
        if let Some((_, new)) = old.iter().find(|(old, _)| old == key) {
            return Err(wrong(at, format!("{key} is a key of dcm2bids 2; version 3 has {new}")));
        }
        ignored.push(format!("{at}: {key}"));
    }
    Ok(())
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

fn text_at(map: &Map<String, Value>, key: &str) -> Result<Option<String>, Error> {
    match map.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(wrong(key, format!("{other} is no text"))),
    }
}

/// The number of the word that a key has; the first where it is not there.
fn one_of(map: &Map<String, Value>, key: &str, words: [&str; 2]) -> Result<usize, Error> {
    let Some(found) = text_at(map, key)? else { return Ok(0) };
    let [first, second] = words;
    words
        .iter()
        .position(|word| *word == found)
        .ok_or_else(|| wrong(key, format!("{found:?} is neither {first:?} nor {second:?}")))
}

fn method(map: &Map<String, Value>) -> Result<Method, Error> {
    let case_sensitive = match map.get("case_sensitive") {
        None | Some(Value::Null) => true,
        Some(Value::Bool(yes)) => *yes,
        Some(other) => return Err(wrong("case_sensitive", format!("{other} is neither true nor false"))),
    };
    Ok(match one_of(map, "search_method", ["fnmatch", "re"])? {
        0 => Method::Shell { case_sensitive },
        _ => Method::Regex,
    })
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(text) => Some(vec![text]),
        Value::Array(list) => list.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

fn extractors(map: &Map<String, Value>) -> Result<Vec<Extractor>, Error> {
    let Some(value) = map.get("extractors").filter(|value| !is_empty(value)) else { return Ok(Vec::new()) };
    let Value::Object(all) = value else { return Err(wrong("extractors", "is no object")) };
    let one = |(key, value): (&String, &Value)| {
        let at = || format!("extractors, {key}");
        let expressions = texts(value).ok_or_else(|| wrong(at(), "a list of expressions is wanted"))?;
        Extractor::parse(key, expressions).map_err(|what| wrong(at(), what))
    };
    all.iter().map(one).collect()
}

/// The keys that volumes are sorted by.
fn order(map: &Map<String, Value>) -> Result<Vec<String>, Error> {
    let keys = match map.get("compKeys") {
        None | Some(Value::Null) => vec!["AcquisitionTime", "SeriesNumber", "SidecarFilename"],
        Some(value) => texts(value).ok_or_else(|| wrong("compKeys", "a list of keys is wanted"))?,
    };
    Ok(keys.into_iter().map(str::to_owned).collect())
}

fn description(map: &Map<String, Value>, at: &str, method: Method) -> Result<Description, Error> {
    let part = |key: &str| {
        let text = map.get(key).and_then(Value::as_str).ok_or_else(|| wrong(at, format!("a {key} is wanted")))?;
        let text = text.trim_start_matches('_');
        let is_fit = entities::is_part(text);
        is_fit.then(|| text.to_owned()).ok_or_else(|| wrong(at, format!("{key}: {text:?} cannot stand in a name")))
    };
    let criteria = match map.get("criteria") {
        Some(Value::Object(all)) if !all.is_empty() => all,
        _ => return Err(wrong(at, "criteria are wanted: without any it fits nothing")),
    };
    let criterion = |(key, value): (&String, &Value)| {
        Criterion::parse(key, value, method).map_err(|what| wrong(format!("{at}, criteria, {key}"), what))
    };
    let changes = match map.get("sidecar_changes") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(changes)) => changes.clone(),
        Some(_) => return Err(wrong(format!("{at}, sidecar_changes"), "is no object")),
    };
    Ok(Description {
        id: map.get("id").filter(|id| !is_empty(id)).cloned(),
        datatype: part("datatype")?,
        suffix: part("suffix")?,
        entities: asked(map.get("custom_entities"), &format!("{at}, custom_entities"))?,
        criteria: criteria.iter().map(criterion).collect::<Result<_, _>>()?,
        changes,
    })
}

fn asked(value: Option<&Value>, at: &str) -> Result<Vec<Asked>, Error> {
    let Some(value) = value.filter(|value| !is_empty(value)) else { return Ok(Vec::new()) };
    let list = texts(value).ok_or_else(|| wrong(at, "a text or a list of texts is wanted"))?;
    // several may stand in one text
    let parts = list.iter().flat_map(|text| text.split('_')).filter(|part| !part.is_empty());
    let one = |part: &str| {
        let fit = |text: &str| entities::is_part(text);
        match part.split_once('-') {
            Some((key, value)) if fit(key) && fit(value) => Ok(Asked::Given(Entity::new(key, value))),
            None if fit(part) => Ok(Asked::Extracted(part.to_owned())),
            _ => Err(wrong(at, format!("{part:?} is no entity such as task-rest"))),
        }
    };
    parts.map(one).collect()
}

impl Mapping {
    /// The extractors that a sidecar is asked by.
    pub(super) fn all_extractors(&self) -> Vec<Extractor> {
        let automatic = if self.is_automatic { extract::automatic().unwrap_or_default() } else { Vec::new() };
        self.extractors.iter().cloned().chain(automatic).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        Mapping::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn what_a_mapping_gets_wrong_is_named() {
        let with = |inner: &str| format!(r#"{{"descriptions": [{{"datatype": "anat", "suffix": "T1w", {inner}}}]}}"#);
        for (text, words) in [
            ("[".to_owned(), "no JSON"),
            ("{}".to_owned(), "descriptions"),
            (with(r#""criteria": {}"#), "descriptions 1: criteria are wanted"),
            (with(r#""criteria": {"A": {"no": 1}}"#), "descriptions 1, criteria, A"),
            (with(r#""criteria": {"A": "x"}, "custom_entities": ["acq-a-b"]"#), "acq-a-b"),
            (with(r#""criteria": {"A": "x"}, "custom_entities": "acq-../x""#), "acq-../x"),
            (with(r#""criteria": {"A": "x"}, "dataType": "anat""#), "version 3 has datatype"),
            (r#"{"descriptions": [{"datatype": "../x", "suffix": "T1w", "criteria": {"A": "x"}}]}"#.to_owned(), "../x"),
            (r#"{"descriptions": [], "post_op": [{"cmd": "pydeface src_file"}]}"#.to_owned(), "not run"),
            (r#"{"descriptions": [], "search_method": "glob"}"#.to_owned(), "glob"),
            (r#"{"descriptions": [], "extractors": {"A": "("}}"#.to_owned(), "extractors, A"),
            (r#"{"descriptions": [], "case_sensitive": "no"}"#.to_owned(), "case_sensitive"),
        ] {
            assert!(message(&text).contains(words), "{text}: {}", message(&text));
        }
    }

    #[test]
    fn a_key_that_means_nothing_is_told() {
        let text = r#"{"descriptions": [{"datatype": "anat", "suffix": "_T1w", "criteria": {"A": "x"}, "note": 1}], "by": "me"}"#;
        let found = Mapping::parse(text).unwrap();
        assert_eq!(found.ignored(), ["the mapping: by", "descriptions 1: note"]);
        assert_eq!(found.descriptions[0].suffix, "T1w");
    }

    #[test]
    fn broken_mappings_do_no_harm() {
        let whole = r#"{"descriptions": [{"id": 1, "datatype": "func", "suffix": "bold", "custom_entities": ["task"],
            "criteria": {"A": {"any": ["x", ["y"]]}, "B": {"btw": [1, 2]}}, "sidecar_changes": {"C": [1]}}],
            "extractors": {"A": ["(?P<task>.)"]}, "search_method": "re", "compKeys": ["A"], "dup_method": "dup"}"#;
        assert!(Mapping::parse(whole).is_ok());
        for end in 0..whole.len() {
            assert!(Mapping::parse(&whole[..end]).is_err());
            let mut bytes = whole.as_bytes().to_vec();
            bytes[end] = b'"';
            // whether it is read or refused does not matter here
            drop(Mapping::parse(&String::from_utf8(bytes).unwrap()));
        }
    }
}
