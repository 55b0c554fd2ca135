//! Table E.3.4-1: concept names whose content items may identify.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::lines;

/// Whether the table lists a concept name for content items of a value type.
pub(crate) fn is_listed(code: &str, scheme: &str, value_type: &str) -> bool {
    static LISTED: OnceLock<BTreeSet<(&'static str, &'static str, &'static str)>> = OnceLock::new();
    let listed = LISTED.get_or_init(|| {
        let key = |line: &'static str| {
            let mut columns = line.split(',');
            Some((columns.next()?, columns.next()?, columns.next()?))
        };
        lines(include_str!("../../data/sr_concepts.csv")).skip(1).filter_map(key).collect()
    });
    listed.contains(&(code, scheme, value_type))
}

#[cfg(test)]
mod tests {
    #[test]
    fn knows_an_accession_number_from_a_finding() {
        assert!(super::is_listed("121022", "DCM", "TEXT"));
        assert!(!super::is_listed("121071", "DCM", "CODE"));
    }
}
