//! Table E.3.4-1: concept names whose content items may identify.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::attributes::Relaxed;
use super::lines;

/// What the options do with the value of a listed content item. The Basic Profile replaces it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) uids: bool,
    pub(crate) device: bool,
    pub(crate) institution: bool,
    pub(crate) patient: bool,
    /// Kept with full dates, moved with modified ones: the same rows.
    pub(crate) dates: bool,
    pub(crate) descriptor: bool,
}

/// The row of a concept name for content items of a value type; `None` where the table does not list it.
pub(crate) fn listed(code: &str, scheme: &str, value_type: &str) -> Option<&'static Listed> {
    static LISTED: OnceLock<BTreeMap<String, Listed>> = OnceLock::new();
    let all =
        LISTED.get_or_init(|| lines(include_str!("../../data/sr_concepts.csv")).skip(1).filter_map(parse).collect());
    all.get(&key(code, scheme, value_type))
}

/// Columns: code, scheme, value type, basic, UIDs, device, institution, patient, full dates, modified dates, descriptors, meaning.
fn parse(line: &str) -> Option<(String, Listed)> {
    let columns: Vec<&str> = line.split(',').collect();
    let [code, scheme, value_type] = *columns.first_chunk()?;
    let relaxed = |at: usize| match columns.get(at).copied() {
        Some("K") => Some(Relaxed::Keep),
        Some("C") => Some(Relaxed::Clean),
        _ => None,
    };
    let row = Listed {
        uids: relaxed(4).is_some(),
        device: relaxed(5).is_some(),
        institution: relaxed(6).is_some(),
        patient: relaxed(7).is_some(),
        dates: relaxed(9).is_some(),
        descriptor: relaxed(10).is_some(),
    };
    Some((key(code, scheme, value_type), row))
}

fn key(code: &str, scheme: &str, value_type: &str) -> String {
    [scheme, code, value_type].join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_an_accession_number_from_a_finding() {
        assert_eq!(listed("121022", "DCM", "TEXT"), Some(&Listed::default()));
        assert_eq!(listed("121071", "DCM", "CODE"), None);
        assert!(listed("126201", "DCM", "DATE").is_some_and(|row| row.dates));
        assert!(listed("125203", "DCM", "TEXT").is_some_and(|row| row.descriptor));
    }
}
