//! The recipe's rule for the names of volume files: `[files] pattern = "{patient}/{visit}/{modality}/*"`.
//!
//! A pattern is matched with the path below the folder that was given as input. `{patient}`, `{visit}`, `{modality}`, `{role}` and
//! `{channel}` stand for one or more characters that are no `/`, `*` for any number of them, `**` for any number of folders. The ending
//! of the file may be left out. Of several patterns the first that fits counts; a file that none fits is read by its layout.

use serde::{Deserialize, Deserializer, Serialize};

use crate::volume_file::stem;

/// How names of volume files are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Files {
    /// Patterns, in their order; TOML takes one text or a list.
    #[serde(deserialize_with = "one_or_many")]
    pub pattern: Vec<String>,
    /// The body part of every image that does not state one itself, a term such as `HEAD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_part: Option<String>,
}

/// What a pattern found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) patient: Option<String>,
    pub(crate) visit: Option<String>,
    pub(crate) modality: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) channel: Option<String>,
}

const FIELDS: [&str; 5] = ["patient", "visit", "modality", "role", "channel"];

impl Files {
    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.pattern.is_empty() && self.body_part.is_none()
    }

    /// The body part of what does not state one.
    pub(crate) fn of_all(&self) -> Option<String> {
        self.body_part.as_deref().and_then(body_part)
    }

    /// Checks every pattern.
    pub(super) fn check(&self) -> Result<(), String> {
        if let Some(text) = self.body_part.as_deref().filter(|text| body_part(text).is_none()) {
            return Err(format!(
                "`files.body_part` is no body part: {text}; it is a word such as HEAD, CHEST, ABDOMEN"
            ));
        }
        for pattern in &self.pattern {
            let fields = fields_of(pattern)?;
            if let Some(field) = fields.iter().find(|f| !FIELDS.contains(f)) {
                return Err(format!(
                    "there is no {{{field}}} in `files.pattern`; there are {{{}}}",
                    FIELDS.join("}, {")
                ));
            }
            if (1..fields.len()).any(|n| fields[..n].contains(&fields[n])) {
                return Err("a field stands twice in `files.pattern`".to_owned());
            }
        }
        Ok(())
    }

    /// What the first pattern that fits says of a path.
    pub(crate) fn read(&self, path: &str) -> Option<Found> {
        let short = match path.rsplit_once('/') {
            Some((folder, name)) => format!("{folder}/{}", stem(name)),
            None => stem(path).to_owned(),
        };
        self.pattern.iter().find_map(|pattern| read(pattern, &short).or_else(|| read(pattern, path)))
    }
}

/// A body part as it is compared: a defined term in upper case.
pub(crate) fn body_part(text: &str) -> Option<String> {
    Some(text.trim().to_uppercase()).filter(|text| isocenter_convert::is_body_part(text))
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Patterns {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Patterns::deserialize(deserializer)? {
        Patterns::One(text) => vec![text],
        Patterns::Many(list) => list,
    })
}

fn fields_of(pattern: &str) -> Result<Vec<&str>, String> {
    let mut fields = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (field, after) = after.split_once('}').ok_or("a `{` in `files.pattern` has no `}`")?;
        if before.contains('}') {
            return Err("a `}` in `files.pattern` has no `{`".to_owned());
        }
        fields.push(field);
        rest = after;
    }
    if rest.contains('}') { Err("a `}` in `files.pattern` has no `{`".to_owned()) } else { Ok(fields) }
}

fn read(pattern: &str, path: &str) -> Option<Found> {
    let patterns: Vec<&str> = pattern.trim_matches('/').split('/').collect();
    let parts: Vec<&str> = path.split('/').collect();
    let mut found = Vec::new();
    folders(&patterns, &parts, &mut found).then(|| {
        let get = |field: &str| found.iter().find(|(f, _)| *f == field).map(|(_, text)| (*text).to_owned());
        Found {
            patient: get("patient"),
            visit: get("visit"),
            modality: get("modality"),
            role: get("role"),
            channel: get("channel"),
        }
    })
}

fn folders<'a>(patterns: &[&'a str], parts: &[&'a str], found: &mut Vec<(&'a str, &'a str)>) -> bool {
    let Some((pattern, others)) = patterns.split_first() else { return parts.is_empty() };
    if *pattern == "**" {
        return (0..=parts.len()).any(|n| attempt(found, |f| folders(others, &parts[n..], f)));
    }
    let Some((part, rest)) = parts.split_first() else { return false };
    let mut ends = Vec::new();
    texts(pattern, part, &mut Vec::new(), &mut ends);
    ends.into_iter().any(|of_part| {
        attempt(found, |f| {
            f.extend(of_part);
            folders(others, rest, f)
        })
    })
}

/// All ways to read one part, those with the longest first fields first; at most a hundred.
fn texts<'a>(
    pattern: &'a str,
    text: &'a str,
    found: &mut Vec<(&'a str, &'a str)>,
    ways: &mut Vec<Vec<(&'a str, &'a str)>>,
) {
    if ways.len() >= 100 {
        return;
    }
    let cuts = |least: usize| (0..=text.len()).rev().filter(move |n| *n >= least && text.is_char_boundary(*n));
    if pattern.is_empty() {
        if text.is_empty() {
            ways.push(found.clone());
        }
    } else if let Some(rest) = pattern.strip_prefix('*') {
        cuts(0).for_each(|n| texts(rest, &text[n..], found, ways));
    } else if let Some((field, rest)) = pattern.strip_prefix('{').and_then(|p| p.split_once('}')) {
        for n in cuts(1) {
            found.push((field, &text[..n]));
            texts(rest, &text[n..], found, ways);
            found.pop();
        }
    } else {
        let end = pattern.find(['*', '{']).unwrap_or(pattern.len());
        if let Some(rest) = text.strip_prefix(&pattern[..end]) {
            texts(&pattern[end..], rest, found, ways);
        }
    }
}

fn attempt<'a>(found: &mut Vec<(&'a str, &'a str)>, act: impl FnOnce(&mut Vec<(&'a str, &'a str)>) -> bool) -> bool {
    let before = found.len();
    let done = act(found);
    if !done {
        found.truncate(before);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str, path: &str) -> Option<Found> {
        Files { pattern: vec![pattern.to_owned()], ..Files::default() }.read(path)
    }

    #[test]
    fn fields_take_their_parts() {
        let found = of("{patient}/{visit}/{modality}/*", "P1/2020/CT/scan.nii.gz").unwrap();
        assert_eq!(
            (found.patient.as_deref(), found.visit.as_deref(), found.modality.as_deref()),
            (Some("P1"), Some("2020"), Some("CT"))
        );
        let found = of("**/{patient}_{channel}", "a/b/P_01_t1.nii.gz").unwrap();
        assert_eq!((found.patient.as_deref(), found.channel.as_deref()), (Some("P_01"), Some("t1")));
        assert!(of("{patient}/*", "P1/x/y.nii").is_none());
        assert!(of("{patient}_{visit}.nii", "P1.nii").is_none());
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        let check = |pattern: &str| Files { pattern: vec![pattern.to_owned()], ..Files::default() }.check();
        assert!(check("{patient}/*").is_ok());
        assert!(check("{name}/*").unwrap_err().contains("{name}"));
        let of_part = |part: &str| Files { body_part: Some(part.to_owned()), ..Files::default() }.check();
        assert!(of_part("head").is_ok() && of_part("HEAD").is_ok() && of_part("Haed").unwrap_err().contains("Haed"));
        assert!(check("{patient/*").is_err() && check("patient}/*").is_err() && check("{visit}{visit}").is_err());
    }
}
