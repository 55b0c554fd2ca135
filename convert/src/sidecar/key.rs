//! The keys: where each comes from, its unit, and whether it may identify a patient.

mod table;

use std::{collections::BTreeMap, sync::OnceLock};

pub use table::KEYS;

/// Whether the value of a key may identify a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The Basic Profile leaves the element alone, or the value is a number or a defined word of a private one.
    Plain,
    /// The Basic Profile removes, replaces or cleans the element, or the value is text of a private one.
    Identifying,
}

/// A key of a sidecar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// The elements it comes from, the first that is there; `timing` for what is computed of the order of acquisition.
    pub source: &'static str,
    /// The unit of its numbers; empty where they have none, or it is text.
    pub unit: &'static str,
    /// Whether it may identify a patient.
    pub class: Class,
}

const fn plain(name: &'static str, source: &'static str, unit: &'static str) -> Key {
    Key { name, source, unit, class: Class::Plain }
}

const fn identifying(name: &'static str, source: &'static str, unit: &'static str) -> Key {
    Key { name, source, unit, class: Class::Identifying }
}

/// Whether a key may identify: one that is not in the table may.
pub(super) fn is_identifying(name: &str) -> bool {
    places().get(name).and_then(|place| KEYS.get(*place)).is_none_or(|key| key.class == Class::Identifying)
}

/// Whether a key is a description of what was done, in which somebody may have written a name.
pub(super) fn is_description(name: &str) -> bool {
    ["SeriesDescription", "ProtocolName", "StudyDescription", "ProcedureStepDescription"].contains(&name)
}

/// Where a key stands among the others; behind them where it is not in the table.
pub(super) fn place(name: &str) -> usize {
    places().get(name).copied().unwrap_or(KEYS.len())
}

fn places() -> &'static BTreeMap<&'static str, usize> {
    static PLACES: OnceLock<BTreeMap<&'static str, usize>> = OnceLock::new();
    PLACES.get_or_init(|| KEYS.iter().enumerate().map(|(place, key)| (key.name, place)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique() {
        assert_eq!(places().len(), KEYS.len());
    }

    #[test]
    fn what_is_not_known_identifies() {
        assert!(is_identifying("PatientName") && is_identifying("SomethingElse") && !is_identifying("EchoTime"));
        assert!(place("Modality") < place("ConversionSoftware") && place("SomethingElse") == KEYS.len());
    }
}
