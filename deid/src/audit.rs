//! What was done to an instance: which element, what, how long its value was. Never a value.

use std::collections::BTreeMap;

use serde::Serialize;

/// What was done to one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Action {
    /// Removed, with its items.
    Removed,
    /// Set to zero length.
    Emptied,
    /// Replaced by a dummy of its VR.
    Dummy,
    /// UID replaced by a keyed one.
    UidMapped,
    /// Replaced by a keyed pseudonym.
    Pseudonym,
    /// Date moved by the patient's number of days.
    DateShifted,
    /// Age above 89 years capped.
    Capped,
    /// Free text that the table does not list was emptied (or replaced by a dummy, where the standard needs a value).
    UnlistedText,
    /// An element that neither the table nor the dictionary knows, or whose value is not of its VR, was removed or emptied.
    Unknown,
    /// A value that is kept by the table held a known identifying value of the patient, and was replaced.
    KnownValue,
    /// Bits or bytes of the pixel data that are no samples (overlays in unused bits, comments of a JPEG stream) were cleared.
    PayloadCleared,
    /// Written by the de-identifier: markers, missing identifiers.
    Inserted,
}

/// One element and what was done to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Tags from the top level down, `GGGGEEEE`, with the item's number from 0: `00400275#0>00400009`.
    pub path: String,
    /// What was done.
    pub action: Action,
    /// The VR that the element had.
    pub vr: String,
    /// Bytes of the value it had; 0 for sequences and for what was absent.
    pub length: u64,
}

/// All that was done to one instance, in the order of the data set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// One entry for each element that was changed; what is not listed is as it was.
    pub entries: Vec<AuditEntry>,
}

impl Audit {
    /// How many elements saw each action.
    pub fn counts(&self) -> BTreeMap<Action, usize> {
        let mut counts = BTreeMap::new();
        for entry in &self.entries {
            *counts.entry(entry.action).or_default() += 1;
        }
        counts
    }
}
