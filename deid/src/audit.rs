//! What was done to an instance: which element, what, how long its value was. Never a value.

use std::collections::BTreeMap;

use dicom_core::VR;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The version of stored audits. Those without one are of the first.
const VERSION: u32 = 1;

/// What was done to one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// What identifies in a text was replaced, the rest is as it was.
    Cleaned,
    /// Bits or bytes of the pixel data that are no samples (overlays in unused bits, comments of a JPEG stream), or the drawing of an
    /// overlay, were cleared.
    PayloadCleared,
    /// Replaced by the value that a script gives.
    Scripted,
    /// Text in the pixels was blanked; all other pixels are as they were.
    PixelsBlanked,
    /// Text in the pixels was read, and what names nobody was left. The length is how many pieces of it there are.
    LabelsKept,
    /// The face was set to background; all other pixels are as they were. The length is how many pixels went.
    FaceRemoved,
    /// Written by the de-identifier: markers, missing identifiers.
    Inserted,
}

/// One element and what was done to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "EntryRecord")]
#[non_exhaustive]
pub struct AuditEntry {
    /// Tags from the top level down, `GGGGEEEE`, with the item's number from 0: `00400275#0>00400009`.
    pub path: String,
    /// What was done.
    pub action: Action,
    /// The VR that the element had.
    pub vr: String,
    /// Bytes of the value it had; 0 for sequences and for what was absent. A count for [`Action::LabelsKept`] and [`Action::FaceRemoved`].
    pub length: u64,
}

impl AuditEntry {
    /// An entry about one element, or about one item of a sequence.
    ///
    /// # Errors
    /// [`Error::BadRecord`] for a path that is not made of tags and items, and for what is no VR.
    ///
    /// ```
    /// use isocenter_deid::{Action, AuditEntry};
    /// assert!(AuditEntry::new("00400275#0>00400009", Action::Emptied, "SH", 4).is_ok());
    /// assert!(AuditEntry::new("Doe^Jane", Action::Emptied, "SH", 4).is_err());
    /// ```
    pub fn new(path: &str, action: Action, vr: &str, length: u64) -> Result<Self, Error> {
        if !is_path(path) {
            return Err(Error::BadRecord { what: "path of an audit entry", wanted: "GGGGEEEE#item>GGGGEEEE" });
        }
        if vr.parse::<VR>().is_err() {
            return Err(Error::BadRecord { what: "vr of an audit entry", wanted: "a value representation" });
        }
        Ok(Self { path: path.to_owned(), action, vr: vr.to_owned(), length })
    }

    /// Which identifier of the HIPAA Safe Harbor list the attribute holds, see [`safe_harbor`](crate::safe_harbor).
    pub fn safe_harbor(&self) -> Option<char> {
        crate::safe_harbor::of_path(&self.path)
    }

    /// An entry about an element at hand.
    pub(crate) fn of(path: String, action: Action, vr: VR, length: u64) -> Self {
        Self { path, action, vr: vr.to_string().to_owned(), length }
    }
}

/// All that was done to one instance, in the order of the data set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "AuditRecord", into = "AuditRecord")]
#[non_exhaustive]
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

/// Tags and items: every part but the last names an item.
fn is_path(path: &str) -> bool {
    let hexadecimal = |tag: &str| tag.len() == 8 && tag.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'));
    let mut parts = path.split('>').rev();
    let last = parts.next().unwrap_or_default();
    let is_item = |part: &str| part.split_once('#').is_some_and(|(tag, item)| hexadecimal(tag) && is_number(item));
    (hexadecimal(last) || is_item(last)) && parts.all(is_item)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 10 && text.bytes().all(|b| b.is_ascii_digit())
}

/// An entry as it is stored.
#[derive(Deserialize)]
struct EntryRecord {
    path: String,
    action: Action,
    vr: String,
    length: u64,
}

impl TryFrom<EntryRecord> for AuditEntry {
    type Error = Error;

    fn try_from(record: EntryRecord) -> Result<Self, Error> {
        Self::new(&record.path, record.action, &record.vr, record.length)
    }
}

/// An audit as it is stored.
#[derive(Serialize, Deserialize)]
struct AuditRecord {
    #[serde(default = "first")]
    version: u32,
    entries: Vec<AuditEntry>,
}

const fn first() -> u32 {
    1
}

impl From<Audit> for AuditRecord {
    fn from(audit: Audit) -> Self {
        Self { version: VERSION, entries: audit.entries }
    }
}

impl TryFrom<AuditRecord> for Audit {
    type Error = Error;

    fn try_from(record: AuditRecord) -> Result<Self, Error> {
        if record.version > VERSION {
            return Err(Error::RecordVersion { found: record.version, newest: VERSION });
        }
        Ok(Self { entries: record.entries })
    }
}
