//! What was kept out, and why: records, never copies.

mod advice;

use std::{collections::BTreeMap, path::Path};

use isocenter_files::write_making_folders;
use serde::{Deserialize, Serialize};

pub(crate) use self::advice::words;
pub use self::advice::{Advice, advice};
use crate::Error;

/// Files that were kept out for one reason.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Record {
    /// Stable code of the reason, such as `truncated`.
    pub reason: String,
    /// One sentence for a person; holds no value of the input.
    pub detail: String,
    /// Keyed ids of the files; none where all of them are told elsewhere: they gave an item too, or are in another record.
    pub files: Vec<String>,
    /// Volumes that this kept out: series put together from frames, files that hold an image or a label map.
    #[serde(default)]
    pub volumes: usize,
    /// DICOM frames that this kept out.
    #[serde(default)]
    pub frames: usize,
    /// Pseudonym of the patient, where the file says who.
    pub patient: Option<String>,
    /// Keyed id of the series, where the file says which.
    pub series: Option<String>,
}

/// Files that say again what another file says.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Duplicate {
    /// Keyed id of the file that was left out.
    pub file: String,
    /// Keyed id of the file that was kept.
    pub kept: String,
}

/// Number of files by reason.
pub fn counts(records: &[Record]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for record in records {
        *counts.entry(record.reason.clone()).or_default() += record.files.len();
    }
    counts
}

/// Writes `quarantine.jsonl` and `duplicates.jsonl` into `out`, in a fixed order.
pub(crate) fn write(out: &Path, records: &[Record], duplicates: &[Duplicate]) -> Result<(), Error> {
    write_lines(&out.join("quarantine.jsonl"), records)?;
    write_lines(&out.join("duplicates.jsonl"), duplicates)
}

fn write_lines<T: Serialize>(path: &Path, rows: &[T]) -> Result<(), Error> {
    let mut bytes = Vec::new();
    for row in rows {
        serde_json::to_writer(&mut bytes, row).map_err(|e| Error::Internal { message: e.to_string() })?;
        bytes.push(b'\n');
    }
    write_making_folders(path, &bytes).map_err(Error::io("write a file", path))
}
