//! What a run leaves beside the instances: what it was made with, and the report.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use isocenter_dcm::scan::Scanned;
use isocenter_deid::{AuditEntry, Key, Profile, Pseudonyms, burned_in::Verdict};
use isocenter_files::{Beside, beside};
use serde::{Deserialize, Serialize};

use super::{Names, ScriptFile, outcome::Fate, script};
use crate::Error;

/// Name of the file in the output that says what made it.
const NAME: &str = "deidentified.json";

/// What an output was made with. A run may go on with it that is made with the same.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Marker {
    /// De-identification Method.
    method: String,
    profile: Profile,
    /// The script that stood in the place of the profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    script: Option<script::Record>,
    /// Public name of the key: it tells nothing of it.
    key: String,
    keeps_names: bool,
}

impl Marker {
    pub(super) fn of(profile: &Profile, script: Option<&ScriptFile>, key: &Key, names: Names) -> Self {
        let method = format!("isocenter {}, DICOM PS3.15 2026c Annex E", env!("CARGO_PKG_VERSION"));
        Self {
            method,
            profile: profile.clone(),
            script: script.map(|script| script.record(key)),
            key: key.id(),
            keeps_names: names == Names::Kept,
        }
    }

    /// Whether an output says what made it.
    pub(super) fn is_in(out: &Path) -> bool {
        out.join(NAME).is_file()
    }

    /// Writes it into an output; where one stands already it must be the same. What a run that was cut off left half written goes.
    ///
    /// # Errors
    /// [`Error::Usage`] for another profile or key, [`Error::Io`].
    pub(super) fn put(&self, out: &Path, resume: bool) -> Result<(), Error> {
        let path = out.join(NAME);
        if resume && path.is_file() {
            let text = std::fs::read(&path).map_err(Error::io("read a file", &path))?;
            let stands: Option<Self> = serde_json::from_slice(&text).ok();
            if stands.as_ref() != Some(self) {
                return Err(Error::usage(format!(
                    "the output {} was made with another profile, script, key or way of naming; choose a new folder",
                    out.display()
                )));
            }
            return remove_halves(out);
        }
        let text = serde_json::to_vec_pretty(self).map_err(|e| Error::Internal { message: e.to_string() })?;
        beside::write_making_folders(&path, &text).map_err(Error::io("write a file", &path))
    }
}

/// Removes the passing files of a run that was killed.
fn remove_halves(folder: &Path) -> Result<(), Error> {
    let entries = std::fs::read_dir(folder).map_err(Error::io("read a folder", folder))?;
    for entry in entries {
        let path: PathBuf = entry.map_err(Error::io("read a folder", folder))?.path();
        if path.is_dir() && !path.is_symlink() {
            remove_halves(&path)?;
        } else if beside::is_passing(&path) {
            std::fs::remove_file(&path).map_err(Error::io("delete a half-written file", &path))?;
        }
    }
    Ok(())
}

/// One line of the report.
#[derive(Serialize)]
struct Line<'a> {
    /// Keyed id of the file, by its original path.
    file: String,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// Why the pixels may show text.
    #[serde(skip_serializing_if = "Option::is_none")]
    may_show_text: Option<&'static str>,
    #[serde(skip_serializing_if = "<[AuditEntry]>::is_empty")]
    elements: &'a [AuditEntry],
}

/// Writes a line of JSON for each file, in the order of the keyed ids. It holds no value and no path of an original.
///
/// # Errors
/// [`Error::Io`].
pub(super) fn report(path: &Path, scanned: &[Scanned], fates: &[Fate], names: &Pseudonyms) -> Result<(), Error> {
    let mut lines: Vec<Line<'_>> = scanned
        .iter()
        .zip(fates)
        .map(|(file, fate)| {
            let file = names.token("file", &file.path.to_string_lossy());
            let line = Line { file, outcome: "", reason: None, detail: None, may_show_text: None, elements: &[] };
            match fate {
                Fate::Written { audit, shows_text } => Line {
                    outcome: "written",
                    elements: &audit.entries,
                    may_show_text: match shows_text {
                        Verdict::Suspect(reason) => Some(reason.code()),
                        Verdict::Clear => None,
                    },
                    ..line
                },
                Fate::Stands => Line { outcome: "stands", ..line },
                Fate::Repeats => Line { outcome: "repeats", ..line },
                Fate::Quarantined { reason, detail } => {
                    Line { outcome: "quarantined", reason: Some(reason), detail: detail.as_deref(), ..line }
                }
            }
        })
        .collect();
    lines.sort_by(|a, b| a.file.cmp(&b.file));
    let written = Beside::create_private(path).and_then(|mut file| {
        for line in &lines {
            serde_json::to_writer(&mut file, line)?;
            file.write_all(b"\n")?;
        }
        file.finish()
    });
    written.map_err(Error::io("write the report", path))
}
