//! ITK's text file.

use isocenter_volume::{Affine, world_map::Composed};

use super::{super::Error, Stored, WRITTEN, chain, maps, parameters};
use crate::transform_file::text::{joined, numbers};

const FIRST_LINE: &str = "#Insight Transform File";

/// Whether a text says that it is ITK's.
pub(in crate::transform_file) fn is_itk(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').starts_with(FIRST_LINE)
}

pub(in crate::transform_file) fn parse(text: &str) -> Result<Vec<Affine>, Error> {
    maps(&read(text)?, |line, what| Error::Malformed { line, what })
}

/// The one map of a text, fields of displacements among its parts.
pub(in crate::transform_file) fn parse_chain(text: &str) -> Result<Composed<'static>, Error> {
    chain(read(text)?, |line, what| Error::Malformed { line, what })
}

fn read(text: &str) -> Result<Vec<Stored>, Error> {
    if !is_itk(text) {
        return Err(Error::Malformed { line: 1, what: "'#Insight Transform File' is missing" });
    }
    let mut found: Vec<Reading> = Vec::new();
    let mut last_line = 1;
    for (n, line) in text.lines().enumerate().skip(1) {
        let line_number = n + 1;
        last_line = line_number;
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let malformed = |what| Error::Malformed { line: line_number, what };
        let (key, value) = line.split_once(':').ok_or_else(|| malformed("'key: value' is wanted"))?;
        match key.trim() {
            "Transform" => {
                found.push(Reading { kind: value.trim().to_owned(), line: line_number, ..Reading::default() })
            }
            "Parameters" | "FixedParameters" => {
                let reading = found.last_mut().ok_or_else(|| malformed("'Transform:' is missing"))?;
                let slot = if key.trim() == "Parameters" { &mut reading.parameters } else { &mut reading.fixed };
                if slot.replace(numbers(value, line_number)?).is_some() {
                    return Err(malformed("the parameters of a transform stand there twice"));
                }
            }
            _ => {}
        }
    }
    if found.is_empty() {
        return Err(Error::Malformed { line: last_line, what: "'Transform:' is missing" });
    }
    found.into_iter().map(Reading::done).collect()
}

/// Affine transforms about the origin, as ITK prints them.
pub(in crate::transform_file) fn format(maps: &[Affine]) -> String {
    let mut text = format!("{FIRST_LINE} V1.0\n");
    for (n, map) in maps.iter().enumerate() {
        let all = joined(parameters(map));
        text.push_str(&format!("#Transform {n}\nTransform: {WRITTEN}\nParameters: {all}\nFixedParameters: 0 0 0\n"));
    }
    text
}

/// A transform whose lines are still coming.
#[derive(Default)]
struct Reading {
    kind: String,
    line: usize,
    parameters: Option<Vec<f64>>,
    fixed: Option<Vec<f64>>,
}

impl Reading {
    fn done(self) -> Result<Stored, Error> {
        // a composite has none of its own
        let is_bare = self.kind.starts_with(super::COMPOSITE);
        let missing = Error::Malformed { line: self.line, what: "'Parameters:' is missing" };
        let parameters = match self.parameters {
            None if !is_bare => return Err(missing),
            found => found.unwrap_or_default(),
        };
        let fixed = self.fixed.unwrap_or_default();
        Ok(Stored { kind: self.kind, parameters, fixed, vectors: Vec::new(), line: self.line })
    }
}
